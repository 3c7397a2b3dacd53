"""How long a part waits after a refusal, and what becomes of a post that hangs when the program ends."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bots.delivery.steps import wait_after
from bots.domain.errors import PostRefused, PostUnknown
from bots.fakechat.faults import Fault
from bots.store.memory import MemoryStore
from tests.support.doubles import Bench, a_bench
from tests.support.scenes import opened


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with a_bench(MemoryStore()) as made:
        yield made


def test_waits_double_up_to_ten_minutes() -> None:
    """Without a time the waits after refusals double from two seconds to ten minutes; a time that is named is kept."""
    waits = [wait_after(PostRefused("later"), attempts).total_seconds() for attempts in range(12)]
    assert [2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600, 600] == waits
    assert 7200 == wait_after(PostRefused("later", retry_after=7200), 3).total_seconds()
    assert 16 == wait_after(PostUnknown("no answer"), 3).total_seconds()


async def test_what_does_not_settle_in_time_is_cancelled(bench: Bench) -> None:
    """A post that hangs when the program ends is cancelled: it does not arrive after the program has settled."""
    gate = asyncio.Event()
    bench.chat.trouble(Fault.SLOW, times=1, gate=gate)
    run = asyncio.create_task(bench.executor.execute(await opened(bench)))
    while not bench.chat.attempts:  # noqa: ASYNC110 - the chat in memory has no event to wait for
        await asyncio.sleep(0)
    run.cancel()
    await asyncio.wait({run})

    await bench.executor.part_delivery.settle(0)
    gate.set()
    await bench.executor.part_delivery.settle(5)

    assert run.cancelled()
    assert not bench.chat.messages
