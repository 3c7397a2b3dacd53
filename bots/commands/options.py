"""Parses each option's value, and builds the errors for invalid values."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from typing import TypeVar
from zoneinfo import ZoneInfo, available_timezones

from bots.chat.phrases import clean, listed
from bots.commands.topics import shown
from bots.domain.errors import BadQuery
from bots.domain.subscriptions import WORKDAYS, Every, Hours, SortBy, Weekday, WhenEmpty
from bots.presentation.source_text import hints
from bots.selection import parse_query, read_category
from summarizer import Style

_Choice = TypeVar("_Choice", bound=StrEnum)

#: More papers than this are a listing, not a digest, and fill many screens of a channel.
MOST_PAPERS = 20
#: After two weeks papers gain no more votes that would change the sorting.
MOST_SETTLE = 14
#: Some seventy words; a longer text no longer describes one topic, and no paper would be near to it.
MOST_INTERESTS = 500
#: Options whose name is also the noun for their value.
_NOUNS = ("sort", "style")
_NUMBER = re.compile(r"[0-9]{1,4}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CLOCK = re.compile(r"(?P<hour>[0-9]{1,2})(?:[:.](?P<minute>[0-9]{2}))?\s*(?P<half>am|pm)?", re.IGNORECASE)
_SOURCE = re.compile(r"[A-Za-z][\w-]*(?::\S.*)?")
_DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY_GROUPS: Mapping[str, frozenset[Weekday]] = {
    "daily": frozenset(Weekday),
    "everyday": frozenset(Weekday),
    "weekdays": WORKDAYS,
    "workdays": WORKDAYS,
    "weekends": frozenset(Weekday) - WORKDAYS,
}


class _Entries(StrEnum):
    INLINE = "inline"
    THREAD = "thread"


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """The parsed options of a command; None, empty or the default for options that were not given."""

    #: The day from which "today" and "yesterday" are counted; None if the user's day is not known.
    today: date | None = None
    sources: tuple[str, ...] = ()
    query: str = ""
    interests: str = ""
    categories: tuple[str, ...] = ()
    sort_by: SortBy = SortBy.TRENDING
    limit: int = 5
    style: Style = Style.ONE_LINE
    title: str = ""
    day: date | None = None
    times: tuple[time, ...] = ()
    weekdays: frozenset[Weekday] = frozenset()
    timezone: ZoneInfo | None = None
    #: Whether the digest is scheduled for the time at which the day's lists are published.
    announced: bool = False
    every: Every = Every.DAY
    settle: int = 0
    wait: time | None = None
    quiet: Hours | None = None
    empty: WhenEmpty = WhenEmpty.SAY
    #: Whether the papers of a digest are posted in the thread of its first message.
    threaded: bool = False
    until: date | None = None


#: Each takes the options parsed so far and a value, and raises BadQuery for an invalid value.
READERS: Mapping[str, Callable[[Options, str], Options]] = {
    "source": lambda said, value: replace(said, sources=_more(said.sources, map(_source, _parts(value, "source")))),
    "query": lambda said, value: replace(said, query=_query(value)),
    "interests": lambda said, value: replace(said, interests=_interests(value)),
    "category": lambda said, value: replace(
        said, categories=_more(said.categories, map(read_category, _parts(value, "category")))
    ),
    "sort": lambda said, value: replace(said, sort_by=_one_of(SortBy, value, "sort")),
    "limit": lambda said, value: replace(said, limit=_limit(value)),
    "style": lambda said, value: replace(said, style=_one_of(Style, value, "style")),
    "title": lambda said, value: replace(said, title=" ".join(value.split())),
    "day": lambda said, value: replace(said, day=_day(value, said.today)),
    "at": lambda said, value: replace(said, announced=_is_announced(value), times=_times(value)),
    "on": lambda said, value: replace(said, weekdays=_weekdays(value)),
    "zone": lambda said, value: replace(said, timezone=_zone(value)),
    "every": lambda said, value: replace(said, every=_one_of(Every, value, "every")),
    "settle": lambda said, value: replace(said, settle=_settle(value)),
    "wait": lambda said, value: replace(said, wait=_clock(value, "wait=11:00")),
    "quiet": lambda said, value: replace(said, quiet=_quiet(value)),
    "empty": lambda said, value: replace(said, empty=_one_of(WhenEmpty, value, "empty")),
    "entries": lambda said, value: replace(said, threaded=_one_of(_Entries, value, "entries") is _Entries.THREAD),
    "until": lambda said, value: replace(said, until=_date(value, "until=2026-12-01")),
}
#: Options that may be given more than once; each adds to the ones before.
REPEATABLE = frozenset({"source", "category"})


def read_given(given: Iterable[tuple[str, str]], *, today: date | None = None) -> Options:
    """Return the options parsed from (name, value) pairs, as a command line supplies them; empty values are ignored.

    Raises:
        BadQuery: a value is invalid; the hint shows a valid one.
    """
    said = Options(today=today)
    for option, value in given:
        said = READERS[option](said, value) if value else said
    return said


def _more(first: tuple[str, ...], second: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def _parts(value: str, option: str) -> list[str]:
    parts = [part.strip() for part in value.split(",") if part.strip()]
    if not parts:
        raise BadQuery(f"{option}= has no value.", hint=f"Write {option}=… or leave it out.")
    return parts


def _source(text: str) -> str:
    if not _SOURCE.fullmatch(text):
        examples = listed((f"source={spec}" for spec in hints()), "or")
        raise BadQuery(f"“{shown(text)}” is not a source.", hint=f"Write {examples}.")
    name, colon, rest = text.partition(":")
    return name.lower() + colon + rest


def _query(value: str) -> str:
    text = " ".join(value.split())
    parse_query(text)
    return text


def _interests(value: str) -> str:
    text = clean(value)
    if not any(map(str.isalnum, text)):
        raise BadQuery("interests= contains no words.", hint='Name the subjects: interests="protein structure".')
    if len(text) > MOST_INTERESTS:
        raise BadQuery(
            f"The interests are {len(text):,} characters long; {MOST_INTERESTS} is the most.",
            hint="Describe the subjects in one or two sentences.",
        )
    return text


def _one_of(choices: type[_Choice], value: str, option: str) -> _Choice:
    asked = re.sub(r"[\s_-]", "", value).lower()
    for choice in choices:
        if asked == choice.value.replace("-", ""):
            return choice
    raise BadQuery(
        f"“{shown(value)}” is no {option}." if option in _NOUNS else f"“{shown(value)}” is no value of {option}=.",
        hint=f"{_near(value, [choice.value for choice in choices])}Write {option}={'|'.join(choices)}.",
    )


def _near(value: str, known: Iterable[str]) -> str:
    near = get_close_matches(value.lower()[:40], list(known), n=1)
    return f"Did you mean {near[0]}? " if near else ""


def _limit(value: str) -> int:
    if not _NUMBER.fullmatch(value) or not 1 <= int(value) <= MOST_PAPERS:
        raise BadQuery(
            f"“{shown(value)}” is no number of papers.", hint=f"Write a number from 1 to {MOST_PAPERS}: limit=5."
        )
    return int(value)


def _day(value: str, today: date | None) -> date | None:
    """Return the requested day, or None for "today" if the user's day is not known."""
    word = value.lower()
    if word == "today":
        return today
    if word == "yesterday" and today is not None:
        return today - timedelta(days=1)
    day = _date(value)
    # In the easternmost time zones it may already be tomorrow.
    if today is not None and day > today + timedelta(days=1):
        raise BadQuery(f"{value} is in the future.", hint="Leave day= out for today's papers.")
    return day


