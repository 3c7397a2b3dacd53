"""Tests of dates and weekdays as people write them."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.commands.days import date_of, day_of, weekdays_in, weekdays_of
from bots.domain.errors import BadQuery
from bots.domain.subscriptions import WORKDAYS, Weekday

MONDAY = date(2026, 5, 4)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((text, WORKDAYS) for text in ("weekdays", "weekday", "every weekday", "Mon-Fri", "mon – fri", "Mo-Fr")),
        *((text, WORKDAYS) for text in ("Monday to Friday", "monday through friday", "Montag bis Freitag", "平日")),
        *((text, WORKDAYS) for text in ("working days", "business days", "on workdays", "werktags", "工作日")),
        *((text, set(Weekday)) for text in ("daily", "every day", "each day", "everyday", "täglich", "毎日", "每天")),
        *((text, {Weekday.MON}) for text in ("monday", "Mondays", "every Monday", "on mondays", "mo", "lundi", "周一")),
        *((text, {Weekday.MON, Weekday.THU}) for text in ("Monday and Thursday", "mon & thu", "mo,th", "Mo und Do")),
        ("weekends", {Weekday.SAT, Weekday.SUN}),
        ("fri-mon", {Weekday.FRI, Weekday.SAT, Weekday.SUN, Weekday.MON}),
    ],
)
def test_weekdays_are_read_as_people_write_them(text: str, expected: set[Weekday]) -> None:
    """Names, short forms, ranges and groups, in the languages of the commands."""
    assert expected == weekdays_of(text)


@pytest.mark.parametrize("text", ["so", "do", "we", "mi", "agents", "monday morning blues"])
def test_words_that_are_no_days_in_a_sentence(text: str) -> None:
    """Two letters name a day only where a day is asked for."""
    assert not weekdays_in(text)


@pytest.mark.parametrize(("text", "guess"), [("mondy", "monday"), ("weekdys", "weekdays"), ("dayly", "daily")])
def test_a_misspelt_day_is_guessed(text: str, guess: str) -> None:
    """The error names the nearest day or group."""
    with pytest.raises(BadQuery) as caught:
        weekdays_of(text)
    assert f"Did you mean {guess}?" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-12-01", date(2026, 12, 1)),
        ("1.12.2026", date(2026, 12, 1)),
        ("1 Dec", date(2026, 12, 1)),
        ("December 1st", date(2026, 12, 1)),
        ("1 May", date(2027, 5, 1)),
        ("24.12.", date(2026, 12, 24)),
        ("13/12/2026", date(2026, 12, 13)),
        ("tomorrow", date(2026, 5, 5)),
        ("Friday", date(2026, 5, 8)),
        ("next Monday", date(2026, 5, 11)),
        ("monday", date(2026, 5, 11)),
        ("next week", date(2026, 5, 11)),
        ("in two weeks", date(2026, 5, 18)),
        ("3 days", date(2026, 5, 7)),
    ],
)
def test_a_day_to_come_is_read(text: str, expected: date) -> None:
    """Dates with and without a year, and days counted from today."""
    assert expected == date_of(text, today=MONDAY)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("today", MONDAY),
        ("yesterday", date(2026, 5, 3)),
        ("Friday", date(2026, 5, 1)),
        ("last Monday", date(2026, 4, 27)),
    ],
)
def test_a_day_of_a_digest_has_been(text: str, expected: date) -> None:
    """The papers of "Friday" are those of the last Friday."""
    assert expected == day_of(text, MONDAY)


def test_a_day_that_may_be_two_is_asked_back() -> None:
    """1/12/2026 is in January or in December: the error shows how to write each."""
    with pytest.raises(BadQuery, match="may be two days") as caught:
        date_of("1/12/2026")
    assert "2026-12-01 or 2026-01-12" in caught.value.hint


@pytest.mark.parametrize("text", ["tomorrow", "2026-05-06", "1 June"])
def test_no_list_is_of_a_day_to_come(text: str) -> None:
    """The error says that the day is in the future."""
    with pytest.raises(BadQuery, match="is in the future"):
        day_of(text, MONDAY)


@given(st.text(max_size=40))
def test_any_text_is_a_day_or_an_error(text: str) -> None:
    """No text breaks the readers."""
    for read in (lambda: date_of(text, today=MONDAY), lambda: day_of(text, MONDAY), lambda: weekdays_of(text)):
        with suppress(BadQuery):
            assert read()
