"""Slots: each wall-clock time exists exactly once a local day, across every clock change."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.domain.channels import Channel
from bots.domain.slots import Slot, days_read, due_at, missed, next_due, quiet_until, waits_until
from bots.domain.subscriptions import WORKDAYS, Every, Hours, Subscription, Weekday

NEW_YORK = ZoneInfo("America/New_York")
EVERY_DAY = frozenset(Weekday)
ZONES = sorted(zone for zone in available_timezones() if not zone.startswith(("posix/", "right/")))


def a_daily(zone: ZoneInfo, *times: time) -> Subscription:
    return Subscription(id="a", channel=Channel(platform="console"), timezone=zone, times=times, weekdays=EVERY_DAY)


def test_next_due_is_today_before_the_time_and_tomorrow_after_it() -> None:
    """A slot at nine is due today until nine, and from nine on tomorrow."""
    nine = a_daily(ZoneInfo("Europe/Berlin"), time(9))

    before = next_due(nine, datetime(2026, 11, 24, 7, 59, tzinfo=UTC))
    after = next_due(nine, datetime(2026, 11, 24, 8, 0, tzinfo=UTC))

    assert before
    assert after
    assert date(2026, 11, 24) == before.slot.day
    assert datetime(2026, 11, 24, 8, tzinfo=UTC) == before.at
    assert date(2026, 11, 25) == after.slot.day


def test_weekends_are_passed_over() -> None:
    """After nine on Friday, a subscription on workdays is next due on Monday."""
    workdays = replace(a_daily(ZoneInfo("UTC"), time(9)), weekdays=frozenset({Weekday.MON, Weekday.FRI}))

    due = next_due(workdays, datetime(2026, 11, 27, 9, tzinfo=UTC))

    assert due
    assert date(2026, 11, 30) == due.slot.day


def test_a_repeated_hour_holds_one_slot() -> None:
    """01:30 comes twice on 1 November 2026 in New York, and is due once, the first time."""
    half_past_one = a_daily(NEW_YORK, time(1, 30))

    due = missed(half_past_one, datetime(2026, 11, 1, 4, tzinfo=UTC), datetime(2026, 11, 1, 12, tzinfo=UTC))

    assert (datetime(2026, 11, 1, 5, 30, tzinfo=UTC),) == tuple(each.at for each in due)


def test_a_skipped_hour_is_due_after_the_gap() -> None:
    """02:30 does not exist on 8 March 2026 in New York; its slot falls on 03:30 and keeps its own name."""
    half_past_two = a_daily(NEW_YORK, time(2, 30))

    due = missed(half_past_two, datetime(2026, 3, 8, 5, tzinfo=UTC), datetime(2026, 3, 8, 12, tzinfo=UTC))

    assert ["2026-03-08T02:30"] == [str(each.slot) for each in due]
    assert datetime(2026, 3, 8, 7, 30, tzinfo=UTC) == due[0].at


def test_a_subscription_that_is_off_or_has_no_day_is_never_due() -> None:
    """Paused subscriptions and subscriptions without weekdays have no next slot."""
    now = datetime(2026, 11, 24, tzinfo=UTC)
    nine = a_daily(ZoneInfo("UTC"), time(9))

    assert next_due(replace(nine, enabled=False), now) is None
    assert next_due(replace(nine, weekdays=frozenset()), now) is None
    assert () == missed(replace(nine, enabled=False), now - timedelta(days=3), now)


def test_naive_instants_are_refused() -> None:
    """A wall-clock time without a time zone is refused."""
    with pytest.raises(ValueError, match="aware"):
        next_due(a_daily(ZoneInfo("UTC"), time(9)), datetime(2026, 11, 24))  # noqa: DTZ001 - the naive one is the point


@given(
    zone=st.sampled_from(ZONES),
    clock=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    now=st.datetimes(datetime(2026, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds the zone
)
def test_next_due_is_the_first_slot_after_now(zone: str, clock: time, now: datetime) -> None:
    """In every zone the next slot is after now, within two days, and no slot is due in between."""
    subscription = a_daily(ZoneInfo(zone), clock)

    due = next_due(subscription, now)

    assert due
    assert now < due.at <= now + timedelta(days=2)
    assert () == missed(subscription, now, due.at - timedelta(microseconds=1))
    assert (due,) == missed(subscription, now, due.at)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC)), st.sampled_from(ZONES))  # noqa: DTZ001 - hypothesis adds the zone
def test_a_slot_reads_back_what_it_wrote(instant: datetime, zone: str) -> None:
    """`Slot.parse` reverses `str`."""
    slot = Slot.at(instant, ZoneInfo(zone))

    assert slot == Slot.parse(str(slot))


def slots_of_five_years(zone: str, clock: time) -> None:
    """Assert that a zone's daily slot exists exactly once on each local day from 2026 to 2030."""
    local = ZoneInfo(zone)
    start = datetime(2026, 1, 1, tzinfo=local)
    end = datetime(2030, 12, 31, 23, 59, tzinfo=local)

    due = missed(a_daily(local, clock), start - timedelta(minutes=1), end)

    days = [each.slot.day for each in due]
    first = date(2026, 1, 1)
    assert [first + timedelta(days=count) for count in range(len(days))] == days
    assert sorted({each.at for each in due}) == [each.at for each in due]
    assert date(2030, 12, 31) == days[-1]


