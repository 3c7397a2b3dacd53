"""The ledger in the database: every run and every part; each method is one transaction."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, select, update

from bots.domain.channels import Channel
from bots.domain.digests import Part
from bots.domain.papers import PaperId
from bots.domain.runs import Delivery, DeliveryState, Run, RunState
from bots.domain.slots import Slot
from bots.store._claimants import Claimants
from bots.store._database import Database, Transaction, chunks, tenant_of, whole, whole_for_all
from bots.store._names import every_name
from bots.store._places import at
from bots.store._rows import as_part, as_run, part_row, run_row
from bots.store._run_statements import (
    FREE_CHANNEL,
    LAST_RUN,
    LEASED,
    NEW_PARTS,
    NEWEST_RUNS,
    OWN_RUN,
    OWNER,
    PARTS,
    PARTS_OF_RUN,
    PARTS_ON_THE_WAY,
    POSTED,
    POSTED_BEFORE,
    SEEN,
    SENT,
    TENANT,
    RunStatements,
)
from bots.store._server_time import ServerTime
from bots.store.rules import ENDED, GIVEN_UP, check_parts, check_release, no_part, no_run, pieces
from bots.store.tables import delivery, digest_run, tenant

#: Owns the runs without a subscription until their parts determine the tenant.
_NOBODY = Channel(platform="")


class SqlLedger:
    """Stores runs and parts; see `bots.ports.Ledger`."""

    _database: Database
    _claimants: Claimants
    _time: ServerTime
    _statements: RunStatements
    #: Called in the transaction that opened a run, with the driver's connection.
    _on_opened: Callable[[Any, Run], None] | None

    @whole_for_all
    async def open_run(self, run: Run) -> bool:
        """Record a run; return True for exactly one caller per key, however many call at once."""
        async with self._database.writing() as connection:
            owner = await _owner(connection, run.subscription_id)
            claimant = self._claimants.own() if run.state is RunState.RUNNING else None
            row = {
                "tenant_id": owner,
                "claimed_by": claimant,
                **run_row(run),
                "until": self._time.value(run.not_before),
            }
            statement = self._statements.opened[connection.dialect.name]
            won = bool((await connection.execute(statement, row)).rowcount == 1)
            if won and self._on_opened is not None:
                self._on_opened(connection.driver, run)
            return won

    @whole_for_all
    async def run(self, key: str) -> Run | None:
        """Return a run by its key."""
        row = await self._database.first(self._statements.run, {"run": key})
        return replace(as_run(row), not_before=self._time.here(row.not_before, row)) if row else None

    @whole_for_all
    async def runs(
        self, *, state: RunState | None = None, subscription_id: str | None = None, limit: int = 50
    ) -> tuple[Run, ...]:
        """Return runs, newest first."""
        query = NEWEST_RUNS.limit(max(limit, 0))
        if state is not None:
            query = query.where(digest_run.c.state == state)
        if subscription_id is not None:
            query = query.where(digest_run.c.subscription_id == subscription_id)
        return tuple(map(as_run, await self._database.rows(query)))

    @whole_for_all
    async def last_run(self, subscription_id: str, *, whole: bool = False, until: Slot | None = None) -> Run | None:
        """Return the run with the latest slot of a subscription, up to and including `until`."""
        last = {"day": until.day, "time": until.time} if until else {}
        row = await self._database.first(LAST_RUN[whole, until is not None], {"subscription": subscription_id, **last})
        return as_run(row) if row else None

    @whole_for_all
    async def move_run(
        self,
        key: str,
        state: RunState,
        *,
        now: datetime,
        note: str = "",
        not_before: datetime | None = None,
        missing: str | None = None,
        claimed: bool = False,
    ) -> None:
        """Set a run's state; the first `running` records its start time, a final state its end time."""
        changes = {
            "into": state,
            "said": note,
            "now": now if state is RunState.RUNNING else None,
            "ended": now if state in ENDED else None,
            "claimed": claimed,
            "claimant": self._claimants.own() if claimed else None,
            "lacking": missing,
        }
        async with self._database.writing() as connection:
            values = {"run": key, **changes, "until": self._time.value(not_before)}
            moved = await connection.execute(self._statements.moved, values)
            if moved.rowcount == 0:
                raise no_run(key)

    @whole_for_all
    async def plan(self, run_key: str, deliveries: Sequence[Delivery]) -> tuple[Delivery, ...]:
        """Record all parts of a run at once and return the recorded parts."""
        check_parts(run_key, deliveries)
        async with self._database.writing() as connection:
            # The change also keeps other transactions from planning the same run until this one ends.
            if (await connection.execute(FREE_CHANNEL, {"run": run_key})).rowcount == 0:
                raise no_run(run_key)
            kept = await _parts_of(connection, run_key)
            if kept or not deliveries:
                return kept
            rows = [part_row(part, await tenant_of(connection, part.part.channel)) for part in deliveries]
            await connection.execute(NEW_PARTS, rows)
            await connection.execute(OWN_RUN, {"run": run_key, "owner": rows[0]["tenant_id"]})
            return await _parts_of(connection, run_key)

    @whole_for_all
    async def split(self, key: str, parts: Sequence[Part]) -> tuple[Delivery, ...]:
        """Replace a part that is too large by smaller parts and return them; the first keeps its key."""
        async with self._database.writing() as connection:
            row = (await connection.execute(PARTS.where(delivery.c.key == key))).one_or_none()
            if row is None:
                raise no_part(key)
            fresh = pieces(as_part(row), parts)
            await _make_room(connection, row, len(fresh) - 1)
            first, *others = [part_row(part, row.tenant_id) for part in fresh]
            await connection.execute(update(delivery).where(delivery.c.key == key).values(first))
            for other in others:
                await connection.execute(NEW_PARTS, other)
        return fresh

    @whole_for_all
    async def revive(self, key: str) -> None:
        """Reset a part that was given up, so that it is tried as if for the first time; a sent part stays sent."""
        again = {"state": DeliveryState.PLANNED, "attempts": 0, "lease_until": None}
        given_up = delivery.c.state.in_(GIVEN_UP)
        async with self._database.writing() as connection:
            if await connection.scalar(select(delivery.c.key).where(delivery.c.key == key)) is None:
                raise no_part(key)
            await connection.execute(update(delivery).where(delivery.c.key == key, given_up).values(again))

    @whole_for_all
    async def deliveries(
        self, run_key: str | None = None, *, state: DeliveryState | None = None
    ) -> tuple[Delivery, ...]:
        """Return parts ordered by run and number."""
        query = PARTS if run_key is None else PARTS_OF_RUN
        if state is not None:
            query = query.where(delivery.c.state == state)
        values = {} if run_key is None else {"run": run_key}
        return tuple(map(as_part, await self._database.rows(query, values)))

    @whole_for_all
    async def lease(
        self,
        key: str,
        *,
        now: datetime,
        until: datetime,
        attempts: int | None = None,
        lapsed: bool = False,
        posted_after: datetime | None = None,
    ) -> bool:
        """Lease a part for posting; return True for exactly one caller: the database checks and leases in one step."""
        values = {"part": key, "now": now, "until": until, "known": attempts, "lapsed": lapsed, "told": posted_after}
        async with self._database.writing() as connection:
            won = await connection.execute(LEASED, values)
        return won.rowcount == 1

    @whole_for_all
    async def confirm(self, key: str, message_id: str, *, now: datetime) -> None:
        """Record that a part was posted: `sent`, with its message id, and its papers seen in its channel."""
        async with self._database.writing() as connection:
            part = (await connection.execute(SENT, {"part": key, "message": message_id})).one_or_none()
            if part is None:
                raise no_part(key)
            seen = {"tenant_id": part.tenant_id, "channel": part.channel, "delivery_key": key, "posted_at": now}
            owner = (await connection.execute(TENANT, {"id": part.tenant_id})).one()
            place = Channel(platform=owner.platform, workspace=owner.workspace, channel=part.channel)
            names = await every_name(connection, part.paper_ids, place)
            rows = [{**seen, "paper": name} for name in sorted(set().union(*names.values()))]
            for some in chunks(rows):
                await connection.execute(SEEN[connection.dialect.name], some)

    @whole_for_all
    async def release(self, key: str, state: DeliveryState, *, error: str = "", counted: bool = True) -> None:
        """Release a part after a refusal; a sent part stays sent."""
        check_release(state)
        async with self._database.writing() as connection:
            if await connection.scalar(select(delivery.c.key).where(delivery.c.key == key)) is None:
                raise no_part(key)
            given: dict[str, Any] = {"state": state, "lease_until": None, "last_error": error}
            if not counted:
                given["attempts"] = case((delivery.c.attempts > 0, delivery.c.attempts - 1), else_=0)
            unsent = delivery.c.state != DeliveryState.SENT
            await connection.execute(update(delivery).where(delivery.c.key == key, unsent).values(given))

    @whole
    async def posted(
        self, channel: Channel, papers: Collection[PaperId], *, before: datetime | None = None
    ) -> frozenset[PaperId]:
        """Return which of the papers were posted in the channel before, under any of their names."""
        async with self._database.reading() as connection:
            names = await every_name(connection, [str(paper) for paper in papers], channel)
            seen = await _seen(connection, channel, set().union(*names.values()), before)
        return frozenset(paper for paper in papers if not seen.isdisjoint(names[str(paper)]))

    @whole_for_all
    async def message(self, channel: Channel, message_id: str) -> Delivery | None:
        """Return the part that was posted as a message of a channel; None if none was."""
        its = and_(tenant.c.platform == channel.platform, tenant.c.workspace == channel.workspace)
        query = PARTS.where(delivery.c.message_id == message_id, delivery.c.message_id != "", its)
        query = query.where(delivery.c.channel == channel.channel) if channel.channel else query
        row = await self._database.first(query.limit(1))
        return as_part(row) if row else None

    @whole
    async def coming(self, channel: Channel) -> frozenset[PaperId]:
        """Return the papers of a channel's parts that are planned, being sent or held."""
        parts = map(as_part, await self._database.rows(PARTS_ON_THE_WAY, at(channel)))
        return frozenset(paper for part in parts for paper in part.part.paper_ids)


