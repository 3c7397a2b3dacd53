"""Known papers and stored blurbs, in the database."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, or_, select

from bots.domain.papers import Paper, PaperId
from bots.store._database import Database, Transaction, chunks, take_turns, upsert, whole
from bots.store.records import BLURB, PAPER, read_name, shelved
from bots.store.rules import KNOWN_DAYS
from bots.store.search import rows, wanted
from bots.store.tables import paper, paper_name, sighting, summary_cache
from summarizer import Blurb

_BY_NAME = select(paper.c.body).join(paper_name)


class SqlShelf:
    """Stores papers; see `bots.ports.Shelf`."""

    _database: Database

    @whole
    async def remember(self, papers: Sequence[Paper], *, source: str, day: date) -> None:
        """Store papers as listed by a source on a day; a paper stored already is merged with the new record."""
        seen = [{"source": source, "day": day, "paper": str(listed.id)} for listed in papers]
        async with self._database.writing() as connection:
            # Two transactions that learn names of one paper at once would each store a separate paper.
            await take_turns(connection)
            kept = await _sharing(connection, (str(name) for listed in papers for name in listed.names))
            changed, gone = shelved(kept, papers)
            await _forget(connection, gone)
            await _keep(connection, changed)
            for some in chunks(seen):
                await connection.execute(upsert(connection, sighting).on_conflict_do_nothing(), some)

    @whole
    async def known(self, source: str, before: date) -> frozenset[PaperId]:
        """Return the papers a source listed in the 14 days before a day, under the names the source used."""
        since = before - timedelta(days=KNOWN_DAYS)
        query = select(sighting.c.paper).where(
            sighting.c.source == source, sighting.c.day >= since, sighting.c.day < before
        )
        return frozenset(read_name(row.paper) for row in await self._database.rows(query))

    @whole
    async def paper(self, paper_id: PaperId) -> Paper | None:
        """Return a stored paper by any of its names."""
        row = await self._database.first(_BY_NAME.where(paper_name.c.name == str(paper_id)))
        return PAPER.read(row.body) if row else None

    @whole
    async def search_papers(self, words: str, limit: int) -> tuple[Paper, ...]:
        """Return stored papers whose title or abstract contain all the words, best match first."""
        asked = wanted(words)
        if not asked:
            return ()
        title, both = (paper.c.title_words,), (paper.c.title_words, paper.c.abstract_words)
        whole, beginnings = [word.whole for word in asked], [word.beginning for word in asked]
        rank = case((holding(title, whole), 0), (holding(title, beginnings), 1), (holding(both, whole), 2), else_=3)
        query = select(paper.c.body).where(holding(both, beginnings)).limit(max(limit, 0))
        query = query.order_by(rank, paper.c.published.desc().nulls_last(), paper.c.id)
        return tuple(PAPER.read(row.body) for row in await self._database.rows(query))


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


async def _sharing(connection: Transaction, names: Iterable[str]) -> list[Paper]:
    """Return the stored papers that have any of the names."""
    found: dict[PaperId, Paper] = {}
    for some in chunks(names):
        for row in await connection.execute(_BY_NAME.where(paper_name.c.name.in_(some))):
            kept = PAPER.read(row.body)
            found[kept.id] = kept
    return list(found.values())


async def _forget(connection: Transaction, gone: Iterable[PaperId]) -> None:
    for some in chunks(map(str, gone)):
        await connection.execute(delete(paper_name).where(paper_name.c.paper.in_(some)))
        await connection.execute(delete(paper).where(paper.c.id.in_(some)))


async def _keep(connection: Transaction, changed: Sequence[Paper]) -> None:
    """Write papers and all their names; an existing row of a paper is replaced."""
    for some in chunks(changed):
        statement = upsert(connection, paper)
        fresh = {name: statement.excluded[name] for name in ("published", "title_words", "abstract_words", "body")}
        statement = statement.on_conflict_do_update(index_elements=["id"], set_=fresh)
        await connection.execute(statement, list(map(_row, some)))
    names = [{"name": str(name), "paper": str(kept.id)} for kept in changed for name in sorted(kept.names)]
    for named in chunks(names):
        await connection.execute(upsert(connection, paper_name).on_conflict_do_nothing(), named)


def _row(kept: Paper) -> dict[str, object]:
    title, abstract = rows(kept)
    return {
        "id": str(kept.id),
        "published": kept.published,
        "title_words": title,
        "abstract_words": abstract,
        "body": PAPER.write(kept),
    }
