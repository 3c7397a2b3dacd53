"""Shows what a channel's ranking learned from, teaches it examples, exports it and forgets it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bots.chat.phrases import cut, listed
from bots.domain import replies, requests
from bots.domain.channels import Channel
from bots.domain.feedback import Feedback, Sign
from bots.domain.papers import Paper
from bots.domain.requests import TasteStep
from bots.ports import Clock, Tastes
from bots.presentation.bibtex import bibtex
from bots.presentation.digest_text import MAX_VENUE, title_of
from bots.translation.formats import in_a_row, sentences
from bots.translation.speech import gettext, ngettext
from bots.usecases.lookup import PaperLookup

#: Examples that a person gives at once in a chat; the command line reads whole libraries.
MOST_EXAMPLES = 10
#: Titles and words that a summary names.
_TITLES, _WORDS = 3, 8


@dataclass(frozen=True, kw_only=True, slots=True)
class TasteActions:
    """Carries out requests about what a channel's ranking learned."""

    tastes: Tastes
    paper_lookup: PaperLookup
    clock: Clock

    async def answer(self, request: requests.Taste) -> replies.Noted | replies.Citation:
        """Carry out a request.

        Raises:
            PaperNotFound, SourceDown: none of the examples can be looked up.
        """
        match request.step:
            case TasteStep.SHOW:
                return replies.Noted(said=await self._shown(request.channel))
            case TasteStep.EXPORT:
                papers = await self._liked(request.channel)
                if not papers:
                    return replies.Noted(said=gettext("There is nothing to export: no paper was liked here yet."))
                return replies.Citation(text=bibtex(papers), papers=len(papers))
            case TasteStep.RESET:
                gone = await self.tastes.reset_feedback(request.channel)
                return replies.Noted(said=_forgotten(gone))
            case TasteStep.LIKE:
                found = await self.paper_lookup.by_refs(request.papers, MOST_EXAMPLES, request.here)
                await self.teach(request.channel, found.papers, request.user)
                return replies.Noted(said=sentences(_taught(found.papers), *found.notes))

    async def teach(self, channel: Channel, papers: Sequence[Paper], user: str) -> None:
        """Let the ranking of a channel learn from examples of what it wants to read."""
        for paper in papers:
            said = Feedback(paper=paper, sign=Sign.EXAMPLE, user=user, at=self.clock())
            await self.tastes.keep_feedback(channel, said)

    async def _liked(self, channel: Channel) -> tuple[Paper, ...]:
        said = await self.tastes.feedback(channel)
        return tuple({each.paper.id: each.paper for each in said if each.sign.liked}.values())

    async def _shown(self, channel: Channel) -> str:
        said = await self.tastes.feedback(channel)
        if not said:
            return gettext(
                "The ranking here has learned from no paper yet: it learns from Save, More like this, Not for us and "
                "reactions, and from papers that you name with /paper interests."
            )
        liked = tuple({each.paper.id: each.paper for each in said if each.sign.liked}.values())
        disliked = len({each.paper.id for each in said if not each.sign.liked})
        people = len({each.user for each in said})
        learned = ngettext(
            "The ranking here has learned from {number} liked paper and {hidden} disliked, by {people}.",
            "The ranking here has learned from {number} liked papers and {hidden} disliked, by {people}.",
            len(liked),
            hidden=f"{disliked:,}",
            people=ngettext("{number} person", "{number} people", people),
        )
        words = await asyncio.to_thread(_words, liked)
        parts = (
            learned,
            gettext("Words of the liked ones: {words}.", words=in_a_row(words)) if words else "",
            gettext("The latest: {titles}.", titles=listed(map(_named, liked[:_TITLES]))) if liked else "",
            gettext("/paper interests can also forget all of it, or give the liked ones as BibTeX."),
        )
        return sentences(*parts)


def _words(liked: Sequence[Paper]) -> tuple[str, ...]:
    """Return the words that most of the liked papers share, most frequent first."""
    # Needs numpy, which other requests do without.
    from bots.ranking.taste import shared_words

    return shared_words(liked, _WORDS)


def _forgotten(gone: int) -> str:
    if not gone:
        return gettext("There is nothing to forget: the ranking here has learned from no paper yet.")
    return ngettext(
        "Forgotten: {number} statement about papers. The ranking here starts anew.",
        "Forgotten: {number} statements about papers. The ranking here starts anew.",
        gone,
    )


def _taught(papers: Sequence[Paper]) -> str:
    titles = listed(map(_named, papers)) if papers else ""
    return ngettext(
        "Learned from {number} example: {titles}.",
        "Learned from {number} examples: {titles}.",
        len(papers),
        titles=titles,
    )


def _named(paper: Paper) -> str:
    return gettext("“{text}”", text=cut(title_of(paper), MAX_VENUE))
