"""How fast a platform is posted to: never faster than it allows, each channel in its own lane.

A lane holds back only its own channel: one that must wait, or is slow to answer, holds up no other.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bots.domain.channels import Channel
from bots.ports.rate_limits import RateLimits

#: Tells seconds from some beginning, always forward: a wall clock that is set back must not stop the post.
Ticks = Callable[[], float]
Sleep = Callable[[float], Awaitable[None]]

#: Lanes at rest are cleared away when there are more.
_MOST_LANES = 4096
#: A platform counts by its own clock, and requests overtake each other on their way: three in a hundred are kept back.
_MARGIN = 1.03
#: No clock tells less time than this. Seconds.
_NOTHING = 1e-6


@dataclass(kw_only=True, slots=True)
class _Lane:
    """One channel's turn, or the platform's."""

    #: When the next post may start, in ticks.
    free_at: float = float("-inf")
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class RateLimiter:
    """Gives turns to post on one platform."""

    def __init__(self, limits: RateLimits, *, ticks: Ticks, sleep: Sleep) -> None:
        self._limits = limits
        self._ticks = ticks
        self._sleep = sleep
        self._lanes: dict[Channel, _Lane] = {}
        #: What the platform counts together, by workspace where it counts those apart.
        self._platforms: dict[str, _Lane] = {}
        self._in_flight = asyncio.Semaphore(limits.at_once)

    @asynccontextmanager
    async def turn(self, channel: Channel) -> AsyncIterator[None]:
        """Wait for the channel's turn, then for the platform's; while the block lasts the channel has no other."""
        lane, platform = self._lane(channel), self._platform(channel)
        async with lane.turn:
            await self._until(lane)
            async with self._in_flight:
                async with platform.turn:
                    await self._until(platform)
                    gap = self._limits.platform.gap
                    # Who wakes late, and everybody does by a millisecond or two, does not hold up those behind.
                    platform.free_at = max(platform.free_at, self._ticks() - gap / 2) + gap * _MARGIN
                try:
                    yield
                finally:
                    # From the answer on, and not from the question: what is late in coming must not come too close.
                    lane.free_at = max(lane.free_at, self._ticks() + self._limits.channel.gap)

    def rest(self, channel: Channel, seconds: float, *, everywhere: bool) -> None:
        """Let a channel, or the whole platform, rest: it said so."""
        lane = self._platform(channel) if everywhere else self._lane(channel)
        lane.free_at = max(lane.free_at, self._ticks() + seconds)

    async def _until(self, lane: _Lane) -> None:
        # Again and again: while one waits, the platform may ask for more.
        while (left := lane.free_at - self._ticks()) > _NOTHING:
            await self._sleep(left)

    def _platform(self, channel: Channel) -> _Lane:
        return self._platforms.setdefault(channel.workspace if self._limits.by_workspace else "", _Lane())

    def _lane(self, channel: Channel) -> _Lane:
        if len(self._lanes) > _MOST_LANES:
            now = self._ticks()
            for name in [name for name, lane in self._lanes.items() if lane.free_at <= now and not lane.turn.locked()]:
                del self._lanes[name]
        return self._lanes.setdefault(channel, _Lane())
