"""The papers that were posted in a channel, in the database."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from bots.domain.channels import Channel
from bots.domain.papers import Paper
from bots.domain.posted import PostedMark, PostedPaper
from bots.store._database import Database, Transaction, chunks, whole
from bots.store._racks import by_name, seen_from
from bots.store.records import PAPER, as_seen, shown
from bots.store.tables import delivery, paper, paper_name, posted_paper, private_name, private_paper, tenant


class SqlArchive:
    """Reads what was posted; see `bots.ports.Archive`."""

    _database: Database

    @whole
    async def posted_papers(
        self, channel: Channel, *, limit: int = 50, before: PostedMark | None = None
    ) -> tuple[PostedPaper, ...]:
        """Return the papers of the last messages in a channel, the last message first."""
        messages = _messages(channel, before).limit(max(limit, 0))
        found: list[PostedPaper] = []
        async with self._database.reading() as connection:
            for row in (await connection.execute(messages)).all():
                if len(found) >= limit:
                    break
                own = await _own(connection, channel, row)
                known = await _records(connection, own, channel)
                mark = PostedMark(at=row.posted_at, part_key=row.delivery_key)
                found += shown([known[name] for name in own if name in known], mark)
        return tuple(found)


def _here(channel: Channel) -> ColumnElement[bool]:
    owner = and_(tenant.c.platform == channel.platform, tenant.c.workspace == channel.workspace)
    return and_(owner, posted_paper.c.channel == channel.channel)


def _messages(channel: Channel, before: PostedMark | None) -> Select[Any]:
    """Return the query for the messages that were the first to show some paper, the last message first."""
    at, key = func.min(posted_paper.c.posted_at).label("posted_at"), posted_paper.c.delivery_key
    query = select(at, key).join(tenant).where(_here(channel)).group_by(key)
    if before is not None:
        same = and_(posted_paper.c.posted_at == before.at, key < before.part_key)
        query = query.where(or_(posted_paper.c.posted_at < before.at, same))
    return query.order_by(at.desc(), key.desc())


async def _own(connection: Transaction, channel: Channel, message: Any) -> list[str]:
    """Return the papers that a message was the first to show, in its order."""
    key = message.delivery_key
    first = select(posted_paper.c.paper).join(tenant).where(_here(channel), posted_paper.c.delivery_key == key)
    names = set((await connection.scalars(first)).all())
    shown: Sequence[str] = await connection.scalar(select(delivery.c.paper_ids).where(delivery.c.key == key)) or ()
    return [name for name in shown if name in names]


async def _records(connection: Transaction, names: Sequence[str], place: Channel) -> dict[str, Paper]:
    """Return the stored papers by the names that they are asked for, as a place may see them."""
    own = by_name(private_paper, private_name).where(seen_from(private_paper, place))
    found: list[dict[str, list[Paper]]] = []
    for query, table in ((by_name(paper, paper_name), paper_name), (own, private_name)):
        held: dict[str, list[Paper]] = {}
        for some in chunks(names):
            for row in await connection.execute(query.add_columns(table.c.name).where(table.c.name.in_(some))):
                held.setdefault(row.name, []).append(PAPER.read(row.body))
        found.append(held)
    public, private = found
    seen = {name: as_seen(public.get(name, ()), private.get(name, ())) for name in names}
    return {name: each for name, each in seen.items() if each is not None}
