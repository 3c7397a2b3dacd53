"""Compares this machine's clock with that of the database's server, again and again, and says whether work may go on.

By a clock that is a day ahead every digest would be too late, what is kept for a year would be deleted a day early, and
tomorrow's digest would be posted today. The machines that share a database agree on its server's clock.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from bots.domain.errors import StoreError
from bots.ports import Clock
from bots.ports.beside import beside

_log = logging.getLogger(__name__)

#: How much the clocks of two machines may differ. Without time synchronisation they drift by seconds a day; a digest
#: is late after an hour at the least.
MOST_APART = timedelta(minutes=15)
#: Seconds between two looks: a worker's heartbeat.
EVERY = 10.0
#: Seconds after a look that failed: the database is away, and everybody who asks would wait for it in turn.
_AGAIN = 5.0
#: A clock that has gone further than the time that passed was set: then the server is asked at once.
_SET = timedelta(minutes=1)


class ClockWatch:
    """Knows whether this machine's clock is right."""

    def __init__(
        self,
        server_time: Callable[[], Awaitable[datetime | None]],
        clock: Clock,
        *,
        ticks: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Remember whom to ask.

        Args:
            server_time: returns the time of the server's clock, aware; None if nobody shares the database, and then
                this machine's clock is the only one.
            clock: this machine's clock.
            ticks: returns monotonic seconds.
            sleep: waits some seconds.
        """
        self._server_time = server_time
        self._clock = clock
        self._ticks = ticks
        self._sleep = sleep
        self._turn = asyncio.Lock()
        #: This machine's clock minus the server's, at the last look; None before it, and if there is no server.
        self.offset: timedelta | None = None
        #: Whether both agreed at the last look.
        self.is_right = True
        #: The clock and the ticks of the last look, and until when no other is needed unless the clock is set.
        self._seen: tuple[datetime, float] | None = None
        self._next = 0.0

    async def may_work(self) -> bool:
        """Return whether the clock is right, so that work that depends on it may begin.

        If the database does not answer, what was known last holds.
        """
        if self._is_due():
            async with self._turn:
                if self._is_due():
                    await self._look()
        return self.is_right

    def _is_due(self) -> bool:
        if self._seen is None or self._ticks() >= self._next:
            return True
        seen, then = self._seen
        passed = timedelta(seconds=self._ticks() - then)
        return abs(self._clock() - seen - passed) > _SET

    async def _look(self) -> None:
        wait = EVERY
        try:
            there = await self._server_time()
        except StoreError as error:
            _log.debug("the clock could not be compared with the server's", extra={"error": str(error)})
            wait = _AGAIN
        else:
            self._judge(there)
        # Afterwards: the server may have taken its time.
        self._seen, self._next = (self._clock(), self._ticks()), self._ticks() + wait

    def _judge(self, there: datetime | None) -> None:
        self.offset = None if there is None else self._clock() - there
        was_right, self.is_right = self.is_right, self.offset is None or abs(self.offset) <= MOST_APART
        if was_right and not self.is_right and self.offset is not None:
            _log.error(
                "this machine's clock differs from the database server's; no digest is begun here until both agree",
                extra={"hours": round(self.offset.total_seconds() / 3600, 2), "hint": "Set the clock that is wrong."},
            )
        elif not was_right and self.is_right:
            _log.info("this machine's clock agrees with the database server's again")

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Look every ten seconds until the context exits, the first time at once."""
        await self.may_work()
        async with beside(self._looks(), "looks at the clock"):
            yield

    async def _looks(self) -> None:
        while True:
            await self._sleep(EVERY)
            await self.may_work()


async def always() -> bool:
    """Let work go on: nobody watches the clock."""
    return True
