"""The interface to permits: one is taken before each request to a service that limits how often it may be asked.

Whoever shares a limit takes permits from the same lane: the tasks of one process, or every process with one database.
"""

import hashlib
from dataclasses import dataclass
from math import inf
from typing import Protocol

from bots.domain.channels import Channel
from bots.ports.rate_limits import Rate

#: A service counts by its own clock, and requests overtake each other on the network: a margin of three in a hundred.
MARGIN = 1.03
#: Seconds that a busy machine may wake a task late.
LATE = 0.1


@dataclass(frozen=True, kw_only=True, slots=True)
class Lane:
    """One limit of one service: its permits are evenly spread, so that no window of time holds too many."""

    #: What the limit is about, in a word or two that people did not choose.
    kind: str
    #: Which of that kind: a channel, a workspace, a host.
    name: str
    #: Seconds from one permit to the next.
    gap: float
    #: Seconds of delay that the next permits make up for, so that tasks that wake late do not lower the rate.
    slack: float = 0.0
    #: How many may be in use at a time; 0 is any number. Only these permits are given back.
    at_once: int = 0
    #: Seconds after which a permit that was not given back counts as given back: its process has ended.
    lease: float = 0.0

    @property
    def key(self) -> str:
        """The lane's name in a database, which tells nobody whose it is: names may be people's addresses."""
        told = hashlib.blake2b(self.name.encode("utf-8", "surrogatepass"), digest_size=16)
        return f"{self.kind}:{told.hexdigest()}"


class Permits(Protocol):
    """Gives permits of lanes, in the order in which a process asks for them."""

    async def take(self, lane: Lane, *, within: float = inf) -> str:
        """Wait until the lane has a permit, take it, and return its name.

        A caller that is cancelled takes none, or one that expires by itself.

        Args:
            lane: the lane.
            within: seconds after which the caller has no use for it.

        Raises:
            TimeoutError: no permit comes within that time; the lane is as if nobody had asked.
            StoreError: the database that counts the permits does not answer; no permit is given meanwhile.
        """
        ...

    async def give_back(self, lane: Lane, permit: str, *, used: bool = True) -> None:
        """Return a permit of a lane that counts those in use; the gap to the next one begins now.

        Args:
            lane: the lane.
            permit: what `take` returned.
            used: whether anything was sent; if not, the next one need not wait.
        """
        ...

    async def hold(self, lane: Lane, seconds: float) -> None:
        """Give no permit of a lane for that many seconds; a longer hold in progress stays in force."""
        ...


def channel_lane(channel: Channel, rate: Rate, *, by_workspace: bool) -> Lane:
    """Return the lane of the posts to one channel.

    Args:
        channel: the channel.
        rate: how often it may be posted to.
        by_workspace: whether two workspaces may have channels of one name.
    """
    workspace = channel.workspace if by_workspace else ""
    return Lane(kind=f"{channel.platform} channel", name=f"{workspace}\n{channel.channel}", gap=rate.gap)


def platform_lane(platform: str, rate: Rate, *, workspace: str = "") -> Lane:
    """Return the lane of all posts to a platform, or to one of its workspaces."""
    return steady_lane(platform, workspace, rate)


def steady_lane(kind: str, name: str, rate: Rate) -> Lane:
    """Return a lane that keeps its rate although tasks wake late, and stays below the limit by a margin."""
    return Lane(kind=kind, name=name, gap=rate.gap * MARGIN, slack=min(rate.gap / 2, LATE))
