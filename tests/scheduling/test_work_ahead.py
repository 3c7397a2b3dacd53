"""The work that nobody waits for: papers are indexed after each look at the schedule."""

import asyncio

from bots.domain.errors import StoreError
from bots.store.memory import MemoryStore
from tests.scheduling.test_scheduler import schedule_of
from tests.support.doubles import a_bench


async def test_papers_are_indexed_after_each_look() -> None:
    """After each look at the schedule some papers are indexed; a failure of that does not end the looks."""
    failures: list[Exception] = [StoreError("the disk is full"), ValueError("a fault")]
    turns, enough = list[int](), asyncio.Event()

    async def fill() -> int:
        turns.append(len(turns))
        if len(turns) <= len(failures):
            raise failures[len(turns) - 1]
        enough.set()
        return 0

    async with (
        a_bench(MemoryStore()) as bench,
        schedule_of(bench, look_every=0.01, fill=fill).running(),
        asyncio.timeout(30),
    ):
        await enough.wait()
    assert [0, 1, 2] == turns[:3]
