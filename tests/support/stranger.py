"""A third-party adapter whose methods fail as a test specifies."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bots.chat.health import HealthFinding
from bots.delivery.rate_limiter import RateLimiter
from bots.domain.channels import Channel
from bots.domain.digests import Digest, Part
from bots.domain.errors import HistoryClosed
from bots.domain.replies import Problem
from bots.ports import Adapter
from bots.ports.rate_limits import Rate, RateLimits
from tests.support.doubles import Bench


class Panic(BaseException):
    """An error that is no Exception, like the PanicException of libraries in Rust."""


PLATFORM = "tin-can"
CHANNEL = Channel(platform=PLATFORM, channel="papers")
_FAST = Rate(count=1000, seconds=1)

#: Receives a method's right value and returns another one, or raises.
Bug = Callable[[Any], Any]


@dataclass(kw_only=True)
class Stranger:
    """Stores posted messages in a list, one per paper; its history can be read unless `keeps_history` is False."""

    platform: str = PLATFORM
    limits: Any = field(default_factory=lambda: RateLimits(channel=_FAST, platform=_FAST))
    #: By method: `{"post": raises(TypeError())}`.
    bugs: dict[str, Bug] = field(default_factory=dict)
    #: Whether a failed post still stores its message.
    arrives: bool = False
    keeps_history: bool = True
    posted: list[tuple[str, Part]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    def _given(self, method: str, value: Any) -> Any:
        self.calls.append(method)
        return self.bugs[method](value) if method in self.bugs else value

    def compose(self, digest: Digest) -> tuple[Part, ...]:
        """Return a message for each paper."""
        papers = digest.paper_ids
        parts = tuple(
            Part(channel=digest.channel, number=number, total=len(papers), payload={"text": str(it)}, paper_ids=(it,))
            for number, it in enumerate(papers, 1)
        )
        made: tuple[Part, ...] = self._given("compose", parts)
        return made

    def notice(self, channel: Channel, problem: Problem) -> tuple[Part, ...]:
        """Return one message."""
        made: tuple[Part, ...] = self._given(
            "notice", (Part(channel=channel, number=1, total=1, payload={"text": problem.message}),)
        )
        return made

    def shrink(self, part: Part) -> tuple[Part, ...]:  # noqa: ARG002 - nothing could be smaller
        """Return an empty tuple: no part can be made smaller."""
        made: tuple[Part, ...] = self._given("shrink", ())
        return made

    async def post(self, part: Part, key: str, *, root: str = "") -> str:  # noqa: ARG002 - there are no threads here
        """Store the message."""
        if "post" not in self.bugs or self.arrives:
            self.posted.append((key, part))
        given = self._given("post", key)
        message: str = await given if asyncio.iscoroutine(given) else given
        return message

    async def find(self, _channel: Channel, key: str, _since: datetime, *, root: str = "") -> str | None:  # noqa: ARG002
        """Return the key if a message was posted with it."""
        if not self.keeps_history:
            raise HistoryClosed("A tin can keeps no history.")
        found: str | None = self._given("find", next((kept for kept, _ in self.posted if kept == key), None))
        return found


class Checking(Stranger):
    """A third-party adapter with a health check."""

    async def check(self) -> tuple[HealthFinding, ...]:
        """Return the findings, or those that the test has set."""
        looks: tuple[HealthFinding, ...] = self._given(
            "check", (HealthFinding(name="tin-can", says="the string is tight"),)
        )
        return looks


def raises(error: BaseException) -> Bug:
    """Return a bug that raises an exception."""

    def bug(_value: Any) -> Any:
        raise error

    return bug


def gives(value: Any) -> Bug:
    """Return a bug that returns a value instead of the right one."""
    return lambda _value: value


def hangs(_value: Any) -> Any:
    """Return a coroutine that does not end."""
    return asyncio.sleep(3600)


def joined(bench: Bench, stranger: Adapter) -> None:
    """Connect a third-party adapter to a bench beside the fake chat."""
    adapters: dict[str, Adapter] = bench.executor.part_delivery.adapters  # type: ignore[assignment]  # the bench's own dictionary
    adapters[stranger.platform] = stranger
    rate_limiters: dict[str, RateLimiter] = bench.executor.part_delivery.rate_limiters  # type: ignore[assignment]  # as above
    rate_limiters[stranger.platform] = RateLimiter(
        RateLimits(channel=_FAST, platform=_FAST), ticks=bench.clock.ticks, sleep=bench.clock.pace
    )


@asynccontextmanager
async def connected(stranger: Adapter) -> AsyncIterator[Adapter]:
    """Yield the adapter, as a plug-in's `connect` does."""
    yield stranger
