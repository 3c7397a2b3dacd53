"""Tolerant parsers for external dates: an unreadable date becomes None, never an error."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

_YEARS = range(1900, 2200)
# Longer texts are sentences, in which a year can mean anything.
_LONGEST = 60
# Seconds and milliseconds since 1970 that fall between 2001 and 2100.
_SECONDS = range(1_000_000_000, 4_102_444_800)
_MILLISECONDS = range(1_000_000_000_000, 4_102_444_800_000)
_NUMERIC = re.compile(r"(\d{4})([/.-])(\d{1,2})(?:\2(\d{1,2}))?[/.-]{0,2}(?:[T\s].*)?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_YEAR = re.compile(r"(?<!\d)(?:19|20|21)\d\d(?!\d)", re.ASCII)
_DAY = re.compile(r"(?<![\d:])\d{1,2}(?![\d:])", re.ASCII)
_WORD = re.compile(r"[^\W\d_]{3,}")
# By their first letters, without accents: English, then German, French, Spanish and Italian where they differ.
_MONTHS: Mapping[str, int] = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11,
    "dec": 12, "mai": 5, "okt": 10, "dez": 12, "fev": 2, "avr": 4, "juin": 6, "juil": 7, "aou": 8, "ene": 1, "abr": 4,
    "ago": 8, "dic": 12, "gen": 1, "mag": 5, "giu": 6, "lug": 7, "set": 9, "ott": 10,
}  # fmt: skip


def instant(value: object) -> datetime | None:
    """Return the UTC instant of a date in any usual form; of a range its beginning, of a year or month its first day.

    Read are ISO dates and times (without a zone: UTC), a number that is a year or counts from 1970, the dates of
    exports (`2024/04/03/`, `2024 May`, `1 Dec 2024`), of mail, and the `date-parts` of CSL.
    """
    if isinstance(value, Mapping):
        said = value.get("raw") or value.get("literal")
        return _parts(value.get("date-parts")) or (instant(said) if isinstance(said, str) else None)
    if isinstance(value, int | float):
        return _number(value)
    if not isinstance(value, str) or len(value) > _LONGEST:
        return None
    written = " ".join(value.split())
    return _iso(written) or _iso(written.partition("/")[0]) or _numeric(written) or _spelled(written)


def day(value: object) -> date | None:
    """Return the UTC day of a date in any form that `instant` reads."""
    read = instant(value)
    return read.date() if read else None


def names_day(value: object) -> bool:
    """Return whether a date that `instant` reads names its day, so that the first of a month is no placeholder.

    An ISO date of 1 January is one: OpenAlex and many programs write it for a year.
    """
    if isinstance(value, Mapping):
        parts, said = value.get("date-parts"), value.get("raw") or value.get("literal")
        first = parts[0] if isinstance(parts, list) and parts else None
        return (isinstance(first, list) and len(first) > 2) or (isinstance(said, str) and names_day(said))
    if isinstance(value, int | float):
        return abs(value) >= 10**7
    if not isinstance(value, str):
        return False
    written = " ".join(value[:_LONGEST].split())
    if numeric := _NUMERIC.fullmatch(written.partition("/")[0] if written[4:5] == "-" else written):
        return bool(numeric[4]) and not re.fullmatch(r"\d{4}-0?1-0?1", written, re.ASCII)
    if _COMPACT.fullmatch(written):
        return not written.endswith("0101")
    rest = _YEAR.sub(" ", written)
    return len(_DAY.findall(rest)) == 1 and any(map(_month, _WORD.findall(rest)))


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


def _iso(written: str) -> datetime | None:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d.*", written, re.ASCII):
        return None
    try:
        read = datetime.fromisoformat(written)
        aware = read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return aware if aware.year in _YEARS else None


def _number(value: float) -> datetime | None:
    if isinstance(value, bool) or value != value or value in (float("inf"), float("-inf")):
        return None
    whole = int(value)
    if whole in _MILLISECONDS:
        whole //= 1000
    if whole in _SECONDS:
        return datetime.fromtimestamp(whole, UTC)
    return _made(whole, 1, 1) or _numeric(f"{whole}" if 0 <= whole < 10**8 else "")


def _parts(value: object) -> datetime | None:
    """Return the first of CSL's `date-parts`: `[[2024, 5, 1]]`, whose numbers may be strings."""
    first = value[0] if isinstance(value, list) and value else None
    if not isinstance(first, list) or not first:
        return None
    numbers = [int(one) for one in map(str, first[:3]) if re.fullmatch(r"\d{1,4}", one, re.ASCII)]
    year, month, of_month = (*numbers, 1, 1, 1)[:3] if numbers else (0, 1, 1)
    return _made(year, month, of_month) or _made(year, 1, 1)


def _numeric(written: str) -> datetime | None:
    found = _NUMERIC.fullmatch(written)
    if found:
        year, month, of_month = int(found[1]), int(found[3]), int(found[4] or 1)
        # The months 21 to 24 are the seasons of extended ISO dates.
        return _made(year, month, of_month) or _made(year, month, 1) or _made(year, 1, 1)
    compact = _COMPACT.fullmatch(written)
    return _made(*map(int, compact.groups())) if compact else None


def _spelled(written: str) -> datetime | None:
    """Return the date of a text with one year, perhaps a month's name, and perhaps a day beside it."""
    if mail := mail_instant(written):
        return mail.astimezone(UTC)
    years = _YEAR.findall(written)
    if not years:
        return None
    year, rest = int(years[0]), _YEAR.sub(" ", written)
    month = next((number for word in _WORD.findall(rest) if (number := _month(word))), 0)
    days = [int(one) for one in _DAY.findall(rest)] if month else []
    of_month = days[0] if len(days) == 1 or (days and "-" in rest) else 1
    return _made(year, month or 1, of_month) or _made(year, month or 1, 1)


def _month(word: str) -> int:
    plain = unicodedata.normalize("NFKD", word.casefold()).encode("ascii", "ignore").decode()
    return _MONTHS.get(plain[:4]) or _MONTHS.get(plain[:3]) or 0


def _made(year: int, month: int, of_month: int) -> datetime | None:
    if year not in _YEARS:
        return None
    try:
        return datetime(year, month, of_month, tzinfo=UTC)
    except ValueError:
        return None
