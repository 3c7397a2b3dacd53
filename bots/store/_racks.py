"""Where papers are stored in the database: the public papers, and the private ones of each owner."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, or_, select, update

from bots.domain.channels import Channel
from bots.domain.papers import Paper, PaperId
from bots.store._database import Transaction, chunks, tenant_of, upsert
from bots.store._index_rows import index, unindex
from bots.store.records import PAPER, shelved
from bots.store.search import rows
from bots.store.tables import (
    paper,
    paper_name,
    private_name,
    private_paper,
    private_sighting,
    sighting,
    tenant,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rack:
    """The tables of some papers, and the columns that every row of their owner has."""

    papers: Table
    names: Table
    sightings: Table
    #: Empty for public papers, which have no owner.
    owner: Mapping[str, object] = field(default_factory=dict)

    async def take(self, connection: Transaction, papers: Sequence[Paper], source: str, day: date) -> None:
        """Store papers as listed by a source on a day, merged with the records stored here."""
        kept = await self._sharing(connection, (str(name) for listed in papers for name in listed.names))
        changed, gone = shelved(kept, papers)
        await self._forget(connection, gone)
        await self._keep(connection, changed, day)
        seen = [{**self.owner, "source": source, "day": day, "paper": str(listed.id)} for listed in papers]
        for some in chunks(seen):
            await connection.execute(upsert(connection, self.sightings).on_conflict_do_nothing(), some)
        if self.owner:
            await self._date(connection, [each["paper"] for each in seen], day)

    def _mine(self, table: Table) -> ColumnElement[bool]:
        return and_(True, *(table.c[name] == value for name, value in self.owner.items()))

    async def _sharing(self, connection: Transaction, names: Iterable[str]) -> list[Paper]:
        """Return the stored papers that have any of the names."""
        query = by_name(self.papers, self.names).where(self._mine(self.papers))
        found: dict[PaperId, Paper] = {}
        for some in chunks(names):
            for row in await connection.execute(query.where(self.names.c.name.in_(some))):
                kept = PAPER.read(row.body)
                found[kept.id] = kept
        return list(found.values())

    async def _forget(self, connection: Transaction, gone: Collection[PaperId]) -> None:
        if not self.owner:
            await unindex(connection, gone)
        for some in chunks(map(str, gone)):
            await connection.execute(delete(self.names).where(self._mine(self.names), self.names.c.paper.in_(some)))
            await connection.execute(delete(self.papers).where(self._mine(self.papers), self.papers.c.id.in_(some)))

    async def _keep(self, connection: Transaction, changed: Sequence[Paper], day: date) -> None:
        """Write papers and all their names; an existing row of a paper is replaced."""
        listed = {"listed": day} if self.owner else {}
        keys = [*self.owner, "id"]
        for some in chunks(changed):
            statement = upsert(connection, self.papers)
            fresh = {name: statement.excluded[name] for name in ("published", "title_words", "abstract_words", "body")}
            statement = statement.on_conflict_do_update(index_elements=keys, set_=fresh)
            await connection.execute(statement, [{**self.owner, **listed, **_row(each)} for each in some])
        names = [{**self.owner, "name": str(name), "paper": str(kept.id)} for kept in changed for name in kept.names]
        for named in chunks(sorted(names, key=lambda row: str(row["name"]))):
            await connection.execute(upsert(connection, self.names).on_conflict_do_nothing(), named)
        if not self.owner:
            await index(connection, changed)

    async def _date(self, connection: Transaction, listed: Sequence[object], day: date) -> None:
        """Record that papers were listed on a day, so that they are kept from then on."""
        for some in chunks(listed):
            theirs = select(self.names.c.paper).where(self._mine(self.names), self.names.c.name.in_(some))
            earlier = and_(self._mine(self.papers), self.papers.c.listed < day, self.papers.c.id.in_(theirs))
            await connection.execute(update(self.papers).where(earlier).values(listed=day))


#: The papers that everyone may see.
PUBLIC = Rack(papers=paper, names=paper_name, sightings=sighting)


async def private_rack(connection: Transaction, owner: Channel) -> Rack:
    """Return the private papers of an owner; its tenant is created if it does not exist."""
    of = {"tenant_id": await tenant_of(connection, owner), "channel": owner.channel}
    return Rack(papers=private_paper, names=private_name, sightings=private_sighting, owner=of)


def seen_from(table: Table, place: Channel) -> ColumnElement[bool]:
    """Return the condition that a private row belongs to an owner whose papers may be shown in a place."""
    return or_(*(and_(table.c.channel == owner.channel, table.c.tenant_id == _id_of(owner)) for owner in place.owners))


def _id_of(owner: Channel) -> Any:
    its = and_(tenant.c.platform == owner.platform, tenant.c.workspace == owner.workspace)
    return select(tenant.c.id).where(its).scalar_subquery()


def by_name(papers: Table, names: Table) -> Any:
    """Return the query for the bodies of papers joined with their names."""
    owned = and_(True, *(papers.c[each] == names.c[each] for each in ("tenant_id", "channel") if each in papers.c))
    return select(papers.c.body).join(names, and_(names.c.paper == papers.c.id, owned))


def _row(kept: Paper) -> dict[str, object]:
    title, abstract = rows(kept)
    return {
        "id": str(kept.id),
        "published": kept.published,
        "title_words": title,
        "abstract_words": abstract,
        "body": PAPER.write(kept),
    }