@pytest.mark.parametrize("zone", ["America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia"])
def test_each_local_day_has_one_slot(zone: str) -> None:
    """Over five years and every clock change each local day has its slot exactly once."""
    slots_of_five_years(zone, time(2, 15))


@pytest.mark.slow
@pytest.mark.timeout(300)  # half a million local days
def test_each_local_day_has_one_slot_in_every_zone() -> None:
    """The same is true in every zone of the database, at the hour when clocks change."""
    for zone in ZONES:
        slots_of_five_years(zone, time(2, 15))


# -- what goes beside the time of day -------------------------------------------------------------


def test_a_monthly_subscription_is_due_on_the_months_first_of_its_weekdays() -> None:
    """A monthly subscription on workdays is due on the month's first workday; 1 August 2026 is a Saturday."""
    monthly = replace(a_daily(ZoneInfo("UTC"), time(9)), every=Every.MONTH, weekdays=WORKDAYS)
    due = missed(monthly, datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC))
    assert ["07-01", "08-03", "09-01", "10-01", "11-02", "12-01"] == [f"{each.slot.day:%m-%d}" for each in due]


def test_slots_before_a_resumption_do_not_count() -> None:
    """Slots are due from the end of a pause on, including one at that instant."""
    paused = replace(a_daily(ZoneInfo("UTC"), time(9)), resumes=datetime(2026, 12, 1, 9, tzinfo=UTC))
    now = datetime(2026, 11, 24, tzinfo=UTC)
    due = next_due(paused, now)
    assert due
    assert datetime(2026, 12, 1, 9, tzinfo=UTC) == due.at
    assert 2 == len(missed(paused, now, datetime(2026, 12, 2, 9, tzinfo=UTC)))


@pytest.mark.parametrize(
    ("slot", "wait", "until"),
    [(time(6), time(11), "24 11:00"), (time(22), time(1), "25 01:00"), (time(6), None, "24 06:00")],
)
def test_a_wait_ends_at_its_next_local_time(slot: time, wait: time | None, until: str) -> None:
    """A latest time before the slot's own is on the next day; without one there is no wait."""
    waiting = replace(a_daily(ZoneInfo("Europe/Berlin"), slot), wait=wait)
    ends = waits_until(waiting, due_at(waiting, Slot(day=date(2026, 11, 24), time=slot)))
    assert until == f"{ends.astimezone(waiting.timezone):%d %H:%M}"


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (datetime(2026, 11, 24, 21, 59), None), (datetime(2026, 11, 24, 22, 0), "25 07:00"),  # noqa: DTZ001 - zoned below
        (datetime(2026, 11, 25, 6, 59), "25 07:00"), (datetime(2026, 11, 25, 7, 0), None),  # noqa: DTZ001 - zoned below
    ],
)  # fmt: skip
def test_quiet_hours_over_midnight(now: datetime, until: str | None) -> None:
    """From 22 to 7 o'clock nothing is posted; seven o'clock itself is not quiet."""
    berlin = ZoneInfo("Europe/Berlin")
    asleep = replace(a_daily(berlin, time(9)), quiet=Hours(start=time(22), end=time(7)))
    ends = quiet_until(asleep, now.replace(tzinfo=berlin))
    assert until == (f"{ends.astimezone(berlin):%d %H:%M}" if ends else None)


