"""Who is cancelled while it writes a lease leaves none behind, which would keep others out for up to hours."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

import pytest

from bots.discord.departures import _LOOKS, ServerDepartures
from bots.discord.identifies import IDENTIFY, GatewayFacts, IdentifyGate
from bots.discord.shard_keeper import ShardKeeper
from bots.domain.leases import PROCESS
from bots.domain.shards import ShardChoice
from bots.store.memory import MemoryStore
from bots.testing.clock import HandClock


class SlowLeases(MemoryStore):
    """A database whose writes of leases take effect late, even if the caller is cancelled, as a thread's do."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.go = asyncio.Event(), asyncio.Event()

    async def hold_leases(self, *given: Any, **named: Any) -> frozenset[str]:
        """Write when the test lets it."""
        self.begun.set()
        return await asyncio.shield(asyncio.ensure_future(self._late(*given, **named)))

    async def _late(self, *given: Any, **named: Any) -> frozenset[str]:
        await self.go.wait()
        return await super().hold_leases(*given, **named)


async def facts() -> GatewayFacts:
    """Answer as Discord for a small bot."""
    return GatewayFacts(shards=1, total=1000, remaining=1000, reset_after=0.0, max_concurrency=1)


async def looking(store: MemoryStore, clock: HandClock) -> None:
    """Look for servers that removed the bot."""
    await ServerDepartures(store=store, rest=None, clock=clock, every=3600).keep_looking()  # type: ignore[arg-type]


async def identifying(store: MemoryStore, clock: HandClock) -> None:
    """Wait for the turn to start a session."""
    await IdentifyGate(store, clock, facts).wait(0)


async def keeping(store: MemoryStore, clock: HandClock) -> None:
    """Hold a shard of this process."""
    gate = IdentifyGate(store, clock, facts)
    keeper = ShardKeeper(
        ShardChoice(count=1), leases=store, clock=clock, gate=gate, open_=None, lapse=30.0  # type: ignore[arg-type]
    )  # fmt: skip
    keeper._count = 1
    try:
        await keeper._hold(PROCESS, [keeper._me], note="")
    finally:
        await keeper.close()


@pytest.mark.parametrize(("work", "kind"), [(looking, _LOOKS), (identifying, IDENTIFY), (keeping, PROCESS)])
async def test_a_cancelled_write_leaves_no_lease(work: Any, kind: str) -> None:
    """The write takes effect, and what ends the lease comes after it."""
    store, clock = SlowLeases(), HandClock()
    begun: Coroutine[Any, Any, None] = work(store, clock)
    task = asyncio.create_task(begun)
    await store.begun.wait()
    task.cancel()
    for _ in range(5):
        await asyncio.sleep(0)
    store.go.set()
    await asyncio.wait({task}, timeout=30)
    for _ in range(5):
        await asyncio.sleep(0)
    assert task.cancelled()
    assert () == await store.leases(kind, now=clock() + timedelta(seconds=1))
