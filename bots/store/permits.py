"""Permits that are counted in Postgres, for all processes that share it, on its server's clock.

A lane is a row. A permit is taken by one statement that checks and changes the row, so two processes never get the same
one, and a process that ends holds nothing: an unused permit passes, and one in use has a lease.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from math import inf
from typing import Any, LiteralString

from bots.domain.errors import StoreError
from bots.ports.observing import Observer, Unobserved
from bots.ports.permits import Lane
from bots.store._permit_line import PermitLine

_log = logging.getLogger(__name__)

#: Seconds for which permits are taken ahead: what is taken is not given back, and does not see a hold that begins
#: meanwhile.
_AHEAD = 1.0
#: Seconds of a lane that one round trip takes for those who wait in this process: at Discord's 50 a second, five.
_BATCH = 0.1
#: Seconds between two looks for whether another process has given a permit back.
_LOOK = 0.25
#: Seconds that the process that had the last permit lets others go first.
_YIELD = 0.1
#: Seconds by which an answer of the server may be late; 5,000 times what it takes.
_SPARE = 0.5
#: Seconds between two looks at a lane that is held, at the most.
_LONGEST_LOOK = 60.0
#: Seconds between two deletions of idle rows by one process, and after which a row is idle.
_TIDY = 600.0
#: Seconds that a digest waits for a server that is down.
PATIENCE = 10.0

#: One statement checks a lane and takes its permits. `clock_timestamp()` is volatile, so it is read behind the row's
#: lock: the instants of two processes are in order. Leases that are over do not count as permits in use.
_TAKE = """
WITH taken AS (
    INSERT INTO rate_limit AS lane (key, free_at, in_use) VALUES (
        %(key)s,
        clock_timestamp() + %(step)s * interval '1 s',
        CASE WHEN %(at_once)s > 0 THEN ARRAY[clock_timestamp() + %(lease)s * interval '1 s'] ELSE '{}' END
    )
    ON CONFLICT (key) DO UPDATE SET
        free_at = greatest(lane.free_at, lane.held_until, clock_timestamp() - %(slack)s * interval '1 s')
            + %(step)s * interval '1 s',
        in_use = CASE WHEN %(at_once)s > 0
            THEN ARRAY(SELECT ends FROM unnest(lane.in_use) AS ends WHERE ends > clock_timestamp())
                || (clock_timestamp() + %(lease)s * interval '1 s')
            ELSE lane.in_use END
    WHERE greatest(lane.free_at, lane.held_until) <= clock_timestamp() + %(ahead)s * interval '1 s'
        AND (%(at_once)s = 0 OR
            (SELECT count(*) FROM unnest(lane.in_use) AS ends WHERE ends > clock_timestamp()) < %(at_once)s)
    RETURNING
        extract(epoch FROM free_at - %(step)s * interval '1 s' - clock_timestamp())::float8 AS wait,
        in_use[array_upper(in_use, 1)]::text AS permit
)
SELECT true, wait, false, permit FROM taken
UNION ALL
SELECT
    false,
    extract(epoch FROM greatest(lane.free_at, lane.held_until) - clock_timestamp())::float8,
    %(at_once)s > 0 AND
        (SELECT count(*) FROM unnest(lane.in_use) AS ends WHERE ends > clock_timestamp()) >= %(at_once)s,
    NULL
FROM rate_limit AS lane WHERE lane.key = %(key)s AND NOT EXISTS (SELECT FROM taken)
"""
_GIVE_BACK = """
UPDATE rate_limit SET
    in_use = array_remove(in_use, %(permit)s::timestamptz),
    free_at = CASE
        WHEN %(used)s THEN greatest(free_at, clock_timestamp() + %(gap)s * interval '1 s')
        WHEN cardinality(in_use) <= 1 THEN clock_timestamp()
        ELSE free_at END
