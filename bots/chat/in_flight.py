"""Track the requests in progress: wait for them at shutdown, and cancel them after a timeout."""

import asyncio
import logging
from typing import Any

_log = logging.getLogger(__name__)

#: Seconds; a service manager waits at least ten for a shutdown.
_REST = 5.0


class InFlight:
    """Tracks the tasks that answer requests."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def note(self) -> None:
        """Track the current task until it ends."""
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def rest(self) -> None:
        """Wait until the tracked tasks end; cancel those that run longer than `_REST` seconds."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=_REST)
        for task in late:
            task.cancel()
        if late:
            _log.warning("requests were cancelled at shutdown without an answer", extra={"requests": len(late)})
            await asyncio.wait(late, timeout=1)