def _date(value: str, example: str = "day=2026-05-01") -> date:
    try:
        if _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass  # 30 February has the right form but is not a day
    raise BadQuery(f"“{shown(value)}” is no day.", hint=f"Write it as year-month-day: {example}.")


def _is_announced(value: str) -> bool:
    return value.strip().lower() == "announced"


def _times(value: str) -> tuple[time, ...]:
    if _is_announced(value):
        return ()
    times = {_clock(part, "at=09:00,17:30, or at=announced alone") for part in _parts(value, "at")}
    return tuple(sorted(times))


def _clock(text: str, example: str) -> time:
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


def _quiet(value: str) -> Hours:
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


def _settle(value: str) -> int:
    if not _NUMBER.fullmatch(value) or int(value) > MOST_SETTLE:
        raise BadQuery(
            f"“{shown(value)}” is no number of days.", hint=f"Write a number from 0 to {MOST_SETTLE}: settle=3."
        )
    return int(value)


def _weekdays(value: str) -> frozenset[Weekday]:
    return frozenset(day for part in _parts(value.lower(), "on") for day in _some_days(part))


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
        hint=f"{_near(text, [*_DAY_NAMES, *_DAY_GROUPS])}Write on=weekdays, on=daily, on=mon,wed,fri or on=mon-fri.",
    )


def _zone(value: str) -> ZoneInfo:
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
