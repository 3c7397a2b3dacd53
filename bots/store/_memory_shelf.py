"""Known papers and stored blurbs, in dictionaries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bots.domain.channels import Channel
from bots.domain.papers import Paper, PaperId
from bots.domain.subscriptions import SortBy
from bots.ports import SHOWN_ON_REQUEST
from bots.search.records import Matches
from bots.selection.query import Query
from bots.store.records import as_seen, by_owner, shelved
from bots.store.rules import BLURB_DAYS, KNOWN_DAYS, PRIVATE_DAYS, newest_first, utc
from bots.store.search import UNRANKED, Wanted, rank, ranked, rows, wanted
from summarizer import Blurb


@dataclass(frozen=True, kw_only=True, slots=True)
class Rack:
    """The public papers, or the private ones of an owner."""

    papers: dict[PaperId, Paper] = field(default_factory=dict)
    #: The words of each stored paper's title and abstract, which a search scans.
    words: dict[PaperId, tuple[str, str]] = field(default_factory=dict)
    #: Every name of every stored paper, with the id the paper is stored under.
    homes: dict[PaperId, PaperId] = field(default_factory=dict)
    #: The last day on which each paper was listed, by its id.
    listed: dict[PaperId, date] = field(default_factory=dict)
    sightings: dict[tuple[str, date], set[PaperId]] = field(default_factory=dict)

    def take(self, papers: Sequence[Paper], source: str, day: date) -> None:
        """Store papers as listed by a source on a day, merged with the records stored here."""
        changed, gone = shelved(self._sharing(papers), papers)
        for name in gone:
            del self.papers[name], self.words[name], self.listed[name]
        for paper in changed:
            self.papers[paper.id] = paper
            self.words[paper.id] = rows(paper)
            self.homes.update(dict.fromkeys(paper.names, paper.id))
        for home in {self.homes[paper.id] for paper in papers if paper.id in self.homes} | {
            each.id for each in changed
        }:
            self.listed[home] = max(day, self.listed.get(home, day))
        self.sightings.setdefault((source, day), set()).update(paper.id for paper in papers)

    def _sharing(self, papers: Iterable[Paper]) -> list[Paper]:
        homes = {self.homes[name] for paper in papers for name in paper.names if name in self.homes}
        return [self.papers[home] for home in homes]

    def paper(self, name: PaperId) -> tuple[Paper, ...]:
        """Return the paper with a name, or nothing."""
        return (self.papers[self.homes[name]],) if name in self.homes else ()

    def hits(self, asked: tuple[Wanted, ...]) -> list[tuple[int, Paper]]:
        """Return the papers with all the words and their ranks, the best first."""
        places = {name: rank(*row, asked) for name, row in self.words.items()}
        found = [(place, self.papers[name]) for name, place in places.items() if place is not None]
        return sorted(found, key=lambda hit: (hit[0], *newest_first(hit[1])))

    def matching(self, query: Query, asked: tuple[Wanted, ...]) -> list[tuple[int, Paper]]:
        """Return the papers that match a query and their ranks, the best first."""
        found = [(self._rank(paper, asked), paper) for paper in self.papers.values() if query.matches(paper)]
        return sorted(found, key=lambda hit: (hit[0], *newest_first(hit[1])))

    def _rank(self, paper: Paper, asked: tuple[Wanted, ...]) -> int:
        place = rank(*self.words[paper.id], asked) if asked else None
        return UNRANKED if place is None else place

    def forget(self, home: PaperId) -> None:
        """Delete a paper with all its names."""
        del self.papers[home], self.words[home], self.listed[home]
        for name in [name for name, its in self.homes.items() if its == home]:
            del self.homes[name]

    def expire(self, day: date) -> int:
        """Delete the papers last listed before a day; return how many."""
        old = {name for name, listed in self.listed.items() if listed < day}
        for name in old:
            del self.papers[name], self.words[name], self.listed[name]
        for name in [name for name, home in self.homes.items() if home in old]:
            del self.homes[name]
        return len(old)


class MemoryShelf:
    """Stores papers and blurbs; see `bots.ports.Shelf` and `BlurbCache`."""

    def __init__(self) -> None:
        super().__init__()
        self._public = Rack()
        self._private: dict[Channel, Rack] = {}
        self._blurbs: dict[str, tuple[Blurb, datetime]] = {}

    async def remember(self, papers: Sequence[Paper], *, source: str, day: date, place: Channel | None = None) -> None:
        """Store papers as listed by a source on a day; a paper stored already is merged with the new record."""
        public, private = by_owner(papers, place)
        self._public.take(public, source, day)
        for owner, theirs in private.items():
            self._private.setdefault(owner, Rack()).take(theirs, source, day)

    async def known(self, source: str, before: date, *, place: Channel | None = None) -> frozenset[PaperId]:
        """Return the papers a source listed in the 14 days before a day, under the names the source used."""
        days = [before - timedelta(days=back) for back in range(1, KNOWN_DAYS + 1)]
        racks = (self._public, *self._seen_from(place))
        return frozenset(name for rack in racks for day in days for name in rack.sightings.get((source, day), ()))

    async def paper(self, paper_id: PaperId, *, place: Channel | None = None) -> Paper | None:
        """Return a stored paper by any of its names."""
        own = [found for rack in self._seen_from(place) for found in rack.paper(paper_id)]
        return as_seen(self._public.paper(paper_id), own)

    async def search_papers(self, words: str, limit: int, *, place: Channel | None = None) -> tuple[Paper, ...]:
        """Return stored papers whose title or abstract contain all the words, best match first."""
        asked = wanted(words)
        if not asked:
            return ()
        return ranked([rack.hits(asked)[: max(limit, 0)] for rack in (self._public, *self._seen_from(place))], limit)

    async def find_papers(self, query: Query, limit: int, *, words: str = "", place: Channel | None = None) -> Matches:
        """Return stored papers that match a query; those that contain all the words come first, best match first."""
        asked, racks = wanted(words), (self._public, *self._seen_from(place))
        return Matches(papers=ranked([rack.matching(query, asked)[: max(limit, 0)] for rack in racks], limit))

    async def listed_days(self, until: date, *, limit: int) -> tuple[tuple[date, int], ...]:
        """Return the last days on which public sources listed papers, the last first, each with their number."""
        days: dict[date, set[PaperId]] = {}
        for (source, day), seen in self._public.sightings.items():
            if source != SHOWN_ON_REQUEST and day <= until and seen:
                days.setdefault(day, set()).update(seen)
        return tuple((day, len(days[day])) for day in sorted(days, reverse=True)[: max(limit, 0)])

    async def listed_papers(self, first: date, last: date, *, sort_by: SortBy, limit: int) -> tuple[PaperId, ...]:
        """Return the public papers that sources listed from one day to another, the best first."""
        days: dict[PaperId, date] = {}
        for (source, day), seen in self._public.sightings.items():
            if source != SHOWN_ON_REQUEST and first <= day <= last:
                for home in {self._public.homes[name] for name in seen if name in self._public.homes}:
                    days[home] = max(day, days.get(home, day))
        ranked = sorted(days, key=lambda home: _place(self._public.papers[home], days[home], sort_by))
        return tuple(ranked[: max(limit, 0)])

    async def public_papers(self, names: Sequence[PaperId]) -> tuple[Paper, ...]:
        """Return the public papers with some names, in that order; names without a public paper are left out."""
        return tuple(found for name in names for found in self._public.paper(name))

    def names(self, paper_id: PaperId, place: Channel) -> frozenset[PaperId]:
        """Return every name of the paper with this id, as far as they may be known in a place."""
        found = (paper for rack in (self._public, *self._seen_from(place)) for paper in rack.paper(paper_id))
        return frozenset({paper_id}).union(*(paper.names for paper in found))

    def _seen_from(self, place: Channel | None) -> tuple[Rack, ...]:
        owners = place.owners if place is not None else ()
        return tuple(self._private[owner] for owner in owners if owner in self._private)

    def _expire_papers(self, now: datetime) -> int:
        """Delete private papers and blurbs that have reached their end; return how many."""
        today = utc(now).date()
        gone = sum(rack.expire(today - timedelta(days=PRIVATE_DAYS)) for rack in self._private.values())
        old = [key for key, (_, made) in self._blurbs.items() if made < utc(now) - timedelta(days=BLURB_DAYS)]
        for key in old:
            del self._blurbs[key]
        return gone + len(old)

    async def blurb(self, key: str) -> Blurb | None:
        """Return the blurb stored under a key."""
        kept = self._blurbs.get(key)
        return kept[0] if kept else None

    async def keep_blurb(self, key: str, blurb: Blurb, *, now: datetime) -> None:
        """Store a blurb under a key."""
        self._blurbs[key] = (blurb, utc(now))


def _place(paper: Paper, day: date, sort_by: SortBy) -> tuple[object, ...]:
    """Return the sort key of a paper among those that were listed."""
    published = paper.published.timestamp() if paper.published else float("-inf")
    newest = (-day.toordinal(), -published, str(paper.id))
    if sort_by is SortBy.NEWEST:
        return newest
    signals = paper.signals
    return (*(-(count or 0) for count in (signals.upvotes, signals.comments, signals.stars)), *newest)
