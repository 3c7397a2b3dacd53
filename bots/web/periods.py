"""The day, week or month of a list, as its address and its heading name it. Pure functions."""

import re
from calendar import month_name
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bots.chat.phrases import day_text, days_text

#: No list of papers is of an earlier year; and no later one is in the calendar of a person who reads it.
_FIRST, _LAST = date(1900, 1, 1), date(2200, 1, 1)
_WEEK = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class Span(StrEnum):
    """How long a period is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """A day, a week from Monday to Sunday, or a month."""

    span: Span
    first: date

    @property
    def last(self) -> date:
        """The last day."""
        match self.span:
            case Span.DAY:
                return self.first
            case Span.WEEK:
                return self.first + timedelta(days=6)
        return (self.first + timedelta(days=31)).replace(day=1) - timedelta(days=1)

    @property
    def name(self) -> str:
        """The period in an address: `2026-11-24`, `2026-W48`, `2026-11`."""
        match self.span:
            case Span.DAY:
                return self.first.isoformat()
            case Span.WEEK:
                year, week, _ = self.first.isocalendar()
                return f"{year:04}-W{week:02}"
        return f"{self.first.year:04}-{self.first.month:02}"

    @property
    def address(self) -> str:
        """The path of its list."""
        return f"/{self.span}/{self.name}"

    @property
    def title(self) -> str:
        """The period in words."""
        match self.span:
            case Span.DAY:
                return day_text(self.first)
            case Span.WEEK:
                return days_text(self.first, self.last)
        return f"{month_name[self.first.month]} {self.first.year}"

    @property
    def before(self) -> "Period":
        """The period of the same length before this one."""
        return period_at(self.span, max(self.first - timedelta(days=1), _FIRST))

    @property
    def after(self) -> "Period":
        """The period of the same length after this one."""
        return period_at(self.span, self.last + timedelta(days=1))


def period_at(span: Span, day: date) -> Period:
    """Return the period of a length that a day is in."""
    match span:
        case Span.DAY:
            return Period(span=span, first=day)
        case Span.WEEK:
            return Period(span=span, first=day - timedelta(days=day.weekday()))
    return Period(span=span, first=day.replace(day=1))


def read_period(span: Span, name: str) -> Period | None:
    """Return the period that an address names; None if there is none of that name."""
    try:
        day = _first_day(span, name)
    except ValueError:
        return None
    return Period(span=span, first=day) if day is not None and _FIRST <= day < _LAST else None


def _first_day(span: Span, name: str) -> date | None:
    if span is Span.WEEK:
        found = _WEEK.fullmatch(name)
        return date.fromisocalendar(int(found[1]), int(found[2]), 1) if found else None
    if span is Span.MONTH:
        found = _MONTH.fullmatch(name)
        return date(int(found[1]), int(found[2]), 1) if found else None
    return date.fromisoformat(name) if _DAY.fullmatch(name) else None
