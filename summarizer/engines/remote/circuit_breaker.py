"""The circuit breaker, backoff and daily token budget of a server. No I/O; clock and shared count are arguments."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

from summarizer.errors import EngineDown

#: Consecutive calls that failed for good: enough to distinguish an outage from bad luck.
_FAILURES_TO_OPEN = 3
#: Seconds. A model server restarts within a minute or two; an outage longer than a quarter of an hour needs the
#: operator.
_OPEN_FIRST = 60.0
_OPEN_LONGEST = 900.0
#: Seconds. A server that requests a longer pause is mistaken, or has a quota that ends with the hour.
_HOLD_LONGEST = 3_600.0
_BACKOFF_FIRST, _BACKOFF_LONGEST = 1.0, 20.0


class Breaker:
    """Blocks requests to a server that is down: opens after several failures in a row, then allows single attempts."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._failures = 0
        self._pause = _OPEN_FIRST
        self._since = datetime.min.replace(tzinfo=UTC)
        self._length = 0.0

    @property
    def remaining(self) -> float:
        """Seconds for which no request may be sent; 0 when the breaker is closed or an attempt is due."""
        passed = (self._clock() - self._since).total_seconds()
        # A clock that was set back must not keep the breaker open for longer than intended.
        return max(0.0, self._length - passed) if passed >= 0 else 0.0

    @property
    def trying(self) -> bool:
        """Whether the breaker has opened and not closed since: the next call gets a single attempt."""
        return self._failures >= _FAILURES_TO_OPEN

    def succeeded(self) -> None:
        """Close the breaker after a call that succeeded."""
        self._failures, self._pause, self._length = 0, _OPEN_FIRST, 0.0

    def failed(self) -> None:
        """Count one failed call; the third in a row opens the breaker, and each further failure doubles the pause."""
        self._failures += 1
        if self.trying:
            self.hold(self._pause)
            self._pause = min(_OPEN_LONGEST, self._pause * 2)

    def hold(self, seconds: float) -> None:
        """Keep the breaker open for `seconds`, an hour at most, unless a longer pause is already running."""
        if seconds > self.remaining:
            self._since, self._length = self._clock(), min(seconds, _HOLD_LONGEST)


def backoff(attempt: int, random: Callable[[], float]) -> float:
    """Return the seconds to wait after a failed attempt (counted from 1): exponential, with full jitter.

    aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter
    """
    return random() * min(_BACKOFF_LONGEST, _BACKOFF_FIRST * 2.0 ** (attempt - 1))


def requested_pause(headers: Mapping[str, str]) -> float | None:
    """Return the pause of the header `Retry-After` in seconds; None if it is missing or not valid."""
    written = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]+)?", written):
        return float(written)
    try:
        # Both times are the server's, so our own clock may be wrong.
        sent, until = parsedate_to_datetime(headers.get("date", "")), parsedate_to_datetime(written)
        return max(0.0, (until - sent).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None


@dataclass(frozen=True, kw_only=True, slots=True)
class Usage:
    """The requests and tokens used on one day."""

    day: date
    requests: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0

    @property
    def tokens(self) -> int:
        """The tokens of prompts and answers together."""
        return self.prompt_tokens + self.completion_tokens


#: Takes tokens of a day's allowance that several processes share: the day, how many, and the whole allowance. Returns
#: False, and takes none, if that many are not left.
Share = Callable[[date, int, int], Awaitable[bool]]
#: The part of the allowance that a process takes at a time: small enough that what it has left over at the end of the
#: day does not matter, large enough that it asks a few dozen times a day.
_PORTION = 50


class Budget:
    """Counts tokens and keeps them within a daily allowance; a day ends at midnight UTC.

    With a share, several processes have one allowance together, of which each takes portions in advance.
    """

    def __init__(self, daily_tokens: int, clock: Callable[[], datetime], share: Share | None = None) -> None:
        """Start with nothing used.

        Args:
            daily_tokens: 0 for no limit.
            clock: returns the current time, aware.
            share: takes tokens of an allowance that is shared; None if this process has it alone.
        """
        self._limit = daily_tokens
        self._clock = clock
        self._share = share
        self._usage = Usage(day=self._today())
        self._reserved = 0
        self._taken = 0
        self._taking = asyncio.Lock()

    @property
    def usage(self) -> Usage:
        """Today's usage."""
        if self._usage.day != self._today():
            self._usage, self._taken = Usage(day=self._today()), 0
        return self._usage

    async def reserve(self, tokens: int) -> None:
        """Reserve the most tokens that a request can use, so that concurrent requests cannot exceed the allowance.

        Raises:
            EngineDown: the reservation exceeds what is left of today's allowance.
        """
        async with self._taking:
            missing = self.usage.tokens + self._reserved + tokens - self._taken
            if self._limit and missing > 0 and not await self._take(missing):
                end = self._today() + timedelta(days=1)
                raise EngineDown(
                    f"The remote engine's budget of {self._limit:,} tokens a day is used up until {end} 00:00 UTC."
                )
            self._reserved += tokens

    async def _take(self, missing: int) -> bool:
        """Take as many tokens of the allowance, or more; return False if they are not left."""
        if self._share is None:
            portions = [self._limit] if missing <= self._limit - self._taken else []
        else:
            portions = [max(missing, self._limit // _PORTION), missing]
        for portion in portions:
            if self._share is None or await self._share(self._today(), portion, self._limit):
                self._taken += portion
                return True
        return False

    def settle(self, reserved: int, *, prompt: int, completion: int) -> None:
        """Count the tokens that a request used, and release its reservation."""
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
    """Return an estimate of the number of tokens, rather too high: three bytes each, where English has about four."""
    return len(text.encode("utf-8", "surrogatepass")) // 3 + 1
