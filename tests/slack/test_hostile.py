"""Whatever a paper, a subscription or an error contains, no message to Slack breaks a limit or can be injected into."""

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bots.domain import replies
from bots.domain.channels import Channel
from bots.domain.digests import Digest, Part
from bots.domain.replies import Reply
from bots.domain.subscriptions import Look
from bots.slack.actions import AnswerRequest, Nothing, OpenSubscribe
from bots.slack.incoming import read_control
from bots.slack.outgoing import digest_parts, notice_parts, reply_messages, smaller
from bots.testing.hostile import answers as hostile_replies
from bots.testing.hostile import digests as hostile_digests
from tests.slack import strict
from tests.slack.reading import control, papers_of
from tests.support import hostile
from tests.support.factories import a_paper, a_subscription, an_entry

CHANNEL = Channel(platform="slack", workspace="T1", channel="C1")


def shrunk(part: Part) -> list[Part]:
    """Return every smaller part that repeated shrinking of a part produces."""
    found: list[Part] = []
    waiting = [part]
    while waiting:
        larger = waiting.pop()
        pieces = smaller(larger)
        assert larger.paper_ids == tuple(each for piece in pieces for each in piece.paper_ids) or not pieces
        # Of the text that stands beside the blocks, another part may be shown in each half.
        assert all(_size(piece) < _size(larger) for piece in pieces)
        assert all(piece.payload["in_thread"] == larger.payload["in_thread"] for piece in pieces)
        found += pieces
        waiting += pieces
    return found


def _size(part: Part) -> int:
    return len(json.dumps(part.payload["blocks"]))


@hostile.patient
@given(digest=hostile_digests, threaded=st.booleans(), look=st.sampled_from(Look))
def test_hostile_digests(digest: Digest, threaded: bool, look: Look) -> None:
    """No paper, blurb, note or topic breaks a limit, notifies people or injects anything, in parts of any size."""
    links = strict.links_of(entry.paper for entry in digest.entries)
    for part in digest_parts(replace(digest, channel=CHANNEL, threaded=threaded, look=look)):
        for each in (part, *shrunk(part)):
            strict.check(each.payload, links)
        for block, element in strict.presses(part.payload["blocks"]):
            for chosen in element.get("options", [None]):
                assert isinstance(read_control(control(block, element, chosen)), AnswerRequest | Nothing)


more_hostile_replies: st.SearchStrategy[Reply] = st.one_of(
    hostile_replies,
    st.builds(replies.WholeAbstract, paper=hostile.papers),
    st.builds(replies.SavedList, papers=st.lists(hostile.papers, max_size=4).map(tuple), words=hostile.texts),
    st.builds(replies.Citation, text=hostile.texts),
    st.builds(replies.Noted, said=hostile.texts),
    st.builds(
        replies.HelpReply,
        topics=st.builds(
            replies.Topic, name=hostile.texts, form=hostile.texts, says=hostile.texts, example=hostile.texts
        ).map(lambda topic: (topic,)),
    ),
    st.builds(
        replies.SubscriptionList,
        items=st.lists(
            st.builds(
                replies.Subscribed, subscription=st.builds(a_subscription, id=hostile.texts, query=hostile.texts)
            ),
            max_size=3,
        ).map(tuple),
    ),
)


@hostile.patient
@given(reply=more_hostile_replies)
def test_hostile_replies(reply: Reply) -> None:
    """No reply breaks a limit, notifies people or injects anything, and each of its controls is parsed as an action."""
    for message in reply_messages(reply):
        strict.check(message, strict.links_of(papers_of(reply)))
        for block, element in strict.presses(message["blocks"]):
            for chosen in element.get("options", [None]):
                assert isinstance(
                    read_control(control(block, element, chosen)), AnswerRequest | Nothing | OpenSubscribe
                )


@hostile.patient
@given(
    authors=st.lists(hostile.texts, min_size=30, max_size=30).map(tuple), keywords=st.lists(hostile.texts).map(tuple)
)
def test_many_authors(authors: tuple[str, ...], keywords: tuple[str, ...]) -> None:
    """Thirty authors of any name and any keywords fit in their lines."""
    paper = a_paper(authors=authors, keywords=keywords, abstract="x " * 5000)
    for message in reply_messages(replies.Card(entry=an_entry(paper=paper))):
        strict.check(message, strict.links_of([paper]))


@hostile.patient
@given(message=hostile.texts, hint=hostile.texts)
def test_hostile_notices(message: str, hint: str) -> None:
    """Whatever a platform's error contains, it injects nothing into an admin notice."""
    for part in notice_parts(CHANNEL, replies.Problem(message=message, hint=hint)):
        strict.check(part.payload)
