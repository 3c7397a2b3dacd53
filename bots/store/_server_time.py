"""The clock that all processes with one database share: that of its server.

A claim is over when its time is over, and the machines that share a database need not agree on the time. A claim that
was written with a clock that is a day ahead would be respected for a day after its process has ended, and one that was
written with a clock that is behind would not be respected at all.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Interval, bindparam, func, literal, type_coerce

from bots.ports import Clock
from bots.store.columns import Instant

#: Two clocks are never read at the same instant: a run that is due now must not count as due in a moment.
_GRACE = timedelta(seconds=1)


class ServerTime:
    """Translates instants between this machine's clock and that of the database's server."""

    def __init__(self, clock: Clock | None) -> None:
        """Remember this machine's clock; None if nobody else shares the database, so that no other clock matters."""
        self._clock = clock

    def there(self, instant: datetime | None) -> ColumnElement[Any]:
        """Return an instant of this machine on the server's clock, as an expression that the server evaluates."""
        if self._clock is None or instant is None:
            return literal(instant, Instant)
        return type_coerce(func.clock_timestamp() + literal(instant - self._clock(), Interval), Instant)

    def parameter(self, name: str) -> ColumnElement[Any]:
        """Return an instant on the server's clock as a parameter of a statement; its value is `value`."""
        if self._clock is None:
            return bindparam(name, type_=Instant())
        return type_coerce(func.clock_timestamp() + bindparam(name, type_=Interval()), Instant)

    def value(self, instant: datetime | None) -> datetime | timedelta | None:
        """Return what an instant of this machine is as the value of a parameter."""
        return instant if self._clock is None or instant is None else instant - self._clock()

    def value_due(self, now: datetime) -> datetime | timedelta | None:
        """Return the value of a parameter for the latest instant that counts as reached."""
        return self.value(now if self._clock is None else now + _GRACE)

    def due(self, now: datetime) -> ColumnElement[Any]:
        """Return the latest instant on the server's clock that counts as reached."""
        return self.there(now if self._clock is None else now + _GRACE)

    def columns(self) -> tuple[ColumnElement[Any], ...]:
        """Return what a query must read besides an instant, for `here`."""
        return () if self._clock is None else (type_coerce(func.clock_timestamp(), Instant).label("server_now"),)

    def here(self, instant: datetime | None, row: Any) -> datetime | None:
        """Return a stored instant on this machine's clock.

        Args:
            instant: the instant on the server's clock.
            row: the row that was read with `columns`.
        """
        if self._clock is None or instant is None:
            return instant
        left: timedelta = instant - row.server_now
        return self._clock() + left
