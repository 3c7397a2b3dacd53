"""Known papers and stored blurbs, in dictionaries."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from bots.domain.papers import Paper, PaperId
from bots.store.records import shelved
from bots.store.rules import KNOWN_DAYS, newest_first, utc
from bots.store.search import rank, rows, wanted
from summarizer import Blurb


class MemoryShelf:
    """Stores papers and blurbs; see `bots.ports.Shelf` and `BlurbCache`."""

    def __init__(self) -> None:
        super().__init__()
        self._papers: dict[PaperId, Paper] = {}
        #: The words of each stored paper's title and abstract, which a search scans.
        self._words: dict[PaperId, tuple[str, str]] = {}
        #: Every name of every stored paper, with the id the paper is stored under.
        self._homes: dict[PaperId, PaperId] = {}
        self._sightings: dict[tuple[str, date], set[PaperId]] = {}
        self._blurbs: dict[str, tuple[Blurb, datetime]] = {}

    async def remember(self, papers: Sequence[Paper], *, source: str, day: date) -> None:
        """Store papers as listed by a source on a day; a paper stored already is merged with the new record."""
        changed, gone = shelved(self._sharing(papers), papers)
        for name in gone:
            del self._papers[name], self._words[name]
        for paper in changed:
            self._papers[paper.id] = paper
            self._words[paper.id] = rows(paper)
            self._homes.update(dict.fromkeys(paper.names, paper.id))
        self._sightings.setdefault((source, day), set()).update(paper.id for paper in papers)

    async def known(self, source: str, before: date) -> frozenset[PaperId]:
        """Return the papers a source listed in the 14 days before a day, under the names the source used."""
        days = [before - timedelta(days=back) for back in range(1, KNOWN_DAYS + 1)]
        return frozenset(name for day in days for name in self._sightings.get((source, day), ()))

    async def paper(self, paper_id: PaperId) -> Paper | None:
        """Return a stored paper by any of its names."""
        home = self._homes.get(paper_id)
        return None if home is None else self._papers[home]

    async def search_papers(self, words: str, limit: int) -> tuple[Paper, ...]:
        """Return stored papers whose title or abstract contain all the words, best match first."""
        asked = wanted(words)
        places = {name: rank(*row, asked) for name, row in self._words.items()} if asked else {}
        ranked = [(place, self._papers[name]) for name, place in places.items() if place is not None]
        ranked.sort(key=lambda found: (found[0], *newest_first(found[1])))
        return tuple(paper for _, paper in ranked)[: max(limit, 0)]

    def names(self, paper_id: PaperId) -> frozenset[PaperId]:
        """Return every known name of the paper with this id."""
        home = self._homes.get(paper_id)
        return frozenset({paper_id}) if home is None else self._papers[home].names

    def _sharing(self, papers: Iterable[Paper]) -> list[Paper]:
        homes = {self._homes[name] for paper in papers for name in paper.names if name in self._homes}
        return [self._papers[home] for home in homes]

    async def blurb(self, key: str) -> Blurb | None:
        """Return the blurb stored under a key."""
        kept = self._blurbs.get(key)
        return kept[0] if kept else None

    async def keep_blurb(self, key: str, blurb: Blurb, *, now: datetime) -> None:
        """Store a blurb under a key."""
        self._blurbs[key] = (blurb, utc(now))
