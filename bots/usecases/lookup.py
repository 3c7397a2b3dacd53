"""Looks papers up: by id in order of trust, by words in every library at once."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bots.chat.secret_texts import for_chat
from bots.domain.channels import Channel
from bots.domain.errors import BadPaperId, PaperNotFound, SourceDown, SourceError, SourceRefused
from bots.domain.paper_ids import PaperRef, is_address, read_ref, refs_in
from bots.domain.papers import Paper, PaperId, unique
from bots.ports import Library, Shelf, VersionedLibrary
from bots.ports.bounded_calls import bounded
from bots.presentation.source_text import is_private
from bots.selection import plan_search
from bots.selection.words import telling_words
from summarizer.text.plain import to_plain

_log = logging.getLogger(__name__)

#: Papers per search that are compared with one paper, and the maximum in all: ten milliseconds each.
_NEIGHBOURS = 25
_MOST_NEIGHBOURS = 60
#: The longest words of a title are the rarest.
_WORDS_ALONE = 3
_MOST_ASKINGS = 12
#: A search with operators fetches this many times the papers that it shows, because some will not match; and at most
#: half a page of arXiv's.
_SIFTED = 5
_MOST_SIFTED = 100
#: Seconds that a person waits at most. Our own libraries give up after 20 s and the current attempt; this is for
#: others.
_PATIENCE = 120.0
_NOT_ASKED = "Only papers that are stored here were compared, because this paper is from a private source."


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """Papers that match, best first, and the libraries that could not be queried."""

    papers: tuple[Paper, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperLookup:
    """Looks papers up on our own shelf first, then in the libraries.

    `place` is where the person asks: private papers are found only from a place of their owner.
    """

    shelf: Shelf
    libraries: Sequence[Library]

    async def by_id(self, paper_id: PaperId, place: Channel | None = None) -> Paper:
        """Return the paper with this id, from the shelf or the first library that has it.

        Raises:
            PaperNotFound: every library responded and none has it.
            SourceDown: none has it and at least one could not be queried.
        """
        kept = await self.shelf.paper(paper_id, place=place)
        if kept is not None and kept.abstract:
            return kept
        silent: list[str] = []
        for library in self.libraries:
            try:
                return await _lookup(library, paper_id)
            except PaperNotFound:
                continue
            except SourceError as error:
                silent.append(f"{library.name}: {_said(error)}")
        raise _nowhere(paper_id, self.libraries, silent)

    async def by_ref(self, ref: PaperRef, place: Channel | None = None) -> tuple[Paper, str]:
        """Return the paper that a person named, and a note if it is not in the version they named.

        Raises:
            PaperNotFound, SourceDown: as `by_id`.
        """
        if ref.version is None:
            return await self.by_id(ref.id, place), ""
        try:
            return await self.in_version(ref, place), ""
        except SourceError as error:
            paper = await self.by_id(ref.id, place)
            if paper.version == ref.version:
                return paper, ""
            shown = f"version {paper.version}" if paper.version else "the newest version known"
            return (
                paper,
                f"This is {shown}, because version {ref.version} could not be looked up: {_said(error)}",
            )

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
        silent: list[str] = []
        for library in self.libraries:
            try:
                return _at_version(await _lookup_version(library, ref), ref)
            except PaperNotFound:
                continue
            except SourceError as error:
                silent.append(f"{library.name}: {_said(error)}")
        raise _nowhere(ref, self.libraries, silent)

    async def by_refs(self, refs: Sequence[PaperRef], limit: int, place: Channel | None = None) -> Found:
        """Return the first `limit` papers that a person named, in order; what is not looked up is noted.

        Raises:
            PaperNotFound, SourceDown: as `by_id`, if none of the papers can be looked up.
        """
        papers, notes = list[Paper](), list[str]()
        last: SourceError | None = None
        # One after the other: each library has a pace, and most are on our own shelf.
        for ref in refs[:limit]:
            try:
                paper, note = await self.by_ref(ref, place)
            except SourceError as error:
                note, last = _said(error), error
            else:
                papers.append(paper)
            notes += [f"{ref}: {note}"] if note else []
        if len(refs) > limit:
            notes.append(f"Only the first {limit} of {len(refs)} ids were looked up.")
        if last is not None and not papers:
            raise type(last)(" ".join(notes), hint=last.hint) from last
        return Found(papers=tuple(papers), notes=tuple(notes))

    async def around(self, paper: Paper, place: Channel | None = None) -> Found:
        """Return papers that share words with a paper's title, excluding that paper; their order has no meaning.

        The title of a private paper without a public id is not sent to any library.
        """
        secret = paper.private and paper.id.scheme == "text"
        words = telling_words(to_plain(paper.title, dollar_math=paper.dollar_math))
        # Each library gets one query: arXiv asks for three seconds between two requests
        # (info.arxiv.org/help/api/tou.html).
        longest = sorted(words, key=lambda word: -len(word))[:_WORDS_ALONE]
        named = " ".join(word for word in words if word in longest)
        async with asyncio.TaskGroup() as group:
            kept = [
                group.create_task(self.shelf.search_papers(each, _NEIGHBOURS, place=place)) for each in _askings(words)
            ]
            libraries = self.libraries if named and not secret else ()
            asked = [group.create_task(_search(library, named, _NEIGHBOURS)) for library in libraries]
        answers = [task.result() for task in asked]
        found = unique(_interleave([*(task.result() for task in kept), *(answer.papers for answer in answers)]))
        others = tuple(other for other in found if other.names.isdisjoint(paper.names))
        notes = [note for answer in answers for note in answer.notes]
        return Found(papers=others[:_MOST_NEIGHBOURS], notes=(*notes, *([_NOT_ASKED] if secret else [])))

    async def by_query(self, text: str, limit: int, place: Channel | None = None) -> Found:
        """Return papers that match a search: its words, and its operators and signs.

        Raises:
            BadQuery: the search has operators or signs that cannot be obeyed.
        """
        plan = plan_search(text)
        if plan.query is None:
            found = await self.by_words(text, limit, place)
            return Found(papers=found.papers, notes=(*found.notes, *plan.notes))
        most = min(limit * _SIFTED, _MOST_SIFTED)
        answers = [await self.by_words(words, most, place) for words in plan.searches]
        ranked = unique(_interleave([answer.papers for answer in answers]))
        papers = tuple(filter(plan.query.matches, ranked))[:limit]
        notes = dict.fromkeys(note for answer in answers for note in answer.notes)
        if len(papers) < limit and any(len(answer.papers) == most for answer in answers):
            notes[f"Only the first {most} papers with these words were compared with the whole search."] = None
        return Found(papers=papers, notes=(*notes, *plan.notes))

    async def by_words(self, words: str, limit: int, place: Channel | None = None) -> Found:
        """Return papers that match some words; a failed library is noted, and our shelf's papers still come."""
        async with asyncio.TaskGroup() as group:
            kept = group.create_task(self.shelf.search_papers(words, limit, place=place))
            asked = [group.create_task(_search(library, words, limit)) for library in self.libraries]
        answers = [task.result() for task in asked]
        ranked = _interleave([kept.result(), *(answer.papers for answer in answers)])
        notes = tuple(note for answer in answers for note in answer.notes)
        return Found(papers=unique(ranked)[:limit], notes=notes)


