"""Days, times and lists as a language writes them (CLDR, through Babel). Pure functions of the current language."""

from collections.abc import Iterable
from datetime import date, datetime, time

from babel.dates import format_date, format_interval, format_skeleton, format_time, get_day_names
from babel.lists import format_list

from bots.translation.languages import ENGLISH
from bots.translation.speech import current

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def weekday(day: int) -> str:
    """Return the name of a weekday, 0 for Monday: "Monday", "Montag"."""
    language = current()
    return WEEKDAYS[day] if language == ENGLISH else get_day_names("wide", "stand-alone", language.code)[day]


def day_text(day: date) -> str:
    """Return a day with its weekday: "Tuesday 24 November 2026", "Dienstag, 24. November 2026"."""
    language = current()
    if language == ENGLISH:
        return f"{WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"
    return format_date(day, "full", language.code)


def short_day(day: date) -> str:
    """Return a day in short: "24 Nov 2026", "24. Nov. 2026"."""
    language = current()
    if language == ENGLISH:
        return f"{day.day} {_MONTHS[day.month - 1][:3]} {day.year}"
    return str(format_skeleton("yMMMd", day, locale=language.code))


def month_text(day: date) -> str:
    """Return the month of a day: "Nov 2026", "Nov. 2026"."""
    language = current()
    if language == ENGLISH:
        return f"{_MONTHS[day.month - 1][:3]} {day.year}"
    return str(format_skeleton("yMMM", day, locale=language.code))


def days_text(first: date, last: date) -> str:
    """Return days from the first to the last: "21 to 24 November 2026"; one day with its weekday."""
    language = current()
    if first == last:
        return day_text(last)
    return _english_days(first, last) if language == ENGLISH else _days(first, last, language.code)


def _days(first: date, last: date, locale: str) -> str:
    return str(format_interval(first, last, "yMMMMd", locale=locale))


def _english_days(first: date, last: date) -> str:
    end = f"{last.day} {_MONTHS[last.month - 1]} {last.year}"
    if first.year != last.year:
        return f"{first.day} {_MONTHS[first.month - 1]} {first.year} to {end}"
    return f"{first.day} to {end}" if first.month == last.month else f"{first.day} {_MONTHS[first.month - 1]} to {end}"


def clock_text(clock: time | datetime) -> str:
    """Return a time of day of 24 hours: "09:05"; "9:05" where the language writes no zero."""
    language = current()
    if language == ENGLISH:
        return f"{clock:%H:%M}"
    return format_time(time(clock.hour, clock.minute), "short", locale=language.code)


def listed(things: Iterable[str], last: str = "and") -> str:
    """Return "a", "a and b", "a, b and c".

    Args:
        things: what is listed, at least one.
        last: the word before the last one: "and" or "or".
    """
    language, told = current(), list(things)
    if language != ENGLISH:
        return format_list(told, "or" if last == "or" else "standard", language.code)
    *others, final = told
    return f"{', '.join(others)} {last} {final}" if others else final
