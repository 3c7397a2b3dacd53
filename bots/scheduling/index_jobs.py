"""Papers are indexed for search by workers, or by the process that schedules if there is no worker for it."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bots.domain.errors import PaperwireError
from bots.domain.queues import INDEXING
from bots.ports import JobOutcome
from bots.scheduling.job_queue import JobQueue
from bots.scheduling.known_jobs import FIRST_FORM
from bots.scheduling.worker_signs import WorkerSigns
from bots.usecases.search_index import SearchIndex

_log = logging.getLogger(__name__)

#: The name of the job that indexes some papers, and of its lock: the same papers are not indexed twice.
INDEX = "paperwire.index"
#: One that waits is enough, and one is done at a time. All other work comes before it.
_OPTIONS: dict[str, Any] = {"queue": INDEXING, "queueing_lock": INDEX, "lock": INDEX, "priority": -10}
#: A job whose workers died is not repeated more often; the schedule's next poll defers another.
_DEATHS = 2


async def _defer(queue: JobQueue) -> None:
    await queue.put(INDEX, {}, **_OPTIONS)


@dataclass(frozen=True, kw_only=True, slots=True)
class IndexJobs:
    """Has new papers indexed."""

    queue: JobQueue
    signs: WorkerSigns
    search_index: SearchIndex

    async def fill(self) -> int:
        """Defer a job, and read into memory what workers indexed; without a worker, index some papers here.

        Returns:
            How many papers were indexed here.

        Raises:
            StoreError: the database cannot be read or written.
        """
        if not await self.signs.is_served(INDEXING):
            return await self.search_index.fill()
        await _defer(self.queue)
        await self.search_index.ready()
        return 0


@dataclass(frozen=True, kw_only=True, slots=True)
class IndexWork:
    """Indexes some papers, and then more until none is left; see `bots.scheduling.work.Work`."""

    queue: JobQueue
    search_index: SearchIndex
    task: str = INDEX
    form: int = FIRST_FORM

    async def perform(self, **_asked: Any) -> JobOutcome:
        """Index some papers: a second of work, so that a worker that stops has not long to wait."""
        try:
            done = await self.search_index.index_some()
            if done:
                await _defer(self.queue)
        except asyncio.CancelledError:
            await _defer(self.queue)
            raise
        except PaperwireError as error:
            _log.error("papers could not be indexed; it is retried within a minute", extra={"error": str(error)})
            return JobOutcome.FAILED
        except Exception:  # noqa: BLE001 - no failure may end the worker
            _log.exception("papers could not be indexed; it is retried within a minute")
            return JobOutcome.FAILED
        return JobOutcome.DONE

    async def rescued(self, asked: Mapping[str, Any], attempts: int, why: str) -> bool:  # noqa: ARG002 - all are alike
        """Repeat a job, but not for ever."""
        return attempts < _DEATHS
