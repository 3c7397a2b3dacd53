"""Looks papers up: by id in order of trust, by words in every library at once."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from bots.chat.phrases import listed
from bots.chat.secret_texts import for_chat
from bots.domain.channels import Channel
from bots.domain.errors import BadPaperId, SourceDown, SourceError
from bots.domain.field_search import FieldSearch
from bots.domain.paper_ids import PaperRef, is_address, read_ref, refs_in
from bots.domain.papers import Paper, PaperId
from bots.domain.same_paper import unique
from bots.ports import Library, PaperIndex, Shelf
from bots.search.entries import asked_stems
from bots.search.scoring import choosing, rarity
from bots.selection import SearchPlan
from bots.selection.words import telling_words
from bots.translation.formats import sentences
from bots.translation.speech import gettext, gettext_noop
from bots.usecases.library_calls import HEDGE, NotLookedUp, UnderWay, first_found
from bots.usecases.library_searches import search, search_all, search_notes
from bots.usecases.lookup_notes import other_version, unasked_error
from summarizer.text.plain import to_plain

#: Papers per search that are compared with one paper, and the maximum in all: ten milliseconds each.
_NEIGHBOURS = 25
_MOST_NEIGHBOURS = 60
#: The longest words of a title are the rarest.
_WORDS_ALONE = 3
#: A search with operators fetches this many times the papers that it shows, because some will not match; and at most
#: half a page of arXiv's.
_SIFTED = 5
_MOST_SIFTED = 100
_NO_LIBRARY = gettext_noop("Only papers that are stored here were searched, because no library is set up.")
_NOT_ASKED = gettext_noop(
    "Only papers that are stored here were compared, because this paper is from a private source."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """Papers that match, best first, and the libraries that could not be queried."""

    papers: tuple[Paper, ...] = ()
    notes: tuple[str, ...] = ()
    #: Why no library at all could be queried; None if one was, or if there is none.
    unasked: SourceDown | None = None
    #: The number of papers found in all, of which these are one page; None if they were not counted.
    total: int | None = None


class WholeShelf(PaperIndex, Shelf, Protocol):
    """The papers that are stored, and their index."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperLookup:
    """Looks papers up on our own shelf first, then in the libraries.

    `place` is where the person asks: private papers are found only from a place of their owner.
    """

    shelf: WholeShelf
    libraries: Sequence[Library]
    #: Seconds after which the next library is asked as well.
    hedge: float = HEDGE
    _under_way: UnderWay = field(default_factory=dict)

    @property
    def _searched(self) -> list[Library]:
        """The libraries that searches by words ask."""
        return [library for library in self.libraries if getattr(library, "searched", True)]

    async def by_id(self, paper_id: PaperId, place: Channel | None = None) -> Paper:
        """Return the paper with this id, from the shelf or the first library that has it.

        Raises:
            PaperNotFound: every library responded and none has it.
            SourceDown: none has it and at least one could not be queried.
        """
        kept = await self.shelf.paper(paper_id, place=place)
        if kept is not None and kept.abstract:
            return kept
        return await first_found(self.libraries, PaperRef(id=paper_id), self._under_way, hedge=self.hedge)

    async def by_ref(self, ref: PaperRef, place: Channel | None = None) -> tuple[Paper, str]:
        """Return the paper that a person named, and a note if it is not whole or not in the version they named.

        Raises:
            PaperNotFound, SourceDown: as `by_id`.
        """
        if ref.version is None:
            return await self._newest_known(ref, place)
        try:
            return await self.in_version(ref, place), ""
        except SourceError as error:
            paper, _ = await self._newest_known(PaperRef(id=ref.id), place)
            if paper.version == ref.version:
                return paper, ""
            return paper, other_version(paper.version, ref.version, _reason(error))

    async def _newest_known(self, ref: PaperRef, place: Channel | None) -> tuple[Paper, str]:
        try:
            return await self.by_id(ref.id, place), ""
        except NotLookedUp as error:
            kept = await self.shelf.paper(ref.id, place=place)
            if kept is None:
                raise
            return kept, gettext("This is what was known before: {why}", why=error.why)

    async def in_version(self, ref: PaperRef, place: Channel | None = None) -> Paper:
        """Return the paper in exactly the version that a person named; without one, as `by_id` returns it.

        Raises:
            PaperNotFound: no library has this version.
            SourceDown: none has it and at least one could not be queried.
        """
        if ref.version is None:
            return await self.by_id(ref.id, place)
        kept = await self.shelf.paper(ref.id, place=place)
        if kept is not None and kept.abstract and kept.version == ref.version:
            return _at_version(kept, ref)
        return _at_version(await first_found(self.libraries, ref, self._under_way, hedge=self.hedge), ref)

    async def by_refs(self, refs: Sequence[PaperRef], limit: int, place: Channel | None = None) -> Found:
        """Return the first `limit` papers that a person named, in order; what is not looked up is noted.

        Raises:
            PaperNotFound, SourceDown: as `by_id`, if none of the papers can be looked up.
        """
        # All at once: a library combines the look-ups that wait at the same time, and has a pace of its own.
        outcomes = await asyncio.gather(*(self.by_ref(ref, place) for ref in refs[:limit]), return_exceptions=True)
        papers, notes, silent = list[Paper](), list[str](), dict[str, list[str]]()
        last: SourceError | None = None
        for ref, outcome in zip(refs, outcomes, strict=False):
            if isinstance(outcome, NotLookedUp):
                silent.setdefault(outcome.why, []).append(str(ref))
                last = outcome
            elif isinstance(outcome, SourceError):
                why = for_chat(str(outcome), outcome.place)
                notes.append(gettext("{source}: {reason}", source=str(ref), reason=why))
                last = outcome
            elif isinstance(outcome, BaseException):
                raise outcome
            else:
                papers.append(outcome[0])
                notes += [gettext("{source}: {reason}", source=str(ref), reason=outcome[1])] if outcome[1] else []
        notes += [
            gettext("{paper} could not be looked up: {why}", paper=listed(names), why=why)
            for why, names in silent.items()
        ]
        if len(refs) > limit:
            notes.append(gettext("Only the first {most} of {given} ids were looked up.", most=limit, given=len(refs)))
        if last is not None and not papers:
            raise (SourceDown if silent else type(last))(sentences(*notes), hint=last.hint) from last
        return Found(papers=tuple(papers), notes=tuple(notes))

    async def around(self, paper: Paper, place: Channel | None = None) -> Found:
        """Return papers that share words with a paper's title, excluding that paper; their order has no meaning.

        The title of a private paper without a public id is not sent to any library.

        Raises:
            SourceDown: no library could be searched, and our shelf has no such paper.
        """
        secret = paper.private and paper.id.scheme == "text"
        words = telling_words(to_plain(paper.title, dollar_math=paper.dollar_math))
        # Each library gets one query: arXiv asks for three seconds between two requests
        # (info.arxiv.org/help/api/tou.html).
        longest = sorted(words, key=lambda word: -len(word))[:_WORDS_ALONE]
        named = " ".join(word for word in words if word in longest)
        async with asyncio.TaskGroup() as group:
            kept = group.create_task(self._sharing(words, place))
            libraries = self._searched if named and not secret else ()
            asked = [group.create_task(search(library, named, _NEIGHBOURS)) for library in libraries]
        answers = [task.result() for task in asked]
        found = unique(_interleave([kept.result(), *(answer.papers for answer in answers)]))
        others = tuple(other for other in found if other.names.isdisjoint(paper.names))
        if not others and (unasked := unasked_error(answers)):
            raise unasked
        notes = (*search_notes(answers), *([gettext(_NOT_ASKED)] if secret else []), *self._alone())
        return Found(papers=others[:_MOST_NEIGHBOURS], notes=notes)

    async def _sharing(self, words: Sequence[str], place: Channel | None) -> tuple[Paper, ...]:
        """Return the stored papers that share the rarest words; private ones that may be shown in a place first."""
        stems = tuple(asked_stems(words))
        counts = await self.shelf.word_counts(stems)
        chosen = choosing([(stem,) for stem in stems], counts)
        hits = await self.shelf.word_hits({stem: rarity(counts, stem) for stem in chosen}, _MOST_NEIGHBOURS)
        public = await self.shelf.papers([hit.paper_id for hit in hits])
        own = await self.shelf.own_papers(stems, _NEIGHBOURS, place=place) if place and stems else ()
        return unique((*own, *(public[hit.paper_id] for hit in hits if hit.paper_id in public)))

    def _alone(self) -> tuple[str, ...]:
        """Return a note if there is no library to ask."""
        return () if self.libraries else (gettext(_NO_LIBRARY),)

    async def elsewhere(self, plan: SearchPlan, limit: int, *, enough: asyncio.Event | None = None) -> Found:
        """Return what the libraries find for a search, the best of each first; a failed library is noted.

        With operators, each alternative is asked for, and only papers that match the query are returned.

        Args:
            plan: the search.
            limit: papers to return.
            enough: once it is set, libraries that have not answered are noted and no longer waited for.
        """
        most = limit if plan.query is None else min(limit * _SIFTED, _MOST_SIFTED)
        in_fields = plan.in_fields or (None,) * len(plan.searches)
        answers = [
            await self._asked(words, most, fields, enough)
            for words, fields in zip(plan.searches, in_fields, strict=True)
        ]
        found = unique(_interleave([answer.papers for answer in answers]))
        papers = tuple(filter(plan.query.matches, found)) if plan.query else found
        unasked = [answer.unasked for answer in answers if answer.unasked]
        notes = dict.fromkeys(note for answer in answers for note in answer.notes)
        if plan.query and len(papers) < limit and any(len(answer.papers) == most for answer in answers):
            said = gettext(
                "Only the first {most} papers with these words were compared with the whole search.", most=most
            )
            notes[said] = None
        return Found(
            papers=papers[:limit],
            notes=(*notes, *self._alone()),
            unasked=unasked[0] if unasked and len(unasked) == len(answers) else None,
        )

    async def _asked(
        self, words: str, limit: int, in_fields: FieldSearch | None, enough: asyncio.Event | None
    ) -> Found:
        """Return what the libraries find with some words, searched at once."""
        answers = await search_all(self._searched, words, limit, in_fields=in_fields, enough=enough)
        ranked = unique(_interleave([answer.papers for answer in answers]))[:limit]
        return Found(papers=ranked, notes=search_notes(answers), unasked=unasked_error(answers))


