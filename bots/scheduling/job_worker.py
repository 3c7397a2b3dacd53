"""A worker: carries out the runs that wait in the job queue, and takes over those of workers that died."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status

from bots.delivery.run_executor import RunExecutor
from bots.domain.errors import PaperwireError
from bots.domain.runs import RunState
from bots.ports import Clock, Store
from bots.scheduling.job_queue import CARRY_OUT, JobQueue
from bots.scheduling.scheduler import GRACE, LAST_WORDS

_log = logging.getLogger(__name__)

_OPEN = (RunState.QUEUED, RunState.RUNNING)
#: A run that nobody carried out, because its platform is not connected here, is deferred again after this time.
_LATER = timedelta(seconds=30)
#: A run that crashes is tried again after 5, 25 and 125 s.
_RETRIES = 3
_FIRST_RETRY = timedelta(seconds=5)
#: Failed jobs are listed for this many hours, for the operator.
_KEPT_HOURS = 7 * 24


@dataclass(frozen=True, kw_only=True, slots=True)
class Rhythm:
    """How often a worker shows that it is alive, and after how long without a sign others take its jobs over."""

    #: Seconds between two signs of life.
    heartbeat: float = 10.0
    #: Seconds without one, after which a worker counts as dead: three were missed.
    stalled: float = 30.0
    #: Seconds between two looks for the jobs of dead workers; a job is taken over within 40 s.
    rescue: float = 5.0
    #: Seconds until the worker begins again after the server was lost.
    again: float = 2.0


class JobWorker:
    """Carries runs out."""

    def __init__(
        self,
        queue: JobQueue,
        *,
        store: Store,
        executor: RunExecutor,
        clock: Clock,
        concurrency: int = 8,
        rhythm: Rhythm | None = None,
    ) -> None:
        self._queue = queue
        self._store = store
        self._executor = executor
        self._clock = clock
        self._concurrency = concurrency
        self._rhythm = rhythm or Rhythm()
        self._stopping = asyncio.Event()
        # The library's own retries would collide with a job of the same run that waits in the queue.
        queue.app.task(name=CARRY_OUT)(self._carry_out)

    @asynccontextmanager
    async def running(self, queues: Sequence[str] | None = None) -> AsyncIterator[None]:
        """Carry out runs until the context exits; then finish the parts under way and hand the rest back.

        Args:
            queues: the names of the queues; None is every queue.
        """
        tasks = [asyncio.create_task(work) for work in (self._work(queues), self._look())]
        try:
            yield
        finally:
            self._stopping.set()
            self._executor.stop()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._executor.part_delivery.settle(LAST_WORDS)

    async def _work(self, queues: Sequence[str] | None) -> None:
        some: dict[str, Any] = {"queues": list(queues)} if queues else {}
        while True:
            try:
                await self._queue.app.run_worker_async(
                    **some,
                    concurrency=self._concurrency,
                    install_signal_handlers=False,
                    delete_jobs="successful",
                    shutdown_graceful_timeout=GRACE,
                    update_heartbeat_interval=self._rhythm.heartbeat,
                    stalled_worker_timeout=self._rhythm.stalled,
                )
            except Exception as error:  # noqa: BLE001 - the server was lost: no failure may end the worker
                _log.error("the worker lost its queue; it begins again", extra={"error": str(error)})
            await asyncio.sleep(self._rhythm.again)

    async def _carry_out(self, run_key: str, failures: int = 0) -> None:
        try:
            ended = await self._executor.execute(run_key)
        except Exception:  # noqa: BLE001 - named failures are recorded by the run; a bug must not end other runs
            _log.exception("a run crashed", extra={"run": run_key})
            await self._retry(run_key, failures + 1)
            return
        run = None if ended else await self._store.run(run_key)
        if run is not None and run.state in _OPEN:
            soon = self._clock() + (timedelta() if self._stopping.is_set() else _LATER)
            await self._queue.defer(run_key, at=run.not_before or soon)

    async def _retry(self, run_key: str, failures: int) -> None:
        """Defer a run that crashed; after `_RETRIES` its claim is left to expire, and the schedule's poll finds it."""
        if failures > _RETRIES:
            return
        now = self._clock()
        later = now + _FIRST_RETRY * 5 ** (failures - 1)
        if await self._store.run(run_key) is not None:
            note = "it crashed, and is tried again"
            await self._store.move_run(run_key, RunState.QUEUED, now=now, note=note, not_before=later)
        await self._queue.defer(run_key, at=later, failures=failures)

    # ── the jobs of workers that died ────────────────────────────────────────────────────────────────────────────────

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(self._rhythm.rescue)
            try:
                await self.rescue()
            except (PaperwireError, ConnectorException) as error:
                _log.error("stalled jobs could not be looked up", extra={"error": str(error)})

    async def rescue(self) -> int:
        """Put the jobs of workers without a sign of life back into the queue, and return how many."""
        jobs = self._queue.app.job_manager
        stalled = await jobs.get_stalled_jobs(seconds_since_heartbeat=self._rhythm.stalled)
        rescued = [job for job in stalled if await self._rescued(job, self._clock())]
        with suppress(ConnectorException):
            await jobs.delete_old_jobs(nb_hours=_KEPT_HOURS, include_failed=True)
        return len(rescued)

    async def _rescued(self, job: Job, now: datetime) -> bool:
        # Of all workers one does it; if that one dies over it, another does after the same time.
        turn = f"{job.id} {now.timestamp() // max(self._rhythm.stalled, 1):.0f}"
        if not await self._store.once("stalled job", turn, now=now):
            return False
        key = str(job.task_kwargs["run_key"])
        run = await self._store.run(key)
        if run is not None and run.state is RunState.RUNNING:
            # The ledger would keep the dead worker's claim for minutes. Its parts keep their leases: the post that was
            # under way is looked up on the platform before another.
            await self._store.move_run(key, RunState.QUEUED, now=now, note="its worker died; another continues it")
        await self._put_back(job)
        _log.warning("a job of a worker that died is continued", extra={"run": key})
        return True

    async def _put_back(self, job: Job) -> None:
        """Put a job back into the queue, or end it if another job of its run waits there already."""
        jobs = self._queue.app.job_manager
        try:
            await jobs.retry_job(job)
        except ConnectorException:
            # As long as this one counted as under way, its lock would keep the other one waiting for ever.
            with suppress(ConnectorException):  # it ended meanwhile
                await jobs.finish_job(job, status=Status.FAILED, delete_job=True)
