"""What the chat server can be told to do to requests, and the limits it holds senders to."""

import random
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from bots.ports.rate_limits import Rate, RateLimits

#: The limits that Discord documents for a bot, as strictly as they can be read: in any second, in any five.
DISCORD = RateLimits(channel=Rate(count=5, seconds=5), platform=Rate(count=50, seconds=1))
#: Those of Slack's chat.postMessage: a message a second in a channel, a few hundred a minute in all.
SLACK = RateLimits(channel=Rate(count=1, seconds=1), platform=Rate(count=300, seconds=60))


class Mishap(StrEnum):
    """What becomes of a request."""

    #: It is done, and the connection ends before a word is said.
    ANSWER_LOST = "answer lost"
    #: 429, with Retry-After; nothing is done.
    REFUSED = "refused"
    #: 503; nothing is done.
    DOWN_BEFORE = "5xx before"
    #: It is done, and answered with 502, as by a proxy that gave up.
    DOWN_AFTER = "5xx after"
    #: The connection is taken, and nothing is ever read or said.
    HANGS = "hangs"
    #: The connection is reset; nothing is done.
    RESET = "reset"
    #: It is done, and the connection stays open, silent for ever.
    HALF_OPEN = "half open"
    #: 413, whatever its size.
    TOO_LARGE = "too large"
    #: 403.
    CLOSED = "closed"


#: Those that do what was asked and do not say so.
DONE_UNSAID = frozenset({Mishap.ANSWER_LOST, Mishap.DOWN_AFTER, Mishap.HALF_OPEN})


class Kind(StrEnum):
    """What is asked of the server."""

    POST = "post"
    HISTORY = "history"


@dataclass(kw_only=True, slots=True)
class Switched:
    """A mishap that is switched on."""

    mishap: Mishap
    kind: Kind = Kind.POST
    #: None is every channel.
    channel: str | None = None
    #: How many more requests it strikes; None is until healed.
    left: int | None = None
    #: How likely it strikes a request it could strike.
    chance: float = 1.0
    #: Seconds, told with a refusal.
    retry_after: float = 0.05

    def strikes(self, kind: Kind, channel: str, draw: random.Random) -> bool:
        """Tell whether it strikes this request, and count it if so."""
        if kind is not self.kind or self.channel not in (None, channel) or self.left == 0:
            return False
        if draw.random() >= self.chance:
            return False
        if self.left is not None:
            self.left -= 1
        return True


@dataclass(kw_only=True, slots=True)
class Counts:
    """What the server has seen."""

    #: Posts, whatever came of them.
    requests: int = 0
    accepted: int = 0
    #: Posts answered with 429.
    refused: int = 0
    #: Those of them whose key had been refused before: their sender did not wait as it was told.
    refused_twice: int = 0
    #: Questions about the history.
    asked: int = 0
    struck: dict[Mishap, int] = field(default_factory=dict)


@dataclass(kw_only=True, slots=True)
class _Window:
    """So many in any stretch of so many seconds."""

    pace: Rate
    taken: deque[float] = field(default_factory=deque)

    def wait(self, now: float) -> float:
        """Return the seconds until one more is allowed; 0 where it is allowed now."""
        while self.taken and self.taken[0] <= now - self.pace.seconds:
            self.taken.popleft()
        if len(self.taken) < self.pace.count:
            return 0.0
        return self.taken[0] + self.pace.seconds - now


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """How long a sender is to wait, and whether everywhere."""

    seconds: float
    everywhere: bool


class Gate:
    """Holds senders to limits, counted in windows that slide."""

    def __init__(self, limits: RateLimits) -> None:
        self._limits = limits
        self._platform = _Window(pace=limits.platform)
        self._channels: dict[str, _Window] = {}

    def over(self, channel: str, now: float) -> Refusal | None:
        """Return the refusal of a post that is one too many; None where it is allowed, and then it is counted."""
        lane = self._channels.setdefault(channel, _Window(pace=self._limits.channel))
        for window in (self._platform, lane):
            if wait := window.wait(now):
                return Refusal(seconds=wait, everywhere=window is self._platform)
        for window in (self._platform, lane):
            window.taken.append(now)
        return None


def struck(switched: Iterable[Switched], kind: Kind, channel: str, draw: random.Random) -> Switched | None:
    """Return the first mishap that strikes a request; None where none does."""
    return next((each for each in switched if each.strikes(kind, channel, draw)), None)
