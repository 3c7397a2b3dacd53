"""How often a place may be asked, and what to do when it has had enough of us: pauses, retries, a breaker."""

import re
from asyncio import Lock
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

# Three calls in a row that failed for good: the place is down, not unlucky.
_FAILURES_TO_OPEN = 3
# arXiv's refusals of 2026 lasted from minutes to hours; the pause doubles from ten minutes to an hour.
_OPEN_FIRST = 600.0
_OPEN_LONGEST = 3_600.0
# A server that asks for a longer pause than a day is mistaken or hostile.
_LONGEST_WAIT = 86_400.0
# Hugging Face, huggingface.co/docs/hub/rate-limits: RateLimit: "api";r=0;t=55
_RATE_LIMIT = re.compile(r"\bt=(\d{1,6})\b")


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """What one group of hosts asks of its visitors; hosts of one operator share it."""

    #: Said to the reader: "arXiv".
    name: str
    #: Seconds between the end of one request and the start of the next; requests never overlap.
    interval: float
    #: Statuses that mean "later" here, beside those that mean it everywhere.
    busy: frozenset[int] = frozenset()
    #: Seconds of the first pause after a refusal that names none; it doubles with every try.
    backoff: float = 2.0
    tries: int = 4


#: Statuses that mean "later" everywhere.
BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})

PACES: Mapping[str, Pace] = {
    # One request every three seconds over one connection, all of arXiv's hosts together:
    # info.arxiv.org/help/api/tou. It also refuses with 403 and 406 when it is busy (seen 2025-2026).
    "arxiv": Pace(name="arXiv", interval=3.0, busy=frozenset({403, 406}), backoff=30.0),
    # 500 requests in five minutes are allowed without a token: huggingface.co/docs/hub/rate-limits.
    "huggingface": Pace(name="Hugging Face", interval=1.0),
}


class Gate:
    """One group's turnstile: one request at a time, a pause between two, longer when the group asked for it."""

    def __init__(self, pace: Pace, clock: Callable[[], float], sleep: Callable[[float], Awaitable[None]]) -> None:
        self.pace = pace
        self._clock = clock
        self._sleep = sleep
        self._turn = Lock()
        self._not_before = float("-inf")

    async def enter(self) -> None:
        """Return when it is our turn; `leave` must follow."""
        await self._turn.acquire()
        try:
            while (wait := self._not_before - self._clock()) > 0:
                await self._sleep(wait)
        except BaseException:
            self._turn.release()
            raise

    def leave(self) -> None:
        """End our turn: the pause starts now, so that no delay on the way can bring two requests together."""
        self.hold(self.pace.interval)
        self._turn.release()

    def hold(self, seconds: float) -> None:
        """Let nobody in for that long; a longer pause already running stays."""
        self._not_before = max(self._not_before, self._clock() + seconds)

    @property
    def wait(self) -> float:
        """Seconds until the running pause ends."""
        return max(0.0, self._not_before - self._clock())


class Breaker:
    """Stops asking a place that is down: opens after failures in a row, then lets one probe through."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failures = 0
        self._until = float("-inf")
        self._pause = _OPEN_FIRST

    @property
    def remaining(self) -> float:
        """Seconds for which nothing may be asked; 0 when it is closed or a probe is due."""
        return max(0.0, self._until - self._clock())

    @property
    def probing(self) -> bool:
        """Whether the next call is the one that decides: it gets a single try."""
        return self._failures >= _FAILURES_TO_OPEN

    def succeeded(self) -> None:
        """Close."""
        self._failures = 0
        self._pause = _OPEN_FIRST

    def failed(self) -> None:
        """Count one failed call; open from the third on, for twice as long after each failed probe."""
        self._failures += 1
        if self._failures < _FAILURES_TO_OPEN:
            return
        self._until = self._clock() + self._pause
        self._pause = min(_OPEN_LONGEST, self._pause * 2)


def backoff(pace: Pace, attempt: int, random: Callable[[], float], *, refused: bool) -> float:
    """Return the seconds to wait after the failed attempt (counted from 1): exponential, with full jitter.

    A place that refused gets its long pause; after a mishap (a broken connection, half an answer) its usual interval
    is enough to begin with. aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter
    """
    ceiling: float = (pace.backoff if refused else pace.interval) * 2.0 ** (attempt - 1)
    return random() * ceiling


def asked_pause(headers: Mapping[str, str]) -> float | None:
    """Return the seconds a refusal asks us to wait, from `Retry-After` or `RateLimit`; None where it does not say."""
    written = headers.get("retry-after", "").strip()
    found = _RATE_LIMIT.search(headers.get("ratelimit", ""))
    if re.fullmatch(r"\d{1,9}(\.\d+)?", written):
        seconds = float(written)
    elif written and (until := _seconds_until(written, headers.get("date", ""))) is not None:
        seconds = until
    elif found:
        seconds = float(found[1])
    else:
        return None
    return min(max(seconds, 0.0), _LONGEST_WAIT)


def _seconds_until(moment: str, sent: str) -> float | None:
    """Return the seconds between two HTTP dates: both are the server's, so our clock may be wrong."""
    try:
        return (parsedate_to_datetime(moment) - parsedate_to_datetime(sent)).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None
