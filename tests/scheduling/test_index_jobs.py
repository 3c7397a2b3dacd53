"""Workers index papers for search, so that whoever answers people need not; without a worker, the bot does it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from bots.domain.errors import StoreError
from bots.domain.queues import INDEXING
from bots.ports import JobOutcome
from bots.scheduling.index_jobs import IndexJobs, IndexWork
from bots.scheduling.job_queue import JobQueue
from bots.scheduling.worker_signs import WorkerSigns
from bots.usecases.search_index import SearchIndex
from tests.store.stores import needs_postgres
from tests.support.workers import a_queue

pytestmark = needs_postgres


@dataclass
class Index:
    """A search index with so many groups of papers to index."""

    groups: int = 2
    error: Exception | None = None
    done: list[str] = field(default_factory=list)

    async def fill(self) -> int:
        """Index a group, and be ready for searches."""
        self.done.append("fill")
        return 32

    async def ready(self) -> None:
        """Be ready for searches."""
        self.done.append("ready")

    async def index_some(self) -> int:
        """Index a group, or fail."""
        if self.error:
            raise self.error
        self.done.append("some")
        self.groups -= 1
        return 32 if self.groups >= 0 else 0


@pytest.fixture
async def queue(tmp_path: Path) -> AsyncIterator[JobQueue]:
    """An empty job queue."""
    async with a_queue(tmp_path) as queue:
        yield queue


async def jobs(queue: JobQueue) -> list[dict[str, Any]]:
    """Take the jobs out of the table."""
    return await queue.rows("DELETE FROM procrastinate_jobs RETURNING queue_name, priority, lock")


async def test_a_worker_indexes_for_the_bot(queue: JobQueue) -> None:
    """With a worker, each poll leaves one job at most and reads what workers indexed; without, the bot does it."""
    index, signs = Index(), WorkerSigns(queue)
    bot = IndexJobs(queue=queue, signs=signs, search_index=cast("SearchIndex", index))
    assert 32 == await bot.fill()
    assert (["fill"], []) == (index.done, await jobs(queue))
    await signs.announce("a worker", {INDEXING: 1})
    assert [0, 0] == [await bot.fill() for _ in range(2)]
    assert ["fill", "ready", "ready"] == index.done
    (job,) = await jobs(queue)
    assert (INDEXING, True, "paperwire.index") == (job["queue_name"], job["priority"] < 0, job["lock"])


async def test_a_job_leaves_another_while_there_are_papers(queue: JobQueue) -> None:
    """A job is a second of work: one of 10,000 papers would hold a worker that stops."""
    index = Index(groups=2)
    work = IndexWork(queue=queue, search_index=cast("SearchIndex", index))
    left = []
    for _ in range(3):
        assert JobOutcome.DONE == await work.perform()
        left.append(len(await jobs(queue)))
    assert ([1, 1, 0], ["some"] * 3) == (left, index.done)


@pytest.mark.parametrize("error", [StoreError("The disk is full."), ZeroDivisionError("a bug")])
async def test_a_failure_is_left_to_the_next_poll(queue: JobQueue, error: Exception) -> None:
    """A job that fails ends and leaves none, so that it cannot come back at once and for ever."""
    work = IndexWork(queue=queue, search_index=cast("SearchIndex", Index(error=error)))
    assert JobOutcome.FAILED == await work.perform()
    assert [] == await jobs(queue)
