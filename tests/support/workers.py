"""A job queue on the tests' Postgres, and workers that carry out what it holds with a function of the test."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import anyio

from bots.scheduling.job_queue import JobQueue
from bots.scheduling.job_worker import JobWorker, Rhythm
from bots.store.memory import MemoryStore
from bots.testing.clock import HandClock
from tests.store.stores import address

#: A worker counts as dead after two seconds: a test cannot wait for forty.
QUICK = Rhythm(heartbeat=0.5, quiet=1.0, stalled=2.0, rescue=0.3, again=0.2)


@asynccontextmanager
async def a_queue(folder: Path) -> AsyncIterator[JobQueue]:
    """Yield an empty job queue in a database of its own."""
    with address("postgres", folder) as place:
        queue = JobQueue(place)
        async with queue.running():
            yield queue


async def is_settled(queue: JobQueue) -> bool:
    """Return whether the server runs for so long that silence, which counts from its start, is told from life."""
    (row,) = await queue.rows("SELECT extract(epoch FROM now() - pg_postmaster_start_time())::float8 AS age")
    return bool(row["age"] > QUICK.stalled + 1)


@dataclass
class Executor:
    """Carries runs out by a function; it has the methods that a worker calls."""

    execute: Callable[[str], Awaitable[None]]
    stopped: bool = False
    part_delivery: "Executor" = field(init=False)

    def __post_init__(self) -> None:
        """Be the delivery of parts, too."""
        self.part_delivery = self

    def stop(self) -> None:
        """Remember that the worker stops."""
        self.stopped = True

    async def settle(self, seconds: float) -> None:
        """Return at once: no post is under way."""


async def worked(queue: JobQueue, execute: Callable[[str], Awaitable[None]]) -> None:
    """Carry out the runs of a queue until cancelled."""
    worker = JobWorker(
        queue,
        store=MemoryStore(),
        executor=Executor(execute),  # type: ignore[arg-type]  # it has what a worker calls
        clock=HandClock(),
        rhythm=QUICK,
    )
    async with worker.running():
        await anyio.sleep_forever()
