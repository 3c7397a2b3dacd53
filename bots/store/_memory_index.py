"""The index of public papers, in dictionaries; see `bots.ports.PaperIndex`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from bots.domain.channels import Channel
from bots.domain.digests import Posting
from bots.domain.papers import Paper, PaperId
from bots.search.entries import SearchEntry, entry_of
from bots.search.records import IndexNews, NewsMark, WordCounts, WordHit
from bots.selection.query import Query
from bots.store._memory_shelf import MemoryShelf
from bots.store.rules import is_seen_from, newest_first
from bots.store.search import rows

#: As many as the database gives at once.
_NEWS = 5000


@dataclass(frozen=True, kw_only=True, slots=True)
class _Indexed:
    number: int
    #: The record that was indexed last, which tells whether the shelf has another one by now.
    paper: Paper
    entry: SearchEntry
    stems: frozenset[str] = field(default_factory=frozenset)

    @property
    def heads(self) -> frozenset[str]:
        """The stems of title and names."""
        return frozenset(f"{self.entry.title} {self.entry.names}".split())

    def contains(self, stems: Collection[str], *, every: bool, in_titles: bool) -> bool:
        """Return whether the paper contains any of some stems, or all of them."""
        held = self.heads if in_titles else self.stems
        return bool(stems) and (held.issuperset(stems) if every else not held.isdisjoint(stems))

    def weight(self, stems: Mapping[str, float]) -> float:
        """Return how well some stems with their weights match."""
        heads = self.heads
        return sum(((stem in self.stems) + (stem in heads)) * heavy for stem, heavy in stems.items())


class MemoryIndex(MemoryShelf):
    """Searches the public papers."""

    #: When each paper was posted, by channel and name; the ledger keeps it.
    _posted: dict[Channel, dict[PaperId, tuple[datetime, str]]]

    def __init__(self) -> None:
        super().__init__()
        self._last = 0
        self._indexed: dict[PaperId, _Indexed] = {}
        self._index_vectors: dict[PaperId, tuple[int, str, bytes]] = {}
        self._index_words: dict[str, int] = {}

    async def word_counts(self, stems: Collection[str]) -> WordCounts:
        """Return how many papers contain each stem."""
        kept = self._in_step()
        found = {stem: sum(stem in each.stems for each in kept.values()) for stem in stems}
        return WordCounts(papers=len(kept), found={stem: number for stem, number in found.items() if number})

    async def word_hits(
        self,
        stems: Mapping[str, float],
        limit: int,
        *,
        every: bool = False,
        in_titles: bool = False,
        query: Query | None = None,
    ) -> tuple[WordHit, ...]:
        """Return papers that contain any of the stems; those with several, and with heavier ones, come first."""
        found = [
            each
            for each in self._in_step().values()
            if each.contains(stems, every=every, in_titles=in_titles) and (query is None or query.matches(each.paper))
        ]
        found.sort(key=lambda each: (-each.weight(stems), -each.number))
        return tuple(
            WordHit(paper_id=each.paper.id, title=each.entry.title, body=each.entry.body, names=each.entry.names)
            for each in found[: max(limit, 0)]
        )

    async def index_news(self, since: NewsMark, *, model: str = "") -> IndexNews:
        """Return some of what was added to the index since a mark."""
        titles = sorted((each.number, name) for name, each in self._in_step().items() if each.number > since.entry)
        made = ((number, name) for name, (number, _, _) in self._index_vectors.items() if number > since.vector)
        vectors = sorted(made)[:_NEWS]
        words = sorted((number, word) for word, number in self._index_words.items() if number > since.word)[:_NEWS]
        titles = titles[:_NEWS]
        return IndexNews(
            titles=tuple((name, self._indexed[name].entry.marks) for _, name in titles),
            vectors=tuple(
                (name, self._index_vectors[name][2]) for _, name in vectors if self._index_vectors[name][1] == model
            ),
            words=tuple(word for _, word in words),
            mark=NewsMark(
                entry=titles[-1][0] if titles else since.entry,
                vector=vectors[-1][0] if vectors else since.vector,
                word=words[-1][0] if words else since.word,
            ),
        )

    async def index_shelf(self, limit: int) -> int:  # noqa: ARG002 - the port's
        """Index nothing: every paper is indexed when it is stored."""
        return 0

    async def unembedded(self, model: str, limit: int) -> tuple[Paper, ...]:
        """Return indexed papers without a vector of this model, the newest first."""
        bare = [each for name, each in self._in_step().items() if self._model_of(name) != model]
        newest = sorted(bare, key=lambda each: -each.number)
        return tuple(each.paper for each in islice(newest, max(limit, 0)))

    def _model_of(self, name: PaperId) -> str | None:
        return self._index_vectors[name][1] if name in self._index_vectors else None

    async def index_vectors(self, model: str, vectors: Mapping[PaperId, bytes]) -> None:
        """Store the packed vectors of indexed papers."""
        for name in vectors.keys() & self._in_step().keys():
            self._index_vectors[name] = (self._next(), model, vectors[name])

    async def searches_vectors(self) -> bool:
        """Return False: vectors are compared by whoever asks."""
        return False

    async def near_vectors(self, *_asked: object, query: Query | None = None) -> tuple[tuple[PaperId, float], ...]:  # noqa: ARG002 - the port's
        """Return nothing; see `searches_vectors`."""
        return ()

    async def papers(self, papers: Collection[PaperId]) -> Mapping[PaperId, Paper]:
        """Return the public records of papers by the ids they are stored under."""
        return {name: self._public.papers[name] for name in papers if name in self._public.papers}

    async def own_papers(self, stems: Collection[str], limit: int, *, place: Channel) -> tuple[Paper, ...]:
        """Return private papers that may be shown in a place and contain any of the stems, the newest first."""
        own = [paper for rack in self._seen_from(place) for paper in rack.papers.values() if _contains(paper, stems)]
        return tuple(sorted(own, key=newest_first)[: max(limit, 0)])

    async def postings(self, papers: Collection[PaperId], *, place: Channel) -> Mapping[PaperId, tuple[Posting, ...]]:
        """Return where and when papers were posted in the workspace of a place, the latest first."""
        seen = [(where, posted) for where, posted in sorted(self._posted.items()) if is_seen_from(where, place)]
        found = {
            paper: [
                Posting(channel=where, at=max(times))
                for where, posted in seen
                if (times := [posted[name][0] for name in self.names(paper, place) if name in posted])
            ]
            for paper in papers
        }
        return {
            paper: tuple(sorted(each, key=lambda posting: posting.at, reverse=True))
            for paper, each in found.items()
            if each
        }

    def _next(self) -> int:
        self._last += 1
        return self._last

    def _in_step(self) -> dict[PaperId, _Indexed]:
        """Return the index as the shelf is now."""
        for gone in self._indexed.keys() - self._public.papers.keys():
            del self._indexed[gone]
            self._index_vectors.pop(gone, None)
        for name, paper in self._public.papers.items():
            known = self._indexed.get(name)
            if known is None or known.paper is not paper:
                self._take(name, paper, known)
        return self._indexed

    def _take(self, name: PaperId, paper: Paper, known: _Indexed | None) -> None:
        entry = entry_of(paper)
        same = known is not None and known.entry == entry
        if not same:
            self._index_vectors.pop(name, None)
        number = known.number if known is not None and same else self._next()
        stems = frozenset(f"{entry.title} {entry.body} {entry.names}".split())
        self._indexed[name] = _Indexed(number=number, paper=paper, entry=entry, stems=stems)
        for word in sorted(entry.vocabulary - self._index_words.keys()):
            self._index_words[word] = self._next()


def _contains(paper: Paper, stems: Collection[str]) -> bool:
    texts = (*rows(paper), " ".join(paper.authors).lower())
    return any(stem in text for stem in stems for text in texts)
