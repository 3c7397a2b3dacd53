"""A fair queue: people before work in the background, and each workspace and each person in turn.

A queue in the order of arrival lets one person's hundred requests hold everyone else's single one.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import chain

from bots.domain.channels import Reader

#: Turns of people in a row, while work in the background waits, after which the background has one: a fifth of the
#: turns is enough for a digest to be ready within its hour, and costs a person one turn in five.
PASSED_OVER = 4

_Waiting = asyncio.Future[None]
#: A workspace of a platform.
_Workspace = tuple[str, str]


class FairQueue:
    """Gives a fixed number of turns at a time to those who wait, in fair order."""

    def __init__(self, at_once: int) -> None:
        self._at_once = self._free = at_once
        #: Those who wait, by workspace and person; the first of each is next.
        self._people: dict[_Workspace, dict[Reader, deque[_Waiting]]] = {}
        self._background: deque[_Waiting] = deque()
        #: Turns of people since the background had its last one, while it waited.
        self._passed = 0

    @property
    def taken(self) -> int:
        """The number of turns in progress."""
        return self._at_once - self._free

    @property
    def waiting(self) -> int:
        """The number of callers that wait for their turn."""
        return sum(not each.done() for each in self._all())

    def _all(self) -> Iterator[_Waiting]:
        people = (queue for readers in self._people.values() for queue in readers.values())
        return chain(self._background, *people)

    @asynccontextmanager
    async def turn(self, reader: Reader | None) -> AsyncIterator[None]:
        """Wait for a turn, and hold it until the context exits; None is work in the background."""
        await self.enter(reader)
        try:
            yield
        finally:
            self.leave()

    async def enter(self, reader: Reader | None) -> None:
        """Wait for a turn; `leave` must be called afterwards."""
        if self._free:
            self._free -= 1
            return
        mine: _Waiting = asyncio.get_running_loop().create_future()
        self._queue(reader).append(mine)
        try:
            await mine
        except asyncio.CancelledError:
            if not mine.cancelled():
                self.leave()  # The turn came together with the cancellation.
            raise

    def _queue(self, reader: Reader | None) -> deque[_Waiting]:
        if reader is None:
            return self._background
        readers = self._people.setdefault((reader.platform, reader.workspace), {})
        return readers.setdefault(reader, deque())

    def leave(self) -> None:
        """End a turn, and give the next one."""
        while (following := self._next()) is not None:
            if not following.done():
                following.set_result(None)
                return
        self._free += 1

    def _next(self) -> _Waiting | None:
        if self._background and (not self._people or self._passed >= PASSED_OVER):
            self._passed = 0
            return self._background.popleft()
        if not self._people:
            return None
        self._passed += bool(self._background)
        return self._next_person()

    def _next_person(self) -> _Waiting:
        """Return the first request of the person whose turn it is, and move person and workspace to the end."""
        workspace = next(iter(self._people))
        readers = self._people.pop(workspace)
        reader = next(iter(readers))
        queue = readers.pop(reader)
        found = queue.popleft()
        if queue:
            readers[reader] = queue
        if readers:
            self._people[workspace] = readers
        return found


class Shares:
    """A fair queue in which a person has one turn at a time, however many they wait for."""

    def __init__(self, at_once: int) -> None:
        self._queue = FairQueue(at_once)
        #: The lock of each person who has a turn or waits for one, and how many of their callers hold it or wait.
        self._own: dict[Reader, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def turn(self, reader: Reader) -> AsyncIterator[None]:
        """Wait until no other turn of the person is in progress and one is free; hold it until the context exits."""
        lock, callers = self._own.get(reader, (asyncio.Lock(), 0))
        self._own[reader] = (lock, callers + 1)
        try:
            async with lock, self._queue.turn(reader):
                yield
        finally:
            lock, callers = self._own[reader]
            self._own[reader] = (lock, callers - 1)
            if callers == 1:
                del self._own[reader]
