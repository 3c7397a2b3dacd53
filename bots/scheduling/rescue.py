"""Puts jobs back into the queue that nobody carries out any more: those of dead workers, and those that got lost.

One worker at a time has a job in its hands, whatever the clocks of the machines say: the database holds its row for
the one that came first, and decides by its own clock and by the job's worker whether the job is still to be rescued.
"""

import logging
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager

import psycopg
from procrastinate.jobs import Job

from bots.domain.errors import StoreError
from bots.domain.runs import RunState
from bots.ports import Clock, Store
from bots.scheduling.job_queue import JobQueue

_log = logging.getLogger(__name__)

#: Failed jobs are listed for this many hours, for the operator.
_KEPT_HOURS = 7 * 24
_HOLD = """
    SELECT job.id FROM procrastinate_jobs job
     WHERE job.id = %(id)s AND job.status = 'doing' AND job.worker_id IS NOT DISTINCT FROM %(worker)s::bigint
       AND NOT EXISTS (
           SELECT 1 FROM procrastinate_workers worker
            WHERE worker.id = job.worker_id AND worker.id IS DISTINCT FROM %(mine)s::bigint
              AND worker.last_heartbeat >= now() - %(stalled)s * interval '1 second')
       FOR UPDATE OF job SKIP LOCKED"""
_PUT_BACK = "SELECT procrastinate_retry_job_v2(%(id)s, NULL, NULL, NULL, NULL)"
_DROP = "SELECT procrastinate_finish_job_v1(%(id)s, 'failed', true)"


class Rescue:
    """Looks for jobs that nobody carries out, in the name of one worker."""

    def __init__(self, queue: JobQueue, store: Store, clock: Clock, stalled: float) -> None:
        """Remember the parts, and after how many seconds without a sign of life a worker counts as dead."""
        self._queue, self._store, self._clock, self._stalled = queue, store, clock, stalled
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
        await jobs.delete_old_jobs(nb_hours=_KEPT_HOURS, include_failed=True)
        return len(rescued)

    async def of_our_own(self, worker: int, under_way: Collection[int]) -> int:
        """Put back what counts as carried out by this worker, but is not, and return how many.

        The database may have lost the answer that gave a job to this worker, or the news that it ended.

        Args:
            worker: this worker's number in the queue.
            under_way: the jobs that it carries out.
        """
        ours = await self._queue.app.job_manager.list_jobs_async(worker_id=worker, status="doing")
        idle = {job.id: job for job in ours if job.id is not None and job.id not in under_way}
        lost = [job for key, job in idle.items() if key in self._idle]
        self._idle = set(idle)
        why = "its end was not recorded; it is continued"
        return sum([await self._put_back(job, worker, why) for job in lost])

    async def _put_back(self, job: Job, mine: int | None, why: str) -> bool:
        key = str(job.task_kwargs["run_key"])
        async with self._held(job, mine) as held:
            if not held:
                return False
            run = await self._store.run(key)
            if run is not None and run.state is RunState.RUNNING:
                # The ledger would keep the dead worker's claim for minutes. Its parts keep their leases: the post that
                # was under way is looked up on the platform before another.
                await self._store.move_run(key, RunState.QUEUED, now=self._clock(), note=why)
        _log.warning("a job that nobody carries out is continued", extra={"run": key, "why": why})
        return True

    @asynccontextmanager
    async def _held(self, job: Job, mine: int | None) -> AsyncIterator[bool]:
        """Yield True to one caller at a time, if the job is still to be rescued; afterwards it is back in the queue."""
        values = {"id": job.id, "worker": job.worker_id, "mine": mine, "stalled": self._stalled}
        try:
            async with self._queue.connection() as connection:
                held = await (await connection.execute(_HOLD, values)).fetchone() is not None
                yield held
                if held:
                    await _returned(connection, values)
        except psycopg.Error as error:
            raise StoreError(f"The job queue could not be used: {error}", hint="Check the Postgres server.") from error


async def _returned(connection: "psycopg.AsyncConnection[tuple[object, ...]]", values: Mapping[str, object]) -> None:
    """Put a job back into the queue, or end it if another job of its run waits there already."""
    try:
        async with connection.transaction():
            await connection.execute(_PUT_BACK, values)
    except psycopg.errors.UniqueViolation:
        # As long as this one counted as under way, its lock would keep the other one waiting for ever.
        await connection.execute(_DROP, values)
