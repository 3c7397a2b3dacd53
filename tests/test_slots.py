"""Slots: each wall-clock time exactly once a local day, whatever the clock does."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.channels import Channel, Slot, Subscription, Weekday
from bots.slots import missed, next_due

NEW_YORK = ZoneInfo("America/New_York")
EVERY_DAY = frozenset(Weekday)
ZONES = sorted(zone for zone in available_timezones() if not zone.startswith(("posix/", "right/")))


def order(zone: ZoneInfo, *times: time) -> Subscription:
    return Subscription(id="a", channel=Channel(platform="console"), timezone=zone, times=times, weekdays=EVERY_DAY)


def test_next_due_is_today_before_the_time_and_tomorrow_after_it() -> None:
    """A slot at nine is due today until nine, and from nine on tomorrow."""
    nine = order(ZoneInfo("Europe/Berlin"), time(9))

    before = next_due(nine, datetime(2026, 11, 24, 7, 59, tzinfo=UTC))
    after = next_due(nine, datetime(2026, 11, 24, 8, 0, tzinfo=UTC))

    assert before
    assert after
    assert date(2026, 11, 24) == before.slot.day
    assert datetime(2026, 11, 24, 8, tzinfo=UTC) == before.at
    assert date(2026, 11, 25) == after.slot.day


def test_weekends_are_passed_over() -> None:
    """From Friday after nine, an order on workdays is next due on Monday."""
    workdays = replace(order(ZoneInfo("UTC"), time(9)), weekdays=frozenset({Weekday.MON, Weekday.FRI}))

    due = next_due(workdays, datetime(2026, 11, 27, 9, tzinfo=UTC))

    assert due
    assert date(2026, 11, 30) == due.slot.day


def test_a_repeated_hour_holds_one_slot() -> None:
    """01:30 comes twice on 1 November 2026 in New York, and is due once, the first time."""
    half_past_one = order(NEW_YORK, time(1, 30))

    due = missed(half_past_one, datetime(2026, 11, 1, 4, tzinfo=UTC), datetime(2026, 11, 1, 12, tzinfo=UTC))

    assert (datetime(2026, 11, 1, 5, 30, tzinfo=UTC),) == tuple(each.at for each in due)


def test_a_skipped_hour_is_due_after_the_gap() -> None:
    """02:30 does not exist on 8 March 2026 in New York; its slot falls on 03:30 and keeps its own name."""
    half_past_two = order(NEW_YORK, time(2, 30))

    due = missed(half_past_two, datetime(2026, 3, 8, 5, tzinfo=UTC), datetime(2026, 3, 8, 12, tzinfo=UTC))

    assert ["2026-03-08T02:30"] == [str(each.slot) for each in due]
    assert datetime(2026, 3, 8, 7, 30, tzinfo=UTC) == due[0].at


def test_an_order_that_is_off_or_has_no_day_is_never_due() -> None:
    """Paused orders and orders without weekdays have no next slot."""
    now = datetime(2026, 11, 24, tzinfo=UTC)
    nine = order(ZoneInfo("UTC"), time(9))

    assert next_due(replace(nine, enabled=False), now) is None
    assert next_due(replace(nine, weekdays=frozenset()), now) is None
    assert () == missed(replace(nine, enabled=False), now - timedelta(days=3), now)


def test_naive_instants_are_refused() -> None:
    """A wall clock without a zone says nothing."""
    with pytest.raises(ValueError, match="aware"):
        next_due(order(ZoneInfo("UTC"), time(9)), datetime(2026, 11, 24))  # noqa: DTZ001 - the naive one is the point


@given(
    zone=st.sampled_from(ZONES),
    clock=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    now=st.datetimes(datetime(2026, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds the zone
)
def test_next_due_is_the_first_slot_after_now(zone: str, clock: time, now: datetime) -> None:
    """In every zone the next slot lies after now, within two days, and nothing is due in between."""
    subscription = order(ZoneInfo(zone), clock)

    due = next_due(subscription, now)

    assert due
    assert now < due.at <= now + timedelta(days=2)
    assert () == missed(subscription, now, due.at - timedelta(microseconds=1))
    assert (due,) == missed(subscription, now, due.at)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC)), st.sampled_from(ZONES))  # noqa: DTZ001 - hypothesis adds the zone
def test_a_slot_reads_back_what_it_wrote(instant: datetime, zone: str) -> None:
    """`Slot.parse` undoes `str`."""
    slot = Slot.at(instant, ZoneInfo(zone))

    assert slot == Slot.parse(str(slot))


def slots_of_five_years(zone: str, clock: time) -> None:
    """Assert that a zone's daily slot exists exactly once on each local day from 2026 to 2030."""
    local = ZoneInfo(zone)
    start = datetime(2026, 1, 1, tzinfo=local)
    end = datetime(2030, 12, 31, 23, 59, tzinfo=local)

    due = missed(order(local, clock), start - timedelta(minutes=1), end)

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
    """The same in every zone of the database, at the hour clocks change."""
    for zone in ZONES:
        slots_of_five_years(zone, time(2, 15))
