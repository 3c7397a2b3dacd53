"""Rate limits: a bucket per route and channel, the global limit per second, and the count of invalid calls.

docs.discord.com, Rate Limits.
"""

import hashlib
from collections import deque
from dataclasses import dataclass, field

from tests.fakes.discord import limits
from tests.fakes.discord.problems import TooFast


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """How strictly calls are counted."""

    #: Limit of messages and of edits, per channel.
    calls: int = limits.BUCKET_CALLS
    #: Limit of each other route.
    others: int = limits.OTHER_CALLS
    seconds: float = limits.BUCKET_SECONDS
    per_second: int = limits.GLOBAL_PER_SECOND
    #: Maximum of invalid calls in ten minutes; while there are more, every call is blocked.
    invalid: int = limits.INVALID_MOST
    #: Whether a second IDENTIFY within five seconds is answered with an invalid session.
    identifies: bool = True


#: As strict as the documents can be read.
STRICT = Pace()
#: Sends the headers, with limits that no client reaches.
LENIENT = Pace(calls=1_000_000, others=1_000_000, per_second=1_000_000, invalid=1_000_000_000, identifies=False)
#: The routes that `Pace.calls` applies to.
_POSTS = ("POST /channels/{channel}/messages", "PATCH /channels/{channel}/messages/{message}")


@dataclass(kw_only=True, slots=True)
class _Bucket:
    name: str
    most: int
    seconds: float
    used: int = 0
    ends: float = 0.0

    def turn(self, now: float) -> None:
        if now >= self.ends:
            self.used, self.ends = 0, now + self.seconds

    def headers(self, now: float) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(self.most),
            "X-RateLimit-Remaining": str(max(0, self.most - self.used)),
            "X-RateLimit-Reset": f"{self.ends:.3f}",
            "X-RateLimit-Reset-After": f"{self.ends - now:.3f}",
            "X-RateLimit-Bucket": self.name,
        }


@dataclass(kw_only=True, slots=True)
class Pacing:
    """Counts calls and refuses those that exceed a limit."""

    #: None: nothing is counted and no headers are sent.
    pace: Pace | None
    #: The times of the invalid calls.
    invalid: deque[float] = field(default_factory=deque)
    _buckets: dict[tuple[str, str], _Bucket] = field(default_factory=dict)
    _lately: deque[float] = field(default_factory=deque)

    def call(self, route: str, major: str, now: float, *, exempt: bool) -> dict[str, str]:
        """Count a call and return its rate limit headers.

        Args:
            route: the method and the pattern of the path.
            major: the channel, server or webhook that it concerns.
            now: the current time.
            exempt: whether the call is a response to an interaction, to which the global limit does not apply.

        Raises:
            TooFast: the call exceeds a limit.
        """
        if self.pace is None:
            return {}
        if not exempt:
            self._globally(self.pace, now)
        bucket = self._bucket(self.pace, route, major)
        bucket.turn(now)
        if bucket.used >= bucket.most:
            raise TooFast(bucket.ends - now, scope="user", headers=bucket.headers(now))
        bucket.used += 1
        return bucket.headers(now)

    def _globally(self, pace: Pace, now: float) -> None:
        while self._lately and self._lately[0] <= now - 1:
            self._lately.popleft()
        if len(self._lately) >= pace.per_second:
            raise TooFast(self._lately[0] + 1 - now, scope="global")
        self._lately.append(now)

    def _bucket(self, pace: Pace, route: str, major: str) -> _Bucket:
        if (route, major) not in self._buckets:
            most = pace.calls if route in _POSTS else pace.others
            name = hashlib.sha256(route.encode()).hexdigest()[:32]
            self._buckets[route, major] = _Bucket(name=name, most=most, seconds=pace.seconds)
        return self._buckets[route, major]

    def note(self, status: int, scope: str, now: float) -> None:
        """Count a response as invalid if its status is 401, 403, or 429 without the shared scope."""
        if status in (401, 403) or (status == 429 and scope != "shared"):
            self.invalid.append(now)

    def shut_out(self, now: float) -> bool:
        """Return whether there were so many invalid calls that the client is blocked."""
        while self.invalid and self.invalid[0] <= now - limits.INVALID_SECONDS:
            self.invalid.popleft()
        return self.pace is not None and len(self.invalid) > self.pace.invalid
