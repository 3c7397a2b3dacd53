"""Hides papers from a channel's digests, undoes that, and lists what is hidden."""

from dataclasses import dataclass, replace

from bots.chat.phrases import cut
from bots.domain import replies, requests
from bots.domain.feedback import Feedback, Sign
from bots.domain.papers import Paper
from bots.domain.replies import NextStep, Offer
from bots.ports import Clock, Readers, Tastes
from bots.presentation.digest_text import MAX_VENUE, title_of
from bots.translation.speech import gettext
from bots.usecases.lookup import PaperLookup

#: Papers of one page: with a button each they fit one message of every chat (Discord: 40 components).
PAGE = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Hiding:
    """Hides papers in channels."""

    readers: Readers
    tastes: Tastes
    paper_lookup: PaperLookup
    clock: Clock

    async def answer(self, request: requests.NotForUs | requests.Unhide | requests.Hidden) -> replies.OfPaper:
        """Carry out a request.

        Raises:
            PaperNotFound, SourceDown: no library has a paper that is to be hidden, or a library could not be queried.
        """
        match request:
            case requests.NotForUs():
                return await self.hide(request)
            case requests.Unhide():
                return await self.undo(request)
        return await self.hidden(request)

    async def hide(self, request: requests.NotForUs) -> replies.Noted:
        """Hide a paper from every later digest of the channel; if the request is not sure, only say what that does.

        Raises:
            PaperNotFound, SourceDown: no library has it, or a library could not be queried.
        """
        paper = await self.paper_lookup.by_id(request.paper_id, request.here)
        if not request.sure:
            said = gettext(
                "Hide “{title}” from the digests here? It is then hidden for everyone here, until someone presses "
                "Undo; /paper hidden lists what is hidden.",
                title=_title(paper),
            )
            return replies.Noted(said=said, offer=Offer(step=NextStep.HIDE, paper_id=paper.id))
        now = self.clock()
        await self.readers.turn_down(request.channel, paper.id, user=request.user, now=now)
        refusal = Feedback(paper=paper, sign=Sign.HIDDEN, user=request.user, at=now)
        await self.tastes.keep_feedback(request.channel, refusal)
        said = gettext(
            "Hidden: “{title}”. No later digest here shows it. /paper hidden lists what is hidden.", title=_title(paper)
        )
        return replies.Noted(said=said, offer=Offer(step=NextStep.UNDO, paper_id=paper.id))

    async def undo(self, request: requests.Unhide) -> replies.Noted:
        """Let later digests of the channel show a paper again, whoever hid it, even if no library has the paper."""
        gone = await self.readers.take_back(request.channel, request.paper_id)
        await self.tastes.drop_feedback(request.channel, request.paper_id, Sign.HIDDEN)
        paper = await self._stored(request, replies.HiddenPaper(paper_id=request.paper_id, at=self.clock()))
        return replies.Noted(said=_undone(paper.paper) if gone else _not_hidden(paper.paper))

    async def hidden(self, request: requests.Hidden) -> replies.HiddenList:
        """Return a page of the papers that are hidden in the channel, the last hidden first."""
        papers = await self.readers.hidden_papers(request.channel)
        pages = max(-(-len(papers) // PAGE), 1)
        page = min(max(request.page, 1), pages)
        some = papers[(page - 1) * PAGE : page * PAGE]
        shown = tuple([await self._stored(request, each) for each in some])
        return replies.HiddenList(papers=shown, page=page, pages=pages, total=len(papers))

    async def _stored(self, request: requests.Asked, hidden: replies.HiddenPaper) -> replies.HiddenPaper:
        """Add the stored record of a paper, as far as it may be shown here; no library is asked."""
        return replace(hidden, paper=await self.paper_lookup.shelf.paper(hidden.paper_id, place=request.here))


def _undone(paper: Paper | None) -> str:
    if paper is None:
        return gettext("Undone. Later digests here may show the paper again.")
    return gettext("Undone. Later digests here may show “{title}” again.", title=_title(paper))


def _not_hidden(paper: Paper | None) -> str:
    if paper is None:
        return gettext("Not hidden here: the paper.")
    return gettext("Not hidden here: “{title}”.", title=_title(paper))


def _title(paper: Paper) -> str:
    return cut(title_of(paper), MAX_VENUE)
