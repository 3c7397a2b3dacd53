"""Rooms that let every call through and note where the worker is; at one point they kill it, as a power cut would."""

import inspect
import os
import signal
from collections import Counter
from pathlib import Path
from typing import Any


class Trap:
    """Kills this process at the n-th passing of a point."""

    def __init__(self, point: str, passing: int, journal: Path) -> None:
        self._point = point
        self._passing = passing
        self._passed: Counter[str] = Counter()
        # Unbuffered, and appended as a whole: what a killed worker passed stands there, whoever else writes.
        self._journal = os.open(journal, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def reach(self, point: str) -> None:
        """Note that a point was passed, and die if it is the one."""
        self._passed[point] += 1
        os.write(self._journal, f"{os.getpid()} {point}\n".encode())
        if point == self._point and self._passed[point] == self._passing:
            os.kill(os.getpid(), signal.SIGKILL)


class Trapped:
    """Stands before a room: each of its calls has a point `name:before` and a point `name:after`."""

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
    """A store that forgets every lease: what a program has that posts first and records afterwards."""

    def __init__(self, store: object) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def lease(self, *_arguments: object, **_named: object) -> bool:
        """Let anybody post, and remember nothing of it."""
        return True
