"""Parses each option's value, and builds the errors for invalid values."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, time
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from bots.chat.phrases import clean, listed
from bots.commands.clocks import clock_of, is_announced, quiet_hours, times_of
from bots.commands.days import date_of, day_of, weekdays_of
from bots.commands.named_sources import sources_of
from bots.commands.topics import near_miss, parts_of, shown
from bots.commands.zones import zone_of
from bots.domain.errors import BadQuery
from bots.domain.subscriptions import Every, Hours, Look, SortBy, Weekday, WhenEmpty
from bots.selection import parse_query, read_category
from bots.translation.formats import language_name, language_named, sentences
from bots.translation.languages import load_languages
from bots.translation.speech import gettext, gettext_noop
from summarizer import Style

_Choice = TypeVar("_Choice", bound=StrEnum)

#: More papers than this are a listing, not a digest, and fill many screens of a channel.
MOST_PAPERS = 20
#: After two weeks papers gain no more votes that would change the sorting.
MOST_SETTLE = 14
#: Some seventy words; a longer text no longer describes one topic, and no paper would be near to it.
MOST_INTERESTS = 500
#: The error of a value that is none of an option's; options whose name is also the noun for their value have their own.
NO_VALUE = gettext_noop("“{text}” is no value of “{option}”.")
_NO_VALUE = {
    "look": gettext_noop("“{text}” is no look."),
    "sort": gettext_noop("“{text}” is no sort."),
    "style": gettext_noop("“{text}” is no style."),
}
_RHYTHMS = {"daily": "day", "weekly": "week", "monthly": "month"}
_NUMBER = re.compile(r"[0-9]{1,4}")


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
    #: None stands for the command's own: a digest is `short`, a summary `one-line`.
    style: Style | None = None
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
    look: Look = Look.AUTO
    #: The code of the language of the digest's own words; empty if none is given.
    language: str = ""
    until: date | None = None


#: Each takes the options parsed so far and a value, and raises BadQuery for an invalid value.
READERS: Mapping[str, Callable[[Options, str], Options]] = {
    "source": lambda said, value: replace(said, sources=_more(said.sources, _sources(value))),
    "query": lambda said, value: replace(said, query=_query(value)),
    "interests": lambda said, value: replace(said, interests=_interests(value)),
    "category": lambda said, value: replace(
        said, categories=_more(said.categories, map(read_category, parts_of(value, "category")))
    ),
    "sort": lambda said, value: replace(said, sort_by=_one_of(SortBy, value, "sort")),
    "limit": lambda said, value: replace(said, limit=_limit(value)),
    "style": lambda said, value: replace(said, style=_one_of(Style, value, "style")),
    "title": lambda said, value: replace(said, title=" ".join(value.split())),
    "day": lambda said, value: replace(said, day=day_of(value, said.today)),
    "at": lambda said, value: replace(said, announced=is_announced(value), times=times_of(value)),
    "on": lambda said, value: replace(said, weekdays=weekdays_of(value)),
    "zone": lambda said, value: replace(said, timezone=zone_of(value)),
    "every": lambda said, value: replace(said, every=_one_of(Every, _RHYTHMS.get(value.lower(), value), "every")),
    "settle": lambda said, value: replace(said, settle=_settle(value)),
    "wait": lambda said, value: replace(said, wait=clock_of(value, "11:00")),
    "quiet": lambda said, value: replace(said, quiet=quiet_hours(value)),
    "empty": lambda said, value: replace(said, empty=_one_of(WhenEmpty, value, "empty")),
    "entries": lambda said, value: replace(said, threaded=_one_of(_Entries, value, "entries") is _Entries.THREAD),
    "look": lambda said, value: replace(said, look=_one_of(Look, value, "look")),
    "language": lambda said, value: replace(said, language=_language(value)),
    "until": lambda said, value: replace(said, until=date_of(value, "2026-12-01", today=said.today)),
}
#: Options that may be given more than once; each adds to the ones before.
REPEATABLE = frozenset({"source", "category"})


def read_given(given: Iterable[tuple[str, str]], *, today: date | None = None) -> Options:
    """Return the options parsed from (name, value) pairs, as a command line supplies them; empty values are ignored.

    Raises:
        BadQuery: a value is invalid; the hint shows a valid one. If several are, the error names them all.
    """
    said, faults = Options(today=today), list[BadQuery]()
    for option, value in given:
        try:
            said = READERS[option](said, value) if value else said
        except BadQuery as error:
            faults.append(error)
    if len(faults) == 1:
        raise faults[0]
    if faults:
        lines = [sentences(str(fault), fault.hint) for fault in faults]
        raise BadQuery(gettext("{number} things are not right yet.", number=len(faults)), hint="\n".join(lines))
    return said


def _more(first: tuple[str, ...], second: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def _sources(value: str) -> Sequence[str]:
    found, faults = list[str](), list[BadQuery]()
    for part in parts_of(value, "source"):
        try:
            found += sources_of(part)
        except BadQuery as error:
            faults.append(error)
    if len(faults) > 1:
        raise BadQuery(sentences(*(said for fault in faults for said in (str(fault), fault.hint))))
    if faults:
        raise faults[0]
    return found


def readable_sources(value: str) -> tuple[str, ...]:
    """Return the specs of those sources in the value of `source=` that can be read; the others are left out."""
    found = list[str]()
    for part in filter(None, map(str.strip, value.split(","))):
        with suppress(BadQuery):
            found += sources_of(part)
    return tuple(dict.fromkeys(found))


def _query(value: str) -> str:
    text = " ".join(value.split())
    parse_query(text)
    return text


def _interests(value: str) -> str:
    text = clean(value)
    if not any(map(str.isalnum, text)):
        hint = gettext("Name the subjects, such as “protein structure”.")
        raise BadQuery(gettext("The interests contain no words."), hint=hint)
    if len(text) > MOST_INTERESTS:
        raise BadQuery(
            gettext(
                "The interests are {given} characters long; {most} is the most.", given=len(text), most=MOST_INTERESTS
            ),
            hint=gettext("Describe the subjects in one or two sentences."),
        )
    return text


def _one_of(choices: type[_Choice], value: str, option: str) -> _Choice:
    asked = re.sub(r"[\s_-]", "", value).lower()
    for choice in choices:
        if asked == choice.value.replace("-", ""):
            return choice
    raise BadQuery(
        gettext(_NO_VALUE.get(option, NO_VALUE), text=shown(value), option=option),
        hint=sentences(
            near_miss(value, [choice.value for choice in choices]),
            gettext("Choose {choices}.", choices=listed((choice.value for choice in choices), "or")),
        ),
    )


def _language(value: str) -> str:
    found = language_named(value)
    if found is None:
        known = listed((language_name(each) for each in load_languages()), "or")
        said = gettext("Paperwire does not speak “{text}”.", text=shown(value))
        raise BadQuery(said, hint=gettext("Choose {choices}.", choices=known))
    return found.code


def _limit(value: str) -> int:
    if not _NUMBER.fullmatch(value) or not 1 <= int(value) <= MOST_PAPERS:
        hint = gettext("Write a number from {least} to {most}.", least=1, most=MOST_PAPERS)
        raise BadQuery(gettext("“{text}” is no number of papers.", text=shown(value)), hint=hint)
    return int(value)


def _settle(value: str) -> int:
    if not _NUMBER.fullmatch(value) or int(value) > MOST_SETTLE:
        hint = gettext("Write a number from {least} to {most}.", least=0, most=MOST_SETTLE)
        raise BadQuery(gettext("“{text}” is no number of days.", text=shown(value)), hint=hint)
    return int(value)
