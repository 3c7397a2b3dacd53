"""Ten thousand channels that are due at once under the documented limits, with two and four workers on one Postgres.

All parts run in processes of their own, with limits and adapters as shipped. The peer is the platform's limit: Discord
takes fifty requests a second of a bot; Slack, we take it, five messages a second in each workspace. What a machine of
two cores cannot reach is told by the processor time of a digest; docs/explanation/capacity.md computes with it.
"""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from bots.discord.app import DiscordAdapter
from bots.ports.rate_limits import RateLimits
from bots.slack.app import SlackAdapter
from tests.bench.far import far
from tests.bench.rows import LeftOut, Row
from tests.bench.throughput import Burst, scene_of
from tests.support import postgres

_MANY = 10_000
#: Channels of one workspace.
_OF_ONE = 20
_WORKERS = (2, 4)
_AT_ONCE = 64
_LIMITS: dict[str, RateLimits] = {"discord": DiscordAdapter.limits, "slack": SlackAdapter.limits}


@dataclass(frozen=True, kw_only=True, slots=True)
class Fleet:
    """Channels of one platform, in workspaces of equal size."""

    platform: str
    workspaces: int
    #: Of each workspace.
    channels: int

    @property
    def allowed(self) -> float:
        """Posts per second that the limits allow to all channels together."""
        limits = _LIMITS[self.platform]
        one = limits.platform.count / limits.platform.seconds
        together = one * self.workspaces if limits.by_workspace else one
        return min(together, self.workspaces * self.channels / limits.channel.gap)


def measure(_data: Path) -> Iterator[Row]:
    """Yield the rate on each platform next to what its limits allow, refusals, and the time to the last channel."""
    if not postgres.IS_THERE:
        raise LeftOut(postgres.WHY_NOT)
    for platform in _LIMITS:
        fleet = Fleet(platform=platform, workspaces=_MANY // _OF_ONE, channels=_OF_ONE)
        for workers in _WORKERS:
            yield from _rows(fleet, asyncio.run(fly(fleet, workers)))


def _rows(fleet: Fleet, burst: Burst) -> Iterator[Row]:
    yield Row(
        what=f"{fleet.platform}, {burst.workers} workers: digests", ours=burst.rate, unit="/s", peer="allowed",
        theirs=fleet.allowed, more_is_better=True,
    )  # fmt: skip
    yield Row(what="  refused of 1000", ours=1000 * burst.refused / burst.parts, unit="", peer="wanted", theirs=0)
    at_best = burst.digests / fleet.allowed
    yield Row(what="  to the last channel", ours=max(burst.waited), unit="s", peer="the limits alone", theirs=at_best)
    yield Row(
        what="  processor time of a digest, all together", ours=sum(burst.cpu.values()), unit="ms",
        peer="the limit's gap", theirs=1000 / fleet.allowed,
    )  # fmt: skip


async def fly(fleet: Fleet, workers: int, *, concurrency: int = _AT_ONCE) -> Burst:
    """Have some workers post to a fleet under its limits."""
    async with AsyncExitStack() as stack:
        groups = {"guilds" if fleet.platform == "discord" else "workspaces": fleet.workspaces}
        module = f"tests.bench.far_{fleet.platform}"
        chat = await stack.enter_async_context(far(module, channels=fleet.channels, limited=True, **groups))
        scene = await stack.enter_async_context(scene_of(chat, fleet.platform))
        return await scene.burst(stack, workers, concurrency)
