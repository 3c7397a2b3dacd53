"""Wrappers that pass calls on and log the point the worker has reached; at one point they kill it like a power cut."""

import inspect
import os
import signal
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any


class Trap:
    """Kills this process at the n-th pass of a point."""

    def __init__(
        self, point: str, passing: int, journal: Path, *, heed: Callable[[str], None] = lambda _point: None
    ) -> None:
        self._point = point
        #: Called with every point that is passed.
        self._heed = heed
        self._passing = passing
        self._passed: Counter[str] = Counter()
        # Unbuffered and appended in one write: a killed worker's entries are complete, even with several writers.
        self._journal = os.open(journal, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def reach(self, point: str) -> None:
        """Log that a point is passed, and kill the process if it is the chosen one."""
        self._passed[point] += 1
        os.write(self._journal, f"{os.getpid()} {point}\n".encode())
        self._heed(point)
        if point == self._point and self._passed[point] == self._passing:
            os.kill(os.getpid(), signal.SIGKILL)


class WrongClock:
    """A machine's clock that is wrong, and is set to another wrong time when a point is passed for the first time."""

    def __init__(self, ahead: float, jump: float, jump_at: str) -> None:
        self._ahead = timedelta(seconds=ahead)
        self._jump = timedelta(seconds=jump)
        self._jump_at = jump_at

    def __call__(self) -> datetime:
        """Return the time that the machine shows, aware."""
        return datetime.now(UTC) + self._ahead

    def heed(self, point: str) -> None:
        """Jump if this is the point of the jump."""
        if point == self._jump_at:
            self._ahead, self._jump = self._ahead + self._jump, timedelta()


class Trapped:
    """Wraps a store, service or adapter: each of its calls has a point `name:before` and a point `name:after`."""

    def __init__(self, adapter: object, trap: Trap) -> None:
        self._room = adapter
        self._trap = trap

    def __getattr__(self, name: str) -> Any:
        held = getattr(self._room, name)
        if not inspect.iscoroutinefunction(held):
            return held

        async def passed(*arguments: Any, **named: Any) -> Any:
            self._trap.reach(f"{name}:before")
            result = await held(*arguments, **named)
            self._trap.reach(f"{name}:after")
            return result

        return passed


class Forgetful:
    """A store without leases, as in a program that posts first and records later."""

    def __init__(self, store: object) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def lease(self, *_arguments: object, **_named: object) -> bool:
        """Grant every lease and record none."""
        return True

    async def take_over(self) -> tuple[str, ...]:
        """Take over nothing: such a program waits until a claim expires. By then chats have forgotten their keys."""
        return ()
