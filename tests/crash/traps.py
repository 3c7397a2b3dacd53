"""Wrappers that pass calls on and log the point the worker has reached; at one point they kill it like a power cut."""

import inspect
import os
import signal
from collections import Counter
from pathlib import Path
from typing import Any


class Trap:
    """Kills this process at the n-th pass of a point."""

    def __init__(self, point: str, passing: int, journal: Path) -> None:
        self._point = point
        self._passing = passing
        self._passed: Counter[str] = Counter()
        # Unbuffered and appended in one write: a killed worker's entries are complete, even with several writers.
        self._journal = os.open(journal, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def reach(self, point: str) -> None:
        """Log that a point is passed, and kill the process if it is the chosen one."""
        self._passed[point] += 1
        os.write(self._journal, f"{os.getpid()} {point}\n".encode())
        if point == self._point and self._passed[point] == self._passing:
            os.kill(os.getpid(), signal.SIGKILL)


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
