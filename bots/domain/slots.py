"""Computes when a subscription is due, each slot once across every clock change, and which days its digest reads."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bots.domain.subscriptions import Every, Subscription, Weekday


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Slot:
    """One due digest: a local day and wall-clock time without UTC offset, so that a repeated hour has one slot."""

    day: date
    time: time

    def __str__(self) -> str:
        return f"{self.day.isoformat()}T{self.time:%H:%M}"

    @property
    def earlier(self) -> "Slot":
        """The slot one minute earlier."""
        before = datetime.combine(self.day, self.time) - timedelta(minutes=1)
        return Slot(day=before.date(), time=before.time())

    @classmethod
    def at(cls, instant: datetime, zone: ZoneInfo) -> "Slot":
        """Return the slot of an aware instant on the wall clock of a time zone, to the minute.

        Raises:
            ValueError: `instant` is naive.
        """
        if instant.tzinfo is None:
            raise ValueError("a slot needs an aware instant")
        local = instant.astimezone(zone)
        return cls(day=local.date(), time=local.time().replace(second=0, microsecond=0))

    @classmethod
    def parse(cls, text: str) -> "Slot":
        """Return the slot that `str(Slot)` wrote."""
        instant = datetime.fromisoformat(text)
        return cls(day=instant.date(), time=instant.time())


#: A month and a week contain the first of every weekday of a month; a clock change moves a slot by hours, never by a
#: day.
_HORIZON = timedelta(days=39)
_DAY = timedelta(days=1)
#: A digest covers at most a weekend and a week of holidays; older lists are not read.
MOST_DAYS = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """A slot and its instant."""

    slot: Slot
    #: UTC. A time that the clock skips in spring falls on the instant after the gap; a repeated time on its first
    #: occurrence.
    at: datetime


def due_at(subscription: Subscription, slot: Slot) -> Due:
    """Return a slot of a subscription with its instant."""
    return _due(subscription, slot.day, slot.time)


def next_due(subscription: Subscription, after: datetime) -> Due | None:
    """Return the first slot strictly after an aware instant; None for a subscription that is off or never due.

    Raises:
        ValueError: `after` is naive.
    """
    begins = max(after, subscription.resumes or after)
    coming = (due for due in _around(subscription, begins, begins + _HORIZON) if due.at > after)
    return next(coming, None)


def missed(subscription: Subscription, since: datetime, now: datetime) -> tuple[Due, ...]:
    """Return the slots after `since` up to and including `now`, oldest first; none for a subscription that is off.

    Raises:
        ValueError: an instant is naive.
    """
    return tuple(due for due in _around(subscription, since, now) if since < due.at <= now)


def _around(subscription: Subscription, start: datetime, end: datetime) -> Iterator[Due]:
    """Yield the slots that count, from the local day before `start` to the local day after `end`, in order of time."""
    if start.tzinfo is None or end.tzinfo is None:
        raise ValueError("a slot is looked for between aware instants")
    day = start.astimezone(subscription.timezone).date() - _DAY
    last = end.astimezone(subscription.timezone).date() + _DAY
    while subscription.enabled and day <= last:
        if _is_on(subscription, day):
            found = sorted((_due(subscription, day, clock) for clock in subscription.times), key=lambda due: due.at)
            yield from (due for due in found if subscription.resumes is None or due.at >= subscription.resumes)
        day += _DAY


def _is_on(subscription: Subscription, day: date) -> bool:
    if Weekday(day.weekday()) not in subscription.weekdays:
        return False
    # A monthly round-up is due on the month's first day that is one of its weekdays: no earlier day of the month is
    # one.
    earlier = (date(day.year, day.month, number) for number in range(1, day.day))
    return subscription.every is not Every.MONTH or not any(
        Weekday(other.weekday()) in subscription.weekdays for other in earlier
    )


def _due(subscription: Subscription, day: date, clock: time) -> Due:
    # fold=0 means "before the change": a skipped time falls after the gap and a repeated time on its first occurrence.
    at = datetime.combine(day, clock, tzinfo=subscription.timezone).astimezone(UTC)
    return Due(slot=Slot(day=day, time=clock), at=at)


def waits_until(subscription: Subscription, due: Due) -> datetime:
    """Return the instant until which a due digest waits for lists that are not out yet; `due.at` if it does not wait.

    A `wait` time that is not later than the slot's own time is on the next day.
    """
    if subscription.wait is None:
        return due.at
    later = _DAY if subscription.wait <= due.slot.time else timedelta()
    return _due(subscription, due.slot.day + later, subscription.wait).at


def quiet_until(subscription: Subscription, now: datetime) -> datetime | None:
    """Return the instant at which the quiet hours around `now` end; None outside quiet hours."""
    local = now.astimezone(subscription.timezone)
    if subscription.quiet is None or local.time() not in subscription.quiet:
        return None
    end = _due(subscription, local.date(), subscription.quiet.end).at
    return end if end > now else _due(subscription, local.date() + _DAY, subscription.quiet.end).at


def days_read(subscription: Subscription, slot: Slot, confirmed: Slot | None) -> tuple[date, ...]:
    """Return the days whose lists a slot's digest reads, oldest first; at least one.

    Args:
        subscription: the subscription of the slot.
        slot: the slot.
        confirmed: the last slot whose digest was posted whole; None if there is none. The digest reads every list
            since then, or since the subscription was created: a day without a digest loses no papers.
    """
    settling = timedelta(days=subscription.settle)
    last = slot.day - settling
    match subscription.every:
        case Every.WEEK:
            return _days(last - timedelta(days=6), last)
        case Every.MONTH:
            end = slot.day.replace(day=1) - _DAY
            return _days(end.replace(day=1), end.replace(day=monthrange(end.year, end.month)[1]))
    since = confirmed.day + _DAY if confirmed else _local_day(subscription, subscription.created) or slot.day
    since = max(since, _local_day(subscription, subscription.resumes) or since)
    return _days(min(max(since - settling, last - timedelta(days=MOST_DAYS - 1)), last), last)


def _local_day(subscription: Subscription, instant: datetime | None) -> date | None:
    return instant.astimezone(subscription.timezone).date() if instant else None


def _days(first: date, last: date) -> tuple[date, ...]:
    return tuple(first + timedelta(days=number) for number in range((last - first).days + 1))
