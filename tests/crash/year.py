"""A simulated year in minutes: subscriptions on a simulated clock, a chat that fails, a machine that loses power.

All components between the clock, the source and the chat are real, with a database in a file. A power cut stops
all work in progress at a random call of the database; then a new app is opened on the file.
"""

import asyncio
import resource
import sys
import time as stopwatch
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from bots.delivery.admin_notices import PREFIX
from bots.domain.channels import Channel
from bots.domain.errors import StoreError
from bots.domain.runs import DeliveryState, Run
from bots.domain.subscriptions import Subscription, Weekday
from bots.scheduling.scheduler import Scheduler
from bots.store.sql import open_store
from tests.crash.unsteady import DailySource, Fragile, PowerCut, UnsteadyChat
from tests.support.doubles import Bench, Hand, ToldSummarizer, furnished

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
#: Every kind of clock change: none, in March, in April, by half an hour.
_ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe", "America/Santiago")
#: More often than once a day, or a paused subscription would miss its next slot.
_ADMIN_LOOKS = timedelta(hours=6)


@dataclass(frozen=True, kw_only=True)
class Balance:
    """The outcome of the year."""

    digests: int
    parts: int
    sent: int
    held: int
    dead: int
    #: Parts in no state of the balance, or dead or held without a reason.
    unexplained: int
    #: Keys that the chat posted twice.
    doubled: int
    #: Sent parts that the chat never posted.
    lost: int
    #: Slots without a run, and runs that never ended.
    slots_missed: int
    restarts: int
    #: Milliseconds of an idle poll, in the first tenth of the year and in the last: medians.
    tick_first: float
    tick_last: float
    #: MiB in use after the first tenth and at the end.
    memory_first: float
    memory_last: float