def _said(error: SourceError) -> str:
    return for_chat(str(error), error.place)


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


def _askings(words: Sequence[str]) -> tuple[str, ...]:
    """Return the queries for our own shelf: all words, each two adjacent words, and the longest words alone."""
    pairs = (f"{first} {second}" for first, second in pairwise(words))
    longest = sorted(words, key=lambda word: -len(word))[:_WORDS_ALONE]
    return tuple(dict.fromkeys((" ".join(words), *pairs, *longest)))[:_MOST_ASKINGS]


async def _lookup(library: Library, paper_id: PaperId) -> Paper:
    found = await _asked(library, lambda: library.lookup(paper_id))
    if not isinstance(found, Paper):
        raise _odd(library, found)
    return _marked(library, found)


async def _lookup_version(library: Library, ref: PaperRef) -> Paper:
    if not isinstance(library, VersionedLibrary) or ref.version is None:
        raise PaperNotFound(f"{library.name} does not keep versions.")
    version = ref.version
    found = await _asked(library, lambda: library.lookup_version(ref.id, version))
    if not isinstance(found, Paper):
        raise _odd(library, found)
    if found.version != version:
        raise PaperNotFound(f"{library.name} does not have {ref}.")
    return _marked(library, found)


def _marked(library: Library, found: Paper) -> Paper:
    """Return a paper with the mark of private ones if its library is a private source."""
    return replace(found, private=True) if is_private(str(getattr(library, "spec", ""))) else found


def _at_version(paper: Paper, ref: PaperRef) -> Paper:
    """Return the paper with the address of this version, so that a reader is not sent to the newest one."""
    page = paper.url.endswith(f"/{paper.id.value}") and paper.id.scheme == "arxiv"
    return replace(paper, url=f"{paper.url}v{ref.version}") if page else paper


async def _search(library: Library, words: str, limit: int) -> Found:
    try:
        found = await _asked(library, lambda: library.search(words, limit))
        if not isinstance(found, tuple) or not all(isinstance(each, Paper) for each in found):
            raise _odd(library, found)
    except SourceError as error:
        return Found(notes=(f"{library.name} could not be searched: {_said(error)}",))
    return Found(papers=tuple(_marked(library, each) for each in found))


async def _asked(library: Library, call: Callable[[], Awaitable[object]]) -> object:
    """Return the value from a library; third-party code may return any value, and its faults must not spread.

    Raises:
        SourceError: the library refused, the timeout passed, or its own code failed and was logged.
    """
    try:
        return await bounded(call, _PATIENCE)
    except SourceError:
        raise
    except TimeoutError as error:
        raise SourceDown(f"it did not answer within {_PATIENCE:.0f} seconds.") from error
    except Exception as error:
        _log.exception("a library failed", extra={"library": library.name})
        raise SourceRefused("it failed; the log has details.") from error


def _odd(library: Library, found: object) -> SourceRefused:
    _log.error(
        "a library returned something other than papers", extra={"library": library.name, "given": type(found).__name__}
    )
    return SourceRefused("it failed; the log has details.")


def _interleave(lists: Sequence[tuple[Paper, ...]]) -> tuple[Paper, ...]:
    """Take the first of each list, then the second of each: every library's best paper precedes the rest."""
    longest = max(map(len, lists), default=0)
    return tuple(papers[place] for place in range(longest) for papers in lists if place < len(papers))


def _nowhere(paper_id: PaperId | PaperRef, libraries: Sequence[Library], silent: list[str]) -> SourceError:
    if silent:
        return SourceDown(f"{paper_id} could not be looked up. " + " ".join(silent), hint="Try again in a few minutes.")
    asked = ", ".join(library.name for library in libraries) or "no library is set up"
    return PaperNotFound(f"{paper_id} was not found ({asked}).", hint="Check the id, or search for words of its title.")
