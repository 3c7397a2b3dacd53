"""Tolerant parsers for external dates: an unreadable date becomes None, never an error."""

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

_YEARS = range(1900, 2200)


def instant(value: object) -> datetime | None:
    """Return the UTC instant of an ISO date, an ISO time or a year; no zone means UTC, a year means its first day."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = f"{value:04d}-01-01" if value in _YEARS else ""
    if not isinstance(value, str):
        return None
    written = value.strip()
    if re.fullmatch(r"\d{4}(-\d\d)?", written):
        written = f"{written}-01-01"[:10]
    try:
        read = datetime.fromisoformat(written)
        aware = read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return aware if aware.year in _YEARS else None


def day(value: object) -> date | None:
    """Return the UTC day of an ISO date or time."""
    read = instant(value)
    return read.date() if read else None


def mail_instant(value: object) -> datetime | None:
    """Return the instant of a date in the format of feeds and mail: `Thu, 18 Sep 2025 00:00:00 -0400`.

    The instant keeps its own time zone: a list often belongs to the local day of that zone.
    """
    if not isinstance(value, str):
        return None
    try:
        read = parsedate_to_datetime(value.strip())
    except (ValueError, TypeError, OverflowError):
        return None
    aware = read.replace(tzinfo=UTC) if read.tzinfo is None else read
    return aware if aware.year in _YEARS else None
