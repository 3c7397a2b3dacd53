"""Wakes each subscription at its times and catches up on missed slots; the only module that imports apscheduler.

The table of subscriptions is authoritative; the scheduler's jobs live in memory and are rebuilt from it. A job only
triggers a check: the ledger decides which slot is due and whether a process has claimed it already.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TypeVar

from apscheduler.job import Job
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from bots.delivery.due_runs import DueRuns
from bots.delivery.run_executor import RunExecutor
from bots.domain.errors import PaperwireError, StoreError
from bots.domain.retention import Retention
from bots.domain.slots import missed, next_due
from bots.domain.subscriptions import Subscription
from bots.ports import Clock, Dispatcher, Observer, Store, Unobserved
from bots.ports.beside import beside
from bots.scheduling.clock_watch import always
from bots.scheduling.housekeeping import Housekeeping
from bots.scheduling.outages import Outage

_log = logging.getLogger(__name__)
_T = TypeVar("_T")
_NEVER = datetime.max.replace(tzinfo=UTC)

#: Poll interval: a subscription created by another process, a run that was put off, or a jump of the clock is noticed
#: within this time. Seconds.
LOOK_EVERY = 60.0
#: Poll interval while the database could not be reached, or a slot could not be opened. Seconds.
_SOON = 5.0
#: Time that runs in progress have at shutdown to finish their current part; then a post has `LAST_WORDS` to be
#: confirmed: 17 s together. systemd kills after 90 s, Kubernetes after 30 s. Seconds.
GRACE = 12.0
LAST_WORDS = 5.0
#: More runs opened at the same time would only wait for the database's connections.
_OPENED_AT_ONCE = 8
#: Subscriptions that are looked at before other tasks have their turn: they take a few milliseconds.
_LOOKED_AT_TOGETHER = 5
#: Subscriptions that are woken at the same time.
_WOKEN_TOGETHER = 64
_KEPT = Retention()


class Scheduler:
    """Opens and dispatches runs at the times of each subscription."""

    def __init__(
        self,
        *,
        store: Store,
        due_runs: DueRuns,
        executor: RunExecutor,
        dispatcher: Dispatcher,
        clock: Clock,
        look_every: float = LOOK_EVERY,
        grace: float = GRACE,
        fill: Callable[[], Awaitable[int]] | None = None,
        retention: Retention = _KEPT,
        observer: Observer | None = None,
        may_work: Callable[[], Awaitable[bool]] = always,
    ) -> None:
        """Remember what is needed; while `may_work` returns False nothing is opened, dispatched or deleted."""
        self._store, self._may_work = store, may_work
        self._due_runs = due_runs
        self._executor = executor
        self._dispatcher = dispatcher
        self._clock = clock
        self._look_every = look_every
        self._grace = grace
        #: Does a second's worth of work that nobody waits for, after each poll; None for none.
        self._fill = fill
        self._observer = observer or Unobserved()
        # UTC, with users' time zones only on triggers: a scheduler in local time hangs in the repeated hour before
        # apscheduler 3.11.2 (agronholm/apscheduler#1021).
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._known: dict[str, Subscription] = {}
        #: The job of each subscription that will be due.
        self._jobs: dict[str, Job] = {}
        self._looked: datetime | None = None
        self._housekeeping = Housekeeping(store, retention)
        #: The next slot of each subscription after the last poll, so that a poll compares instants and computes none.
        self._coming: dict[str, datetime] = {}
        #: Subscriptions whose run could not be opened; the next poll tries again.
        self._unopened: set[str] = set()
        self._opening = asyncio.Semaphore(_OPENED_AT_ONCE)
        self._outage = Outage(_log, "the database with the schedule")
        #: Whether the last poll was left out, because the clock is wrong.
        self._idle = False

    async def poll(self) -> None:
        """Arm new and changed subscriptions, open slots that no job woke, and dispatch every run that is ready."""
        self._idle = not await self._may_work()
        if self._idle:
            return
        now = self._clock()
        try:
            subscriptions = await self._store.subscriptions()
            await self._take_up(subscriptions, now)
            await self._executor.resume(self._dispatcher)
            self._looked = now
            await self._housekeeping.look(now)
            self._outage.over()
        except StoreError as error:
            self._outage.lost(error)
        except PaperwireError as error:
            _log.error("the schedule could not be read; it is retried in a minute", extra={"error": str(error)})
        except Exception:  # noqa: BLE001 - no failure may end the loop
            _log.exception("the schedule could not be read; it is retried in a minute")

    async def _take_up(self, subscriptions: tuple[Subscription, ...], now: datetime) -> None:
        known = {subscription.id: subscription for subscription in subscriptions}
        for gone in self._known.keys() - known.keys():
            self._forget(gone)
            del self._known[gone]
        due = self._unopened & known.keys()
        async for subscription in _with_pauses(subscriptions):
            if self._known.get(subscription.id) != subscription:
                self._forget(subscription.id)
                self._arm(subscription)
                self._known[subscription.id] = subscription
                due.add(subscription.id)
            elif self._fell_due(subscription, now):
                due.add(subscription.id)
        for names in batched(due, _WOKEN_TOGETHER):
            async with asyncio.TaskGroup() as group:
                for name in names:
                    group.create_task(self.wake(name))

    def _fell_due(self, subscription: Subscription, now: datetime) -> bool:
        """Return whether a slot passed without a job: the clock was set forward, or the machine was asleep."""
        if self._looked is None:
            return False
        coming = self._coming.get(subscription.id)
        if coming is not None and self._looked <= now:
            fell_due = coming <= now
        else:
            # The clock was set back, or nothing is known: slots since the earlier of both instants count.
            coming, fell_due = None, bool(missed(subscription, min(self._looked, now) - timedelta(minutes=1), now))
        if coming is None or fell_due:
            due = next_due(subscription, now)
            self._coming[subscription.id] = due.at if due else _NEVER
        return fell_due

    def _arm(self, subscription: Subscription) -> None:
        due = next_due(subscription, self._clock())
        self._coming[subscription.id] = due.at if due else _NEVER
        if due is None:
            return
        self._jobs[subscription.id] = self._scheduler.add_job(
            self.wake,
            SlotTrigger(subscription),
            args=(subscription.id,),
            id=subscription.id,
            # A late job still runs: the ledger records a late slot as posted or skipped.
            misfire_grace_time=None,
            coalesce=True,
        )

    def _forget(self, subscription_id: str) -> None:
        self._coming.pop(subscription_id, None)
        job = self._jobs.pop(subscription_id, None)
        if job is not None:
            with suppress(JobLookupError):
                job.remove()

    def is_armed(self, subscription_id: str) -> bool:
        """Return whether a subscription will be woken."""
        return subscription_id in self._jobs

    async def wake(self, subscription_id: str) -> None:
        """Open the run that is due for a subscription, if any, and dispatch it."""
        named = {"subscription": subscription_id}
        async with self._opening:
            if not await self._may_work():
                self._unopened.add(subscription_id)
                return
            try:
                # A run that is carried out by a task of this process continues the trace.
                with self._observer.span("trigger", subscription=subscription_id):
                    subscription = await self._store.subscription(subscription_id)
                    key = await self._due_runs.open_due(subscription) if subscription else None
                    if key:
                        await self._dispatcher.dispatch(key)
                self._unopened.discard(subscription_id)
            except StoreError as error:
                self._unopened.add(subscription_id)
                self._outage.lost(error)
            except PaperwireError as error:
                self._unopened.add(subscription_id)
                _log.error(
                    "a slot could not be opened; it is retried in a minute", extra={**named, "error": str(error)}
                )
            except Exception:  # noqa: BLE001 - a subscription that cannot be opened must not stop the others
                self._unopened.add(subscription_id)
                _log.exception("a slot could not be opened; it is retried in a minute", extra=named)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Catch up on missed slots and wake subscriptions until the context exits; then end the runs in progress."""
        # Paused: jobs that are added before a start would all be computed in it, without a pause for anybody else.
        self._scheduler.start(paused=True)
        try:
            await self.poll()
            self._scheduler.resume()
            async with beside(self._tick(), "schedule"):
                yield
        finally:
            self._scheduler.shutdown(wait=False)
            self._executor.stop()
            await self._dispatcher.stop(self._grace)
            await self._executor.part_delivery.settle(LAST_WORDS)

    async def _tick(self) -> None:
        # Sleeps on the event loop's clock, which setting the wall clock does not change: a job of the scheduler that
        # runs every minute waits an hour when the clock is set back by one.
        while True:
            behind = self._outage.lasts or self._unopened or self._idle
            await asyncio.sleep(min(self._look_every, _SOON) if behind else self._look_every)
            await self.poll()
            await self._work_ahead()

    async def _work_ahead(self) -> None:
        """Index and embed some papers, so that searches find them."""
        if self._fill is None:
            return
        try:
            await self._fill()
        except StoreError as error:
            self._outage.lost(error)
        except PaperwireError as error:
            _log.error("papers could not be indexed; it is retried in a minute", extra={"error": str(error)})
        except Exception:  # noqa: BLE001 - no failure may end the loop
            _log.exception("papers could not be indexed; it is retried in a minute")


async def _with_pauses(subscriptions: Iterable[Subscription]) -> AsyncIterator[Subscription]:
    """Yield subscriptions, with pauses in which other tasks run: an acknowledgement cannot wait for thousands."""
    for together in batched(subscriptions, _LOOKED_AT_TOGETHER):
        for each in together:
            yield each
        await asyncio.sleep(0)


def batched(things: Iterable[_T], most: int) -> Iterator[tuple[_T, ...]]:
    """Yield the things in groups of at most `most`, in order."""
    coming = iter(things)
    while group := tuple(islice(coming, most)):
        yield group


class SlotTrigger(BaseTrigger):  # type: ignore[misc]  # the library has no types
    """Fires at every slot of a subscription, as `bots.domain.slots` computes them.

    One job per subscription with this trigger takes a fortieth of the memory of a cron trigger per time of day; so many
    objects made each run of the garbage collector a pause of seconds.
    """

    __slots__ = ("_subscription",)

    def __init__(self, subscription: Subscription) -> None:
        self._subscription = subscription

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """Return the instant of the first slot after the previous one, or at or after `now` if there was none."""
        due = next_due(self._subscription, previous_fire_time or now - timedelta(microseconds=1))
        return due.at if due else None
