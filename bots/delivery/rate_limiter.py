"""Limits the rate of posts to a platform to what the platform allows, with a separate lane for each channel.

A lane delays only its own channel: a channel that must wait, or is slow to respond, delays no other.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bots.delivery.local_permits import NOTHING, LocalPermits, Sleep, Ticks
from bots.domain.channels import Channel
from bots.ports.observing import Observer
from bots.ports.permits import Lane, Permits, channel_lane, platform_lane, steady_lane
from bots.ports.rate_limits import RateLimits

#: Above this number, idle lanes are deleted.
_MOST_LANES = 4096
#: Seconds of delay that posts make up for where the platform's adapter counts every request itself: a busy event loop
#: wakes tasks that late, and a permit that passed unused would lower the rate.
_SPREAD = 0.25


@dataclass(kw_only=True, slots=True)
class _Lane:
    """The posts of this process to one channel."""

    #: When the next post may start, in ticks.
    free_at: float = float("-inf")
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class RateLimiter:
    """Limits how often one platform is posted to, together with the other processes that take the same permits."""

    def __init__(
        self,
        limits: RateLimits,
        *,
        ticks: Ticks,
        sleep: Sleep,
        permits: Permits | None = None,
        observer: Observer | None = None,
    ) -> None:
        """Create the limiter of a platform.

        Args:
            limits: the platform's limits.
            ticks: returns monotonic seconds.
            sleep: waits for a number of seconds.
            permits: the permits that this process shares with others; None if it shares none.
            observer: is told how long permits of this process alone took.
        """
        self._limits = limits
        self._ticks = ticks
        self._sleep = sleep
        self._lanes: dict[Channel, _Lane] = {}
        own = LocalPermits(ticks=ticks, sleep=sleep, observer=observer)
        self._permits: Permits = permits or own
        #: Spreads the posts of this process even where each of their requests takes a shared permit later.
        self._of_platform: Permits = own if limits.counts_itself else self._permits
        self._in_flight = asyncio.Semaphore(limits.at_once)

    @asynccontextmanager
    async def turn(self, channel: Channel) -> AsyncIterator[None]:
        """Wait for the channel's turn, its group's, then the platform's; it has no second turn during the block.

        Raises:
            StoreError: the database that counts the permits does not answer.
        """
        lane = self._lane(channel)
        async with lane.turn:
            await self._until(lane)
            await self._permits.take(self._of_channel(channel))
            if (group := self._of_group(channel)) is not None:
                # Waited for outside the places in flight: a slow group must not take those of the others.
                await self._permits.take(group)
            async with self._in_flight:
                await self._of_platform.take(self._of_all(channel))
                try:
                    yield
                finally:
                    # Counted from the response, not the request: a request that arrives late must not be followed too
                    # closely.
                    lane.free_at = max(lane.free_at, self._ticks() + self._limits.channel.gap)

    async def rest(self, channel: Channel, seconds: float, *, everywhere: bool) -> None:
        """Delay a channel, or the whole platform, in every process, for as long as the platform requested."""
        if everywhere:
            of_all = self._of_all(channel)
            await self._of_platform.hold(of_all, seconds)
            if self._of_platform is not self._permits:
                await self._permits.hold(of_all, seconds)
            return
        lane = self._lane(channel)
        lane.free_at = max(lane.free_at, self._ticks() + seconds)
        await self._permits.hold(self._of_channel(channel), seconds)

    async def _until(self, lane: _Lane) -> None:
        # Checked repeatedly: while a task waits, the platform may request a longer wait.
        while (left := lane.free_at - self._ticks()) > NOTHING:
            await self._sleep(left)

    def _of_channel(self, channel: Channel) -> Lane:
        return channel_lane(channel, self._limits.channel, by_workspace=self._limits.by_workspace)

    def _of_all(self, channel: Channel) -> Lane:
        if self._limits.counts_itself:
            # This lane only spreads the posts; what it lets through too early waits once more, with the other requests.
            gap = self._limits.platform.gap
            return Lane(kind=channel.platform, name="", gap=gap, slack=_SPREAD)
        workspace = channel.workspace if self._limits.by_workspace else ""
        return platform_lane(channel.platform, self._limits.platform, workspace=workspace)

    def _of_group(self, channel: Channel) -> Lane | None:
        name = self._limits.group_of(channel) if self._limits.group else ""
        return (
            steady_lane(f"{channel.platform} group", name, self._limits.group) if name and self._limits.group else None
        )

    def _lane(self, channel: Channel) -> _Lane:
        if len(self._lanes) > _MOST_LANES:
            now = self._ticks()
            for name in [name for name, lane in self._lanes.items() if lane.free_at <= now and not lane.turn.locked()]:
                del self._lanes[name]
        return self._lanes.setdefault(channel, _Lane())
