"""The contract of reserving a channel, for every store: one run of a channel at a time makes its digest."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest

from bots.domain.runs import Run, RunState
from bots.domain.slots import Slot
from bots.ports import Store
from bots.store.sql import open_store
from tests.store.stores import KINDS, WITH_TABLES, a_run, address, at, opened, some_parts
from tests.support.factories import CHANNEL, DAY


@pytest.fixture(params=KINDS)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store of each kind."""
    async with opened(request.param, tmp_path) as store:
        yield store


async def claimed(store: Store, name: str) -> Run:
    """Open a run and claim it for six minutes."""
    run = a_run(name, Slot(day=DAY, time=time(9)))
    await store.open_run(run)
    assert await store.claim(run.key, now=at(0), until=at(6))
    return run


async def test_one_run_of_a_channel_at_a_time(store: Store) -> None:
    """The first run gets the channel, and keeps it; the second waits, and has another channel at once."""
    one, two = [await claimed(store, name) for name in ("one", "two")]
    assert await store.reserve(one.key, CHANNEL, now=at(1))
    assert not await store.reserve(two.key, CHANNEL, now=at(1))
    assert await store.reserve(one.key, CHANNEL, now=at(2))
    assert await store.reserve(two.key, replace(CHANNEL, channel="other"), now=at(1))


async def test_a_channel_is_free_when_the_parts_are_recorded(store: Store) -> None:
    """From then on everyone sees which papers are coming."""
    one, two = [await claimed(store, name) for name in ("one", "two")]
    await store.reserve(one.key, CHANNEL, now=at(1))
    await store.plan(one.key, some_parts(one))
    assert await store.reserve(two.key, CHANNEL, now=at(1))


@pytest.mark.parametrize("state", [RunState.QUEUED, RunState.DONE, RunState.FAILED, RunState.RUNNING])
async def test_a_channel_is_free_when_the_run_is_released(store: Store, state: RunState) -> None:
    """A run that is put off, that has ended or was handed back has no channel reserved; a renewed claim keeps it."""
    one, two = [await claimed(store, name) for name in ("one", "two")]
    await store.reserve(one.key, CHANNEL, now=at(1))
    await store.move_run(one.key, RunState.RUNNING, now=at(1), not_before=at(7), claimed=True)
    assert not await store.reserve(two.key, CHANNEL, now=at(1))
    await store.move_run(one.key, state, now=at(1), not_before=at(60))
    assert await store.reserve(two.key, CHANNEL, now=at(1))


async def test_a_dead_process_keeps_no_channel(store: Store) -> None:
    """When its claim has expired the channel is free; the run that is claimed again has to reserve it again."""
    one, two = [await claimed(store, name) for name in ("one", "two")]
    await store.reserve(one.key, CHANNEL, now=at(1))
    assert not await store.reserve(two.key, CHANNEL, now=at(5))
    assert await store.claim(one.key, now=at(7), until=at(13))
    await store.claim(two.key, now=at(7), until=at(13))
    assert await store.reserve(two.key, CHANNEL, now=at(8))
    assert not await store.reserve(one.key, CHANNEL, now=at(8))


@pytest.mark.parametrize("kind", WITH_TABLES)
async def test_many_at_once_and_one_wins(kind: str, tmp_path: Path) -> None:
    """Of eight runs that reserve a channel at the same instant, through stores of their own, one gets it."""
    with address(kind, tmp_path) as place:
        async with AsyncExitStack() as stack:
            stores = [await stack.enter_async_context(open_store(place)) for _ in range(4)]
            runs = [await claimed(stores[0], f"run {number}") for number in range(8)]

            won = await asyncio.gather(
                *(stores[place % 4].reserve(run.key, CHANNEL, now=at(1)) for place, run in enumerate(runs))
            )
    assert 1 == sum(won)
