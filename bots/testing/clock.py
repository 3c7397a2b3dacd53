"""A clock for tests that advances only on request, for adapters, fake servers and everything else with a clock."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

#: A Tuesday at nine: sources list papers on that day.
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@dataclass(kw_only=True)
class HandClock:
    """A clock that advances only when `turn` or `sleep` is called."""

    now: datetime = NOW
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> datetime:
        """Return the current time, aware."""
        return self.now

    def turn(self, **delta: float) -> None:
        """Advance the clock; the keywords are those of `timedelta`."""
        self.now += timedelta(**delta)

    async def sleep(self, seconds: float) -> None:
        """Advance the clock without waiting."""
        self.slept.append(seconds)
        self.turn(seconds=seconds)

    def ticks(self) -> float:
        """Return the seconds by which the clock has advanced since it was created."""
        return (self.now - NOW).total_seconds()

    async def pace(self, seconds: float) -> None:
        """Advance the clock as a rate limiter's pause, which is not recorded as sleep."""
        self.turn(seconds=seconds)
