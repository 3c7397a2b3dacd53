"""Rate limits as Slack documents them: per method and workspace, and one message per second and channel."""

from collections import deque
from dataclasses import dataclass, field

from tests.fakes.slack import limits


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """How strictly calls are counted."""

    #: Messages that a channel accepts at once; after that, one per second.
    burst: int
    posts_per_second: float = limits.POSTS_PER_SECOND
    posts_per_minute: int = limits.POSTS_PER_MINUTE
    #: Factor by which the limits of the tiers are raised.
    stretch: float = 1.0
    #: An app distributed outside the Marketplace: one history call per minute, at most 15 messages each.
    outsider: bool = False


#: As strict as the documents can be read.
STRICT = Pace(burst=1)
#: "Short bursts are allowed"; the length of a burst is not documented.
LENIENT = Pace(burst=4, stretch=2.0)
#: docs.slack.dev/changelog/2025-05-terms-rate-limit-update-and-faq
OUTSIDER = Pace(burst=4, stretch=2.0, outsider=True)
_HISTORY = ("conversations.history", "conversations.replies")


@dataclass(kw_only=True, slots=True)
class _Window:
    count: float
    seconds: float
    taken: deque[float] = field(default_factory=deque)

    def wait(self, now: float) -> float:
        while self.taken and self.taken[0] <= now - self.seconds:
            self.taken.popleft()
        return 0.0 if len(self.taken) < self.count else self.taken[0] + self.seconds - now


@dataclass(kw_only=True, slots=True)
class _Bucket:
    rate: float
    size: float
    level: float
    at: float

    def wait(self, now: float) -> float:
        self.level = min(self.size, self.level + (now - self.at) * self.rate)
        self.at = now
        # Tolerance for rounding, so that a caller that waited exactly the required time is not refused again.
        return 0.0 if self.level >= 1 - 1e-6 else (1 - self.level) / self.rate


class Pacing:
    """Counts calls and returns how long a call above a limit must wait."""

    def __init__(self, pace: Pace | None) -> None:
        #: None: nothing is counted.
        self.pace = pace
        self._methods: dict[tuple[str, str], _Window] = {}
        self._channels: dict[tuple[str, str], _Bucket] = {}
        self._posts: dict[str, _Window] = {}

    def call(self, team: str, method: str, tier: int, now: float) -> float:
        """Return 0 and count the call if it is allowed, else the seconds to wait."""
        if self.pace is None or tier not in limits.TIERS:
            return 0.0
        held = self.pace.outsider and method in _HISTORY
        most = 1 if held else limits.TIERS[tier] * self.pace.stretch
        window = self._methods.setdefault((team, method), _Window(count=most, seconds=60))
        if wait := window.wait(now):
            return wait
        window.taken.append(now)
        return 0.0

    def post(self, team: str, channel: str, now: float) -> float:
        """Return 0 and count the message if it is allowed, else the seconds to wait."""
        pace = self.pace
        if pace is None:
            return 0.0
        fresh = _Bucket(rate=pace.posts_per_second, size=pace.burst, level=pace.burst, at=now)
        bucket = self._channels.setdefault((team, channel), fresh)
        everywhere = self._posts.setdefault(team, _Window(count=pace.posts_per_minute, seconds=60))
        if wait := max(bucket.wait(now), everywhere.wait(now)):
            return wait
        bucket.level -= 1
        everywhere.taken.append(now)
        return 0.0
