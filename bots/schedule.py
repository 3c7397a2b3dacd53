"""The only file that imports apscheduler: wakes each subscription at its times, and looks after what was missed.

The table of subscriptions is the truth; the scheduler's jobs live in memory and are rebuilt from it. A job only says
"look now": which slot is due, and whether it was taken already, is decided by the ledger.
"""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from apscheduler.job import Job
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bots.channels import Subscription, Weekday
from bots.delivery import Desk
from bots.errors import PaperwireError
from bots.ports import Dispatcher, Store

_log = logging.getLogger(__name__)

#: How soon an order placed by another process, or a part whose lease lapsed, is seen. Seconds.
LOOK_EVERY = 60


class Schedule:
    """Turns the passing of time into runs."""

    def __init__(self, *, store: Store, desk: Desk, dispatcher: Dispatcher) -> None:
        self._store = store
        self._desk = desk
        self._dispatcher = dispatcher
        # UTC, and users' zones only on triggers: a scheduler in local time hangs in the repeated hour
        # before apscheduler 3.11.2 (agronholm/apscheduler#1021).
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._known: dict[str, Subscription] = {}

    async def look(self) -> None:
        """Take up new and changed orders, and every run that was begun and not ended."""
        try:
            await self._take_up(await self._store.subscriptions())
            await self._desk.resume(self._dispatcher)
        except PaperwireError:
            _log.exception("the schedule could not be read; it is tried again in a minute")

    async def _take_up(self, orders: tuple[Subscription, ...]) -> None:
        now_known = {order.id: order for order in orders}
        for gone in self._known.keys() - now_known.keys():
            self._forget(gone)
        for order in orders:
            if self._known.get(order.id) != order:
                self._forget(order.id)
                self._arm(order)
                await self.wake(order.id)
        self._known = now_known

    def _arm(self, order: Subscription) -> None:
        for trigger in triggers(order):
            self._scheduler.add_job(
                self.wake,
                trigger,
                args=(order.id,),
                id=f"{order.id}@{trigger}",
                # Lateness is decided in the open by the delivery desk, not by dropping the job.
                misfire_grace_time=None,
                coalesce=True,
            )

    def _forget(self, subscription_id: str) -> None:
        for job in self._jobs(subscription_id):
            job.remove()

    def _jobs(self, subscription_id: str) -> list[Job]:
        return [job for job in self._scheduler.get_jobs() if job.args == (subscription_id,)]

    def armed(self, subscription_id: str) -> int:
        """Return how many times of day an order will be woken at."""
        return len(self._jobs(subscription_id))

    async def wake(self, subscription_id: str) -> None:
        """Open the run that is due for an order, if any, and have it carried out."""
        try:
            order = await self._store.subscription(subscription_id)
            key = await self._desk.open_due(order) if order else None
            if key:
                await self._dispatcher.dispatch(key)
        except PaperwireError:
            _log.exception("a due digest could not be opened", extra={"subscription": subscription_id})

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Catch up on what was missed, then keep time until the block is left; runs under way are waited for."""
        await self.look()
        self._scheduler.add_job(
            self.look, IntervalTrigger(seconds=LOOK_EVERY, timezone="UTC"), misfire_grace_time=None, coalesce=True
        )
        self._scheduler.start()
        try:
            yield
        finally:
            self._scheduler.pause()
            await self._dispatcher.drain()
            self._scheduler.shutdown(wait=False)


def triggers(order: Subscription) -> tuple[CronTrigger, ...]:
    """Return one trigger per time of day of an order that is on.

    Weekdays go by name: apscheduler counts 0 as Monday where cron counts 0 as Sunday.
    """
    if not order.enabled or not order.weekdays:
        return ()
    days = ",".join(Weekday(day).name.lower() for day in sorted(order.weekdays))
    return tuple(
        CronTrigger(day_of_week=days, hour=clock.hour, minute=clock.minute, timezone=order.timezone)
        for clock in dict.fromkeys(order.times)
    )