@dataclass(kw_only=True)
class Year:
    """One simulation."""

    file: Path
    subscriptions: int = 28
    days: int = 365
    seed: int = 2026
    power_cuts: int = 200

    def __post_init__(self) -> None:
        self.random = Random(self.seed)  # noqa: S311 - a simulation, no secret
        self.hand = Hand(now=BEGIN)
        self.chat = UnsteadyChat(clock=self.hand, sleep=self.hand.pace, key_window=None, random=self.random)
        # One for the whole year: each new app would load the encoder again.
        self.summarizer = ToldSummarizer()
        self.ticks: list[float] = []
        self.memory: list[float] = []
        self.restarts = 0
        self.resumed = BEGIN

    async def pass_by(self) -> Balance:
        """Simulate the year and return its balance."""
        async with open_store(self.file) as store:
            for subscription in self._subscriptions():
                await store.keep_subscription(subscription)
        end = BEGIN + timedelta(days=self.days)
        while self.hand.now < end:
            try:
                async with self._application() as (bench, scheduler):
                    await self._live(bench, scheduler, end)
            except PowerCut:
                self.restarts += 1
                # The downtime covers the time that a lease and a claim may need to lapse.
                self.hand.turn(minutes=self.random.choice((1, 5, 60)))
        self.power_cuts = 0
        async with self._application() as (bench, scheduler):
            await self._settle(bench, scheduler, end)
        return await self._balance(end)

    async def _settle(self, bench: Bench, scheduler: Scheduler, end: datetime) -> None:
        """Finish the runs that the year opened: wait for retries, leases and the chat's delays."""
        # Slots that fell due during a power cut at the end have no run yet.
        await self._look(bench, scheduler)
        while any(_due(run, end) and not run.finished for run in await bench.store.runs(limit=10 * self.subscriptions)):
            self.hand.turn(minutes=20)
            await self._look(bench, scheduler)

    def _subscriptions(self) -> Iterator[Subscription]:
        for number in range(self.subscriptions):
            yield Subscription(
                id=f"order-{number}",
                channel=Channel(platform="fakechat", channel=f"c{number}"),
                sources=("daily",),
                times=(time(self.random.randrange(24), self.random.randrange(60)),),
                weekdays=frozenset(Weekday),
                timezone=_zone(number),
                created=BEGIN,
            )

    @asynccontextmanager
    async def _application(self) -> AsyncIterator[tuple[Bench, Scheduler]]:
        day = DailySource(spec="daily", random=self.random)
        async with open_store(self.file) as store:
            left = self.random.randrange(
                300_000 * self.subscriptions * self.days // (10_000 * max(1, self.power_cuts)) + 60
            )
            fragile: Any = Fragile(store=store, random=self.random, left=left if self.power_cuts else None)
            bench = furnished(fragile, self.hand, self.chat, self.summarizer, {"daily": day})
            yield bench, _scheduler(fragile, bench)

    async def _live(self, bench: Bench, scheduler: Scheduler, end: datetime) -> None:
        while self.hand.now < end:
            await self._look(bench, scheduler)
            self.hand.turn(minutes=20)
            self.chat.forget(self.hand.now - timedelta(days=2))
            if self.hand.now.hour == 0 and self.hand.now.minute < 20:
                await self._measure(scheduler)
            if self.hand.now - self.resumed >= _ADMIN_LOOKS:
                self.resumed = self.hand.now
                await self._resume(bench)

    async def _look(self, bench: Bench, scheduler: Scheduler) -> None:
        looking = asyncio.create_task(scheduler.poll())
        await asyncio.wait({looking})
        _raise_power_cut(looking)
        while bench.dispatcher.in_flight:
            done, _ = await asyncio.wait(bench.dispatcher.in_flight, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                _raise_power_cut(task)

    async def _resume(self, bench: Bench) -> None:
        """Re-enable the subscriptions that were paused for lack of a permission, as an admin would."""
        # If the database refuses, the admin retries the next time.
        with suppress(StoreError):
            for subscription in await bench.store.subscriptions():
                if not subscription.enabled:
                    await bench.store.keep_subscription(replace(subscription, enabled=True, off_because=""))

    async def _measure(self, scheduler: Scheduler) -> None:
        began = stopwatch.perf_counter()
        looking = asyncio.create_task(scheduler.poll())
        await asyncio.wait({looking})
        _raise_power_cut(looking)
        self.ticks.append((stopwatch.perf_counter() - began) * 1000)
        self.memory.append(memory_in_use())

    async def _balance(self, end: datetime) -> Balance:
        async with open_store(self.file) as store:
            begun = {
                run.key: run for run in await store.runs(limit=self.subscriptions * self.days * 2) if _due(run, end)
            }
            parts = [part for part in await store.deliveries() if part.run_key in begun]
        runs = [run for key, run in begun.items() if not key.startswith(PREFIX)]
        by_state = Counter(part.state for part in parts)
        given_up = [part for part in parts if part.state in (DeliveryState.DEAD, DeliveryState.AMBIGUOUS)]
        open_ = by_state[DeliveryState.PLANNED] + by_state[DeliveryState.SENDING]
        tenth = max(1, len(self.ticks) // 10)
        return Balance(
            digests=len(runs),
            parts=len(parts),
            sent=by_state[DeliveryState.SENT],
            held=by_state[DeliveryState.AMBIGUOUS],
            dead=by_state[DeliveryState.DEAD],
            unexplained=open_ + sum(not part.last_error for part in given_up),
            doubled=sum(count > 1 for count in self.chat.shown.values()),
            lost=sum(self.chat.shown[part.key] == 0 for part in parts if part.state is DeliveryState.SENT),
            slots_missed=self.subscriptions * self.days - len({run.key for run in runs if run.finished}),
            restarts=self.restarts,
            tick_first=_median(self.ticks[:tenth]),
            tick_last=_median(self.ticks[-tenth:]),
            memory_first=max(self.memory[:tenth], default=0.0),
            memory_last=max(self.memory[-tenth:], default=0.0),
        )


def _due(run: Run, end: datetime) -> bool:
    """Return whether the run was due within the year, even if it was opened later."""
    if run.key.startswith(PREFIX):
        return run.created < end
    number = int(run.subscription_id.removeprefix("order-"))
    return datetime.combine(run.slot.day, run.slot.time, tzinfo=_zone(number)) < end


def _zone(number: int) -> ZoneInfo:
    return ZoneInfo(_ZONES[number % len(_ZONES)])


def _scheduler(store: Any, bench: Bench) -> Scheduler:
    parts = {
        "due_runs": bench.due_runs,
        "executor": bench.executor,
        "dispatcher": bench.dispatcher,
        "clock": bench.clock,
    }
    return Scheduler(store=store, **parts)  # type: ignore[arg-type]  # each is what its name says


def _raise_power_cut(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and isinstance(task.exception(), PowerCut):
        raise PowerCut


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2] if values else 0.0


def memory_in_use() -> float:
    """Return the memory that this process has in use, in MiB."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * resource.getpagesize() / 2**20
    except OSError:
        # Without /proc only the peak is known: KiB on Linux, bytes on macOS.
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most / (2**20 if sys.platform == "darwin" else 2**10)
