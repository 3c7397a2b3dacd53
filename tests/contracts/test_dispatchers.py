"""The contract of every dispatcher: each dispatched run is executed, and draining waits for it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from bots.ports import Dispatcher
from bots.scheduling.dispatcher import InlineDispatcher
from tests.store.stores import needs_postgres
from tests.support.workers import a_queue, worked

Make = Callable[[Callable[[str], Awaitable[None]]], Dispatcher]


@pytest.fixture(params=["inline", pytest.param("jobs", marks=needs_postgres)])
async def make(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Make]:
    """Every dispatcher in turn, constructed with the function that executes a run."""
    if request.param == "inline":
        yield InlineDispatcher
        return
    async with AsyncExitStack() as stack:
        queue = await stack.enter_async_context(a_queue(tmp_path))
        workers: list[asyncio.Task[Any]] = []

        def made(execute: Callable[[str], Awaitable[None]]) -> Dispatcher:
            workers.append(asyncio.create_task(worked(queue, execute)))
            return queue

        yield made
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)


async def test_every_run_is_carried_out_and_drained(make: Make) -> None:
    """Dispatching returns before the run ends; draining returns after all runs have ended."""
    ended: list[str] = []
    gate = asyncio.Event()

    async def execute(key: str) -> None:
        await gate.wait()
        ended.append(key)

    dispatcher = make(execute)
    for key in ("a", "b", "c"):
        await dispatcher.dispatch(key)
    assert [] == ended

    gate.set()
    await dispatcher.drain()
    assert {"a", "b", "c"} == set(ended)


async def test_a_run_under_way_is_not_started_twice(make: Make) -> None:
    """Dispatching a run that has not ended has no effect; after it has ended it may be dispatched again."""
    begun: list[str] = []
    gate = asyncio.Event()

    async def execute(key: str) -> None:
        begun.append(key)
        await gate.wait()

    dispatcher = make(execute)
    await dispatcher.dispatch("a")
    while not begun:  # noqa: ASYNC110 - another process could begin it, without an event of ours
        await asyncio.sleep(0)
    await dispatcher.dispatch("a")
    gate.set()
    await dispatcher.drain()
    assert ["a"] == begun

    await dispatcher.dispatch("a")
    await dispatcher.drain()
    assert ["a", "a"] == begun


async def test_a_crash_ends_its_own_run_only(make: Make, caplog: pytest.LogCaptureFixture) -> None:
    """A run that raises is logged with its key, and the others are executed."""
    ended: list[str] = []

    async def execute(key: str) -> None:
        if key == "bad":
            raise ZeroDivisionError(key)
        ended.append(key)

    dispatcher = make(execute)
    with caplog.at_level(logging.ERROR):
        for key in ("bad", "good"):
            await dispatcher.dispatch(key)
        await dispatcher.drain()

    assert ["good"] == ended
    assert any(getattr(record, "run", "") == "bad" for record in caplog.records)


async def test_draining_nothing_returns_at_once(make: Make) -> None:
    """Draining without a dispatched run does not wait."""

    async def execute(key: str) -> None:
        raise AssertionError(key)

    await asyncio.wait_for(make(execute).drain(), timeout=1)
