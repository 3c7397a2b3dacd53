"""A Postgres that is killed and started again: workers and schedules go on by themselves, and say so once."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest

from bots.domain.runs import RunState
from bots.scheduling.job_queue import JobQueue
from bots.scheduling.job_worker import JobWorker
from bots.store.sql import SqlStore, open_store
from bots.testing.clock import HandClock
from tests.store.stores import a_run, needs_postgres
from tests.support.factories import NOW
from tests.support.own_postgres import OwnPostgres, own_postgres
from tests.support.workers import QUICK, Executor

pytestmark = [needs_postgres, pytest.mark.slow]


@pytest.fixture(scope="module")
def server() -> Iterator[OwnPostgres]:
    """A server of this module alone."""
    with own_postgres() as started:
        yield started


@pytest.fixture
async def opened(server: OwnPostgres) -> AsyncIterator[tuple[SqlStore, JobQueue]]:
    """A store and a queue in the server's database."""
    queue = JobQueue(server.conninfo)
    async with queue.running(), open_store(server.url, on_opened=queue.defer_within) as store:
        yield store, queue


async def test_a_worker_outlasts_its_server(
    server: OwnPostgres, opened: tuple[SqlStore, JobQueue], caplog: pytest.LogCaptureFixture
) -> None:
    """What it carries out is recorded when the server is back, the next run follows, and the log says it once."""
    store, queue = opened
    begun, away, done = asyncio.Event(), asyncio.Event(), []

    async def execute(key: str) -> None:
        done.append(key)
        begun.set()
        await away.wait()

    first, second = a_run(key="first@2026-05-01T09:00"), a_run(key="second@2026-05-01T09:00")
    await store.open_run(first)
    worker = JobWorker(queue, store=store, executor=Executor(execute), clock=HandClock(), rhythm=QUICK)  # type: ignore[arg-type]
    with caplog.at_level(logging.INFO, "bots"):
        async with worker.running():
            await begun.wait()
            await asyncio.to_thread(server.end, signal.SIGKILL)
            away.set()
            # More signs of life are due than one, and more looks for dead workers.
            await asyncio.sleep(2)
            assert worker._worker
            number = worker._worker.worker_id
            await asyncio.to_thread(server.start)
            await store.move_run(first.key, RunState.DONE, now=NOW)
            await store.open_run(second)
            async with asyncio.timeout(45):
                while await _jobs(queue) or second.key not in done:
                    if second.key in done:
                        await store.move_run(second.key, RunState.DONE, now=NOW + timedelta(minutes=1))
                    await asyncio.sleep(0.05)
            assert number == worker._worker.worker_id
    said = [record.getMessage() for record in caplog.records if "job queue" in record.getMessage()]
    lost = "the job queue cannot be reached; it is tried again until it can"
    assert [lost, "the job queue is reached again"] == said[:2]
    assert 1 == said.count(lost)


async def _jobs(queue: JobQueue) -> list[str]:
    jobs = [job async for job in _all(queue)]
    return [job for job in jobs if job in ("todo", "doing")]


async def _all(queue: JobQueue) -> AsyncIterator[str]:
    for job in await queue.app.job_manager.list_jobs_async():
        yield job.status or ""
