"""How often a platform lets us post, and how long a call to it may take."""

from collections.abc import Callable
from dataclasses import dataclass

from bots.domain.channels import Channel


@dataclass(frozen=True, kw_only=True, slots=True)
class Rate:
    """A maximum number of posts in a number of seconds."""

    count: int
    seconds: float

    @property
    def gap(self) -> float:
        """Seconds between two posts that are evenly spread."""
        return self.seconds / self.count


@dataclass(frozen=True, kw_only=True, slots=True)
class RateLimits:
    """How often a platform lets us post."""

    channel: Rate
    platform: Rate
    #: Whether the platform's rate applies to each workspace separately.
    by_workspace: bool = False
    #: The rate of a group of channels, such as the mailboxes of one mail server; None if there are no groups.
    group: Rate | None = None
    #: Returns the group of a channel; an empty name is no group.
    group_of: Callable[[Channel], str] = lambda _channel: ""
    #: Maximum number of posts in progress at the same time.
    at_once: int = 64
    #: Whether the adapter itself takes a permit for each of its requests, so that other processes count them already.
    counts_itself: bool = False


#: Seconds after which a call to a platform is abandoned; its result is then unknown. A chat that takes longer than this
#: to accept a message has an outage.
CALL_TIMEOUT = 30.0
