"""Who ends, or is cancelled, while a lease is being written leaves none behind: others would wait for nobody."""

import asyncio
from contextlib import suppress
from typing import Any

import pytest

from bots.digests.single_flight import LEASE, WORK, SingleFlight
from bots.store.memory import MemoryStore
from bots.testing.clock import HandClock
from tests.digests.test_single_flight import PATIENCE, yielded


class SlowLeases(MemoryStore):
    """A database whose writes of leases take effect late, even if the caller is cancelled, as a thread's do."""

    def __init__(self) -> None:
        super().__init__()
        self.slow = False
        self.begun, self.go = asyncio.Event(), asyncio.Event()

    async def hold_leases(self, *given: Any, **named: Any) -> frozenset[str]:
        """Write when the test lets it."""
        if not self.slow:
            return await super().hold_leases(*given, **named)
        self.begun.set()
        return await asyncio.shield(asyncio.ensure_future(self._late(*given, **named)))

    async def _late(self, *given: Any, **named: Any) -> frozenset[str]:
        await self.go.wait()
        return await super().hold_leases(*given, **named)

    async def is_free(self, name: str, clock: HandClock) -> bool:
        """Return whether another process would get the lease at once."""
        self.slow = False
        taken = await self.hold_leases(WORK, [name], holder="another", now=clock(), until=clock() + LEASE)
        return bool(taken)


async def nothing() -> None:
    """Find nothing."""


async def test_a_prolongation_under_way_does_not_outlive_its_lease() -> None:
    """What is made while the lease is being prolonged leaves no lease behind, though the write lands late."""
    store, clock, made = SlowLeases(), HandClock(), asyncio.Event()
    pauses = [asyncio.Event()]

    async def sleep(_seconds: float) -> None:
        await (pauses.pop() if pauses else asyncio.Event()).wait()

    async def make() -> str:
        await made.wait()
        return "made"

    pause = pauses[0]
    flight = SingleFlight(leases=store, clock=clock, ticks=clock.ticks, sleep=sleep, holder="we")
    work = asyncio.create_task(flight.once("thing", nothing, make))
    await yielded()
    store.slow = True
    pause.set()
    await store.begun.wait()
    made.set()
    await yielded()
    store.go.set()
    assert "made" == await asyncio.wait_for(work, PATIENCE)
    await yielded()
    assert await store.is_free("thing", clock)


@pytest.mark.parametrize("alone", [False, True])
async def test_who_is_cancelled_while_it_takes_a_lease_leaves_none(*, alone: bool) -> None:
    """The write that was under way takes effect, and is taken back."""
    store, clock = SlowLeases(), HandClock()
    flight = SingleFlight(leases=store, clock=clock, ticks=clock.ticks, holder="we")

    async def by_itself() -> None:
        async with flight.alone("thing", rest=LEASE):
            pass

    store.slow = True
    work = asyncio.create_task(by_itself() if alone else flight.once("thing", nothing, nothing))
    await store.begun.wait()
    work.cancel()
    await yielded()
    store.go.set()
    with suppress(asyncio.CancelledError):
        await asyncio.wait_for(work, PATIENCE)
    await yielded()
    assert work.cancelled()
    assert await store.is_free("thing", clock)
