"""Connections that the server has closed, as a restart closes them all, are opened again without a word."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bots.domain.queues import DIGESTS
from bots.scheduling.job_queue import CARRY_OUT, JobQueue
from tests.store.stores import address, needs_postgres
from tests.support.queue_scenes import Scene, until

pytestmark = needs_postgres


@pytest.fixture
async def queues(tmp_path: Path) -> AsyncIterator[tuple[JobQueue, JobQueue]]:
    """Two queues on one database."""
    with address("postgres", tmp_path) as place:
        ours, another = JobQueue(place), JobQueue(place)
        async with ours.running(), another.running():
            yield ours, another


async def close_all(by: JobQueue) -> None:
    """Close every other connection to the database, as the server does when it is restarted."""
    await by.rows(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )


def loud(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what our log says that needs a look."""
    return [
        each.getMessage()
        for each in caplog.records
        if each.levelno >= logging.WARNING and each.name.startswith(("bots", "procrastinate"))
    ]


async def test_idle_connections_that_were_closed(
    queues: tuple[JobQueue, JobQueue], caplog: pytest.LogCaptureFixture
) -> None:
    """With six of them, the next question is answered: they are not tried one by one until patience is over."""
    ours, another = queues
    # Each holds a connection until all six are open.
    await asyncio.gather(*(ours.execute("SELECT pg_sleep(0.3)") for _ in range(6)))
    opened = int(ours._connector.pool.get_stats()["pool_size"])
    await close_all(another)
    for _ in range(3):
        assert [{"answer": 1}] == await ours.rows("SELECT 1 AS answer")
    assert opened > 3
    assert [] == loud(caplog)


async def test_a_worker_whose_connections_were_closed(
    queues: tuple[JobQueue, JobQueue], caplog: pytest.LogCaptureFixture
) -> None:
    """It goes on listening and working, and nothing is told: the server was never away."""
    ours, another = queues
    done: list[str] = []

    async def execute(key: str) -> bool:
        done.append(key)
        return True

    async with AsyncExitStack() as stack:
        scene = Scene(ours, stack)
        await scene.worker(DIGESTS, execute=execute)
        for key in ("a@b", "c@d", "e@f"):
            await close_all(another)
            await another.put(CARRY_OUT, {"run_key": key}, queue=DIGESTS)
            await until(lambda key=key: _has(done, key))  # type: ignore[misc]
    assert [] == loud(caplog)


async def _has(done: list[str], key: str) -> bool:
    return key in done
