"""What is being answered: at the end it is waited for, and given up after a while."""

import asyncio
import logging
from typing import Any

_log = logging.getLogger(__name__)

#: A service manager's patience is ten seconds at least.
_REST = 5.0


class InFlight:
    """Knows the tasks that answer somebody."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def note(self) -> None:
        """Count the task that is running among them, until it ends."""
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def rest(self) -> None:
        """Return when what was heard is answered, or given up after a while."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=_REST)
        for task in late:
            task.cancel()
        if late:
            _log.warning("somebody was left without an answer at the end", extra={"requests": len(late)})
            await asyncio.wait(late, timeout=1)
