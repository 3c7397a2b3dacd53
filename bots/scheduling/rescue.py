"""Puts jobs back into the queue that nobody carries out any more: those of dead workers, and those that got lost.

One worker at a time has a job in its hands, whatever the clocks of the machines say: the database holds its row for
the one that came first, and decides by its own clock and by the job's worker whether the job is still to be rescued.
"""

import logging
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from typing import TypeAlias

import psycopg
from procrastinate.jobs import Job

from bots.domain.errors import StoreError
from bots.domain.queues import INDEXING, SUMMARIES
from bots.scheduling.job_queue import JobQueue
from bots.scheduling.known_jobs import is_newer
from bots.scheduling.work import Work

_log = logging.getLogger(__name__)

#: Failed runs are listed for this many hours, for the operator. Other failed jobs have nothing to tell.
_KEPT_HOURS = 7 * 24
_KEPT_HOURS_OF_OTHERS = 1
_HOLD = """
    SELECT job.id FROM procrastinate_jobs job
     WHERE job.id = %(id)s AND job.status = 'doing' AND job.worker_id IS NOT DISTINCT FROM %(worker)s::bigint
       AND NOT EXISTS (
           SELECT 1 FROM procrastinate_workers worker
            WHERE worker.id = job.worker_id AND worker.id IS DISTINCT FROM %(mine)s::bigint
              AND worker.last_heartbeat >= now() - %(stalled)s * interval '1 second')
       FOR UPDATE OF job SKIP LOCKED"""
#: Whoever waited for a blurb has made it itself, or died; a job that no worker knows would stay for ever.
_FORGET = """
    DELETE FROM procrastinate_jobs AS job
     WHERE job.queue_name = %(queue)s AND job.status = 'todo' AND coalesce(job.scheduled_at, now()) <= now()
       AND NOT EXISTS (
           SELECT FROM procrastinate_events event
            WHERE event.job_id = job.id AND event.at > now() - %(hours)s * interval '1 hour')"""
_PUT_BACK = "SELECT procrastinate_retry_job_v2(%(id)s, NULL, NULL, NULL, NULL)"
_DROP = "SELECT procrastinate_finish_job_v1(%(id)s, 'failed', true)"
_Connection: TypeAlias = psycopg.AsyncConnection[tuple[object, ...]]


class Rescue:
    """Looks for jobs that nobody carries out, in the name of one process."""

    def __init__(self, queue: JobQueue, works: Mapping[str, Work], stalled: float) -> None:
        """Remember the queue, each kind of work by the name of its jobs, and when a worker counts as dead.

        Args:
            queue: the queue.
            works: what prepares a job for another worker.
            stalled: seconds without a sign of life.
        """
        self._queue, self._works, self._stalled = queue, works, stalled
        #: Jobs that were ours at the last look without being under way: one that has just begun or ended looks so, too.
        self._idle: set[int] = set()

    async def of_the_dead(self) -> int:
        """Put the jobs of workers without a sign of life back into the queue, and return how many.

        Raises:
            ConnectorException, StoreError: the database cannot be used.
        """
        jobs = self._queue.app.job_manager
        stalled = await jobs.get_stalled_jobs(seconds_since_heartbeat=self._stalled)
        rescued = [job for job in stalled if await self._put_back(job, None, "its worker died; another continues it")]
        await jobs.delete_old_jobs(nb_hours=_KEPT_HOURS, include_failed=True, include_aborted=True)
        await self._queue.execute(_FORGET, queue=SUMMARIES, hours=_KEPT_HOURS_OF_OTHERS)
        for queue in (SUMMARIES, INDEXING):
            await jobs.delete_old_jobs(
                nb_hours=_KEPT_HOURS_OF_OTHERS, queue=queue, include_failed=True, include_aborted=True
            )
        return len(rescued)

    async def of_our_own(self, workers: Collection[int], under_way: Collection[int]) -> int:
        """Put back what counts as carried out by this process, but is not, and return how many.

        The database may have lost the answer that gave a job to a worker, or the news that it ended.

        Args:
            workers: the numbers of this process's workers in the queue.
            under_way: the jobs that they carry out.
        """
        ours = [job for each in workers for job in await self._doing(each)]
        idle = [job for job in ours if job.id not in under_way]
        lost = [job for job in idle if job.id in self._idle]
        self._idle = {job.id for job in idle if job.id is not None}
        why = "its end was not recorded; it is continued"
        return sum([await self._put_back(job, job.worker_id, why) for job in lost])

    async def _doing(self, worker: int) -> list[Job]:
        return list(await self._queue.app.job_manager.list_jobs_async(worker_id=worker, status="doing"))

    async def _put_back(self, job: Job, mine: int | None, why: str) -> bool:
        values = {"id": job.id, "worker": job.worker_id, "mine": mine, "stalled": self._stalled}
        async with self._held(values) as connection:
            if connection is None:
                return False
            work = self._works.get(job.task_name)
            # A job that is not known here is for workers of another version, which have it back.
            again = work is None or is_newer(job.task_kwargs, work.form) or await _prepared(work, job, why)
            if again:
                await _returned(connection, values)
            else:
                await connection.execute(_DROP, values)
        told = {"job": job.id, "task": job.task_name, "repeated": again, "why": why}
        _log.warning("a job that nobody carries out is continued" if again else "a job is given up", extra=told)
        return True

    @asynccontextmanager
    async def _held(self, values: Mapping[str, object]) -> AsyncIterator[_Connection | None]:
        """Yield a transaction to one caller at a time that has the job in its hands, if it is still to be rescued."""
        try:
            async with self._queue.connection() as connection:
                held = await (await connection.execute(_HOLD, values)).fetchone() is not None
                yield connection if held else None
        except psycopg.Error as error:
            raise StoreError(f"The job queue could not be used: {error}", hint="Check the Postgres server.") from error


async def _prepared(work: Work, job: Job, why: str) -> bool:
    """Return whether a job is to be repeated; one whose arguments cannot be read must not keep others from rescue."""
    try:
        return await work.rescued(job.task_kwargs, job.attempts, why)
    except (AttributeError, KeyError, TypeError, ValueError):
        _log.exception("a job cannot be read", extra={"job": job.id, "task": job.task_name})
        return False


async def _returned(connection: _Connection, values: Mapping[str, object]) -> None:
    """Put a job back into the queue, or end it if another job of its run waits there already."""
    try:
        async with connection.transaction():
            await connection.execute(_PUT_BACK, values)
    except psycopg.errors.UniqueViolation:
        # As long as this one counted as under way, its lock would keep the other one waiting for ever.
        await connection.execute(_DROP, values)
