"""A worker: carries out the runs that wait in the job queue, and takes over those of workers that died."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from procrastinate.exceptions import ConnectorException
from procrastinate.job_context import JobContext
from procrastinate.worker import Worker

from bots.delivery.run_executor import RunExecutor
from bots.domain.errors import PaperwireError, StoreError
from bots.domain.runs import RunState
from bots.ports import Clock, Store
from bots.scheduling.job_queue import CARRY_OUT, JobQueue
from bots.scheduling.rescue import Rescue
from bots.scheduling.scheduler import GRACE, LAST_WORDS

_log = logging.getLogger(__name__)

_OPEN = (RunState.QUEUED, RunState.RUNNING)
#: A run that nobody carried out, because its platform is not connected here, is deferred again after this time.
_LATER = timedelta(seconds=30)
#: A run that crashes is tried again after 5, 25 and 125 s.
_RETRIES = 3
_FIRST_RETRY = timedelta(seconds=5)
#: Seconds; a day is as good as never.
_NEVER = 86_400.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Rhythm:
    """How often a worker shows that it is alive, and after how long without a sign others take its jobs over."""

    #: Seconds between two signs of life.
    heartbeat: float = 10.0
    #: Seconds without one, after which a worker counts as dead: three were missed.
    stalled: float = 30.0
    #: Seconds between two looks for the jobs of dead workers. With the five between two of the queue's own looks for a
    #: job, one is taken over within 40 s.
    rescue: float = 4.0
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
        self._outage = queue.outage
        self._rescue = Rescue(queue, store, clock, self._rhythm.stalled)
        #: The library's worker while it runs, and the numbers of the jobs that it carries out.
        self._worker: Worker | None = None
        self._under_way: set[int] = set()
        # The library's own retries would collide with a job of the same run that waits in the queue.
        queue.app.task(name=CARRY_OUT, pass_context=True)(self._carry_out)

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
            self._queue.end()
            self._executor.stop()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._executor.part_delivery.settle(LAST_WORDS)

    async def _work(self, queues: Sequence[str] | None) -> None:
        while True:
            self._worker = self._hired(queues)
            try:
                await self._worker.run()  # type: ignore[no-untyped-call]  # the library says no type here
            except Exception as error:  # noqa: BLE001 - the server was lost: no failure may end the worker
                self._outage.lost(error)
            await asyncio.sleep(self._rhythm.again)

    def _hired(self, queues: Sequence[str] | None) -> Worker:
        return Worker(
            self._queue.app,
            queues=list(queues) if queues else None,
            concurrency=self._concurrency,
            install_signal_handlers=False,
            delete_jobs="successful",
            shutdown_graceful_timeout=GRACE,
            update_heartbeat_interval=self._rhythm.heartbeat,
            stalled_worker_timeout=self._rhythm.stalled,
            # No job is ever aborted from outside.
            abort_job_polling_interval=_NEVER,
        )

    async def _carry_out(self, context: JobContext, run_key: str, failures: int = 0) -> None:
        job = context.job.id or 0
        self._under_way.add(job)
        try:
            await self._carried_out(run_key, failures)
        finally:
            self._under_way.discard(job)

    async def _carried_out(self, run_key: str, failures: int) -> None:
        try:
            ended = await self._executor.execute(run_key)
        except Exception:  # noqa: BLE001 - named failures are recorded by the run; a bug must not end other runs
            _log.exception("a run crashed", extra={"run": run_key})
            await self._when_there(lambda: self._retry(run_key, failures + 1))
            return
        if not ended:
            await self._when_there(lambda: self._go_on(run_key))

    async def _go_on(self, run_key: str) -> None:
        """Defer a run again that has not ended."""
        run = await self._store.run(run_key)
        if run is not None and run.state in _OPEN:
            soon = self._clock() + (timedelta() if self._stopping.is_set() else _LATER)
            await self._queue.defer(run_key, at=run.not_before or soon)

    async def _when_there(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do some work on the database; while it cannot be reached, again and again until the program ends."""
        while True:
            try:
                await work()
            except StoreError as error:
                if self._stopping.is_set():
                    raise
                self._outage.lost(error)
                await asyncio.sleep(self._rhythm.again)
            else:
                return

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
                self._outage.lost(error)
            else:
                self._outage.over()

    async def rescue(self) -> int:
        """Put back the jobs that nobody carries out any more, and return how many."""
        rescued = await self._rescue.of_the_dead()
        number = self._worker.worker_id if self._worker else None
        return rescued + (await self._rescue.of_our_own(number, self._under_way) if number is not None else 0)
