"""The papers that public sources listed on some days, in the database."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from bots.domain.papers import Paper, PaperId
from bots.domain.subscriptions import SortBy
from bots.ports import SHOWN_ON_REQUEST
from bots.store._database import Database, chunks, whole
from bots.store._racks import by_name
from bots.store.records import PAPER, read_name
from bots.store.tables import paper, paper_name, sighting


class SqlListings:
    """Reads what public sources listed; see `bots.ports.Listings`."""

    _database: Database

    @whole
    async def listed_days(self, until: date, *, limit: int) -> tuple[tuple[date, int], ...]:
        """Return the last days on which public sources listed papers, the last first, each with their number."""
        papers = func.count(sighting.c.paper.distinct())
        query = select(sighting.c.day, papers).where(_by_a_source(), sighting.c.day <= until)
        last_first = query.group_by(sighting.c.day).order_by(sighting.c.day.desc()).limit(max(limit, 0))
        return tuple((day, count) for day, count in await self._database.rows(last_first))

    @whole
    async def listed_papers(self, first: date, last: date, *, sort_by: SortBy, limit: int) -> tuple[PaperId, ...]:
        """Return the public papers that sources listed from one day to another, the best first."""
        seen = and_(_by_a_source(), sighting.c.day >= first, sighting.c.day <= last)
        days = (
            select(paper_name.c.paper, func.max(sighting.c.day).label("day"))
            .select_from(sighting)
            .join(paper_name, paper_name.c.name == sighting.c.paper)
            .where(seen)
            .group_by(paper_name.c.paper)
            .subquery()
        )
        query = select(paper.c.id).join(days, days.c.paper == paper.c.id).order_by(*_order(days.c.day, sort_by))
        return tuple(read_name(row.id) for row in await self._database.rows(query.limit(max(limit, 0))))

    @whole
    async def public_papers(self, names: Sequence[PaperId]) -> tuple[Paper, ...]:
        """Return the public papers with some names, in that order; names without a public paper are left out."""
        query = by_name(paper, paper_name).add_columns(paper_name.c.name)
        found: dict[str, Paper] = {}
        for some in chunks(map(str, names)):
            rows = await self._database.rows(query.where(paper_name.c.name.in_(some)))
            found |= {row.name: PAPER.read(row.body) for row in rows}
        return tuple(found[str(name)] for name in names if str(name) in found)


def _by_a_source() -> ColumnElement[bool]:
    return sighting.c.source != SHOWN_ON_REQUEST


def _order(day: ColumnElement[Any], sort_by: SortBy) -> tuple[ColumnElement[Any], ...]:
    newest = (day.desc(), paper.c.published.desc().nulls_last(), paper.c.id)
    if sort_by is SortBy.NEWEST:
        return newest
    signals = (paper.c.body["signals", name].as_integer() for name in ("upvotes", "comments", "stars"))
    return (*(func.coalesce(count, 0).desc() for count in signals), *newest)
