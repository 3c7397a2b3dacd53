"""Replies of every kind, and the papers they show."""

from collections.abc import Iterable

from bots.discord.help import help_reply
from bots.domain import replies
from bots.domain.channels import Channel
from bots.domain.papers import Paper
from bots.domain.replies import Reply
from tests.support.factories import a_paper, an_entry

CHANNEL = Channel(platform="discord", workspace="900", channel="901")

MORE_REPLIES: tuple[Reply, ...] = (
    replies.WholeAbstract(paper=a_paper()),
    replies.SavedList(papers=(a_paper(), a_paper())),
    replies.SavedList(words="x"),
    replies.Citation(text="@article{a,\n  title = {A}\n}\n"),
    replies.Citation(text="@article{a,\n  title = {A}\n}\n\n" * 300, papers=300),
    replies.Noted(said="Saved."),
    help_reply(""),
    replies.CardList(words="x", entries=(an_entry(), an_entry())),
)


def papers_of(reply: Reply) -> Iterable[Paper]:
    """Return the papers that a reply shows."""
    match reply:
        case replies.Card():
            return (reply.entry.paper,)
        case replies.CardList():
            return tuple(entry.paper for entry in reply.entries)
        case replies.DigestReply():
            return tuple(entry.paper for entry in reply.digest.entries)
        case replies.WholeAbstract():
            return (reply.paper,)
        case replies.SavedList():
            return reply.papers
        case replies.HiddenList():
            return tuple(hidden.paper for hidden in reply.papers if hidden.paper)
    return ()
