"""Keeps what is costly to make for a while; requests for the same thing at once wait for one task."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

_Key = TypeVar("_Key", bound=Hashable)
_Thing = TypeVar("_Thing")


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept(Generic[_Key, _Thing]):
    """Things by key, the last used ones; those whose time is over are dropped with the next request."""

    #: How long a thing is kept after it was begun.
    seconds: float
    #: How many are kept.
    most: int
    _tasks: "dict[_Key, tuple[float, asyncio.Task[_Thing]]]" = field(default_factory=dict)
    #: When the times were last looked at.
    _looked: list[float] = field(default_factory=lambda: [0.0])

    async def get(self, key: _Key, make: Callable[[], Awaitable[_Thing]]) -> _Thing:
        """Return the thing of a key; what `make` raises is raised, and not kept."""
        now = asyncio.get_running_loop().time()
        self._drop_old(now)
        begun, task = self._tasks.pop(key, (0.0, None))
        if task is None or now - begun > self.seconds or _has_failed(task):
            begun, task = now, asyncio.ensure_future(_made(make))
        # Inserted last, so that the first is the one that was used longest ago.
        self._tasks[key] = (begun, task)
        while len(self._tasks) > self.most:
            del self._tasks[next(iter(self._tasks))]
        # The first reader may go away; the others that wait for it must still get it.
        return await asyncio.shield(task)

    def _drop_old(self, now: float) -> None:
        # They are in the order of their use, not of their age, so all are looked at, but only once in their time.
        if now - self._looked[0] > self.seconds:
            self._looked[0] = now
            for key in [key for key, (begun, _) in self._tasks.items() if now - begun > self.seconds]:
                del self._tasks[key]


async def _made(make: "Callable[[], Awaitable[_Thing]]") -> _Thing:
    return await make()


def _has_failed(task: "asyncio.Task[_Thing]") -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
