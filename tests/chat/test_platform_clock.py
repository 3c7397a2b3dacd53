"""A platform's own time: a bound that has passed there, and how far this machine's clock is from it."""

import logging
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.chat.platform_clock import NOTEWORTHY, PlatformClock, apart
from tests.support.doubles import Hand

_THEIRS = datetime(2031, 3, 4, 5, 6, 7, tzinfo=UTC)


def heard(clock: PlatformClock, instant: datetime) -> None:
    """Let the clock hear a response that the platform sent at an instant."""
    clock.heard(format_datetime(instant.astimezone(UTC), usegmt=True))


def test_without_an_answer_the_time_is_not_known() -> None:
    """Before the first response, and after one without a date, neither the time nor a difference is known."""
    clock = PlatformClock("Slack", clock=Hand(), ticks=lambda: 0.0)
    for nothing in (None, "", "soon", "Mon, 30 Nov 9999 12:00:00 GMT", 7):
        clock.heard(nothing)
        assert (None, None, None) == (clock.now(), clock.skew, clock.finding())


@given(
    st.floats(min_value=0, max_value=0.999), st.floats(min_value=0, max_value=30),
    st.floats(min_value=0, max_value=1.0), st.integers(min_value=0, max_value=10_000),
)  # fmt: skip
def test_the_time_has_always_passed(cut: float, on_its_way: float, rate: float, elapsed: int) -> None:
    """However long a response was on its way, and however slow the steady clock is, the time is never ahead."""
    ticks = 0.0
    clock = PlatformClock("Slack", ticks=lambda: ticks)
    sent = _THEIRS + timedelta(seconds=cut)
    heard(clock, sent)
    ticks = elapsed * rate
    now = clock.now()
    assert now is None or now <= sent + timedelta(seconds=on_its_way + elapsed)


def test_a_reading_is_not_used_for_ever() -> None:
    """After an hour, and if the steady clock began anew, the time must be read again."""
    ticks = 1000.0
    clock = PlatformClock("Slack", ticks=lambda: ticks)
    heard(clock, _THEIRS)
    ticks = 4599.0
    assert _THEIRS + timedelta(seconds=3599) == clock.now()
    ticks = 4601.0
    assert clock.now() is None
    ticks = 0.0
    assert clock.now() is None


def test_our_own_clock_has_no_part_in_it() -> None:
    """The platform's time does not change when this machine's clock is set."""
    hand = Hand()
    clock = PlatformClock("Slack", clock=hand, ticks=lambda: 0.0)
    heard(clock, _THEIRS)
    for days in (1, -400):
        hand.turn(days=days)
        assert _THEIRS == clock.now()


@pytest.mark.parametrize(("ahead", "said"), [
    (timedelta(minutes=5, seconds=3), "5 minutes 3 seconds ahead of"),
    (timedelta(days=-1), "1 day behind"),
    (timedelta(seconds=31), "31 seconds ahead of"),
])  # fmt: skip
def test_a_wrong_clock_is_told_once(ahead: timedelta, said: str, caplog: pytest.LogCaptureFixture) -> None:
    """A difference above half a minute is logged once until the clock is right again, and is a finding with a fix."""
    hand = Hand()
    clock = PlatformClock("Slack", clock=hand, ticks=lambda: 0.0)
    right = hand()
    half = timedelta(seconds=0.5)
    with caplog.at_level(logging.WARNING, "bots.chat.platform_clock"):
        for _ in range(3):
            hand.now = right + ahead + half
            heard(clock, right)
        assert [f"it is {said} Slack's"] == [str(getattr(each, "clock", "")) for each in caplog.records]
        finding = clock.finding()
        assert finding
        assert f"this machine's clock is wrong: it is {said} Slack's" == finding.says
        assert "NTP" in finding.fix
        hand.now = right
        heard(clock, right)
        assert ("", "this machine's clock agrees with Slack's") == (clock.finding().fix, clock.finding().says)  # type: ignore[union-attr]
        hand.now = right + ahead + half
        heard(clock, right)
    assert 2 == len(caplog.records)


@pytest.mark.parametrize("seconds", [-29, -1, 0, 1, 29])
def test_a_clock_that_is_right_is_not_told(seconds: int, caplog: pytest.LogCaptureFixture) -> None:
    """The delay of a response and a clock that is some seconds off are no findings."""
    assert seconds < NOTEWORTHY.total_seconds()
    hand = Hand()
    clock = PlatformClock("Discord", clock=hand, ticks=lambda: 0.0)
    heard(clock, hand() - timedelta(seconds=seconds))
    finding = clock.finding()
    assert finding
    assert ("discord clock", "") == (finding.name, finding.fix)
    assert not caplog.records


@pytest.mark.parametrize(("skew", "said"), [
    (timedelta(), "0 seconds"), (timedelta(seconds=1), "1 second"), (timedelta(hours=-14), "14 hours"),
    (timedelta(days=400, seconds=5), "400 days 5 seconds"),
    (timedelta(hours=1, minutes=2, seconds=3), "1 hour 2 minutes"),
])  # fmt: skip
def test_differences_in_words(skew: timedelta, said: str) -> None:
    """A difference is told in its two largest units."""
    assert said == apart(skew)
