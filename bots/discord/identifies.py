"""When a session of the gateway may be started: all processes of a bot share Discord's limits.

`max_concurrency` sessions may be started in 5 seconds, one of each bucket `shard % max_concurrency`, and about a
thousand a day. A bot that starts more loses all sessions and its token (docs.discord.com, Gateway, Session Start
Limit).
"""

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bots.chat.untrusted import at
from bots.discord.payloads import number_at
from bots.domain.errors import StoreError
from bots.ports import Clock, Leases
from bots.ports.whole_calls import to_its_end

_log = logging.getLogger(__name__)

#: The kind of the leases of buckets.
IDENTIFY = "discord.identify"
#: Seconds between two IDENTIFYs of a bucket: Discord's five, one by which a lease may lapse early, because two machines
#: never read their clocks at the same instant, and some for the way to Discord.
EVERY = 6.5
#: Seconds that a bucket is kept while its holder connects: longer than the library's timeout for that.
_CONNECTING = 65.0
#: Seconds between two looks at a bucket that another shard has, and while the day's starts are used up.
_LOOK, _LOOK_AGAIN = 0.5, 60.0


@dataclass(frozen=True, kw_only=True, slots=True)
class GatewayFacts:
    """What Discord says of a bot's gateway (docs.discord.com, Get Gateway Bot)."""

    #: The recommended number of shards.
    shards: int
    max_concurrency: int
    #: How many sessions may still be started, of how many a day, and seconds until all may be started again.
    remaining: int
    total: int
    reset_after: float


def facts_in(answer: Mapping[str, Any]) -> GatewayFacts:
    """Return what Discord's answer says; missing numbers are those of a small bot."""
    start = answer.get("session_start_limit")
    at_once = max(1, number_at(start, "max_concurrency"))
    return GatewayFacts(
        shards=max(1, number_at(answer, "shards")),
        max_concurrency=at_once,
        remaining=number_at(start, "remaining") if at(start, "remaining") is not None else at_once,
        total=number_at(start, "total"),
        reset_after=number_at(start, "reset_after") / 1000,
    )


class IdentifyGate:
    """Lets one shard of a bucket start a session at a time, over all processes, while there are starts left."""

    def __init__(self, leases: Leases, clock: Clock, ask: Callable[[], Awaitable[GatewayFacts]]) -> None:
        self._leases = leases
        self._clock = clock
        self._ask = ask
        #: One shard of this process asks at a time for a bucket; the others wait without a query.
        self._locks: dict[int, asyncio.Lock] = {}
        self._turns: dict[int, tuple[str, str]] = {}
        #: What Discord said last; None if it was not asked yet.
        self.facts: GatewayFacts | None = None
        #: Why no session can be started now; empty if one can.
        self.problem = ""

    async def look(self) -> GatewayFacts:
        """Return what Discord says of the gateway now; raises what a request to Discord raises."""
        self.facts = await self._ask()
        return self.facts

    async def wait(self, shard: int) -> None:
        """Wait until a shard may start a session; `started` or `give_back` must be called afterwards.

        Raises:
            StoreError: the database cannot be used.
            discord.HTTPException, OSError, TimeoutError, aiohttp.ClientError: Discord cannot be asked now.
        """
        facts = self.facts or await self.look()
        bucket = shard % facts.max_concurrency
        async with self._locks.setdefault(bucket, asyncio.Lock()):
            holder, name = uuid.uuid4().hex, str(bucket)
            while not await self._taken(name, holder):  # noqa: ASYNC110 - another process frees it
                await asyncio.sleep(_LOOK)
            self._turns[shard] = (name, holder)
            try:
                # Asked again within the turn: what the shards before us used is counted.
                await self._budgeted()
            except BaseException:
                await self.give_back(shard)
                raise

    async def _budgeted(self) -> None:
        """Wait until a session may be started.

        At most one of each bucket starts at a time, so that with one left for each none starts one too many.
        """
        while (facts := await self.look()).remaining < facts.max_concurrency:
            if not self.problem:
                hours = facts.reset_after / 3600
                self.problem = f"all {facts.total} session starts of a day are used up; more in {hours:.1f} hours"
                _log.error("Discord's gateway cannot be joined: %s", self.problem)
            await asyncio.sleep(min(_LOOK_AGAIN, max(_LOOK, facts.reset_after)))
        self.problem = ""

    def has_turn(self, shard: int) -> bool:
        """Return whether a shard may start a session now."""
        return shard in self._turns

    async def started(self, shard: int) -> None:
        """Record that a shard's IDENTIFY is sent now; the bucket is free again in five seconds."""
        name, holder = self._turns.pop(shard)
        # If the database is away, the bucket stays taken for a minute, which harms nobody.
        with suppress(StoreError):
            await self._hold(name, holder, EVERY)

    async def give_back(self, shard: int) -> None:
        """Free a bucket whose shard did not start a session; do nothing if it did."""
        turn = self._turns.pop(shard, None)
        if turn is not None:
            with suppress(StoreError):
                await self._leases.end_leases(IDENTIFY, [turn[0]], holder=turn[1])

    async def _taken(self, name: str, holder: str) -> bool:
        """Take a bucket; who is cancelled meanwhile leaves it to the next shard."""
        try:
            return await self._hold(name, holder, _CONNECTING)
        except asyncio.CancelledError:
            with suppress(StoreError):
                await self._leases.end_leases(IDENTIFY, [name], holder=holder)
            raise

    async def _hold(self, name: str, holder: str, seconds: float) -> bool:
        now = self._clock()
        until = now + timedelta(seconds=seconds)
        held = self._leases.hold_leases(IDENTIFY, [name], holder=holder, now=now, until=until)
        return bool(await to_its_end(held))
