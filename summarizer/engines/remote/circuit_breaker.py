"""When a server is left alone, and when the day's tokens are used up: time is an argument, nothing is asked here."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

from summarizer.errors import EngineDown

#: Calls in a row that failed for good: the server is down, not unlucky.
_FAILURES_TO_OPEN = 3
#: A model server restarts within a minute or two; past a quarter of an hour somebody has to look.
_OPEN_FIRST = 60.0
_OPEN_LONGEST = 900.0
#: A server that asks for a longer pause is mistaken, or has a quota that ends with the hour.
_HOLD_LONGEST = 3_600.0
_BACKOFF_FIRST, _BACKOFF_LONGEST = 1.0, 20.0


class Breaker:
    """Stops asking a server that is down: opens after failures in a row, then lets single tries through."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._failures = 0
        self._pause = _OPEN_FIRST
        self._since = datetime.min.replace(tzinfo=UTC)
        self._length = 0.0

    @property
    def remaining(self) -> float:
        """Seconds for which nothing may be asked; 0 when it is closed or a try is due."""
        passed = (self._clock() - self._since).total_seconds()
        # A clock that was set back must not keep it open for longer than it was meant to be.
        return max(0.0, self._length - passed) if passed >= 0 else 0.0

    @property
    def trying(self) -> bool:
        """Whether the next call decides: it gets a single try."""
        return self._failures >= _FAILURES_TO_OPEN

    def succeeded(self) -> None:
        """Close."""
        self._failures, self._pause, self._length = 0, _OPEN_FIRST, 0.0

    def failed(self) -> None:
        """Count one failed call; open from the third on, for twice as long after each failed try."""
        self._failures += 1
        if self.trying:
            self.hold(self._pause)
            self._pause = min(_OPEN_LONGEST, self._pause * 2)

    def hold(self, seconds: float) -> None:
        """Stay open for that long, as the server asked or as its failures suggest; a longer pause stays."""
        if seconds > self.remaining:
            self._since, self._length = self._clock(), min(seconds, _HOLD_LONGEST)


def backoff(attempt: int, random: Callable[[], float]) -> float:
    """Return the seconds to wait after the failed attempt (counted from 1): exponential, with full jitter.

    aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter
    """
    return random() * min(_BACKOFF_LONGEST, _BACKOFF_FIRST * 2.0 ** (attempt - 1))


def asked_pause(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that `Retry-After` asks for; None where it does not say."""
    written = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]+)?", written):
        return float(written)
    try:
        # Both are the server's, so our clock may be wrong.
        sent, until = parsedate_to_datetime(headers.get("date", "")), parsedate_to_datetime(written)
        return max(0.0, (until - sent).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None


@dataclass(frozen=True, kw_only=True, slots=True)
class Usage:
    """What was used of a server on one day."""

    day: date
    requests: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0

    @property
    def tokens(self) -> int:
        """Both kinds together."""
        return self.prompt_tokens + self.completion_tokens


class Budget:
    """Counts tokens and keeps them within a day's allowance; a day ends at midnight UTC.

    Counted in this process: two processes have an allowance each.
    """

    def __init__(self, daily_tokens: int, clock: Callable[[], datetime]) -> None:
        """Start with nothing used.

        Args:
            daily_tokens: 0 for no limit.
            clock: gives the present instant, aware.
        """
        self._limit = daily_tokens
        self._clock = clock
        self._usage = Usage(day=self._today())
        self._reserved = 0

    @property
    def usage(self) -> Usage:
        """What was used today."""
        if self._usage.day != self._today():
            self._usage = Usage(day=self._today())
        return self._usage

    def reserve(self, tokens: int) -> None:
        """Set aside the most that a request can use, so that requests side by side cannot overdraw together.

        Raises:
            EngineDown: that is more than is left of the day.
        """
        if self._limit and self.usage.tokens + self._reserved + tokens > self._limit:
            end = self._today() + timedelta(days=1)
            raise EngineDown(
                f"The remote engine's budget of {self._limit:,} tokens a day is used up until {end} 00:00 UTC."
            )
        self._reserved += tokens

    def settle(self, reserved: int, *, prompt: int, completion: int) -> None:
        """Count what a request used, and give back what was set aside for it."""
        self._reserved -= reserved
        used = self.usage
        self._usage = Usage(
            day=used.day,
            requests=used.requests + 1,
            prompt_tokens=used.prompt_tokens + prompt,
            completion_tokens=used.completion_tokens + completion,
        )

    def _today(self) -> date:
        return self._clock().astimezone(UTC).date()


def tokens_of(text: str) -> int:
    """Return about how many tokens a text has, rather too many: three bytes each, where English has about four."""
    return len(text.encode("utf-8", "surrogatepass")) // 3 + 1
