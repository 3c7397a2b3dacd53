"""Rate limits and retries for hosts: pauses, backoff and a circuit breaker; the name we give to hosts."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf

from bots.chat.asker import current
from bots.chat.http_dates import retry_after
from bots.chat.turns import FairQueue
from bots.config.source_descriptions import HostPace, SourceDescription
from bots.domain.errors import SettingsError
from bots.ports.permits import Lane, Permits

# After three failed calls in a row the host is considered down.
_FAILURES_TO_OPEN = 3
# arXiv's refusals of 2026 lasted from minutes to hours; the pause doubles from ten minutes to an hour.
_OPEN_FIRST = 600.0
_OPEN_LONGEST = 3_600.0
# A server that requests a longer pause than a day is mistaken or hostile.
_LONGEST_WAIT = 86_400.0
# Seconds after its time limit for which the request of a process that has ended still counts as under way.
_SURELY_OVER = 5.0
# Hugging Face, huggingface.co/docs/hub/rate-limits: RateLimit: "api";r=0;t=55
_RATE_LIMIT = re.compile(r"\bt=(\d{1,6})\b")
_PROJECT = "https://github.com/paperwire/paperwire"
_CONTACT = re.compile(r"[^\s@<>()]+@[^\s@<>()]+")

#: Attempts of one call before it fails.
TRIES = 4
#: Statuses that mean "try later" on every host.
BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """The rate limit of a group of hosts; all hosts of one operator are one group."""

    #: An identifier that all hosts of the group share, and no other host has.
    group: str
    #: Seconds between the end of one request and the start of the next.
    interval: float
    at_once: int = 1
    #: Statuses that mean "try later" on this host, in addition to `BUSY`.
    busy: frozenset[int] = frozenset()
    #: Seconds of the first pause after a refusal that names none; it doubles with every attempt.
    backoff: float = 2.0

    def lane(self, longest: float) -> Lane:
        """Return the lane of the group's requests.

        Args:
            longest: seconds after which a request is given up.
        """
        lease = longest + _SURELY_OVER
        return Lane(kind="source", name=self.group, gap=self.interval, at_once=self.at_once, lease=lease)

    def slowed(self, wanted: HostPace | None) -> "Pace":
        """Return the pace for a source that wants to be slower, or names more statuses of a temporary refusal."""
        if wanted is None:
            return self
        interval, waits = max(self.interval, wanted.every), max(self.backoff, wanted.backoff)
        return replace(self, interval=interval, backoff=waits, busy=self.busy | wanted.busy)


def paces_of(ours: Iterable[SourceDescription], others: Iterable[SourceDescription] = ()) -> Mapping[str, Pace]:
    """Return the pace of every host that any of the sources names.

    Hosts of one operator are one group. If two sources name different paces for a group, the slower one applies. Other
    packages cannot change the pace of a host that our sources name; a package that wants a slower pace there gets it
    for its own requests only.

    Args:
        ours: the sources that come with Paperwire.
        others: the sources of other packages.
    """
    own = _grouped(pace for description in ours for pace in description.hosts)
    named = (pace for description in others for pace in description.hosts)
    return {**_grouped(pace for pace in named if pace.host not in own), **own}


def _grouped(named: Iterable[HostPace]) -> dict[str, Pace]:
    groups: list[list[HostPace]] = []
    for pace in named:
        joined = [group for group in groups if any(_together(pace, other) for other in group)]
        groups = [group for group in groups if group not in joined]
        groups.append([pace, *(other for group in joined for other in group)])
    return {pace.host: _slowest(group) for group in groups for pace in group}


def _together(one: HostPace, other: HostPace) -> bool:
    return one.host == other.host or bool(one.operator and one.operator == other.operator)


def _slowest(group: Sequence[HostPace]) -> Pace:
    return Pace(
        group=min(pace.host for pace in group),
        interval=max(pace.every for pace in group),
        at_once=min(pace.at_once for pace in group),
        busy=frozenset[int]().union(*(pace.busy for pace in group)),
        backoff=max(pace.backoff for pace in group),
    )


class TooLate(Exception):
    """No turn came before the caller's deadline."""


