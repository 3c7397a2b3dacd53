"""Actions on a paper that is shown: read its abstract, save it, cite it, find similar papers."""

from dataclasses import dataclass

from bots.chat.phrases import cut
from bots.digests.vectors import VectorService
from bots.domain import replies, requests
from bots.domain.channels import Reader
from bots.domain.errors import SettingsError
from bots.domain.export_formats import ExportFormat
from bots.domain.feedback import Feedback, Sign
from bots.domain.paper_ids import PaperRef
from bots.domain.papers import Paper
from bots.domain.same_paper import unique
from bots.exports import exported
from bots.ports import Clock, Readers, Tastes
from bots.presentation.bibtex import bibtex
from bots.presentation.digest_text import MAX_VENUE, title_of
from bots.selection import SearchPlan, plan_search
from bots.translation.speech import gettext
from bots.usecases.lookup import Found, PaperLookup
from bots.usecases.problems import tell_operator
from bots.usecases.search_index import SearchIndex
from summarizer import BadModel

#: Stored papers that are compared with one paper.
_NEIGHBOURS = 30
#: Two papers on unlike subjects have a smaller cosine than this.
_LEAST_NEAR = 0.2


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperActions:
    """Carries out actions on a paper that is shown."""

    readers: Readers
    tastes: Tastes
    paper_lookup: PaperLookup
    clock: Clock
    vectors: VectorService
    search_index: SearchIndex

    async def abstract(self, request: requests.Abstract) -> replies.WholeAbstract:
        """Return the paper with its whole abstract.

        Raises:
            PaperNotFound, SourceDown: no library has it, or a library could not be queried.
        """
        ref = PaperRef(id=request.paper_id, version=request.version)
        return replies.WholeAbstract(paper=await self.paper_lookup.in_version(ref, request.here))

    async def save(self, request: requests.Save) -> replies.Noted:
        """Add a paper to a person's list.

        Raises:
            PaperNotFound, SourceDown: no library has it, or a library could not be queried.
        """
        paper = await self._to_save(request)
        fresh = await self.readers.save_paper(_keeper(request, paper), paper, now=self.clock())
        await self._learn(request, paper, Sign.SAVED)
        return replies.Noted(
            said=gettext("Saved: “{title}”.", title=_title(paper))
            if fresh
            else gettext("You saved this paper before: “{title}”.", title=_title(paper))
        )

    async def _learn(self, request: requests.Asked, paper: Paper, sign: Sign) -> None:
        """Let the ranking of the channel, in which the person is, learn that they like a paper."""
        said = Feedback(paper=paper, sign=sign, user=request.user, at=self.clock())
        await self.tastes.keep_feedback(request.here, said)

    async def _to_save(self, request: requests.Save) -> Paper:
        """Return the paper, in its public record if the person's list is kept outside of the workspace."""
        paper = await self.paper_lookup.by_id(request.paper_id, request.here)
        if not paper.private or _member(request) == request.reader:
            return paper
        public = await self.paper_lookup.shelf.paper(request.paper_id, place=None)
        return public if public is not None and public.abstract else paper

    async def unsave(self, request: requests.Unsave) -> replies.Noted:
        """Remove a paper from a person's list, even if no library has it."""
        gone = [await self.readers.unsave_paper(reader, request.paper_id) for reader in _lists(request)]
        await self.tastes.drop_feedback(request.here, request.paper_id, Sign.SAVED, user=request.user)
        return replies.Noted(
            said=gettext("Removed from your saved papers.")
            if any(gone)
            else gettext("This paper is not among your saved papers.")
        )

    async def saved(self, request: requests.Saved) -> replies.SavedList:
        """Return the papers a person saved; those that match the words, with their operators and signs.

        Raises:
            BadQuery: the words have operators or signs that cannot be obeyed.
        """
        words = " ".join(request.words.split())
        plan = plan_search(words, asks_libraries=False) if words else SearchPlan(searches=())
        papers = await self._saved(request, "" if plan.query else words)
        fitting = tuple(filter(plan.query.matches, papers)) if plan.query else papers
        return replies.SavedList(papers=fitting, words=words, notes=plan.notes)

    async def _saved(self, request: requests.Asked, words: str = "") -> tuple[Paper, ...]:
        """Return the papers a person saved: their own list, and the private papers of the workspace they are in."""
        return tuple([paper for each in _lists(request) for paper in await self.readers.saved_papers(each, words)])

    async def cite(self, request: requests.Cite) -> replies.Citation:
        """Return a paper, or all papers a person saved, as BibTeX or in another format.

        Raises:
            PaperNotFound, SourceDown: no library has it, or a library could not be queried.
        """
        if request.paper_id is None:
            papers = await self._saved(request)
        else:
            ref = PaperRef(id=request.paper_id, version=request.version)
            papers = (await self.paper_lookup.in_version(ref, request.here),)
        # In a chat, a citation is to be copied: it has no abstract. A file for another program has everything.
        text = bibtex(papers) if request.form is ExportFormat.BIBTEX else exported(papers, request.form)
        return replies.Citation(text=text if papers else "", papers=len(papers), form=request.form)

    async def more_like(self, request: requests.MoreLike) -> tuple[Paper, Found]:
        """Return a paper and the papers nearest to it in content, the nearest first.

        Raises:
            PaperNotFound, SourceDown: no library has it, or a library could not be queried; or none could be searched,
                and no paper is known that shares its words.
            SettingsError: the encoder that compares them is damaged.
        """
        paper = await self.paper_lookup.by_id(request.paper_id, request.here)
        await self._learn(request, paper, Sign.MORE)
        around = await self.paper_lookup.around(paper, request.here)
        try:
            one, *_ = await self.vectors.of((paper,))
            known = await self._known_near(paper, one)
            papers = unique((*known, *around.papers))
            others = await self.vectors.of(papers)
        except BadModel as error:
            raise SettingsError(str(error), hint=tell_operator()) from error
        from bots.ranking.vectors import cosines  # needs numpy, which other requests do without

        near = cosines(one, others)
        ranked = sorted(zip(near, papers, strict=True), key=lambda pair: -pair[0])
        return paper, Found(papers=tuple(other for _, other in ranked[: max(request.limit, 0)]), notes=around.notes)

    async def _known_near(self, paper: Paper, vector: bytes | None) -> tuple[Paper, ...]:
        """Return the stored papers that are nearest to a paper, excluding that paper."""
        await self.search_index.ready()
        near = await self.search_index.near(vector, _NEIGHBOURS, least=_LEAST_NEAR)
        stored = await self.search_index.stored([each.paper_id for each in near])
        found = (stored[each.paper_id] for each in near if each.paper_id in stored)
        return tuple(each for each in found if each.names.isdisjoint(paper.names))


def _member(request: requests.Asked) -> Reader:
    """Return the person as a member of the workspace they are in."""
    here = request.here
    return Reader(platform=here.platform, workspace=here.workspace, user=request.user)


def _keeper(request: requests.Save, paper: Paper) -> Reader:
    """Return whose list a paper is added to: a private one is deleted with its workspace."""
    return _member(request) if paper.private else request.reader


def _lists(request: requests.Asked) -> tuple[Reader, ...]:
    return tuple(dict.fromkeys((request.reader, _member(request))))


def _title(paper: Paper) -> str:
    return cut(title_of(paper), MAX_VENUE)
