"""A worker: does the jobs of its queues, and takes over those of workers that died."""

import asyncio
import logging
import os
import secrets
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from procrastinate.exceptions import ConnectorException
from procrastinate.job_context import JobContext
from procrastinate.worker import Worker

from bots.delivery.run_executor import RunExecutor
from bots.digests.blurbs import BlurbService
from bots.domain.errors import PaperwireError
from bots.domain.queues import DIGESTS, INDEXING, SUMMARIES, check_queues
from bots.ports import Clock, JobOutcome, Observer, Store, Unobserved
from bots.scheduling.clock_watch import always
from bots.scheduling.index_jobs import IndexWork
from bots.scheduling.job_queue import JobQueue
from bots.scheduling.presence import Presence
from bots.scheduling.rescue import Rescue
from bots.scheduling.run_work import RunWork
from bots.scheduling.scheduler import GRACE, LAST_WORDS
from bots.scheduling.summary_work import SummaryWork
from bots.scheduling.work import Work
from bots.scheduling.worker_signs import WorkerSigns
from bots.usecases.search_index import SearchIndex

_log = logging.getLogger(__name__)

#: Jobs of the queue `indexing` at the same time: they must leave room for what somebody waits for.
_INDEXED_AT_ONCE = 2
#: Seconds between two looks for jobs whose notification was lost: the library drops one that comes while it looks. The
#: bot waits half a second for a person's blurb to be begun.
_POLLS = {SUMMARIES: 0.2}
_POLL = 2.0
#: Seconds; a day is as good as never.
_NEVER = 86_400.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Rhythm:
    """How often a worker shows that it is alive, and after how long without a sign others take its jobs over."""

    #: Seconds between two signs of life.
    heartbeat: float = 5.0
    #: Seconds without one, after which a worker counts as dead that is not present in the database either, because its
    #: process has ended: one sign was missed.
    quiet: float = 10.0
    #: Seconds without one, after which a worker counts as dead in any case: it is frozen, or its machine is away. Five
    #: were missed. On two cores with a load of 50 the last sign of a living worker was at most 12.3 s old, 1,783 times.
    stalled: float = 25.0
    #: Seconds between two looks for the jobs of dead workers.
    rescue: float = 2.0
    #: Seconds until the worker begins again after the server was lost.
    again: float = 2.0


