"""Parses the option values that name days, times of day and time zones."""

import re
from collections.abc import Mapping
from datetime import date, time, timedelta
from difflib import get_close_matches
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from bots.commands.topics import near_miss, parts_of, shown
from bots.domain.errors import BadQuery
from bots.domain.subscriptions import MOST_TIMES, WORKDAYS, Hours, Weekday

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CLOCK = re.compile(r"(?P<hour>[0-9]{1,2})(?:[:.](?P<minute>[0-9]{2}))?\s*(?P<half>am|pm)?", re.IGNORECASE)
_DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY_GROUPS: Mapping[str, frozenset[Weekday]] = {
    "daily": frozenset(Weekday),
    "everyday": frozenset(Weekday),
    "weekdays": WORKDAYS,
    "workdays": WORKDAYS,
    "weekends": frozenset(Weekday) - WORKDAYS,
}


def day_of(value: str, today: date | None) -> date | None:
    """Return the requested day, or None for "today" if the user's day is not known."""
    word = value.lower()
    if word == "today":
        return today
    if word == "yesterday" and today is not None:
        return today - timedelta(days=1)
    day = date_of(value)
    # In the easternmost time zones it may already be tomorrow.
    if today is not None and day > today + timedelta(days=1):
        raise BadQuery(f"{value} is in the future.", hint="Leave day= out for today's papers.")
    return day


def date_of(value: str, example: str = "day=2026-05-01") -> date:
    """Return the date that a text in year-month-day form names.

    Args:
        example: shown in the hint of the error.

    Raises:
        BadQuery: there is no such day.
    """
    try:
        if _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass  # 30 February has the right form but is not a day
    raise BadQuery(f"“{shown(value)}” is no day.", hint=f"Write it as year-month-day: {example}.")


def is_announced(value: str) -> bool:
    """Return whether the digest is to follow the publication of the day's lists."""
    return value.strip().lower() == "announced"


def times_of(value: str) -> tuple[time, ...]:
    """Return the times of day in `at=`, sorted; none for `announced`.

    Raises:
        BadQuery: a part is no time of day, or there are more than `MOST_TIMES`.
    """
    if is_announced(value):
        return ()
    times = {clock_of(part, "at=09:00,17:30, or at=announced alone") for part in parts_of(value, "at")}
    if len(times) > MOST_TIMES:
        raise BadQuery(
            f"{len(times)} times of day are too many: a subscription has at most {MOST_TIMES}.",
            hint="Lists change once a day, so that one or two times bring everything: at=09:00,17:00.",
        )
    return tuple(sorted(times))


def clock_of(text: str, example: str) -> time:
    """Return a time of day, as in 9:30, 09.30 or 5 pm.

    Args:
        example: shown in the hint of the error.

    Raises:
        BadQuery: the text is no time of day.
    """
    clock = _time(text.strip())
    if clock is None:
        raise BadQuery(
            f"“{shown(text)}” is no time of day.", hint=f"Write hours and minutes from 00:00 to 23:59: {example}."
        )
    return clock


def _time(text: str) -> time | None:
    found = _CLOCK.fullmatch(text)
    if found is None:
        return None
    hour, minute, half = int(found["hour"]), int(found["minute"] or 0), (found["half"] or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    hour = hour % 12 + 12 * (half == "pm") if half else hour
    return time(hour, minute) if hour <= 23 and minute <= 59 else None


def quiet_hours(value: str) -> Hours:
    """Return the range of hours in `quiet=`.

    Raises:
        BadQuery: the text is no range, or its ends are equal.
    """
    first, dash, last = re.sub(r"[–—]", "-", value).partition("-")
    start, end = _time(first.strip()), _time(last.strip())
    if not dash or start is None or end is None:
        raise BadQuery(f"“{shown(value)}” is no range of hours.", hint="Write a start and an end: quiet=22:00-07:00.")
    if start == end:
        raise BadQuery(
            f"“{shown(value)}” starts and ends at the same time.",
            hint="Write two different times: quiet=22:00-07:00. To stop all digests, pause the subscription.",
        )
    return Hours(start=start, end=end)


def weekdays_of(value: str) -> frozenset[Weekday]:
    """Return the weekdays in `on=`: names, ranges and groups, separated by commas.

    Raises:
        BadQuery: a part names no weekday.
    """
    return frozenset(day for part in parts_of(value.lower(), "on") for day in _some_days(part))


def _some_days(text: str) -> frozenset[Weekday]:
    group = next((name for name in _DAY_GROUPS if text in (name, name.removesuffix("s"))), None)
    if group:
        return _DAY_GROUPS[group]
    first, dash, last = re.sub(r"\s*[-–—]\s*", "-", text).partition("-")
    start = _weekday(first)
    end = _weekday(last) if dash else start
    # A range may pass the end of the week: Friday to Monday is four days.
    return frozenset(Weekday((start + step) % 7) for step in range((end - start) % 7 + 1))


def _weekday(text: str) -> Weekday:
    for number, name in enumerate(_DAY_NAMES):
        if text == f"{name}s" or (len(text) >= 3 and name.startswith(text)):
            return Weekday(number)
    raise BadQuery(
        f"“{shown(text)}” is no weekday.",
        hint=f"{near_miss(text, [*_DAY_NAMES, *_DAY_GROUPS])}"
        "Write on=weekdays, on=daily, on=mon,wed,fri or on=mon-fri.",
    )


def zone_of(value: str) -> ZoneInfo:
    """Return the time zone with that name, in upper or lower case.

    Raises:
        BadQuery: there is no such time zone; the hint names similar ones.
    """
    asked = "_".join(value.casefold().split())
    known = _zones()
    if asked in known:
        return ZoneInfo(known[asked])
    near = _near_zones(asked[:40], known)
    guess = f"Did you mean {' or '.join(near)}? " if near else ""
    raise BadQuery(
        f"“{shown(value)}” is no time zone.",
        hint=f"{guess}Write a continent and a city: zone=Europe/Berlin, zone=America/New_York.",
    )


@cache  # to list them takes a walk through several hundred files
def _zones() -> Mapping[str, str]:
    """Return the name of every time zone by its folded form."""
    return {name.casefold(): name for name in available_timezones()}


def _near_zones(asked: str, known: Mapping[str, str]) -> list[str]:
    """Return at most three time zones: those of a city that the text names, or names with a similar spelling."""
    cities = {name.rpartition("/")[2]: name for name in sorted(known)}
    city = asked.rpartition("/")[2]
    begun = [city, *sorted(name for name in cities if len(city) > 2 and name.startswith(city))]
    named = [cities[name] for name in (*begun, *get_close_matches(city, cities, n=2, cutoff=0.75)) if name in cities]
    spelled = get_close_matches(asked, known, n=3, cutoff=0.75)
    return [known[name] for name in dict.fromkeys((*spelled, *named) if "/" in asked else (*named, *spelled))][:3]