@given(
    zone=st.sampled_from(ZONES),
    clocks=st.tuples(st.times(), st.times()).filter(lambda pair: pair[0] != pair[1]),
    now=st.datetimes(datetime(2026, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds the zone
)
def test_quiet_hours_end(zone: str, clocks: tuple[time, time], now: datetime) -> None:
    """In every zone quiet hours end within little more than a day, and their end is not quiet."""
    quiet = Hours(start=clocks[0].replace(microsecond=0), end=clocks[1].replace(microsecond=0))
    asleep = replace(a_daily(ZoneInfo(zone), time(9)), quiet=quiet)
    ends = quiet_until(asleep, now)
    if ends is not None:
        assert now < ends <= now + timedelta(hours=26)
        again = quiet_until(asleep, ends)
        # A repeated hour may be quiet twice; then the quiet hours end a second time.
        assert again is None or quiet_until(asleep, again) is None


# -- which days are read --------------------------------------------------------------------------


def days(subscription: Subscription, slot: str, confirmed: str = "") -> list[str]:
    """Return the days read for a slot, as month and day."""
    last = Slot.parse(confirmed) if confirmed else None
    return [f"{day:%m-%d}" for day in days_read(subscription, Slot.parse(slot), last)]


@pytest.mark.parametrize(
    ("changes", "slot", "confirmed", "read"),
    [
        ({}, "2026-11-24T09:00", "2026-11-23T09:00", "11-24"),
        ({}, "2026-11-24T17:00", "2026-11-24T09:00", "11-24"),
        ({}, "2026-11-23T09:00", "2026-11-20T09:00", "11-21 11-22 11-23"),
        ({}, "2026-11-24T09:00", "", "11-23 11-24"),
        ({"created": None}, "2026-11-24T09:00", "", "11-24"),
        ({"settle": 3}, "2026-11-24T09:00", "2026-11-23T09:00", "11-21"),
        ({"settle": 3}, "2026-11-24T09:00", "2026-11-22T09:00", "11-20 11-21"),
        ({"every": Every.WEEK}, "2026-11-27T16:00", "2026-11-27T09:00", "11-21 11-22 11-23 11-24 11-25 11-26 11-27"),
        ({"resumes": datetime(2026, 11, 23, 8, tzinfo=UTC)}, "2026-11-24T09:00", "2026-10-01T09:00", "11-23 11-24"),
    ],
)
def test_a_digest_reads_what_was_listed_since_the_last_whole_one(
    changes: dict[str, Any], slot: str, confirmed: str, read: str
) -> None:
    """A digest reads since the day after the last whole one; later on the same day, that day; a round-up, a week."""
    placed = replace(a_daily(ZoneInfo("UTC"), time(9)), created=datetime(2026, 11, 23, 7, tzinfo=UTC))
    assert read.split() == days(replace(placed, **changes), slot, confirmed)


def test_a_month_is_the_calendars() -> None:
    """The round-up of 2 November reads 1 to 31 October."""
    monthly = replace(a_daily(ZoneInfo("UTC"), time(9)), every=Every.MONTH)
    read = days(monthly, "2026-11-02T09:00")
    assert ("10-01", "10-31", 31) == (read[0], read[-1], len(read))


@given(
    slot=st.dates(date(2026, 1, 1), date(2030, 12, 31)),
    back=st.none() | st.integers(0, 400),
    every=st.sampled_from(Every),
    settle=st.integers(0, 14),
)
def test_the_days_read_are_few_in_order_and_never_ahead(
    slot: date, back: int | None, every: Every, settle: int
) -> None:
    """The days are at least one and at most a month, consecutive, and none is after the slot's own."""
    subscription = replace(a_daily(ZoneInfo("UTC"), time(9)), every=every, settle=settle)
    confirmed = None if back is None else Slot(day=slot - timedelta(days=back), time=time(9))
    read = days_read(subscription, Slot(day=slot, time=time(9)), confirmed)
    assert 1 <= len(read) <= 31
    assert [read[0] + timedelta(days=number) for number in range(len(read))] == list(read)
    assert read[-1] <= slot


def test_a_monthly_round_up_is_found_five_weeks_ahead() -> None:
    """After the Monday that is 1 June the next first Monday of a month is 35 days later, 6 July."""
    monthly = replace(a_daily(ZoneInfo("UTC"), time(9)), weekdays=frozenset({Weekday.MON}), every=Every.MONTH)
    due = next_due(monthly, datetime(2026, 6, 1, 9, tzinfo=UTC))
    assert due
    assert date(2026, 7, 6) == due.slot.day


@pytest.mark.parametrize(
    ("wait", "until"),
    [
        (time(9, 1), datetime(2026, 11, 24, 9, 1, tzinfo=UTC)),
        # The slot's own time is a day's wait, and so is an earlier one.
        (time(9), datetime(2026, 11, 25, 9, tzinfo=UTC)),
        (time(8, 59), datetime(2026, 11, 25, 8, 59, tzinfo=UTC)),
    ],
)
def test_a_wait_ends_after_the_slot(wait: time, until: datetime) -> None:
    """A wait until a time that is not later than the slot's ends on the next day."""
    waiting = replace(a_daily(ZoneInfo("UTC"), time(9)), wait=wait)
    assert until == waits_until(waiting, due_at(waiting, Slot(day=date(2026, 11, 24), time=time(9))))


@pytest.mark.parametrize(("gap", "days"), [(9, 9), (10, 10), (11, 10), (40, 10)])
def test_a_digest_reads_ten_days_at_most(gap: int, days: int) -> None:
    """After a gap of up to ten days every list since then is read; after a longer one, the last ten."""
    slot = Slot(day=date(2026, 11, 24), time=time(9))
    read = days_read(a_daily(ZoneInfo("UTC"), time(9)), slot, Slot(day=slot.day - timedelta(days=gap), time=time(9)))
    assert (days, slot.day) == (len(read), read[-1])


def test_the_slot_before_a_slot_is_a_minute_earlier() -> None:
    """The digest before a slot is sought up to the minute before it, also across midnight and the end of a year."""
    assert Slot(day=date(2026, 3, 1), time=time(8, 59)) == Slot(day=date(2026, 3, 1), time=time(9)).earlier
    assert Slot(day=date(2025, 12, 31), time=time(23, 59)) == Slot(day=date(2026, 1, 1), time=time(0)).earlier
