"""Days, times and lists as a language writes them (CLDR, through Babel). Pure functions of the current language."""

from collections.abc import Iterable
from datetime import date, time
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton, format_time, get_day_names, get_timezone_location
from babel.lists import format_list

from bots.translation.languages import ENGLISH, Language, load_languages
from bots.translation.speech import LazyText, current, gettext, localized, pgettext

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
#: Names of the zone of UTC.
_UTC = frozenset({"UTC", "UCT", "GMT", "GMT0", "Zulu", "Universal", "Greenwich"})


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


def clock_text(clock: time) -> str:
    """Return a time of day of 24 hours as people write it: "9:00", "09:00" in German."""
    language = current()
    if language == ENGLISH:
        return f"{clock.hour}:{clock.minute:02}"
    return str(format_time(clock.replace(tzinfo=None), "short", locale=language.code))


def zone_text(zone: ZoneInfo) -> str:
    """Return a time zone as people name it: "Berlin time", "UTC", "UTC+5" for Etc/GMT-5."""
    area, _, city = str(zone).rpartition("/")
    if area == "Etc" and city.startswith("GMT") and city[3:4] in ("+", "-"):
        # These names count from the other side: Etc/GMT-5 is five hours ahead of UTC.
        return f"UTC{'-' if city[3] == '+' else '+'}{city[4:]}"
    return "UTC" if city in _UTC else gettext("{city} time", city=_city(zone))


def city_text(zone: ZoneInfo) -> str:
    """Return the city of a time zone: "Berlin" for Europe/Berlin; "UTC" for UTC."""
    city = str(zone).rpartition("/")[2]
    return "UTC" if city in _UTC else _city(zone)


def _city(zone: ZoneInfo) -> str:
    language, name = current(), str(zone).rpartition("/")[2].replace("_", " ")
    if language == ENGLISH:
        return name
    return get_timezone_location(zone, locale=language.code, return_city=True) or name


def language_name(language: Language) -> str:
    """Return the name of a language in the current one: "German", "Deutsch" in German itself."""
    return _language_name(language.code, current().code)


def language_named(text: str) -> Language | None:
    """Return the language that has a table, or English, that a text names in any of them or by a code; or None."""
    asked, known = " ".join(text.split()).casefold(), load_languages()
    for each in known:
        names = (_language_name(each.code, other.code).casefold() for other in known)
        if asked in names or asked.replace("-", "_") == each.code.casefold():
            return each
    # A locale of a platform: "de-AT". An unknown one is read as English, which no name above was.
    found = known.of(text.strip())
    return None if found == ENGLISH and not asked.startswith("en-") else found


def _language_name(code: str, shown_in: str) -> str:
    # Of Chinese there is one table: its script needs no mention.
    name = str(Locale.parse(shown_in).languages[code.partition("_")[0]])
    return name[:1].upper() + name[1:] if shown_in == "en" else name


def in_a_row(things: Iterable[str]) -> str:
    """Return "a, b, c", with the comma of the language."""
    return pgettext("between the parts of a sentence", ", ").join(things)


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


def sentences(*texts: str) -> str:
    """Return sentences one after the other, with a space between them where the script has one; without empty ones."""
    told = ""
    for text in filter(None, texts):
        told += text if not told or told.endswith(_NO_SPACE_AFTER) else f" {text}"
    return told


def sentences_lazy(*texts: str) -> LazyText:
    """Return sentences one after the other, as `sentences`, that are translated where `localized` shows them."""
    return LazyText(lambda: sentences(*map(localized, texts)))


#: After East Asian punctuation no space follows.
_NO_SPACE_AFTER = ("。", "！", "？", "：", "」")
