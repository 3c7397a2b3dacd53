"""A store in plain dictionaries with the same contract, for the demo and for tests; its data ends with the process."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bots.domain.channels import Channel
from bots.domain.digests import Part
from bots.domain.errors import StoreError
from bots.domain.papers import PaperId
from bots.domain.runs import Delivery, DeliveryState, Run, RunState
from bots.domain.slots import Slot
from bots.domain.subscriptions import Subscription
from bots.store._memory_leases import MemoryLeases
from bots.store._memory_people import MemoryPeople
from bots.store._memory_pruning import MemoryPruning
from bots.store._memory_published import MemoryPublished
from bots.store._memory_turns import MemoryTurns
from bots.store.records import frozen, in_utc
from bots.store.rules import (
    ENDED,
    GIVEN_UP,
    MESSAGE_DAYS,
    ON_THE_WAY,
    by_hand_of,
    check_parts,
    check_release,
    drop,
    is_free,
    is_message,
    no_part,
    no_run,
    pieces,
    utc,
)

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class MemoryStore(MemoryTurns, MemoryLeases, MemoryPruning, MemoryPublished, MemoryPeople):
    """Stores everything in dictionaries.

    No method awaits anything, so each is one transaction: no other task runs between its first and its last line.
    """

    def __init__(self) -> None:
        super().__init__()
        self._subscriptions: dict[str, Subscription] = {}
        #: The channel of each subscription, ended ones included.
        self._places: dict[str, Channel] = {}
        self._runs: dict[str, Run] = {}
        self._deliveries: dict[str, Delivery] = {}
        #: When each paper was first posted in a channel, and in which part.
        self._posted: dict[Channel, dict[PaperId, tuple[datetime, str]]] = {}

    # ── subscriptions ────────────────────────────────────────────────────────────────────────────────────────────────

    async def keep_subscription(self, subscription: Subscription) -> None:
        """Store a subscription, replacing the one with the same id."""
        created = None if subscription.created is None else utc(subscription.created)
        self._places[subscription.id] = subscription.channel
        self._subscriptions[subscription.id] = replace(subscription, created=created)

    async def subscription(self, subscription_id: str) -> Subscription | None:
        """Return a subscription by its id."""
        return self._subscriptions.get(subscription_id)

    async def subscriptions(self, channel: Channel | None = None) -> tuple[Subscription, ...]:
        """Return the subscriptions of a channel, or all of them, oldest first."""
        held = [
            subscription for subscription in self._subscriptions.values() if channel in (None, subscription.channel)
        ]
        return tuple(sorted(held, key=lambda subscription: (subscription.created or _LONG_AGO, subscription.id)))

    async def subscription_counts(self, channel: Channel) -> tuple[int, int]:
        """Return the numbers of subscriptions of a channel and of its whole workspace."""
        held = [each.channel for each in self._subscriptions.values()]
        there = [each for each in held if (each.platform, each.workspace) == (channel.platform, channel.workspace)]
        return there.count(channel), len(there)

    async def drop_subscription(self, subscription_id: str) -> bool:
        """End a subscription; its runs and posted papers stay. Return False if there was none."""
        return self._subscriptions.pop(subscription_id, None) is not None

    # ── ledger ───────────────────────────────────────────────────────────────────────────────────────────────────────

    async def open_run(self, run: Run) -> bool:
        """Record a run; return True for exactly one caller per key."""
        if run.key in self._runs:
            return False
        self._runs[run.key] = in_utc(run)
        return True

    async def run(self, key: str) -> Run | None:
        """Return a run by its key."""
        return self._runs.get(key)

    async def runs(
        self, *, state: RunState | None = None, subscription_id: str | None = None, limit: int = 50
    ) -> tuple[Run, ...]:
        """Return runs, newest first."""
        held = [run for run in self._runs.values() if state in (None, run.state)]
        held = [run for run in held if subscription_id in (None, run.subscription_id)]
        return tuple(sorted(held, key=lambda run: (run.created, run.slot, run.key), reverse=True)[: max(limit, 0)])

    async def last_run(self, subscription_id: str, *, whole: bool = False, until: Slot | None = None) -> Run | None:
        """Return the run with the latest slot of a subscription, up to and including `until`."""
        held = [run for run in self._runs.values() if run.subscription_id == subscription_id]
        held = [run for run in held if until is None or run.slot <= until]
        held = [run for run in held if not whole or (run.state is RunState.DONE and not run.missing)]
        return max(held, key=lambda run: (run.slot, run.key), default=None)

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
        run = self._runs.get(key)
        if run is None:
            raise no_run(key)
        if not claimed:
            self.unreserve(key)
        started = utc(now) if state is RunState.RUNNING and run.started is None else run.started
        finished = utc(now) if state in ENDED else None
        moved = replace(run, state=state, started=started, finished=finished, note=note, not_before=not_before)
        self._runs[key] = in_utc(moved if missing is None else replace(moved, missing=missing))

    async def plan(self, run_key: str, deliveries: Sequence[Delivery]) -> tuple[Delivery, ...]:
        """Record all parts of a run at once and return the recorded parts."""
        check_parts(run_key, deliveries)
        if run_key not in self._runs:
            raise no_run(run_key)
        self.unreserve(run_key)
        if kept := await self.deliveries(run_key):
            return kept
        if any(part.key in self._deliveries for part in deliveries):
            raise StoreError("A part of this run has the key of another run's part.")
        self._deliveries.update({part.key: frozen(part) for part in deliveries})
        return await self.deliveries(run_key)

    async def split(self, key: str, parts: Sequence[Part]) -> tuple[Delivery, ...]:
        """Replace a part that is too large by smaller parts and return them; the first keeps its key."""
        whole = self._part(key)
        fresh = tuple(map(frozen, pieces(whole, parts)))
        more = len(fresh) - 1
        for kept in [part for part in self._deliveries.values() if part.run_key == whole.run_key]:
            behind = kept.part.number > whole.part.number
            moved = replace(kept.part, number=kept.part.number + more * behind, total=kept.part.total + more)
            self._deliveries[kept.key] = replace(kept, part=moved)
        self._deliveries.update({part.key: part for part in fresh})
        return fresh

    async def revive(self, key: str) -> None:
        """Reset a part that was given up, so that it is tried as if for the first time; a sent part stays sent."""
        part = self._part(key)
        if part.state in GIVEN_UP:
            self._deliveries[key] = replace(part, state=DeliveryState.PLANNED, attempts=0, lease_until=None)

    async def deliveries(
        self, run_key: str | None = None, *, state: DeliveryState | None = None
    ) -> tuple[Delivery, ...]:
        """Return parts ordered by run and number."""
        held = [part for part in self._deliveries.values() if run_key in (None, part.run_key)]
        held = [part for part in held if state in (None, part.state)]
        return tuple(map(frozen, sorted(held, key=self._place)))

    def _place(self, part: Delivery) -> tuple[datetime, str, int, str]:
        return self._runs[part.run_key].created, part.run_key, part.part.number, part.key

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
        """Lease a part for posting; return True for exactly one caller."""
        part = self._deliveries.get(key)
        free = part is not None and (is_free(part, utc(now)) or (lapsed and part.state is DeliveryState.SENDING))
        if part is None or not free or attempts not in (None, part.attempts):
            return False
        self._deliveries[key] = replace(
            part,
            state=DeliveryState.SENDING,
            attempts=part.attempts + 1,
            lease_until=utc(until),
            first_attempt_at=part.first_attempt_at or utc(now),
            posted_after=part.posted_after or (utc(posted_after) if posted_after else None),
        )
        return True

    async def confirm(self, key: str, message_id: str, *, now: datetime) -> None:
        """Record that a part was posted: `sent`, with its message id, and its papers seen in its channel."""
        part = self._part(key)
        self._deliveries[key] = replace(
            part, state=DeliveryState.SENT, message_id=message_id, lease_until=None, last_error=""
        )
        seen = self._posted.setdefault(part.part.channel, {})
        for paper in part.part.paper_ids:
            seen.update(dict.fromkeys(self.names(paper, part.part.channel) - seen.keys(), (utc(now), key)))

    async def release(self, key: str, state: DeliveryState, *, error: str = "", counted: bool = True) -> None:
        """Release a part after a refusal; a sent part stays sent."""
        check_release(state)
        part = self._part(key)
        if part.state is not DeliveryState.SENT:
            attempts = part.attempts if counted else max(0, part.attempts - 1)
            self._deliveries[key] = replace(part, state=state, lease_until=None, last_error=error, attempts=attempts)

    async def posted(
        self, channel: Channel, papers: Collection[PaperId], *, before: datetime | None = None
    ) -> frozenset[PaperId]:
        """Return which of the papers were posted in the channel before, under any of their names."""
        here = self._posted.get(channel, {})
        seen = {name for name, (posted_at, _) in here.items() if before is None or posted_at < utc(before)}
        return frozenset(paper for paper in papers if not seen.isdisjoint(self.names(paper, channel)))

    async def message(self, channel: Channel, message_id: str) -> Delivery | None:
        """Return the part that was posted as a message of a channel; None if none was."""
        return next((each for each in self._deliveries.values() if is_message(each, channel, message_id)), None)

    async def coming(self, channel: Channel) -> frozenset[PaperId]:
        """Return the papers of a channel's parts that are planned, being sent or held."""
        parts = [part.part for part in self._deliveries.values() if part.state in ON_THE_WAY]
        return frozenset(paper for part in parts if part.channel == channel for paper in part.paper_ids)

    async def expire(self, *, now: datetime) -> int:
        """Delete what has reached its end; return the number of entries."""
        long_ago = utc(now) - timedelta(days=MESSAGE_DAYS)
        sent = [
            part
            for part in self._deliveries.values()
            if part.state is DeliveryState.SENT and (self._runs[part.run_key].finished or long_ago) < long_ago
        ]
        for part in sent:
            self._deliveries[part.key] = replace(part, part=replace(part.part, payload={}))
        return len(sent) + await super().expire(now=now)

    # ── workspaces ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def workspaces(self, platform: str) -> tuple[str, ...]:
        """Return every workspace of a platform that has stored data, sorted."""
        parts = (part.part.channel for part in self._deliveries.values())
        places = (*self._places.values(), *self._posted, *parts, *self.owners())
        return tuple(sorted({each.workspace for each in places if each.platform == platform and each.workspace}))

    async def purge_workspace(self, platform: str, workspace: str) -> int:
        """Delete everything that belongs to a workspace; return the number of entries."""

        def theirs(place: Channel | None) -> bool:
            return place is not None and (place.platform, place.workspace) == (platform, workspace)

        by_hand = by_hand_of(platform, workspace)
        parts = {key for key, part in self._deliveries.items() if theirs(part.part.channel)}
        held = {part.run_key for key, part in self._deliveries.items() if key not in parts}
        runs = {self._deliveries[key].run_key for key in parts}
        runs |= {key for key, run in self._runs.items() if theirs(self._places.get(run.subscription_id))}
        runs |= {key for key, run in self._runs.items() if run.subscription_id.startswith(by_hand)}
        gone = drop(self._deliveries, parts) + drop(self._runs, runs - held)
        subscriptions = {name for name, place in self._places.items() if theirs(place)}
        gone += drop(self._subscriptions, subscriptions) + drop(self._posted, set(filter(theirs, self._posted)))
        drop(self._places, subscriptions)
        return gone + self._forget_people(platform, workspace)

    def _part(self, key: str) -> Delivery:
        part = self._deliveries.get(key)
        if part is None:
            raise no_part(key)
        return part
