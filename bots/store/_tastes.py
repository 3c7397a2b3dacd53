"""What people said of papers, and the vectors of public papers, in the database."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, and_, bindparam, delete, select

from bots.domain.channels import Channel
from bots.domain.feedback import MOST_LEARNED, Feedback, Sign
from bots.domain.papers import PaperId
from bots.store._database import Database, chunks, tenant_of, upsert, whole
from bots.store._names import every_name
from bots.store._places import at, in_channel
from bots.store.records import PAPER, same_instants
from bots.store.rules import utc
from bots.store.tables import feedback, tenant, vector_cache

_LATEST = (
    select(feedback.c.body, feedback.c.sign, feedback.c.user, feedback.c.at, feedback.c.among)
    .join(tenant)
    .where(in_channel(feedback.c.channel))
    .order_by(feedback.c.at.desc(), feedback.c.paper, feedback.c.user, feedback.c.sign)
    .limit(bindparam("most", type_=Integer))
)


class SqlTastes:
    """Stores what people said of papers; see `bots.ports.Tastes`."""

    _database: Database

    @whole
    async def keep_feedback(self, channel: Channel, said: Feedback) -> None:
        """Store what a person said of a paper; one of another sign stays, one of the same sign is replaced."""
        keys = {"channel": channel.channel, "paper": str(said.paper.id), "user": said.user, "sign": str(said.sign)}
        row = {"at": utc(said.at), "body": PAPER.write(same_instants(said.paper)), "among": said.among}
        async with self._database.writing() as connection:
            owner = await tenant_of(connection, channel)
            statement = upsert(connection, feedback).values(tenant_id=owner, **keys, **row)
            await connection.execute(statement.on_conflict_do_update(index_elements=["tenant_id", *keys], set_=row))

    @whole
    async def drop_feedback(self, channel: Channel, paper_id: PaperId, sign: Sign, *, user: str | None = None) -> bool:
        """Delete what was said of a paper by this sign; return False if it was not."""
        async with self._database.writing() as connection:
            owner = await tenant_of(connection, channel)
            named = await every_name(connection, [str(paper_id)], channel)
            here = and_(feedback.c.tenant_id == owner, feedback.c.channel == channel.channel, feedback.c.sign == sign)
            here = here if user is None else and_(here, feedback.c.user == user)
            gone = 0
            for some in chunks(sorted(named[str(paper_id)])):
                gone += (await connection.execute(delete(feedback).where(here, feedback.c.paper.in_(some)))).rowcount
        return gone > 0

    @whole
    async def feedback(self, channel: Channel, *, limit: int = MOST_LEARNED) -> tuple[Feedback, ...]:
        """Return the latest feedback of a channel, the latest first."""
        values = {**at(channel), "most": max(limit, 0)}
        return tuple(map(_read, await self._database.rows(_LATEST, values)))

    @whole
    async def reset_feedback(self, channel: Channel) -> int:
        """Delete all feedback of a channel; return how many statements it had."""
        async with self._database.writing() as connection:
            owner = await tenant_of(connection, channel)
            here = and_(feedback.c.tenant_id == owner, feedback.c.channel == channel.channel)
            return (await connection.execute(delete(feedback).where(here))).rowcount


def _read(row: Any) -> Feedback:
    return Feedback(paper=PAPER.read(row.body), sign=Sign(row.sign), user=row.user, at=row.at, among=row.among)


class SqlVectorCache:
    """Stores vectors; see `bots.ports.VectorCache`."""

    _database: Database

    @whole
    async def vectors(self, keys: Collection[str]) -> Mapping[str, bytes]:
        """Return the vectors stored under some of the keys."""
        found: dict[str, bytes] = {}
        async with self._database.reading() as connection:
            for some in chunks(sorted(keys)):
                query = select(vector_cache.c.key, vector_cache.c.vector).where(vector_cache.c.key.in_(some))
                found.update((row.key, row.vector) for row in await connection.execute(query))
        return found

    @whole
    async def keep_vectors(self, vectors: Mapping[str, bytes], *, now: datetime) -> None:
        """Store each vector under its key."""
        rows = [{"key": key, "created": utc(now), "vector": vector} for key, vector in sorted(vectors.items())]
        async with self._database.writing() as connection:
            for some in chunks(rows):
                await connection.execute(upsert(connection, vector_cache).on_conflict_do_nothing(), some)
