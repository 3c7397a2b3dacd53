"""The mishaps that the chat server can apply to requests, and the rate limits that it enforces."""

import random
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from bots.ports.rate_limits import Rate, RateLimits

#: The limits that Discord documents for a bot, read as strictly as possible: they hold in any second and in any 5
#: seconds.
DISCORD = RateLimits(channel=Rate(count=5, seconds=5), platform=Rate(count=50, seconds=1))
#: The limits of Slack's chat.postMessage: one message per second and channel, a few hundred per minute in all.
SLACK = RateLimits(channel=Rate(count=1, seconds=1), platform=Rate(count=300, seconds=60))


class Mishap(StrEnum):
    """The outcome of a request that a mishap applies to."""

    #: The request is carried out, and the connection ends before any response.
    ANSWER_LOST = "answer lost"
    #: 429 with Retry-After; the request is not carried out.
    REFUSED = "refused"
    #: 503; the request is not carried out.
    DOWN_BEFORE = "5xx before"
    #: The request is carried out and answered with 502, as by a proxy that timed out.
    DOWN_AFTER = "5xx after"
    #: The connection is accepted; the request is not carried out and never answered.
    HANGS = "hangs"
    #: The connection is reset; the request is not carried out.
    RESET = "reset"
    #: The request is carried out, and the connection stays open without a response.
    HALF_OPEN = "half open"
    #: 413, whatever the size of the message.
    TOO_LARGE = "too large"
    #: 403.
    CLOSED = "closed"


#: Mishaps that carry out the request but do not report success.
DONE_UNSAID = frozenset({Mishap.ANSWER_LOST, Mishap.DOWN_AFTER, Mishap.HALF_OPEN})


class Kind(StrEnum):
    """The kinds of request."""

    POST = "post"
    HISTORY = "history"


@dataclass(kw_only=True, slots=True)
class Switched:
    """A mishap that is switched on, with the requests that it applies to."""

    mishap: Mishap
    kind: Kind = Kind.POST
    #: None: every channel.
    channel: str | None = None
    #: Number of requests that it still applies to; None: until `heal`.
    left: int | None = None
    #: Probability that it applies to a matching request.
    chance: float = 1.0
    #: Retry-After of a refusal, in seconds.
    retry_after: float = 0.05

    def strikes(self, kind: Kind, channel: str, draw: random.Random) -> bool:
        """Return whether the mishap applies to this request, and count it if so."""
        if kind is not self.kind or self.channel not in (None, channel) or self.left == 0:
            return False
        if draw.random() >= self.chance:
            return False
        if self.left is not None:
            self.left -= 1
        return True


@dataclass(kw_only=True, slots=True)
class Counts:
    """The server's counters."""

    #: Posts received, whatever their outcome.
    requests: int = 0
    accepted: int = 0
    #: Posts answered with 429.
    refused: int = 0
    #: Refused posts whose key was refused before: the sender did not wait as long as Retry-After said.
    refused_twice: int = 0
    #: Requests for the history.
    asked: int = 0
    struck: dict[Mishap, int] = field(default_factory=dict)


@dataclass(kw_only=True, slots=True)
class _Window:
    """A sliding window that allows a number of posts in any period of a number of seconds."""

    pace: Rate
    taken: deque[float] = field(default_factory=deque)

    def wait(self, now: float) -> float:
        """Return the seconds until one more post is allowed; 0 if it is allowed now."""
        while self.taken and self.taken[0] <= now - self.pace.seconds:
            self.taken.popleft()
        if len(self.taken) < self.pace.count:
            return 0.0
        return self.taken[0] + self.pace.seconds - now


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """The wait that a sender must keep, and whether it applies to every channel."""

    seconds: float
    everywhere: bool


class Gate:
    """Enforces rate limits, counted in sliding windows."""

    def __init__(self, limits: RateLimits) -> None:
        self._limits = limits
        self._platform = _Window(pace=limits.platform)
        self._channels: dict[str, _Window] = {}

    def over(self, channel: str, now: float) -> Refusal | None:
        """Return a refusal if the post exceeds a limit; otherwise count the post and return None."""
        lane = self._channels.setdefault(channel, _Window(pace=self._limits.channel))
        for window in (self._platform, lane):
            if wait := window.wait(now):
                return Refusal(seconds=wait, everywhere=window is self._platform)
        for window in (self._platform, lane):
            window.taken.append(now)
        return None


def struck(switched: Iterable[Switched], kind: Kind, channel: str, draw: random.Random) -> Switched | None:
    """Return the first mishap that applies to a request; None if none does."""
    return next((each for each in switched if each.strikes(kind, channel, draw)), None)
