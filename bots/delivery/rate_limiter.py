"""Limits the rate of posts to a platform to what the platform allows, with a separate lane for each channel.

A lane delays only its own channel: a channel that must wait, or is slow to respond, delays no other.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from bots.domain.channels import Channel
from bots.ports.rate_limits import RateLimits

#: Returns monotonic seconds from any starting point: a wall clock that is set back must not stop posting.
Ticks = Callable[[], float]
Sleep = Callable[[float], Awaitable[None]]
_Name = TypeVar("_Name")

#: Above this number, idle lanes are deleted.
_MOST_LANES = 4096
#: A platform counts by its own clock, and requests overtake each other on the network: a margin of three in a hundred.
_MARGIN = 1.03
#: Seconds that a busy machine may wake a task late.
_LATE = 0.1
#: Smaller than any clock's resolution. Seconds.
_NOTHING = 1e-6


@dataclass(kw_only=True, slots=True)
class _Lane:
    """The rate of one channel, or of the platform."""

    #: When the next post may start, in ticks.
    free_at: float = float("-inf")
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class RateLimiter:
    """Limits how often one platform is posted to."""

    def __init__(self, limits: RateLimits, *, ticks: Ticks, sleep: Sleep) -> None:
        self._limits = limits
        self._ticks = ticks
        self._sleep = sleep
        self._lanes: dict[Channel, _Lane] = {}
        #: Lanes of the platform's limit across channels, by workspace if it counts those separately.
        self._platforms: dict[str, _Lane] = {}
        #: Lanes of groups of channels, by their names.
        self._groups: dict[str, _Lane] = {}
        self._in_flight = asyncio.Semaphore(limits.at_once)

    @asynccontextmanager
    async def turn(self, channel: Channel) -> AsyncIterator[None]:
        """Wait for the channel's turn, its group's, then the platform's; it has no second turn during the block."""
        lane, platform, group = self._lane(channel), self._platform(channel), self._group(channel)
        async with lane.turn:
            await self._until(lane)
            if group is not None and self._limits.group is not None:
                # Waited for outside the places in flight: a slow group must not take those of the others.
                await self._pass(group, self._limits.group.gap)
            async with self._in_flight:
                await self._pass(platform, self._limits.platform.gap)
                try:
                    yield
                finally:
                    # Counted from the response, not the request: a request that arrives late must not be followed too
                    # closely.
                    lane.free_at = max(lane.free_at, self._ticks() + self._limits.channel.gap)

    async def _pass(self, lane: _Lane, gap: float) -> None:
        """Wait for the turn of a lane that many channels share, and book it."""
        async with lane.turn:
            await self._until(lane)
            # Every task wakes a millisecond or two late; this must not delay the tasks behind it.
            lane.free_at = max(lane.free_at, self._ticks() - min(gap / 2, _LATE)) + gap * _MARGIN

    def rest(self, channel: Channel, seconds: float, *, everywhere: bool) -> None:
        """Delay a channel, or the whole platform, for as long as the platform requested."""
        lane = self._platform(channel) if everywhere else self._lane(channel)
        lane.free_at = max(lane.free_at, self._ticks() + seconds)

    async def _until(self, lane: _Lane) -> None:
        # Checked repeatedly: while a task waits, the platform may request a longer wait.
        while (left := lane.free_at - self._ticks()) > _NOTHING:
            await self._sleep(left)

    def _platform(self, channel: Channel) -> _Lane:
        return self._platforms.setdefault(channel.workspace if self._limits.by_workspace else "", _Lane())

    def _group(self, channel: Channel) -> _Lane | None:
        name = self._limits.group_of(channel) if self._limits.group else ""
        return self._kept(self._groups).setdefault(name, _Lane()) if name else None

    def _lane(self, channel: Channel) -> _Lane:
        return self._kept(self._lanes).setdefault(channel, _Lane())

    def _kept(self, lanes: dict[_Name, _Lane]) -> dict[_Name, _Lane]:
        """Return the lanes, without the idle ones if there are too many."""
        if len(lanes) > _MOST_LANES:
            now = self._ticks()
            for name in [name for name, lane in lanes.items() if lane.free_at <= now and not lane.turn.locked()]:
                del lanes[name]
        return lanes