WHERE key = %(key)s AND %(permit)s::timestamptz = ANY(in_use)
"""
_HOLD = """
INSERT INTO rate_limit AS lane (key, free_at, held_until)
VALUES (%(key)s, clock_timestamp(), clock_timestamp() + %(seconds)s * interval '1 s')
ON CONFLICT (key) DO UPDATE SET held_until = greatest(lane.held_until, excluded.held_until)
"""
#: A row that is idle says the same as none.
_DELETE = """
DELETE FROM rate_limit
WHERE greatest(free_at, held_until) < clock_timestamp() - %(idle)s * interval '1 s'
    AND NOT EXISTS (SELECT FROM unnest(in_use) AS ends WHERE ends > clock_timestamp())
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Own:
    """What this process has of a lane: those who wait, in order, and permits that were taken for them."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: set[object] = field(default_factory=set)
    #: When each permit that was taken ahead may be used, in ticks.
    ahead: deque[float] = field(default_factory=deque)


class SharedPermits:
    """Gives permits that all processes with one Postgres count together; see `bots.ports.Permits`."""

    def __init__(
        self,
        line: PermitLine,
        *,
        ticks: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        observer: Observer | None = None,
        batch: float = _BATCH,
    ) -> None:
        self._line = line
        self._ticks = ticks
        self._sleep = sleep
        self._observer = observer or Unobserved()
        self._batch = batch
        self._own: dict[str, _Own] = {}
        #: The lanes whose last permit, as far as we know, was this process's.
        self._had_last: set[str] = set()
        #: Until when lanes are held that this process has held, in ticks.
        self._held: dict[str, float] = {}
        self._tidied = ticks()

    async def take(self, lane: Lane, *, within: float = inf) -> str:
        """Wait until the lane has a permit, take it, and return its name."""
        began, key, mine = self._ticks(), lane.key, object()
        own = self._own.setdefault(key, _Own())
        own.waiting.add(mine)
        try:
            async with asyncio.timeout(None if within == inf else within):
                await own.turn.acquire()
            try:
                # A server that accepts questions and answers none must not keep a person for longer than he waits.
                async with asyncio.timeout(
                    None if within == inf else max(0.0, began + within - self._ticks()) + _SPARE
                ):
                    permit = await self._taken(lane, own, began + within)
            finally:
                own.turn.release()
        finally:
            own.waiting.discard(mine)
            if not own.waiting:
                self._own.pop(key, None)
        self._observer.permitted(lane.kind, self._ticks() - began)
        return permit

    async def _taken(self, lane: Lane, own: _Own, end: float) -> str:
        while True:
            permit = await self._next(lane, own, end)
            # A hold that began in this process while it waited; one of another process is seen at the next round trip.
            if lane.at_once or self._held.get(lane.key, -inf) <= self._ticks():
                return permit

    async def _next(self, lane: Lane, own: _Own, end: float) -> str:
        permit = ""
        # A permit that nobody used in time has passed: used later, it would be one too many there.
        while own.ahead and own.ahead[0] < self._ticks() - max(lane.slack, lane.gap):
            own.ahead.popleft()
        if not own.ahead:
            permit = await self._reserved(lane, own, min(self._most(lane), len(own.waiting)), end)
        if own.ahead[0] > end:
            raise TimeoutError
        at = own.ahead.popleft()
        if (left := at - self._ticks()) > 0:
            await self._sleep(left)
        return permit

    def _most(self, lane: Lane) -> int:
        """Return how many permits one round trip may take."""
        return 1 if lane.at_once or not lane.gap else max(1, int(self._batch / lane.gap))

    async def _reserved(self, lane: Lane, own: _Own, count: int, end: float) -> str:
        """Take permits as soon as there are any, and return the name of the first."""
        while True:
            # What whoever gives up before its time would take is lost to the others.
            ahead = 0.0 if lane.at_once else max(0.0, min(_AHEAD, end - self._ticks()))
            taken, wait, full, permit = await self._asked(lane, count, ahead)
            now = self._ticks()
            if taken:
                own.ahead.extend(now + wait + place * lane.gap for place in range(count))
                if lane.at_once:
                    self._had_last.add(lane.key)
                return str(permit or "")
            if now + wait > end or (full and now >= end):
                raise TimeoutError
            await self._sleep(self._until_next_look(lane, wait - ahead, full=full))

    def _until_next_look(self, lane: Lane, wait: float, *, full: bool) -> float:
        if full:
            self._had_last.discard(lane.key)
            return _LOOK
        yields = _YIELD if lane.key in self._had_last else 0.0
        self._had_last.discard(lane.key)
        return min(max(wait, 0.001) + yields, _LONGEST_LOOK)

    async def _asked(self, lane: Lane, count: int, ahead: float) -> tuple[bool, float, bool, str | None]:
        await self._tidy()
        values = {
            "key": lane.key,
            "step": lane.gap * count,
            "slack": lane.slack,
            "ahead": ahead,
            "at_once": lane.at_once,
            "lease": lane.lease,
        }
        row = await self._line.ask(_TAKE, values)
        # Without a row, another process has made the lane at this instant.
        return row or (False, 0.0, False, None)

    async def give_back(self, lane: Lane, permit: str, *, used: bool = True) -> None:
        """Return a permit of a lane that counts those in use; the gap to the next one begins now.

        If the database does not answer, the permit's lease ends instead.
        """
        await self._told(_GIVE_BACK, {"key": lane.key, "permit": permit, "gap": lane.gap, "used": used})

    async def hold(self, lane: Lane, seconds: float) -> None:
        """Give no permit of a lane for that many seconds, in any process; a longer hold in progress stays in force."""
        self._held[lane.key] = max(self._held.get(lane.key, -inf), self._ticks() + seconds)
        if own := self._own.get(lane.key):
            own.ahead.clear()
        await self._told(_HOLD, {"key": lane.key, "seconds": seconds})

    async def _tidy(self) -> None:
        """Delete the rows of lanes that nobody has used for a while, now and then."""
        if self._ticks() - self._tidied > _TIDY:
            self._tidied = self._ticks()
            self._had_last.clear()
            self._held = {key: until for key, until in self._held.items() if until > self._tidied}
            await self._told(_DELETE, {"idle": _TIDY})

    async def _told(self, statement: LiteralString, values: Mapping[str, Any]) -> None:
        try:
            await self._line.ask(statement, values)
        except StoreError as error:
            _log.warning("a rate limit could not be recorded", extra={"error": str(error)})


@asynccontextmanager
async def open_permits(
    address: str, *, observer: Observer | None = None, patience: float = PATIENCE
) -> AsyncIterator[SharedPermits]:
    """Count permits in a Postgres database until the context exits; its tables must be there.

    Args:
        address: the database, as libpq reads it.
        observer: is told how long permits took.
        patience: seconds to wait for a server that is down.
    """
    line = PermitLine(address, ticks=time.monotonic, patience=patience)
    try:
        yield SharedPermits(line, observer=observer)
    finally:
        await line.close()
