"""What a worker does for the queue of digests: carries runs out."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from bots.delivery.run_executor import RunExecutor
from bots.domain.errors import StoreError
from bots.domain.runs import RunState
from bots.ports import Clock, JobOutcome, Store
from bots.scheduling.job_queue import CARRY_OUT, JobQueue
from bots.scheduling.known_jobs import FIRST_FORM

_log = logging.getLogger(__name__)
_Found = TypeVar("_Found")

_OPEN = (RunState.QUEUED, RunState.RUNNING)
#: A run that nobody carried out, because its platform is not connected here, is deferred again after this time.
_LATER = timedelta(seconds=30)
#: A run that crashes is tried again after 5, 25 and 125 s.
_RETRIES = 3
_FIRST_RETRY = timedelta(seconds=5)


@dataclass(frozen=True, kw_only=True, slots=True)
class RunWork:
    """Carries runs out; see `bots.scheduling.work.Work`."""

    queue: JobQueue
    store: Store
    executor: RunExecutor
    clock: Clock
    #: Returns whether the worker is about to end.
    stopping: Callable[[], bool]
    #: Seconds between two attempts while the database is away.
    again: float = 2.0
    # The library's own retries would collide with a job of the same run that waits in the queue.
    task: str = CARRY_OUT
    form: int = FIRST_FORM

    async def perform(self, **asked: Any) -> JobOutcome:
        """Carry a run out; one that is not at its end is deferred again."""
        run_key, failures = asked.get("run_key"), asked.get("failures", 0)
        if not isinstance(run_key, str) or not isinstance(failures, int):
            _log.error("a job of a run cannot be read; the schedule's poll finds its run")
            return JobOutcome.FAILED
        try:
            ended = await self.executor.execute(run_key)
        except Exception:  # noqa: BLE001 - named failures are recorded by the run; a bug must not end other runs
            _log.exception("a run crashed", extra={"run": run_key})
            await self._when_there(lambda: self._retry(run_key, failures + 1))
            return JobOutcome.FAILED
        return JobOutcome.DONE if ended else await self._when_there(lambda: self._go_on(run_key))

    async def _go_on(self, run_key: str) -> JobOutcome:
        """Defer a run again that has not ended."""
        run = await self.store.run(run_key)
        if run is None or run.state not in _OPEN:
            return JobOutcome.DONE
        now = self.clock()
        soon = now + (timedelta() if self.stopping() else _LATER)
        await self.queue.defer(run_key, at=run.not_before or soon, now=now)
        return JobOutcome.HANDED_BACK

    async def _when_there(self, work: Callable[[], Awaitable[_Found]]) -> _Found:
        """Do some work on the database; while it cannot be reached, again and again until the program ends."""
        while True:
            try:
                return await work()
            except StoreError as error:
                if self.stopping():
                    raise
                self.queue.outage.lost(error)
                await asyncio.sleep(self.again)

    async def _retry(self, run_key: str, failures: int) -> None:
        """Defer a run that crashed; after `_RETRIES` its claim is left to expire, and the schedule's poll finds it."""
        if failures > _RETRIES:
            return
        now = self.clock()
        later = now + _FIRST_RETRY * 5 ** (failures - 1)
        if await self.store.run(run_key) is not None:
            note = "it crashed, and is tried again"
            await self.store.move_run(run_key, RunState.QUEUED, now=now, note=note, not_before=later)
        await self.queue.defer(run_key, at=later, now=self.clock(), failures=failures)

    async def rescued(self, asked: Mapping[str, Any], attempts: int, why: str) -> bool:  # noqa: ARG002 - never given up
        """Release the claim of a run that nobody carries out; another worker continues it."""
        key = str(asked["run_key"])
        run = await self.store.run(key)
        if run is not None and run.state is RunState.RUNNING:
            # The ledger would keep the dead worker's claim for minutes. Its parts keep their leases: the post that was
            # under way is looked up on the platform before another.
            await self.store.move_run(key, RunState.QUEUED, now=self.clock(), note=why)
        return True
