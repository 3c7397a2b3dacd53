"""The leases of pieces of work, in the database."""

from datetime import datetime

from sqlalchemy import delete, or_

from bots.store._database import Database, inserted, upsert, whole
from bots.store._server_time import ServerTime
from bots.store.tables import work_lease


class SqlLeases:
    """Lends pieces of work; see `bots.ports.Leases`."""

    _database: Database
    _time: ServerTime

    @whole
    async def take_lease(self, name: str, holder: str, *, now: datetime, until: datetime) -> bool:
        """Lease a piece of work; the database checks and leases in one step."""
        row = {"holder": holder, "until": self._time.there(until)}
        free = or_(work_lease.c.until <= self._time.due(now), work_lease.c.holder == holder)
        async with self._database.writing() as connection:
            statement = upsert(connection, work_lease).values(name=name, **row)
            return await inserted(
                connection, statement.on_conflict_do_update(index_elements=["name"], set_=row, where=free)
            )

    @whole
    async def end_lease(self, name: str, holder: str) -> None:
        """Give a lease back, if it is still the holder's."""
        theirs = (work_lease.c.name == name, work_lease.c.holder == holder)
        async with self._database.writing() as connection:
            await connection.execute(delete(work_lease).where(*theirs))
