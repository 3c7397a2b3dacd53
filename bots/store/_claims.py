"""The claims in the database: which process works on a run, until when, and what it leaves when it ends."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, func, or_, select, update

from bots.domain.channels import Channel
from bots.domain.runs import DeliveryState, RunState, Tally
from bots.store._claimants import Claimants
from bots.store._database import Database, take_turns, whole_for_all
from bots.store._run_statements import RunStatements
from bots.store._server_time import ServerTime
from bots.store.rules import OPEN
from bots.store.tables import delivery, digest_run, lease


class SqlClaims:
    """Claims runs; see `bots.ports.Ledger`."""

    _database: Database
    _claimants: Claimants
    _time: ServerTime
    _statements: RunStatements

    @whole_for_all
    async def ready(self, now: datetime) -> tuple[str, ...]:
        """Return the keys of the runs that are ready to be claimed, oldest first."""
        waits = digest_run.c.state.in_(OPEN)
        query = select(digest_run.c.key).where(waits, self._free(now)).order_by(digest_run.c.created, digest_run.c.key)
        return tuple(row.key for row in await self._database.rows(query))

    @whole_for_all
    async def tally(self, now: datetime) -> Tally:
        """Return how many runs and parts are in each state, and how many runs are ready."""
        ready = digest_run.c.state.in_(OPEN) & self._free(now)
        count: Any = select(func.count(), func.min(digest_run.c.created)).where(ready)
        waiting, since = await self._database.first(count) or (0, None)
        return Tally(
            runs={RunState(state): count for state, count in await self._database.rows(_by_state(digest_run))},
            parts={DeliveryState(state): count for state, count in await self._database.rows(_by_state(delivery))},
            waiting=waiting,
            waiting_since=since,
        )

    @whole_for_all
    async def claim(self, key: str, *, now: datetime, until: datetime) -> bool:
        """Claim a run; return True for exactly one caller: the database checks and claims in one step."""
        claimant = self._claimants.own()
        async with self._database.writing() as connection:
            values = {"run": key, "now": now, "claimant": claimant, "due": self._time.value_due(now)}
            won = await connection.execute(self._statements.claimed, {**values, "until": self._time.value(until)})
        return won.rowcount == 1

    @whole_for_all
    async def reserve(self, key: str, channel: Channel, *, now: datetime) -> bool:
        """Reserve a channel for the digest of a claimed run; return True for one run of the channel at a time."""
        its = {"run": key, "channel": str(channel)}
        async with self._database.writing() as connection:
            # Two transactions would each see that nobody else has the channel.
            await take_turns(connection, its["channel"])
            others = {**its, "due": self._time.value_due(now)}
            if await connection.scalar(self._statements.others, others) is not None:
                return False
            await connection.execute(self._statements.reserved, its)
        return True

    @whole_for_all
    async def take_over(self) -> tuple[str, ...]:
        """Release what ended processes of this machine had claimed, and return the keys of the runs."""
        ended = self._claimants.ended()
        if not ended:
            return ()
        theirs = digest_run.c.claimed_by.in_(ended)
        async with self._database.writing() as connection:
            keys = tuple((await connection.scalars(select(digest_run.c.key).where(theirs))).all())
            under_way = and_(delivery.c.run_key.in_(keys), delivery.c.state == DeliveryState.SENDING)
            await connection.execute(update(delivery).where(under_way).values(lease_until=None))
            released = update(digest_run).where(theirs).values(not_before=None, claimed_by=None, making=None)
            await connection.execute(released)
            await connection.execute(delete(lease).where(lease.c.process.in_(ended)))
        self._claimants.forget(ended)
        return keys

    @whole_for_all
    async def has_claims(self) -> bool:
        """Return whether this process has claimed a run that it has not released."""
        name = self._claimants.name
        mine = select(digest_run.c.key).where(digest_run.c.claimed_by == name).limit(1)
        return name is not None and await self._database.first(mine) is not None

    def _free(self, now: datetime) -> ColumnElement[bool]:
        return or_(digest_run.c.not_before.is_(None), digest_run.c.not_before <= self._time.due(now))


def _by_state(table: Table) -> Any:
    return select(table.c.state, func.count()).group_by(table.c.state)
