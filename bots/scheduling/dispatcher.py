"""Carries runs out as tasks of this process."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

_log = logging.getLogger(__name__)


class InlineDispatcher:
    """Starts one task per run; a run in progress is not started twice.

    Lives as long as its event loop; call `drain` before closing the resources that runs need.
    """

    def __init__(self, execute: Callable[[str], Awaitable[object]]) -> None:
        self._execute = execute
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def dispatch(self, *run_keys: str) -> None:
        """Start each run that is not in progress; return before they end."""
        for key in run_keys:
            if key not in self._tasks:
                task = asyncio.create_task(self._run(key), name=key)
                self._tasks[key] = task
                task.add_done_callback(lambda ended: self._tasks.pop(ended.get_name(), None))

    @property
    def in_flight(self) -> tuple[asyncio.Task[None], ...]:
        """The tasks of the runs that have not ended."""
        return tuple(self._tasks.values())

    async def _run(self, run_key: str) -> None:
        try:
            await self._execute(run_key)
        except Exception:  # noqa: BLE001 - named failures are recorded by the run; a bug must not end other runs
            _log.exception("a run crashed", extra={"run": run_key})

    async def stop(self, seconds: float) -> None:
        """Wait up to `seconds` for the runs, then hand back those in progress; return when all have ended."""
        if self._tasks:
            _, late = await asyncio.wait(self.in_flight, timeout=seconds)
            for task in late:
                task.cancel()
        await self.drain()

    async def drain(self) -> None:
        """Return when every run started so far has ended."""
        while self._tasks:
            await asyncio.wait(self.in_flight)
