"""Known papers and stored blurbs, in the database."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, case, literal, or_, select

from bots.domain.channels import Channel
from bots.domain.papers import Paper, PaperId
from bots.search.records import Matches
from bots.selection.query import Query
from bots.store._conditions import broad
from bots.store._database import Database, take_turns, upsert, whole
from bots.store._racks import PUBLIC, by_name, private_rack, seen_from
from bots.store.records import BLURB, PAPER, as_seen, by_owner, read_name
from bots.store.rules import KNOWN_DAYS
from bots.store.search import MOST_COMPARED, UNRANKED, Wanted, ranked, wanted
from bots.store.tables import (
    paper,
    paper_name,
    private_name,
    private_paper,
    private_sighting,
    sighting,
    summary_cache,
)
from summarizer import Blurb


class SqlShelf:
    """Stores papers; see `bots.ports.Shelf`."""

    _database: Database

    @whole
    async def remember(self, papers: Sequence[Paper], *, source: str, day: date, place: Channel | None = None) -> None:
        """Store papers as listed by a source on a day; a paper stored already is merged with the new record."""
        public, private = by_owner(papers, place)
        async with self._database.writing() as connection:
            # Two transactions that learn names of one paper at once would each store a separate paper. Private papers
            # have turns of their own: a person who looks a paper up would wait behind the digests of everybody's files.
            if public:
                await take_turns(connection)
                await PUBLIC.take(connection, public, source, day)
            for owner, theirs in private.items():
                await take_turns(connection, f"papers of {owner}")
                rack = await private_rack(connection, owner)
                await rack.take(connection, theirs, source, day)

    @whole
    async def known(self, source: str, before: date, *, place: Channel | None = None) -> frozenset[PaperId]:
        """Return the papers a source listed in the 14 days before a day, under the names the source used."""
        since = before - timedelta(days=KNOWN_DAYS)

        def listed(table: Table) -> Select[Any]:
            return select(table.c.paper).where(table.c.source == source, table.c.day >= since, table.c.day < before)

        queries = [listed(sighting)]
        if place is not None:
            queries.append(listed(private_sighting).where(seen_from(private_sighting, place)))
        found = [row.paper for query in queries for row in await self._database.rows(query)]
        return frozenset(map(read_name, found))

    @whole
    async def paper(self, paper_id: PaperId, *, place: Channel | None = None) -> Paper | None:
        """Return a stored paper by any of its names."""
        queries = [by_name(paper, paper_name).where(paper_name.c.name == str(paper_id))]
        if place is not None:
            own = by_name(private_paper, private_name).where(seen_from(private_paper, place))
            queries.append(own.where(private_name.c.name == str(paper_id)))
        found = [[PAPER.read(row.body) for row in await self._database.rows(query)] for query in queries]
        return as_seen(*found)

    @whole
    async def search_papers(self, words: str, limit: int, *, place: Channel | None = None) -> tuple[Paper, ...]:
        """Return stored papers whose title or abstract contain all the words, best match first."""
        asked = wanted(words)
        if not asked:
            return ()
        queries = [_hits(paper, asked)]
        if place is not None:
            queries.append(_hits(private_paper, asked).where(seen_from(private_paper, place)))
        found = [await self._database.rows(query.limit(max(limit, 0))) for query in queries]
        return ranked([[(row.rank, PAPER.read(row.body)) for row in hits] for hits in found], limit)

    @whole
    async def find_papers(self, query: Query, limit: int, *, words: str = "", place: Channel | None = None) -> Matches:
        """Return stored papers that match a query; those that contain all the words come first, best match first."""
        asked = wanted(words)
        queries = [_ordered(paper, asked).where(broad(query, paper))]
        if place is not None:
            own = seen_from(private_paper, place)
            queries.append(_ordered(private_paper, asked).where(own, broad(query, private_paper)))
        found = [await self._matching(each, query, max(limit, 0)) for each in queries]
        return Matches(papers=ranked([hits for hits, _ in found], limit), cut=any(cut for _, cut in found))

    async def _matching(self, rows: Select[Any], query: Query, limit: int) -> tuple[list[tuple[int, Paper]], bool]:
        """Return the first papers that match, and whether others were not compared that might have been among them.

        Most queries are met by as many rows as are wanted.
        """
        found, cut = list[tuple[int, Paper]](), False
        for most in (limit, MOST_COMPARED):
            read = [(row.rank, PAPER.read(row.body)) for row in await self._database.rows(rows.limit(most))]
            found = [hit for hit in read if query.matches(hit[1])][:limit]
            cut = len(found) < limit and len(read) == most
            if not cut:
                break
        return found, cut


def _hits(table: Table, asked: Sequence[Wanted]) -> Select[Any]:
    """Return the query for the papers with all the words: body and rank, best match first."""
    both = (table.c.title_words, table.c.abstract_words)
    return _ordered(table, asked).where(holding(both, [word.beginning for word in asked]))


def _ordered(table: Table, asked: Sequence[Wanted]) -> Select[Any]:
    """Return the query for all papers, body and rank, best match first; those without all the words come last."""
    rank = _rank(table, asked) if asked else literal(UNRANKED)
    place = rank.label("rank")
    return select(table.c.body, place).order_by(place, table.c.published.desc().nulls_last(), table.c.id)


def _rank(table: Table, asked: Sequence[Wanted]) -> ColumnElement[int]:
    title, both = (table.c.title_words,), (table.c.title_words, table.c.abstract_words)
    whole, beginnings = [word.whole for word in asked], [word.beginning for word in asked]
    cases = (
        (holding(title, whole), 0),
        (holding(title, beginnings), 1),
        (holding(both, whole), 2),
        (holding(both, beginnings), 3),
    )
    return case(*cases, else_=UNRANKED)


class SqlBlurbCache:
    """Stores blurbs; see `bots.ports.BlurbCache`."""

    _database: Database

    @whole
    async def blurb(self, key: str) -> Blurb | None:
        """Return the blurb stored under a key."""
        row = await self._database.first(select(summary_cache.c.body).where(summary_cache.c.key == key))
        return BLURB.read(row.body) if row else None

    @whole
    async def keep_blurb(self, key: str, blurb: Blurb, *, now: datetime) -> None:
        """Store a blurb under a key."""
        row = {"engine": blurb.engine, "model": blurb.model, "created": now, "body": BLURB.write(blurb)}
        async with self._database.writing() as connection:
            statement = upsert(connection, summary_cache).values(key=key, **row)
            await connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_=row))


def holding(columns: Iterable[Any], pieces: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition that each piece occurs in at least one of the columns."""
    held = list(columns)
    return and_(*(or_(*(column.contains(piece, autoescape=True) for column in held)) for piece in pieces))
