"""Adapters that nobody can ask but that merge repeats, and adapters whose channels the operator names otherwise."""

from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from bots.domain.channels import Channel
from bots.domain.errors import HistoryClosed
from bots.domain.runs import DeliveryState, RunState
from bots.fakechat.faults import Fault
from bots.store.memory import MemoryStore
from tests.support.doubles import ADMIN, Bench, a_bench
from tests.support.factories import CHANNEL
from tests.support.scenes import due, shown


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    """A bench with a chat that merges no repeats."""
    async with a_bench(MemoryStore()) as made:
        made.chat.key_window = None
        yield made


async def test_a_platform_that_merges_repeats_gets_the_part_again(bench: Bench) -> None:
    """Where nobody can ask but a repeated message is dropped by its key, the part is posted again even with `hold`."""
    bench.chat.trouble(Fault.LOST_AFTER, times=1)
    adapter = bench.executor.part_delivery.adapters["fakechat"]
    asked: list[str] = []

    async def find(_channel: Channel, key: str, _since: datetime, *, root: str = "") -> str | None:
        asked.append(key)
        raise HistoryClosed("A mailbox cannot be asked.", repeat=True)

    vars(adapter)["find"] = find
    run = await due(bench)

    assert RunState.DONE == run.state
    assert 1 == len(asked)
    assert {DeliveryState.SENT} == {part.state for part in await bench.store.deliveries(run.key)}


async def test_an_admin_who_is_named_otherwise(bench: Bench) -> None:
    """A notice goes to the channel that the adapter makes of the admin's name; a name without one is only logged."""
    adapter = bench.executor.part_delivery.adapters["fakechat"]

    async def channel_named(channel: Channel) -> Channel:
        assert ADMIN == channel
        return Channel(platform="fakechat", channel="a mailbox")

    vars(adapter)["channel_named"] = channel_named
    bench.chat.trouble(Fault.GONE, CHANNEL.channel)
    await due(bench)
    await bench.executor.resume(bench.dispatcher)
    await bench.dispatcher.drain()

    assert "is paused" in shown(bench, "a mailbox")
    assert "" == shown(bench, ADMIN.channel)