def named_in(text: str) -> tuple[PaperRef, ...]:
    """Return the papers that a text names by id, address or DOI, alone or in a sentence; empty for other words.

    Raises:
        BadPaperId: the text is an address that names no paper. Its words are no title, so they are not searched for.
    """
    try:
        return (read_ref(text),)
    except BadPaperId:
        named = refs_in(text)
        if not named and is_address(text):
            raise
        return named


def is_ref(text: str) -> bool:
    """Return whether a text is an id, address or DOI and nothing else: its parts are no words to search for."""
    try:
        return bool(read_ref(text))
    except BadPaperId:
        return False


def same_title(title: str, words: str) -> bool:
    """Return whether words are exactly a title, ignoring case and white space."""
    return " ".join(title.casefold().split()) == " ".join(words.casefold().split())


def _at_version(paper: Paper, ref: PaperRef) -> Paper:
    """Return the paper with the address of this version, so that a reader is not sent to the newest one."""
    page = paper.url.endswith(f"/{paper.id.value}") and paper.id.scheme == "arxiv"
    return replace(paper, url=f"{paper.url}v{ref.version}") if page else paper


def _interleave(lists: Sequence[tuple[Paper, ...]]) -> tuple[Paper, ...]:
    """Take the first of each list, then the second of each: every library's best paper precedes the rest."""
    longest = max(map(len, lists), default=0)
    return tuple(papers[place] for place in range(longest) for papers in lists if place < len(papers))


def _reason(error: SourceError) -> str:
    return error.why if isinstance(error, NotLookedUp) else for_chat(str(error), error.place)
