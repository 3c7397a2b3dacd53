"""When a subscription is due: wall-clock slots, each exactly once a day, across every clock change."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bots.channels import Slot, Subscription, Weekday

#: A week and a day holds every weekday; a clock change moves a slot by hours, never by a day.
_HORIZON = timedelta(days=8)


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """A slot and the instant it falls on."""

    slot: Slot
    #: UTC. A time the clock skips in spring falls on the instant after the gap; a repeated one on its first.
    at: datetime


def next_due(subscription: Subscription, after: datetime) -> Due | None:
    """Return the first slot strictly after an aware instant; None for an order that is off or never due.

    Raises:
        ValueError: `after` is naive.
    """
    if not subscription.enabled:
        return None
    coming = (due for due in _around(subscription, after, after + _HORIZON) if due.at > after)
    return next(coming, None)


def missed(subscription: Subscription, since: datetime, now: datetime) -> tuple[Due, ...]:
    """Return the slots after `since` up to and including `now`, oldest first; none for an order that is off.

    Raises:
        ValueError: an instant is naive.
    """
    if not subscription.enabled:
        return ()
    return tuple(due for due in _around(subscription, since, now) if since < due.at <= now)


def _around(subscription: Subscription, start: datetime, end: datetime) -> Iterator[Due]:
    """Give the slots of the local days from a day before `start` to a day after `end`, in order of time."""
    if start.tzinfo is None or end.tzinfo is None:
        raise ValueError("a slot is looked for between aware instants")
    day = start.astimezone(subscription.timezone).date() - timedelta(days=1)
    last = end.astimezone(subscription.timezone).date() + timedelta(days=1)
    while day <= last:
        if Weekday(day.weekday()) in subscription.weekdays:
            yield from sorted((_due(subscription, day, clock) for clock in subscription.times), key=lambda due: due.at)
        day += timedelta(days=1)


def _due(subscription: Subscription, day: date, clock: time) -> Due:
    # fold=0 means "before the change": a skipped time lands after the gap and a repeated time on its first pass.
    at = datetime.combine(day, clock, tzinfo=subscription.timezone).astimezone(UTC)
    return Due(slot=Slot(day=day, time=clock), at=at)
