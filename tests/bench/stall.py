"""How long the event loop stands still while five thousand subscriptions are scheduled, looked at and changed."""

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import time as clock_time
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

from bots.domain.subscriptions import MOST_TIMES, Subscription, Weekday
from bots.scheduling.scheduler import Scheduler
from bots.store.memory import MemoryStore
from tests.bench.rows import Row
from tests.support.doubles import Hand, a_bench
from tests.support.factories import a_subscription

#: Our target: an acknowledgement takes 150 ms at most, and this is a third of it.
_WANTED = 50.0
_SUBSCRIPTIONS = 5000
_ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata")


def measure(_data: Path) -> Iterator[Row]:
    """Yield the longest time in milliseconds in which no other task ran, and what all of it took."""
    for times in (2, MOST_TIMES):
        for what, (stall, took) in asyncio.run(_stalls(times)).items():
            yield Row(what=f"{what}, {times} times each", ours=stall, unit="ms", peer="wanted", theirs=_WANTED)
            yield Row(what="  in all", ours=took, unit="s", peer="between two polls", theirs=60.0)


async def _stalls(times: int) -> dict[str, tuple[float, float]]:
    store = MemoryStore()
    async with a_bench(store) as bench:
        parts = {"due_runs": bench.due_runs, "executor": bench.executor, "dispatcher": bench.dispatcher}
        scheduler = Scheduler(store=store, clock=bench.clock, **parts)  # type: ignore[arg-type]  # as named
        for number in range(_SUBSCRIPTIONS):
            await store.keep_subscription(_subscription(number, times, bench.clock))
        # What the bench itself and the libraries hold is not looked through again by the garbage collector meanwhile.
        gc.collect()
        gc.freeze()
        found = {}
        async with _Opened(scheduler) as opened:
            found["scheduled"] = opened.stall
            found["looked at again"] = await _stall(scheduler.poll)
            for number in range(0, _SUBSCRIPTIONS, 10):
                await store.keep_subscription(replace(_subscription(number, times, bench.clock), limit=9))
            found["a tenth changed"] = await _stall(scheduler.poll)
        return found


class _Opened:
    """A scheduler that runs, and how long the event loop stood still while it started."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._running = scheduler.running()
        self.stall = (0.0, 0.0)

    async def __aenter__(self) -> Self:
        self.stall = await _stall(self._running.__aenter__)
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._running.__aexit__(None, None, None)


def _subscription(number: int, times: int, clock: Hand) -> Subscription:
    return a_subscription(
        id=f"s{number}",
        timezone=ZoneInfo(_ZONES[number % len(_ZONES)]),
        times=tuple(clock_time(hour * 24 // times, number % 60) for hour in range(times)),
        weekdays=frozenset(Weekday),
        created=clock(),
    )


async def _stall(work: Callable[[], Awaitable[object]]) -> tuple[float, float]:
    """Return the longest time in milliseconds in which no other task ran during some work, and its seconds in all."""
    longest, last, begun = 0.0, time.perf_counter(), time.perf_counter()

    async def beats() -> None:
        nonlocal longest, last
        while True:
            now = time.perf_counter()
            longest, last = max(longest, now - last), now
            await asyncio.sleep(0)

    beating = asyncio.create_task(beats())
    await work()
    beating.cancel()
    return 1000 * max(longest, time.perf_counter() - last), time.perf_counter() - begun