async def _owner(connection: Transaction, subscription_id: str) -> int:
    """Return the tenant of a subscription, ended ones included."""
    owner: int | None = await connection.scalar(OWNER, {"subscription": subscription_id})
    return await tenant_of(connection, _NOBODY) if owner is None else owner


async def _parts_of(connection: Transaction, run_key: str) -> tuple[Delivery, ...]:
    return tuple(map(as_part, (await connection.execute(PARTS_OF_RUN, {"run": run_key})).all()))


async def _make_room(connection: Transaction, row: Any, more: int) -> None:
    """Raise the numbers of the following parts, last part first: two parts of a run never have the same number."""
    run = delivery.c.run_key == row.run_key
    behind = select(delivery.c.key).where(run, delivery.c.number > row.number).order_by(delivery.c.number.desc())
    for key in (await connection.scalars(behind)).all():
        moved = update(delivery).where(delivery.c.key == key)
        await connection.execute(moved.values(number=delivery.c.number + more))
    await connection.execute(update(delivery).where(run).values(total=delivery.c.total + more))


async def _seen(connection: Transaction, channel: Channel, names: set[str], before: datetime | None) -> set[str]:
    """Return which of the names were posted in the channel."""
    query, values = (POSTED, at(channel)) if before is None else (POSTED_BEFORE, {**at(channel), "before": before})
    found: set[str] = set()
    for some in chunks(names):
        found.update((await connection.scalars(query, {**values, "among": some})).all())
    return found