class JobWorker:
    """Does the jobs of some queues; those of one queue never hold those of another."""

    def __init__(
        self,
        queue: JobQueue,
        *,
        store: Store,
        executor: RunExecutor,
        clock: Clock,
        blurbs: BlurbService | None = None,
        search_index: SearchIndex | None = None,
        concurrency: int = 8,
        rhythm: Rhythm | None = None,
        observer: Observer | None = None,
        may_work: Callable[[], Awaitable[bool]] = always,
    ) -> None:
        """Remember what is needed.

        Without `blurbs` or `search_index` their queues are not served. While `may_work` returns False no job is begun.
        """
        self._queue, self._may_work = queue, may_work
        queue.jobs.gate = may_work
        self._executor = executor
        self._blurbs = blurbs
        self._rhythm = rhythm or Rhythm()
        self._observer = observer or Unobserved()
        self._stopping = asyncio.Event()
        self._signs = WorkerSigns(queue, stalled=self._rhythm.stalled)
        self._name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        #: How many jobs of each queue are done at the same time.
        self._slots = {DIGESTS: concurrency}
        runs = RunWork(
            queue=queue,
            store=store,
            executor=executor,
            clock=clock,
            stopping=self._stopping.is_set,
            again=self._rhythm.again,
        )
        works: list[Work] = [runs]
        if blurbs is not None:
            self._slots[SUMMARIES] = concurrency
            works.append(SummaryWork(queue=queue, blurbs=blurbs))
        if search_index is not None:
            self._slots[INDEXING] = _INDEXED_AT_ONCE
            works.append(IndexWork(queue=queue, search_index=search_index))
        self._outage = queue.outage
        self._presence = Presence(queue.address, self._numbers, queue.outage, self._rhythm.rescue)
        self._rescue = Rescue(
            queue,
            {work.task: work for work in works},
            self._rhythm.stalled,
            quiet=self._rhythm.quiet,
            seen=lambda: self._presence.seen,
        )
        #: The library's worker of each queue while it runs, and the numbers of the jobs that are carried out.
        self._workers: dict[str, Worker] = {}
        self._under_way: set[int] = set()
        #: Kinds of jobs that were told of as unknown.
        self._left: set[str] = set()
        for work in works:
            queue.app.task(name=work.task, pass_context=True)(self._timed(work.perform))
            queue.jobs.learn(work.task, work.form)

    def _timed(self, perform: Callable[..., Awaitable[JobOutcome]]) -> Callable[..., Awaitable[None]]:
        async def timed(context: JobContext, **asked: Any) -> None:
            began, outcome, job = time.monotonic(), JobOutcome.HANDED_BACK, context.job.id or 0
            self._under_way.add(job)
            try:
                outcome = await perform(**asked)
            finally:
                self._under_way.discard(job)
                self._observer.job_ended(context.job.queue, outcome, time.monotonic() - began)

        return timed

    @asynccontextmanager
    async def running(self, queues: Sequence[str] | None = None) -> AsyncIterator[None]:
        """Do jobs until the context exits; then finish what is under way and hand the rest back.

        Args:
            queues: the names of the queues; None is every queue.

        Raises:
            BadCommand: there is no such queue.
        """
        slots = self._chosen(queues)
        works = [self._work(queue, most) for queue, most in slots.items()]
        tasks = [asyncio.create_task(work) for work in (*works, self._presence.show(), self._look(), self._show(slots))]
        try:
            yield
        finally:
            self._stopping.set()
            self._queue.end()
            self._executor.stop()
            with suppress(PaperwireError):  # first: nobody may count on a worker that ends
                await self._signs.withdraw(self._name)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._executor.part_delivery.settle(LAST_WORDS)

    def _chosen(self, queues: Sequence[str] | None) -> dict[str, int]:
        check_queues(queues or ())
        return {name: most for name, most in self._slots.items() if not queues or name in queues}

    async def _work(self, queue: str, most: int) -> None:
        # Each queue has slots of its own: a hundred digests leave those of a person's blurbs free.
        while True:
            self._workers[queue] = hired = self._hired(queue, most)
            try:
                await hired.run()  # type: ignore[no-untyped-call]  # the library says no type here
            except Exception as error:  # noqa: BLE001 - the server was lost: no failure may end the worker
                self._outage.lost(error)
            await asyncio.sleep(self._rhythm.again)

    def _hired(self, queue: str, most: int) -> Worker:
        return Worker(
            self._queue.app,
            queues=[queue],
            concurrency=most,
            fetch_job_polling_interval=_POLLS.get(queue, _POLL),
            install_signal_handlers=False,
            delete_jobs="successful",
            shutdown_graceful_timeout=GRACE,
            update_heartbeat_interval=self._rhythm.heartbeat,
            # The rescue forgets workers; a worker of the library that starts would forget those that are only slow.
            stalled_worker_timeout=_NEVER,
            # No job is ever aborted from outside.
            abort_job_polling_interval=_NEVER,
        )

    async def _show(self, slots: dict[str, int]) -> None:
        """Show that this worker is alive, and which queues it serves, once a blurb need not wait for the engine."""
        if self._blurbs is not None and SUMMARIES in slots:
            await self._prepared(self._blurbs)
        while True:
            try:
                if await self._may_work():
                    await self._signs.announce(self._name, slots)
                    await self._tell_unknown(slots)
                else:
                    # Nobody may count on a worker that takes nothing.
                    await self._signs.withdraw(self._name)
            except (PaperwireError, ConnectorException) as error:
                self._outage.lost(error)
            await asyncio.sleep(self._rhythm.heartbeat)

    async def _tell_unknown(self, slots: Mapping[str, int]) -> None:
        """Tell once of each kind of job that is left to workers of another version."""
        for task, jobs in (await self._queue.jobs.unknown(slots)).items():
            if task not in self._left:
                _log.warning(
                    "jobs that this version does not know are left to newer workers", extra={"task": task, "jobs": jobs}
                )
                self._left.add(task)

    async def _prepared(self, blurbs: BlurbService) -> None:
        try:
            await blurbs.prepare()
        except Exception:  # noqa: BLE001 - an engine of a package may fail; its blurbs say so
            _log.exception("the engine could not be loaded before it is needed")

    # ── the jobs of workers that died ────────────────────────────────────────────────────────────────────────────────

    async def _look(self) -> None:
        # One failure may be a connection that was closed in the middle; the server is away if the next one fails, too.
        failed = False
        while True:
            try:
                await self.rescue()
            except (PaperwireError, ConnectorException) as error:
                if failed:
                    self._outage.lost(error)
                failed = True
            else:
                self._outage.over()
                failed = False
            await asyncio.sleep(self._rhythm.rescue)

    async def rescue(self) -> int:
        """Put back the jobs that nobody carries out any more, and return how many."""
        rescued = await self._rescue.of_the_dead()
        return rescued + await self._rescue.of_our_own(self._numbers(), self._under_way)

    def _numbers(self) -> list[int]:
        return [hired.worker_id for hired in self._workers.values() if hired.worker_id is not None]
