"""Searches papers: those stored here by words, by meaning and by their titles, and those that libraries find."""

import asyncio
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bots.domain.channels import Channel
from bots.domain.papers import Paper, PaperId
from bots.domain.requests import Search, SearchOrder
from bots.domain.same_paper import unique
from bots.ports import PaperIndex, Shelf
from bots.selection import Query, SearchPlan, parse_query, plan_search
from bots.selection.query import AllOf
from bots.selection.search_plan import needs_a_word, words_asked_for
from bots.selection.words import row_of, seen_text, words_of
from bots.translation.speech import gettext
from bots.usecases.lookup import Found, PaperLookup
from bots.usecases.search_index import SearchIndex

if TYPE_CHECKING:
    from bots.search.records import WordCounts, WordHit
    from bots.search.scoring import Alternatives
    from bots.search.typing_errors import Reading

#: Private papers of one workspace that are compared with a search; each takes half a millisecond.
_MOST_OWN = 100
_QUOTED = re.compile(r'"[^"]+"')
#: Papers read beyond the page, because some may be records of one paper.
_SPARE = 10


class WholeShelf(PaperIndex, Shelf, Protocol):
    """The papers that are stored, and their index."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Ranked:
    """Papers in order: those whose records are at hand, and the ids of all."""

    order: tuple[PaperId, ...] = ()
    at_hand: Mapping[PaperId, Paper]
    notes: tuple[str, ...] = ()
    #: Whether no stored paper matches beside them: false if the words of a query were too many, or are not indexed.
    whole: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class _Words:
    """The words of a search as the index has them."""

    asked: "tuple[Alternatives, ...]" = ()
    counts: "WordCounts"
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperSearch:
    """Searches papers for people."""

    shelf: WholeShelf
    index: SearchIndex
    paper_lookup: PaperLookup

    async def find(self, request: Search) -> Found:
        """Return the papers that a person searches for, one page of them, with how many were found.

        Raises:
            BadQuery: the search has operators or signs that cannot be obeyed.
            SourceDown: no library could be searched, and no stored paper fits.
        """
        libraries = request.live and not request.offset
        plan = plan_search(request.words, asks_libraries=libraries)
        said = _phrases(request.words) if plan.query is None else plan.query
        query = _both(said, parse_query(request.only) if request.only.strip() else None)
        live = asyncio.create_task(self.paper_lookup.elsewhere(plan, request.limit) if libraries else _nothing())
        try:
            kept = await self._ranked(request, plan, query)
            return await self._page(request, query, kept, await live, plan.notes)
        finally:
            live.cancel()

    async def _page(
        self, request: Search, query: Query | None, kept: _Ranked, live: Found, notes: tuple[str, ...]
    ) -> Found:
        from bots.search.joining import joined

        order = joined([kept.order, [paper.id for paper in live.papers]]) if live.papers else kept.order
        last = request.offset + request.limit
        every = query is not None or request.order is not SearchOrder.RELEVANCE
        wanted = order if every else order[: last + _SPARE]
        at_hand = dict(kept.at_hand)
        stored = await self.index.stored([each for each in wanted if each not in at_hand])
        fresh = {paper.id: paper for paper in live.papers}
        papers = unique(
            tuple(
                paper
                for each in wanted
                for records in (stored, at_hand, fresh)
                if (paper := records.get(each)) is not None
            )
        )
        papers = _sorted(filter(query.matches, papers) if query else papers, request.order)
        if query is not None and len(papers) < last and not kept.whole:
            papers = unique((*papers, *await self._matching(query, request)))
        if live.unasked and not papers:
            raise live.unasked
        return Found(
            papers=papers[request.offset : last],
            notes=tuple(dict.fromkeys((*live.notes, *notes, *kept.notes))),
            total=len(papers) if every else max(len(papers), len(order) - (len(wanted) - len(papers))),
        )

    async def _matching(self, query: Query, request: Search) -> tuple[Paper, ...]:
        """Return stored papers that match a query, the newest first, for when too few were found by their words."""
        from bots.search.weights import MOST_FOUND

        return await self.shelf.find_papers(query, MOST_FOUND, place=request.here)

    # ── what is stored here ──────────────────────────────────────────────────────────────────────────────────────────

    async def _ranked(self, request: Search, plan: SearchPlan, query: Query | None) -> _Ranked:
        """Return the stored papers that fit, best first; those of a query may not match it."""
        from bots.search.joining import joined

        text = request.words if plan.query is None else words_asked_for(plan.query)
        if not any(map(str.isalnum, text)):
            return _Ranked(at_hand={})
        await self.index.ready()
        titled, at_hand = await self._titled(text) if plan.query is None else ((), {})
        meant = [paper_id for paper_id, alike in titled if alike]
        words = await self._read(text, correct=plan.query is None and not meant)
        vector = await self.index.vector_of(text)
        near = [each.paper_id for each in await self.index.near(vector, _most())]
        own = await self._own(words, request.here)
        worded = await self._by_words(words, query, every=plan.query is not None)
        lists: list[Sequence[PaperId]] = [worded, near, own[0]]
        order = dict.fromkeys((*meant, *joined([*lists, [paper_id for paper_id, _ in titled]])))
        return _Ranked(
            order=tuple(order)[: _most()],
            at_hand={**at_hand, **own[1]},
            notes=words.notes,
            whole=plan.query is None or (len(worded) < _most() and needs_a_word(plan.query)),
        )

    async def _read(self, text: str, *, correct: bool) -> _Words:
        """Return the words of a text as the index has them, typing errors corrected."""
        from bots.search.entries import asked_stems
        from bots.search.weights import MOST_ASKED
        from summarizer.text.words import stem

        asked = dict(list(asked_stems(words_of(text)).items())[:MOST_ASKED])
        counts = await self.shelf.word_counts(asked.keys())
        read = await self.index.readings(asked, counts) if correct else {}
        meant = {each.meant for readings in read.values() for each in readings}
        counts = await self.shelf.word_counts([*asked, *map(stem, meant)]) if meant else counts
        alternatives = [
            (each, *dict.fromkeys(stem(reading.meant) for reading in read.get(word, ())))
            for each, word in asked.items()
        ]
        return _Words(asked=tuple(alternatives), counts=counts, notes=_read_notes(read, counts))

    async def _by_words(self, words: _Words, query: Query | None, *, every: bool) -> tuple[PaperId, ...]:
        """Return the papers that contain enough of the words, best first.

        Args:
            words: the words.
            query: papers that cannot match it are left out.
            every: whether a paper with any of the words is returned, because the query decides.
        """
        from bots.search.scoring import choosing, rarity, scored
        from bots.search.weights import MOST_ROWS

        chosen = choosing(words.asked, words.counts)
        rows = sum(words.counts.found.get(each, 0) for each in chosen)
        hits: tuple[WordHit, ...] = await self.shelf.word_hits(
            {each: rarity(words.counts, each) for each in chosen}, _most(), in_titles=rows > MOST_ROWS, query=query
        )
        return tuple(each.paper_id for each in scored(hits, words.asked, words.counts) if each.found or every)

    async def _own(self, words: _Words, place: Channel) -> tuple[tuple[PaperId, ...], dict[PaperId, Paper]]:
        """Return the private papers of a place that contain enough of the words, best first, and their records."""
        from bots.search.entries import entry_of
        from bots.search.scoring import hit_of, scored

        stems = {stem for each in words.asked for stem in each}
        papers = await self.shelf.own_papers(stems, _MOST_OWN, place=place) if stems else ()
        hits = [hit_of(paper.id, entry_of(paper)) for paper in papers]
        found = tuple(each.paper_id for each in scored(hits, words.asked, words.counts) if each.found)
        return found, {paper.id: paper for paper in papers if paper.id in found}

    async def _titled(self, text: str) -> tuple[tuple[tuple[PaperId, bool], ...], dict[PaperId, Paper]]:
        """Return the papers whose titles look like a text, the most alike first, each with whether it is meant."""
        from bots.search.likeness import likeness
        from bots.search.weights import ALIKE, MEANT, SHORTEST_TITLE

        row = row_of(text)
        if len(row) < SHORTEST_TITLE:
            return (), {}
        near = [each.paper_id for each in await self.index.titles_like(text) if each.by >= ALIKE * 0.9]
        papers = await self.index.stored(near)
        alike = {name: likeness(row, row_of(seen_text(paper.title, paper))) for name, paper in papers.items()}
        found = sorted((name for name in near if alike.get(name, 0) >= ALIKE), key=lambda name: -alike[name])
        return tuple((name, alike[name] >= MEANT) for name in found), {name: papers[name] for name in found}


def _most() -> int:
    from bots.search.weights import MOST_FOUND

    return MOST_FOUND


async def _nothing() -> Found:
    return Found()


def _phrases(text: str) -> Query | None:
    """Return the query for the phrases in quotes in a text without operators; they must be there word for word."""
    quoted = [phrase for phrase in _QUOTED.findall(text) if len(words_of(phrase)) > 1]
    return parse_query(" ".join(quoted)) if quoted else None


def _both(first: Query | None, second: Query | None) -> Query | None:
    if first is None or second is None:
        return first or second
    return Query(root=AllOf(of=(first.root, second.root)))


def _read_notes(read: "Mapping[str, Sequence[Reading]]", counts: "WordCounts") -> tuple[str, ...]:
    """Return how words that no paper contains were read."""
    from summarizer.text.words import stem

    return tuple(
        gettext("“{word}” was read as “{meant}”.", word=word, meant=readings[0].meant)
        for word, readings in read.items()
        if readings and readings[0].errors and not counts.found.get(stem(word))
    )


def _sorted(papers: Iterable[Paper], order: SearchOrder) -> tuple[Paper, ...]:
    """Return papers in an order; those without what it goes by come last, and equal ones stay as they are."""
    key = _KEYS.get(order)
    return tuple(papers) if key is None else tuple(sorted(papers, key=key, reverse=True))


def _date(paper: Paper) -> float:
    return paper.published.timestamp() if paper.published else float("-inf")


def _votes(paper: Paper) -> float:
    return -1 if paper.signals.upvotes is None else paper.signals.upvotes


def _citations(paper: Paper) -> float:
    return -1 if paper.signals.citations is None else paper.signals.citations


_KEYS: Mapping[SearchOrder, Callable[[Paper], float]] = {
    SearchOrder.NEWEST: _date,
    SearchOrder.UPVOTES: _votes,
    SearchOrder.CITED: _citations,
}