class Gate:
    """Limits the requests to one group: how many at a time, and the pause between two.

    The pause is longer if the group requested that. People come before work in the background, and each person and
    each workspace in turn. With permits, the requests of every process that shares them count, and each has its own
    order.
    """

    def __init__(
        self,
        at_once: int,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        permits: Permits | None = None,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._permits = permits
        self._queue = FairQueue(at_once)
        self._last = self._not_before = float("-inf")

    async def enter(self, lane: Lane, end: float = inf) -> str:
        """Wait until a request may start, one gap after the last one; `leave` must be called afterwards.

        Args:
            lane: the group's lane.
            end: the instant on the clock at which the caller gives up.

        Returns:
            The name of the permit; empty if none are shared.

        Raises:
            TooLate: no request may start before `end`.
            StoreError: the database that counts the requests of all processes does not answer.
        """
        await self._take_turn(end)
        try:
            while (wait := max(self._not_before, self._last + lane.gap) - self._clock()) > 0:
                self._check(self._clock() + wait, end)
                await self._sleep(wait)
            self._check(self._clock(), end)
            permit = await self._permit(lane, end)
        except BaseException:
            self._queue.leave()
            raise
        # Requests that run concurrently still start one after the other.
        self._last = self._clock()
        return permit

    async def _permit(self, lane: Lane, end: float) -> str:
        if self._permits is None:
            return ""
        try:
            return await self._permits.take(lane, within=end - self._clock())
        except TimeoutError as error:
            raise TooLate from error

    @staticmethod
    def _check(start: float, end: float) -> None:
        if start > end:
            raise TooLate

    async def _take_turn(self, end: float) -> None:
        try:
            async with asyncio.timeout(None if end == inf else max(0.0, end - self._clock())):
                await self._queue.enter(current().reader)
        except TimeoutError as error:
            raise TooLate from error

    async def leave(self, lane: Lane, permit: str, *, sent: bool = True) -> None:
        """End a request: the pause starts now, so that network delays cannot bring two requests closer together.

        Without a connection nothing was sent, and the next request need not wait.
        """
        self._last = self._clock() if sent else float("-inf")
        try:
            if self._permits is not None:
                await asyncio.shield(self._permits.give_back(lane, permit, used=sent))
        finally:
            self._queue.leave()

    async def hold(self, lane: Lane, seconds: float, *, everywhere: bool) -> None:
        """Start no request for that many seconds; a longer pause in progress stays in force.

        Args:
            lane: the group's lane.
            seconds: how long.
            everywhere: whether no other process may start one either.
        """
        self._not_before = max(self._not_before, self._clock() + seconds)
        if everywhere and self._permits is not None:
            await self._permits.hold(lane, seconds)

    @property
    def wait(self) -> float:
        """Seconds until the current pause ends."""
        return max(0.0, self._not_before - self._clock())


class Breaker:
    """A circuit breaker for a host that is down: it opens after consecutive failures, then permits one probe."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failures = 0
        self._until = float("-inf")
        self._pause = _OPEN_FIRST

    @property
    def remaining(self) -> float:
        """Seconds for which no request is allowed; 0 if the breaker is closed or a probe is due."""
        return max(0.0, self._until - self._clock())

    @property
    def probing(self) -> bool:
        """Whether the next call is the probe, which gets a single attempt."""
        return self._failures >= _FAILURES_TO_OPEN

    def succeeded(self) -> None:
        """Close the breaker."""
        self._failures = 0
        self._pause = _OPEN_FIRST

    def failed(self) -> None:
        """Count one failed call; the third opens the breaker, and each failed probe doubles the time it stays open.

        The time it stays open is limited to `_OPEN_LONGEST`.
        """
        self._failures += 1
        if self._failures < _FAILURES_TO_OPEN:
            return
        self._until = self._clock() + self._pause
        self._pause = min(_OPEN_LONGEST, self._pause * 2)


def backoff(pace: Pace, attempt: int, random: Callable[[], float], *, refused: bool) -> float:
    """Return the seconds to wait after the failed attempt (counted from 1): exponential backoff with full jitter.

    A host that refused gets its long pause; after another failure (a broken connection, a partial response) the backoff
    starts from the host's usual interval. aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter
    """
    ceiling: float = (pace.backoff if refused else pace.interval) * 2.0 ** (attempt - 1)
    return random() * ceiling


def requested_pause(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that a refusal requests in `Retry-After` or `RateLimit`; None if it requests none."""
    seconds = retry_after(headers)
    if seconds is None and (found := _RATE_LIMIT.search(headers.get("ratelimit", ""))):
        seconds = float(found[1])
    return None if seconds is None else min(seconds, _LONGEST_WAIT)


def user_agent(*, contact: str, version: str) -> str:
    """Return the name by which Paperwire introduces itself to hosts.

    Args:
        contact: an e-mail address, or empty.

    Raises:
        SettingsError: the contact is not an e-mail address.
    """
    if contact and not _CONTACT.fullmatch(contact):
        raise SettingsError("The contact is no e-mail address.", hint="Write it as you@example.org.")
    return f"Paperwire/{version} (+{_PROJECT}{f'; mailto:{contact}' if contact else ''})"
