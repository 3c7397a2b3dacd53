"""A clock that is turned by hand, for adapters, fake servers and everything else that is told the time."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

#: A Tuesday at nine, so that sources list papers.
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@dataclass(kw_only=True)
class HandClock:
    """A clock that stands still until it is turned; sleeping turns it."""

    now: datetime = NOW
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> datetime:
        """Return the present instant, aware."""
        return self.now

    def turn(self, **delta: float) -> None:
        """Let time pass; the words are those of `timedelta`."""
        self.now += timedelta(**delta)

    async def sleep(self, seconds: float) -> None:
        """Pass the time at once."""
        self.slept.append(seconds)
        self.turn(seconds=seconds)

    def ticks(self) -> float:
        """Return the seconds since the clock was made, however far it was turned."""
        return (self.now - NOW).total_seconds()

    async def pace(self, seconds: float) -> None:
        """Pass the time that posts are spread over; nobody counts it as sleep."""
        self.turn(seconds=seconds)
