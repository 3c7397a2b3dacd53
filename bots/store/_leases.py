"""Leases between processes, in the database."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select, type_coerce

from bots.domain.leases import Lease
from bots.store._claimants import Claimants
from bots.store._database import Database, inserted, upsert, whole
from bots.store._server_time import ServerTime
from bots.store.columns import Instant
from bots.store.tables import lease


class SqlLeases:
    """Stores leases; see `bots.ports.Leases`."""

    _database: Database
    _claimants: Claimants
    _time: ServerTime

    @whole
    async def hold_leases(
        self,
        kind: str,
        names: Collection[str],
        *,
        holder: str,
        now: datetime,
        until: datetime,
        note: str = "",
        instead_of: str = "",
    ) -> frozenset[str]:
        """Take or renew leases; the database checks and takes each in one step."""
        row = {"holder": holder, "until": self._time.there(until), "note": note, "process": self._claimants.own()}
        ours = lease.c.holder.in_([holder, instead_of] if instead_of else [holder])
        free = or_(ours, self._lapsed(now))
        held = set()
        async with self._database.writing() as connection:
            # In one order for all, or two transactions would wait for each other.
            for name in sorted(names):
                statement = upsert(connection, lease).values(kind=kind, name=name, **row)
                keys = ["kind", "name"]
                statement = statement.on_conflict_do_update(index_elements=keys, set_=row, where=free)
                if await inserted(connection, statement):
                    held.add(name)
        return frozenset(held)

    @whole
    async def end_leases(self, kind: str, names: Collection[str], *, holder: str) -> None:
        """Give up leases."""
        mine = (lease.c.kind == kind, lease.c.name.in_(sorted(names)), lease.c.holder == holder)
        async with self._database.writing() as connection:
            await connection.execute(delete(lease).where(*mine))

    @whole
    async def leases(self, kind: str, *, now: datetime) -> tuple[Lease, ...]:
        """Return the leases of a kind that have not lapsed."""
        query: Any = select(lease, *self._time.columns()).where(lease.c.kind == kind, ~self._lapsed(now))
        rows = await self._database.rows(query.order_by(lease.c.name))
        return tuple(self._lease(row) for row in rows)

    @whole
    async def server_time(self) -> datetime | None:
        """Return the time of a server's clock; a file has one machine."""
        async with self._database.reading() as connection:
            if connection.dialect.name != "postgresql":
                return None
            found: datetime = await connection.scalar(select(type_coerce(func.clock_timestamp(), Instant)))
            return found

    def _lapsed(self, now: datetime) -> ColumnElement[bool]:
        """Return whether a lease is over, or its process is of this machine and has ended."""
        over: ColumnElement[bool] = lease.c.until <= self._time.due(now)
        ended = self._claimants.ended()
        # NULL is no name, and a comparison with it would be neither true nor false.
        return or_(over, lease.c.process.is_not(None) & lease.c.process.in_(ended)) if ended else over

    def _lease(self, row: Any) -> Lease:
        until = self._time.here(row.until, row)
        return Lease(name=row.name, holder=row.holder, until=until or row.until, note=row.note)
