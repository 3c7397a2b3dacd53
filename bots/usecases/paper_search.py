"""Searches papers: those stored here by words, by meaning and by their titles, and those that libraries find."""

import asyncio
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bots.domain.channels import Channel
from bots.domain.papers import Paper, PaperId
from bots.domain.requests import Search, SearchOrder
from bots.domain.same_paper import unique
from bots.search.entries import asked_stems, entry_of
from bots.search.joining import joined
from bots.search.likeness import likeness
from bots.search.records import Matches, WordCounts
from bots.search.scoring import Alternatives, choosing, hit_of, rarity, scored
from bots.search.typing_errors import Reading
from bots.search.weights import ALIKE, MEANT, MOST_ASKED, MOST_FOUND, MOST_ROWS, SHORTEST_TITLE
from bots.selection import Query, SearchPlan, parse_query, plan_search
from bots.selection.query import AllOf
from bots.selection.search_plan import needed_words, words_asked_for
from bots.selection.words import row_of, seen_text, words_of
from bots.translation.speech import gettext
from bots.usecases.lookup import Found, PaperLookup, WholeShelf
from bots.usecases.search_index import SearchIndex
from summarizer.text.words import stem

#: Private papers of one workspace that are compared with a search; each takes half a millisecond.
_MOST_OWN = 100
#: Seconds after which stored papers are shown without the libraries that have not answered: a library that is well
#: has by then, and a wait of ten seconds loses a person (Nielsen, Usability Engineering, 1993).
PATIENCE = 4.0
#: Seconds more for each further alternative: arXiv asks for three between two requests
#: (info.arxiv.org/help/api/tou.html).
_PACE = 3.0
_QUOTED = re.compile(r'"[^"]+"')
#: Papers read beyond the page, because some may be records of one paper.
_SPARE = 10


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

    asked: tuple[Alternatives, ...] = ()
    counts: WordCounts
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperSearch:
    """Searches papers for people."""

    shelf: WholeShelf
    index: SearchIndex
    paper_lookup: PaperLookup
    #: Seconds that libraries have if stored papers fit.
    patience: float = PATIENCE

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
        enough, until = asyncio.Event(), self._until(plan)
        asked = self.paper_lookup.elsewhere(plan, request.limit, enough=enough) if libraries else _nothing()
        live = asyncio.create_task(asked)
        try:
            kept = await self._ranked(request, plan, query)
            await asyncio.wait({live}, timeout=max(0.0, until - asyncio.get_running_loop().time()))
            if not live.done() and (await self._page(request, query, kept, Found(), ())).papers:
                enough.set()
            return await self._page(request, query, kept, await live, plan.notes)
        finally:
            live.cancel()

    def _until(self, plan: SearchPlan) -> float:
        """Return the instant on the loop's clock up to which libraries are waited for if stored papers fit."""
        return asyncio.get_running_loop().time() + self.patience + _PACE * max(0, len(plan.searches) - 1)

    async def _page(
        self, request: Search, query: Query | None, kept: _Ranked, live: Found, notes: tuple[str, ...]
    ) -> Found:
        order = joined([kept.order, [paper.id for paper in live.papers]]) if live.papers else kept.order
        last = request.offset + request.limit
        every = query is not None or request.order is not SearchOrder.RELEVANCE
        wanted = order if every else order[: last + _SPARE]
        papers = await self._records(wanted, kept, live)
        papers = tuple(filter(query.matches, papers)) if query else papers
        if query is not None and len(papers) < last and not kept.whole:
            matches = await self._matching(query, request)
            papers = unique((*papers, *matches.papers))
            notes = (*notes, *([_cut_note()] if matches.cut else []))
        if live.unasked and not papers:
            raise live.unasked
        return Found(
            papers=_sorted(papers, request.order)[request.offset : last],
            notes=tuple(dict.fromkeys((*live.notes, *notes, *kept.notes))),
            total=len(papers) if every else len(order) - (len(wanted) - len(papers)),
        )

    async def _records(self, wanted: Sequence[PaperId], kept: _Ranked, live: Found) -> tuple[Paper, ...]:
        """Return papers in order, each once: what is stored of one comes before what a library says of it."""
        stored = await self.index.stored([each for each in wanted if each not in kept.at_hand])
        fresh = {paper.id: paper for paper in live.papers}
        records = ((stored.get(each), kept.at_hand.get(each), fresh.get(each)) for each in wanted)
        return unique(tuple(paper for some in records for paper in some if paper is not None))

    async def _matching(self, query: Query, request: Search) -> Matches:
        """Return stored papers that match a query, the newest first, for when too few were found by their words."""
        return await self.shelf.find_papers(query, MOST_FOUND, place=request.here)

    # ── what is stored here ──────────────────────────────────────────────────────────────────────────────────────────

    async def _ranked(self, request: Search, plan: SearchPlan, query: Query | None) -> _Ranked:
        """Return the stored papers that fit, best first; those of a query may not match it."""
        text = request.words if plan.query is None else words_asked_for(plan.query)
        if not any(map(str.isalnum, text)):
            return _Ranked(at_hand={})
        await self.index.ready()
        titled, at_hand = await self._titled(text) if plan.query is None else ((), {})
        meant = [paper_id for paper_id, alike in titled if alike]
        words = await self._read(text, correct=plan.query is None and not meant)
        vector = await self.index.vector_of(text)
        near = [each.paper_id for each in await self.index.near(vector, MOST_FOUND, query=query)]
        own = await self._own(words, request.here)
        needed = needed_words(query) if query else ()
        worded, found = await self._by_words(words, query, needed)
        if needed and len(worded) < MOST_FOUND:
            near = [each for each in near if each in worded]
        lists: list[Sequence[PaperId]] = [worded, near, own[0]]
        titles = [paper_id for paper_id, _ in titled]
        fits = found.union(near, own[0], titles) if plan.query is None else None
        ranked = joined([*lists, titles])
        order = dict.fromkeys((*meant, *(each for each in ranked if fits is None or each in fits)))
        return _Ranked(
            order=tuple(order)[:MOST_FOUND],
            at_hand={**at_hand, **own[1]},
            notes=words.notes,
            whole=plan.query is None or (bool(needed) and len(worded) < MOST_FOUND),
        )

    async def _read(self, text: str, *, correct: bool) -> _Words:
        """Return the words of a text as the index has them, typing errors corrected."""
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

    async def _by_words(
        self, words: _Words, query: Query | None, needed: Sequence[str]
    ) -> tuple[tuple[PaperId, ...], frozenset[PaperId]]:
        """Return the papers that contain any of the words, best first, and those that contain enough of them.

        Args:
            words: the words.
            query: papers that cannot match it are left out.
            needed: words that a paper must contain to match it.
        """
        chosen = tuple(asked_stems(needed)) or choosing(words.asked, words.counts)
        rows = 0 if needed else sum(words.counts.found.get(each, 0) for each in chosen)
        weights = {each: rarity(words.counts, each) for each in chosen}
        hits = await self.shelf.word_hits(
            weights, MOST_FOUND, every=bool(needed), in_titles=rows > MOST_ROWS, query=query
        )
        found = scored(hits, words.asked, words.counts)
        return tuple(each.paper_id for each in found), frozenset(each.paper_id for each in found if each.found)

    async def _own(self, words: _Words, place: Channel) -> tuple[tuple[PaperId, ...], dict[PaperId, Paper]]:
        """Return the private papers of a place that contain enough of the words, best first, and their records."""
        stems = {stem for each in words.asked for stem in each}
        papers = await self.shelf.own_papers(stems, _MOST_OWN, place=place) if stems else ()
        hits = [hit_of(paper.id, entry_of(paper)) for paper in papers]
        found = tuple(each.paper_id for each in scored(hits, words.asked, words.counts) if each.found)
        return found, {paper.id: paper for paper in papers if paper.id in found}

    async def _titled(self, text: str) -> tuple[tuple[tuple[PaperId, bool], ...], dict[PaperId, Paper]]:
        """Return the papers whose titles look like a text, the most alike first, each with whether it is meant."""
        row = row_of(text)
        if len(row) < SHORTEST_TITLE:
            return (), {}
        near = [each.paper_id for each in await self.index.titles_like(text) if each.by >= ALIKE * 0.9]
        papers = await self.index.stored(near)
        alike = {name: likeness(row, row_of(seen_text(paper.title, paper))) for name, paper in papers.items()}
        found = sorted((name for name in near if alike.get(name, 0) >= ALIKE), key=lambda name: -alike[name])
        return tuple((name, alike[name] >= MEANT) for name in found), {name: papers[name] for name in found}


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


def _cut_note() -> str:
    return gettext("Only the first 5,000 stored papers were compared with the whole search. Add a word to find more.")


def _read_notes(read: Mapping[str, Sequence[Reading]], counts: WordCounts) -> tuple[str, ...]:
    """Return how words that no paper contains were read."""
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
