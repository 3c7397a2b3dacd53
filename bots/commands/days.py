"""Reads days as people write them: dates, "tomorrow", "next Monday", "in two weeks"; and lists of weekdays."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from bots.commands.topics import near_miss, parts_of, shown
from bots.domain.errors import BadQuery
from bots.domain.subscriptions import WORKDAYS, Weekday
from bots.translation.formats import sentences
from bots.translation.speech import gettext

_ISO = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}")
_DOTTED = re.compile(r"(?P<day>[0-9]{1,2})\.\s?(?P<month>[0-9]{1,2})\.\s?(?P<year>[0-9]{4})?")
_SLASHED = re.compile(r"(?P<one>[0-9]{1,2})/(?P<two>[0-9]{1,2})/(?P<year>[0-9]{4})")
_WORDED = re.compile(
    r"(?:(?P<day>[0-9]{1,2})(?:st|nd|rd|th|\.)?\s+(?:of\s+)?(?P<month>[a-z]{3,9})\.?"
    r"|(?P<month2>[a-z]{3,9})\.?\s+(?P<day2>[0-9]{1,2})(?:st|nd|rd|th)?),?(?:\s+(?P<year>[0-9]{4}))?"
)
_SPAN = re.compile(r"(?:in|for)?\s*(?P<number>an?|one|two|three|four|[0-9]{1,3})\s+(?P<unit>day|week|month)s?")
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4}
_UNITS = {"day": 1, "week": 7, "month": 30}
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_WEEK = 7
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
#: Other names and short forms of the weekdays, in the languages of the commands, Monday first.
_OTHERS: Sequence[Sequence[str]] = (
    ("mo", "montag", "lunes", "lundi", "月曜日", "月曜", "周一", "星期一"),
    ("tu", "tues", "di", "dienstag", "martes", "mardi", "火曜日", "火曜", "周二", "星期二"),
    ("we", "weds", "mi", "mittwoch", "miércoles", "miercoles", "mercredi", "水曜日", "水曜", "周三", "星期三"),
    ("th", "thurs", "do", "donnerstag", "jueves", "jeudi", "木曜日", "木曜", "周四", "星期四"),
    ("fr", "freitag", "viernes", "vendredi", "金曜日", "金曜", "周五", "星期五"),
    ("sa", "samstag", "sonnabend", "sábado", "sabado", "samedi", "土曜日", "土曜", "周六", "星期六"),
    ("su", "so", "sonntag", "domingo", "dimanche", "日曜日", "日曜", "周日", "星期日", "星期天"),
)
_GROUPS: Mapping[str, frozenset[Weekday]] = {
    **dict.fromkeys(
        ("daily", "everyday", "day", "all days", "all", "täglich", "tag", "tous les jours", "todos los días", "毎日",
         "每天", "morning", "evening"),
        frozenset(Weekday),
    ),
    **dict.fromkeys(
        ("weekdays", "workdays", "working days", "business days", "workweek", "werktags", "平日", "工作日"), WORKDAYS
    ),
    **dict.fromkeys(("weekends", "wochenende", "週末", "周末"), frozenset(Weekday) - WORKDAYS),
}  # fmt: skip
_EACH = re.compile(
    r"^(?:on|every|each|all|jeden|jede|chaque|cada|am|le|los)\s+(?:single\s+)?|^the\s+|^(?:an\s+)?(?=werktagen)"
)
_RANGE = re.compile(r"\s*(?:[-–—~]|\b(?:to|through|thru|until|till|bis|à|au|a)\b)\s*")
_BETWEEN = re.compile(r"\s*(?:[,;+&/、，]|\b(?:and|und|et|y|or)\b)\s*")


class FutureDay(BadQuery):
    """The day of a digest is in the future."""


def day_of(value: str, today: date | None) -> date | None:
    """Return the requested day, or None for "today" if the user's day is not known.

    Raises:
        BadQuery: there is no such day.
        FutureDay: it is in the future.
    """
    word = " ".join(value.lower().split())
    if word in ("today", "heute", "hoy", "aujourd'hui", "今日", "今天"):
        return today
    day = _past(word, today) or date_of(value, today=today)
    # In the easternmost time zones it may already be tomorrow.
    if today is not None and (day > today + timedelta(days=1) or word == "tomorrow"):
        hint = gettext("Leave the day out for today's papers.")
        raise FutureDay(gettext("“{text}” is in the future.", text=value), hint=hint)
    return day


def _past(word: str, today: date | None) -> date | None:
    if today is None:
        return None
    if word in ("yesterday", "gestern", "ayer", "hier", "昨日", "昨天"):
        return today - timedelta(days=1)
    weekday = _weekday_or_none(word.removeprefix("last ").removeprefix("on "))
    # The last one that has been: today's name means today.
    back = (today.weekday() - weekday) % _WEEK if weekday is not None else 0
    if word.startswith("last "):
        back = back or _WEEK
    return today - timedelta(days=back) if weekday is not None else None


def date_of(value: str, example: str = "2026-05-01", *, today: date | None = None) -> date:
    """Return the date that a text names: 2026-05-01, 1 May, tomorrow, next Monday, in two weeks.

    Args:
        value: the text.
        example: shown in the hint of the error.
        today: the day from which "tomorrow" is counted; None if it is not known.

    Raises:
        BadQuery: there is no such day, or two days may be meant.
    """
    text = " ".join(value.lower().split())
    try:
        found = _written(text, today) or (_coming(text, today) if today else None)
    except ValueError:
        found = None  # 30 February has the right form but is not a day
    if found is None:
        hint = gettext("Write it as year-month-day: {example}.", example=example)
        raise BadQuery(gettext("“{text}” is no day.", text=shown(value)), hint=hint)
    return found


def _written(text: str, today: date | None) -> date | None:
    """Return the date that numbers and the names of months make.

    Raises:
        BadQuery: two days may be meant.
        ValueError: there is no such day.
    """
    if _ISO.fullmatch(text):
        year, month, day = map(int, text.split("-"))
        return date(year, month, day)
    if found := _DOTTED.fullmatch(text):
        return _nearest(int(found["day"]), int(found["month"]), found["year"], today)
    if found := _SLASHED.fullmatch(text):
        return _slashed(text, int(found["one"]), int(found["two"]), int(found["year"]))
    found = _WORDED.fullmatch(text)
    name = (found["month"] or found["month2"]) if found else ""
    month = next((number for number, each in enumerate(_MONTHS, 1) if each.startswith(name)), 0) if name else 0
    return _nearest(int(found["day"] or found["day2"]), month, found["year"], today) if found and month else None


def _nearest(day: int, month: int, year: str | None, today: date | None) -> date | None:
    """Return a day of the year that is named, or else of this year, or of the next if it has been."""
    if year or today is None:
        return date(int(year), month, day) if year else None
    this = date(today.year, month, day)
    return this if this >= today else date(today.year + 1, month, day)


def _slashed(text: str, one: int, two: int, year: int) -> date:
    if one == two or one > len(_MONTHS):
        return date(year, two, one)
    if two > len(_MONTHS):
        return date(year, one, two)
    raise BadQuery(
        gettext("“{text}” may be two days.", text=text),
        hint=gettext(
            "Write {first} or {second}: year-month-day.",
            first=date(year, two, one).isoformat(),
            second=date(year, one, two).isoformat(),
        ),
    )


def _coming(text: str, today: date) -> date | None:
    """Return the day that a text counts from today."""
    if text in ("today", "heute", "hoy", "今日", "今天"):
        return today
    if text in ("tomorrow", "morgen", "mañana", "demain", "明日", "明天"):
        return today + timedelta(days=1)
    if text == "yesterday":
        return today - timedelta(days=1)
    if text in ("next week", "monday next week"):
        return today + timedelta(days=_WEEK - today.weekday())
    if found := _SPAN.fullmatch(text):
        number = _NUMBERS.get(found["number"]) or int(found["number"])
        return today + timedelta(days=number * _UNITS[found["unit"]])
    weekday = _weekday_or_none(re.sub(r"^(?:on|next|this|coming)\s+", "", text))
    return today + timedelta(days=(weekday - today.weekday() - 1) % _WEEK + 1) if weekday is not None else None


def weekdays_of(value: str) -> frozenset[Weekday]:
    """Return the weekdays in `on=`: names, ranges and groups, with commas or "and" between them.

    Raises:
        BadQuery: a part names no weekday.
    """
    listed = ", ".join(_BETWEEN.split(" ".join(value.lower().split())))
    return frozenset(day for part in parts_of(listed, "on") for day in _some_days(part))


def weekdays_in(text: str) -> frozenset[Weekday]:
    """Return the weekdays that a text lists, written out or with three letters; none if it is no such list."""
    try:
        days = weekdays_of(text)
    except BadQuery:
        return frozenset()
    # "so", "do", "we" and "mi" are words as well as days.
    words = (word for word in re.findall(r"\w+", text.lower()) if word not in _SMALL)
    return days if all(len(word) > 2 or not word.isascii() for word in words) else frozenset()


_SMALL = frozenset({"on", "to", "am", "le", "et", "y", "or", "a"})


def _some_days(text: str) -> frozenset[Weekday]:
    bare = _EACH.sub("", text).strip()
    group = next((name for name in _GROUPS if bare in (name, name.removesuffix("s"))), None)
    if group:
        return _GROUPS[group]
    first, dash, last = re.sub(_RANGE, "-", bare, count=1).partition("-")
    start = _weekday(first)
    end = _weekday(last) if dash else start
    # A range may pass the end of the week: Friday to Monday is four days.
    return frozenset(Weekday((start + step) % _WEEK) for step in range((end - start) % _WEEK + 1))


def _weekday(text: str) -> Weekday:
    found = _weekday_or_none(text.strip())
    if found is None:
        raise BadQuery(
            gettext("“{text}” is no weekday.", text=shown(text)),
            hint=sentences(
                near_miss(text, [*_NAMES, *_GROUPS]),
                gettext("Write weekdays, daily, mon-fri, or days: Monday and Thursday."),
            ),
        )
    return found


def _weekday_or_none(text: str) -> Weekday | None:
    name = text.rstrip(".")
    for number, (full, others) in enumerate(zip(_NAMES, _OTHERS, strict=True)):
        plural = name in (f"{full}s", *(f"{each}s" for each in others))
        if plural or name in others or (len(name) >= 3 and full.startswith(name)):
            return Weekday(number)
    return None
