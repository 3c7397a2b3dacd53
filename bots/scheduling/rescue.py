"""Puts jobs back into the queue that nobody carries out any more: those of dead workers, and those that got lost.

One worker at a time has a job in its hands, whatever the clocks of the machines say: the database holds its row for
the one that came first, and decides by its own clock and by the job's worker whether the job is still to be rescued.
"""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping
from contextlib import asynccontextmanager
from math import inf
from typing import TypeAlias

import psycopg
from procrastinate.jobs import Job

from bots.domain.errors import StoreError
from bots.domain.queues import INDEXING, SUMMARIES
from bots.scheduling.job_queue import JobQueue
from bots.scheduling.known_jobs import is_newer
from bots.scheduling.presence import PRESENT
from bots.scheduling.work import Work

_log = logging.getLogger(__name__)

#: Failed runs are listed for this many hours, for the operator. Other failed jobs have nothing to tell.
_KEPT_HOURS = 7 * 24
_KEPT_HOURS_OF_OTHERS = 1
#: Seconds between two times that old jobs are deleted.
_TIDIED = 60.0
#: Jobs that are put back at the same time. Each holds a connection to the queue, of six; the others are for jobs that
#: end and signs of life.
_AT_ONCE = 3
#: Seconds after which a worker without a sign of life is forgotten. The library would forget it once it is stalled, and
#: a worker that was only slow could never take a job again.
_FORGOTTEN = 86_400.0
#: A worker lives as long as it gives signs of life. If it gives none for a while, its presence decides if that was seen
#: here before; otherwise, and in the end, its silence. A server that was away could take down no signs.
_HOLD = f"""
    SELECT job.id FROM procrastinate_jobs job
     WHERE job.id = %(id)s AND job.status = 'doing' AND job.worker_id IS NOT DISTINCT FROM %(worker)s::bigint
       AND NOT EXISTS (
           SELECT 1 FROM procrastinate_workers worker,
                LATERAL (SELECT now() - greatest(worker.last_heartbeat, pg_postmaster_start_time()) AS since) silence
            WHERE worker.id = job.worker_id AND worker.id IS DISTINCT FROM %(mine)s::bigint
              AND (silence.since <= %(quiet)s * interval '1 second'
                   OR silence.since <= %(stalled)s * interval '1 second'
                      AND (NOT worker.id = ANY(%(seen)s::bigint[]) OR worker.id IN ({PRESENT}))))
       FOR UPDATE OF job SKIP LOCKED"""  # noqa: S608 - of presence.py
#: Whoever waited for a blurb has made it itself, or died; a job that no worker knows would stay for ever.
_FORGET = """
    DELETE FROM procrastinate_jobs AS job
     WHERE job.queue_name = %(queue)s AND job.status = 'todo' AND coalesce(job.scheduled_at, now()) <= now()
       AND NOT EXISTS (
           SELECT FROM procrastinate_events event
            WHERE event.job_id = job.id AND event.at > now() - %(hours)s * interval '1 hour')"""
_PUT_BACK = "SELECT procrastinate_retry_job_v2(%(id)s, NULL, NULL, NULL, NULL)"
#: The library tells workers of jobs that are deferred, and not of those that are put back, or whose lock is free again.
_TELL = "SELECT pg_notify('procrastinate_queue_v1#' || %(queue)s, %(told)s)"
_DROP = "SELECT procrastinate_finish_job_v1(%(id)s, 'failed', true)"
_Connection: TypeAlias = psycopg.AsyncConnection[tuple[object, ...]]


class Rescue:
    """Looks for jobs that nobody carries out, in the name of one process."""

    def __init__(
        self,
        queue: JobQueue,
        works: Mapping[str, Work],
        stalled: float,
        *,
        quiet: float | None = None,
        seen: Callable[[], Collection[int]] = tuple,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        """Remember the queue, each kind of work by the name of its jobs, and when a worker counts as dead.

        Args:
            queue: the queue.
            works: what prepares a job for another worker.
            stalled: seconds without a sign of life.
            quiet: seconds without one if the worker is not present any more; None if that makes no difference.
            seen: returns the workers that were present, see `bots.scheduling.presence.Presence`.
            ticks: returns monotonic seconds.
        """
        self._queue, self._works, self._stalled = queue, works, stalled
        self._quiet, self._seen, self._ticks = stalled if quiet is None else quiet, seen, ticks
        self._tidied = -inf
        #: Jobs that were ours at the last look without being under way: one that has just begun or ended looks so, too.
        self._idle: set[int] = set()

    async def of_the_dead(self) -> int:
        """Put the jobs of dead workers back into the queue, and return how many.

        Raises:
            ConnectorException, StoreError: the database cannot be used.
        """
        suspects = await self._queue.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=self._quiet)
        rescued = await self._all_put_back([(job, None) for job in suspects], "its worker died; another continues it")
        await self._tidy()
        return rescued

    async def _tidy(self) -> None:
        """Delete what nobody needs any more, once in a while."""
        if self._ticks() - self._tidied < _TIDIED:
            return
        jobs = self._queue.app.job_manager
        await jobs.delete_old_jobs(nb_hours=_KEPT_HOURS, include_failed=True, include_aborted=True)
        await self._queue.execute(_FORGET, queue=SUMMARIES, hours=_KEPT_HOURS_OF_OTHERS)
        for queue in (SUMMARIES, INDEXING):
            await jobs.delete_old_jobs(
                nb_hours=_KEPT_HOURS_OF_OTHERS, queue=queue, include_failed=True, include_aborted=True
            )
        await jobs.prune_stalled_workers(_FORGOTTEN)
        self._tidied = self._ticks()

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
        return await self._all_put_back(
            [(job, job.worker_id) for job in lost], "its end was not recorded; it is continued"
        )

    async def _all_put_back(self, jobs: Iterable[tuple[Job, int | None]], why: str) -> int:
        """Put jobs back, some at a time: on a machine without time to spare each takes seconds, mostly of waiting."""
        turns = asyncio.Semaphore(_AT_ONCE)

        async def one(job: Job, mine: int | None) -> bool:
            async with turns:
                return await self._put_back(job, mine, why)

        done = await asyncio.gather(*(one(*each) for each in jobs), return_exceptions=True)
        for failure in (each for each in done if isinstance(each, BaseException)):
            raise failure
        return sum(map(bool, done))

    async def _doing(self, worker: int) -> list[Job]:
        return list(await self._queue.app.job_manager.list_jobs_async(worker_id=worker, status="doing"))

    async def _put_back(self, job: Job, mine: int | None, why: str) -> bool:
        values = {
            "id": job.id, "worker": job.worker_id, "mine": mine, "queue": job.queue,
            "stalled": self._stalled, "quiet": self._quiet, "seen": list(self._seen()),
            "told": json.dumps({"type": "job_inserted", "job_id": job.id}),
        }  # fmt: skip
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
            await connection.execute(_TELL, values)
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
