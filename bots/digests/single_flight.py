"""Lets one process at a time make what all processes share; the others wait for what it stores, but not for ever."""

import asyncio
import logging
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from bots.chat.asker import current
from bots.domain.errors import StoreError
from bots.ports import Clock, Leases
from bots.ports.whole_calls import to_its_end

_log = logging.getLogger(__name__)
_Thing = TypeVar("_Thing")

#: The kind of its leases; their names are pieces of work: `blurb <key>`, `preparation <engine> <model>`.
WORK = "work"
#: After this time others take over what a process that died was making. It prolongs its lease three times as often, so
#: that two lost writes do no harm.
LEASE = timedelta(seconds=30)
#: Seconds between two looks for what another process makes: a blurb takes from a tenth of a second to some seconds.
_LOOK_FIRST, _LOOK_LATER = 0.05, 1.0
#: Seconds for which the making of another process is waited for: as long as a model server may take for one blurb, and
#: a dead process's lease. After that it is made here: a blurb that is made twice costs less than a late digest.
LONGEST_WAIT = 120.0
#: A person waits for another process at most for this part of the patience that is left: it may have died on another
#: machine, and its lease holds for longer than a person waits.
_SHARE = 0.4


def _new_holder() -> str:
    return uuid.uuid4().hex


@dataclass(frozen=True, kw_only=True, slots=True)
class SingleFlight:
    """Makes things that several processes need at the same time once."""

    leases: Leases
    clock: Clock
    #: Returns monotonic seconds.
    ticks: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    #: How long a lease holds without a sign of life.
    lease: timedelta = LEASE
    #: The name of this process.
    holder: str = field(default_factory=_new_holder)

    async def once(
        self, name: str, find: Callable[[], Awaitable[_Thing | None]], make: Callable[[], Awaitable[_Thing]]
    ) -> _Thing:
        """Return what another process has made, or make it while no other process does.

        Args:
            name: the thing, the same in every process.
            find: returns the thing if it was stored, else None.
            make: makes and stores the thing; what it raises is passed on, and another process may try.
        """
        if not await self._won(name, self._turn(name, find)):
            found = await find()
            return await make() if found is None else found
        async with self._prolonged(name):
            # It may have been stored between the last look and the lease.
            found = await find()
            return await make() if found is None else found

    async def _won(self, name: str, winning: Awaitable[bool]) -> bool:
        """Return whether a lease was won; who is cancelled meanwhile leaves none behind."""
        try:
            return await winning
        except asyncio.CancelledError:
            await self._end(name)
            raise

    async def _turn(self, name: str, find: Callable[[], Awaitable[object | None]]) -> bool:
        """Wait until this process has the lease, and return True; or until the thing is there or the wait too long."""
        end, pause = self.ticks() + min(LONGEST_WAIT, current().left * _SHARE), _LOOK_FIRST
        while not await self.taken(name):
            if await find() is not None:
                return False
            if self.ticks() >= end:
                _log.warning("another process takes long; it is made here too", extra={"what": name})
                return False
            await self.sleep(pause)
            pause = min(pause * 2, _LOOK_LATER)
        return True

    @asynccontextmanager
    async def alone(self, name: str, *, rest: timedelta) -> AsyncIterator[bool]:
        """Yield whether this process may do a piece of work now; then no other process may until the context exits.

        Args:
            name: the piece of work.
            rest: for how long after its end no other process begins it again.

        Raises:
            StoreError: the database cannot be written.
        """
        if not await self._won(name, self._take(name, self.lease)):
            yield False
            return
        async with self._prolonged(name, rest):
            yield True

    async def taken(self, name: str) -> bool:
        """Return whether this process may make a thing now; it may if the database cannot tell."""
        try:
            return await self._take(name, self.lease)
        except StoreError as error:
            _log.error(
                "a lease could not be written; it is made here, whoever else makes it", extra={"error": str(error)}
            )
            return True

    async def _take(self, name: str, span: timedelta) -> bool:
        now = self.clock()
        held = self.leases.hold_leases(WORK, [name], holder=self.holder, now=now, until=now + span)
        return bool(await to_its_end(held))

    async def _end(self, name: str) -> None:
        with suppress(StoreError):  # then it lapses
            await self.leases.end_leases(WORK, [name], holder=self.holder)

    @asynccontextmanager
    async def _prolonged(self, name: str, rest: timedelta = timedelta()) -> AsyncIterator[None]:
        """Prolong a lease until the context exits, then give it back, or keep it for a time if nothing failed."""
        prolonging = asyncio.create_task(self._prolong(name))
        try:
            yield
        except BaseException:
            rest = timedelta()
            raise
        finally:
            prolonging.cancel()
            # A prolongation under way is written all the same: if it came after the end, others would wait for nobody.
            await asyncio.wait({prolonging})
            await self._rested(name, rest)

    async def _rested(self, name: str, rest: timedelta) -> None:
        """Give a lease back, or keep it for a time."""
        if not rest:
            await self._end(name)
            return
        with suppress(StoreError):
            await self._take(name, rest)

    async def _prolong(self, name: str) -> None:
        while True:
            await self.sleep(self.lease.total_seconds() / 3)
            await self.taken(name)
