"""Wakes each subscription at its times and catches up on missed slots; the only module that imports apscheduler.

The table of subscriptions is authoritative; the scheduler's jobs live in memory and are rebuilt from it. A job only
triggers a check: the ledger decides which slot is due and whether a process has claimed it already.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

from apscheduler.job import Job
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from bots.delivery.due_runs import DueRuns
from bots.delivery.run_executor import RunExecutor
from bots.domain.errors import PaperwireError
from bots.domain.slots import missed
from bots.domain.subscriptions import Every, Subscription, Weekday
from bots.ports import Clock, Dispatcher, Store

_log = logging.getLogger(__name__)

#: Poll interval: a subscription created by another process, a run that was put off, or a jump of the clock is noticed
#: within this time. Seconds.
LOOK_EVERY = 60.0
#: Time that runs in progress have at shutdown to finish their current part; then a post has `_LAST_WORDS` to be
#: confirmed: 17 s together. systemd kills after 90 s, Kubernetes after 30 s. Seconds.
GRACE = 12.0
_LAST_WORDS = 5.0
#: Texts are kept for weeks, so a day more or less does not matter.
_CLEARED_EVERY = timedelta(days=1)
#: More runs opened at the same time would only wait for the database's connections.
_OPENED_AT_ONCE = 8


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
    ) -> None:
        self._store = store
        self._due_runs = due_runs
        self._executor = executor
        self._dispatcher = dispatcher
        self._clock = clock
        self._look_every = look_every
        self._grace = grace
        # UTC, with users' time zones only on triggers: a scheduler in local time hangs in the repeated hour before
        # apscheduler 3.11.2 (agronholm/apscheduler#1021).
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._known: dict[str, Subscription] = {}
        self._looked: datetime | None = None
        self._cleared: datetime | None = None
        #: Subscriptions whose run could not be opened; the next poll tries again.
        self._unopened: set[str] = set()
        self._opening = asyncio.Semaphore(_OPENED_AT_ONCE)

    async def poll(self) -> None:
        """Arm new and changed subscriptions, open slots that no job woke, and dispatch every run that is ready."""
        now = self._clock()
        try:
            subscriptions = await self._store.subscriptions()
            await self._take_up(subscriptions, now)
            await self._executor.resume(self._dispatcher)
            self._looked = now
            await self._clear(now)
        except PaperwireError as error:
            _log.error("the schedule could not be read; it is retried in a minute", extra={"error": str(error)})
        except Exception:  # noqa: BLE001 - no failure may end the loop
            _log.exception("the schedule could not be read; it is retried in a minute")

    async def _clear(self, now: datetime) -> None:
        """Delete the texts that have reached their end, once a day."""
        if self._cleared is None or abs(now - self._cleared) >= _CLEARED_EVERY:
            self._cleared = now
            gone = await self._store.expire(now=now)
            if gone:
                _log.info("old texts were deleted", extra={"rows": gone})

    async def _take_up(self, subscriptions: tuple[Subscription, ...], now: datetime) -> None:
        now_known = {subscription.id: subscription for subscription in subscriptions}
        for gone in self._known.keys() - now_known.keys():
            self._forget(gone)
        changed = [subscription for subscription in subscriptions if self._known.get(subscription.id) != subscription]
        for subscription in changed:
            self._forget(subscription.id)
            self._arm(subscription)
        self._known = now_known
        due = (
            {subscription.id for subscription in changed}
            | self._unopened
            | {subscription.id for subscription in subscriptions if self._fell_due(subscription, now)}
        )
        async with asyncio.TaskGroup() as group:
            for name in due & now_known.keys():
                group.create_task(self.wake(name))

    def _fell_due(self, subscription: Subscription, now: datetime) -> bool:
        """Return whether a slot passed without a job: the clock was set forward, or the machine was asleep."""
        return self._looked is not None and bool(
            missed(subscription, min(self._looked, now) - timedelta(minutes=1), now)
        )

    def _arm(self, subscription: Subscription) -> None:
        for trigger in triggers(subscription):
            self._scheduler.add_job(
                self.wake,
                trigger,
                args=(subscription.id,),
                id=f"{subscription.id}@{trigger}",
                # A late job still runs: the ledger records a late slot as posted or skipped.
                misfire_grace_time=None,
                coalesce=True,
            )

    def _forget(self, subscription_id: str) -> None:
        for job in self._jobs(subscription_id):
            job.remove()

    def _jobs(self, subscription_id: str) -> list[Job]:
        return [job for job in self._scheduler.get_jobs() if job.args == (subscription_id,)]

    def armed(self, subscription_id: str) -> int:
        """Return the number of times of day at which a subscription will be woken."""
        return len(self._jobs(subscription_id))

    async def wake(self, subscription_id: str) -> None:
        """Open the run that is due for a subscription, if any, and dispatch it."""
        named = {"subscription": subscription_id}
        async with self._opening:
            try:
                subscription = await self._store.subscription(subscription_id)
                key = await self._due_runs.open_due(subscription) if subscription else None
                if key:
                    await self._dispatcher.dispatch(key)
                self._unopened.discard(subscription_id)
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
        await self.poll()
        ticking = asyncio.create_task(self._tick())
        self._scheduler.start()
        try:
            yield
        finally:
            self._scheduler.shutdown(wait=False)
            ticking.cancel()
            with suppress(asyncio.CancelledError):
                await ticking
            self._executor.stop()
            await self._dispatcher.stop(self._grace)
            await self._executor.part_delivery.settle(_LAST_WORDS)

    async def _tick(self) -> None:
        # Sleeps on the event loop's clock, which setting the wall clock does not change: a job of the scheduler that
        # runs every minute waits an hour when the clock is set back by one.
        while True:
            await asyncio.sleep(self._look_every)
            await self.poll()


def triggers(subscription: Subscription) -> tuple[CronTrigger, ...]:
    """Return one trigger per time of day of a subscription that is on.

    Weekdays are passed by name: apscheduler counts 0 as Monday where cron counts 0 as Sunday.
    """
    if not subscription.enabled or not subscription.weekdays:
        return ()
    days = ",".join(Weekday(day).name.lower() for day in sorted(subscription.weekdays))
    # The first of some weekdays in a month is always in the month's first week.
    of_month = "1-7" if subscription.every is Every.MONTH else None
    return tuple(
        CronTrigger(
            day=of_month, day_of_week=days, hour=clock.hour, minute=clock.minute, timezone=subscription.timezone
        )
        for clock in dict.fromkeys(subscription.times)
    )
