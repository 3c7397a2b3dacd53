"""Saved papers and turned-down papers, in the database."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, select

from bots.domain.channels import Channel, Reader
from bots.domain.papers import Paper, PaperId
from bots.domain.replies import HiddenPaper
from bots.store._database import Database, Transaction, chunks, inserted, take_turns, tenant_of, upsert, whole
from bots.store._hidden import grouped
from bots.store._names import every_name
from bots.store._places import at, in_channel
from bots.store._shelf import holding
from bots.store.records import PAPER, same_instants
from bots.store.search import rows, wanted
from bots.store.tables import saved_paper, tenant, turned_down

_TURNED_DOWN = select(turned_down.c.paper).join(tenant).where(in_channel(turned_down.c.channel))


class SqlReaders:
    """Stores the papers that people saved and turned down; see `bots.ports.Readers`."""

    _database: Database

    @whole
    async def save_paper(self, reader: Reader, paper: Paper, *, now: datetime) -> bool:
        """Add a paper to a person's list; return False and change nothing if it is there already."""
        title, abstract = rows(paper)
        row = {"user": reader.user, "paper": str(paper.id), "saved_at": now, "body": PAPER.write(same_instants(paper))}
        async with self._database.writing() as connection:
            owner = await tenant_of(connection, _place(reader))
            # Two transactions that save one paper under different names at once would each find it missing.
            await take_turns(connection)
            names = await _all_names(connection, paper.names, _place(reader))
            mine = and_(saved_paper.c.tenant_id == owner, saved_paper.c.user == reader.user)
            for some in chunks(names):
                if await connection.scalar(select(saved_paper.c.paper).where(mine, saved_paper.c.paper.in_(some))):
                    return False
            words = {"title_words": title, "abstract_words": abstract}
            statement = upsert(connection, saved_paper).values(tenant_id=owner, **row, **words)
            return await inserted(connection, statement.on_conflict_do_nothing())

    @whole
    async def unsave_paper(self, reader: Reader, paper_id: PaperId) -> bool:
        """Remove a paper from a person's list; return False if it is not there."""
        async with self._database.writing() as connection:
            owner = await tenant_of(connection, _place(reader))
            mine = and_(saved_paper.c.tenant_id == owner, saved_paper.c.user == reader.user)
            gone = 0
            for some in chunks(await _all_names(connection, {paper_id}, _place(reader))):
                found = await connection.execute(delete(saved_paper).where(mine, saved_paper.c.paper.in_(some)))
                gone += found.rowcount
        return gone > 0

    @whole
    async def saved_papers(self, reader: Reader, words: str = "") -> tuple[Paper, ...]:
        """Return the papers a person saved, the latest first; with words, only those that contain all of them."""
        asked = wanted(words)
        if words.strip() and not asked:
            return ()
        query = select(saved_paper.c.body).join(tenant).where(_is_of(reader), saved_paper.c.user == reader.user)
        held = (saved_paper.c.title_words, saved_paper.c.abstract_words)
        if asked:
            query = query.where(holding(held, [word.beginning for word in asked]))
        query = query.order_by(saved_paper.c.saved_at.desc(), saved_paper.c.paper)
        return tuple(PAPER.read(row.body) for row in await self._database.rows(query))

    @whole
    async def turn_down(self, channel: Channel, paper_id: PaperId, *, user: str, now: datetime) -> bool:
        """Record that a person turned a paper down for a channel; return False if that person did so before."""
        said = {"channel": channel.channel, "paper": str(paper_id), "user": user, "at": now}
        async with self._database.writing() as connection:
            owner = await tenant_of(connection, channel)
            statement = upsert(connection, turned_down).values(tenant_id=owner, **said)
            return await inserted(connection, statement.on_conflict_do_nothing())

    @whole
    async def take_back(self, channel: Channel, paper_id: PaperId) -> bool:
        """Withdraw, for every person, that a paper was turned down for a channel; return False if it was not."""
        async with self._database.writing() as connection:
            owner = await tenant_of(connection, channel)
            here = and_(turned_down.c.tenant_id == owner, turned_down.c.channel == channel.channel)
            gone = 0
            for some in chunks(await _all_names(connection, {paper_id}, channel)):
                found = await connection.execute(delete(turned_down).where(here, turned_down.c.paper.in_(some)))
                gone += found.rowcount
        return gone > 0

    @whole
    async def hidden_papers(self, channel: Channel) -> tuple[HiddenPaper, ...]:
        """Return the papers turned down in a channel, without their records: each once, the last turned down first."""
        here = and_(_is_of(channel), turned_down.c.channel == channel.channel)
        query = select(turned_down.c.paper, turned_down.c.user, turned_down.c.at).join(tenant).where(here)
        async with self._database.reading() as connection:
            said = (await connection.execute(query)).all()
            names = await every_name(connection, sorted({row.paper for row in said}), channel)
        refusals = [(PaperId.parse(row.paper), row.user, row.at) for row in said]
        return grouped(refusals, lambda paper: names[str(paper)])

    @whole
    async def turned_down(self, channel: Channel, papers: Collection[PaperId]) -> frozenset[PaperId]:
        """Return which of the papers were turned down in the channel, by any person."""
        async with self._database.reading() as connection:
            said = set((await connection.scalars(_TURNED_DOWN, at(channel))).all())
            # Resolve all names of the few papers that were turned down, rather than of the many papers in the query.
            names = await every_name(connection, sorted(said), channel)
        refused = set[str]().union(*names.values())
        return frozenset(paper for paper in papers if str(paper) in refused)


def _place(reader: Reader) -> Channel:
    return Channel(platform=reader.platform, workspace=reader.workspace)


def _is_of(who: Reader | Channel) -> ColumnElement[bool]:
    return and_(tenant.c.platform == who.platform, tenant.c.workspace == who.workspace)


async def _all_names(connection: Transaction, names: Collection[PaperId], place: Channel) -> set[str]:
    known = await every_name(connection, sorted(map(str, names)), place)
    return set[str]().union(*known.values())
