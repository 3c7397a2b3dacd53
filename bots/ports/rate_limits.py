"""How often a platform lets us post, and how long we wait for its answer."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Rate:
    """So many posts in so many seconds, and no more."""

    count: int
    seconds: float

    @property
    def gap(self) -> float:
        """Seconds from one post to the next, where they are evenly spread."""
        return self.seconds / self.count


@dataclass(frozen=True, kw_only=True, slots=True)
class RateLimits:
    """How often a platform lets us post."""

    channel: Rate
    platform: Rate
    #: Whether each workspace has the platform's pace to itself.
    by_workspace: bool = False
    #: Posts under way at the same time.
    at_once: int = 64


#: Seconds after which a call to a platform is given up; what became of it is then not known. A chat that takes longer
#: than this to accept a message has an outage.
CALL_TIMEOUT = 30.0
