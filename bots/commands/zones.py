"""Reads time zones as people name them: by a city, a country, an abbreviation, an offset, or their own names."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

from bots.chat.phrases import listed
from bots.commands.topics import shown
from bots.domain.errors import BadQuery
from bots.translation.formats import sentences
from bots.translation.speech import gettext, gettext_noop

#: Letters that Unicode does not decompose into a plain one and a mark.
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th"})
_OFFSET = re.compile(r"(?:utc|gmt)?\s*(?P<sign>[+\-−–])\s*(?P<hours>[0-9]{1,2})(?::?(?P<minutes>[0-9]{2}))?")
#: Words around the name of a place that do not belong to it.
_AROUND = re.compile(r"^(?:in|at|the)\s+|\s+(?:time\s*zone|timezone|local time|standard time|time|zeit)$")
#: The tz database has whole hours from twelve behind UTC to fourteen ahead of it, with the sign turned: Etc/GMT-2.
_BEHIND, _AHEAD = 12, 14
#: What the tz database's own files (northamerica, europe, asia, australasia) call the hours of each place, and what
#: people call places. Abbreviations that several places have are asked about. Several zones: the usual one is first.
_COMMON: Mapping[str, str] = {
    "z": "UTC", "utc": "UTC",
    "nyc": "America/New_York", "la": "America/Los_Angeles", "sf": "America/Los_Angeles", "dc": "America/New_York",
    "bay area": "America/Los_Angeles", "silicon valley": "America/Los_Angeles", "stanford": "America/Los_Angeles",
    "philly": "America/New_York", "cdmx": "America/Mexico_City", "bombay": "Asia/Kolkata", "bangalore": "Asia/Kolkata",
    "uk": "Europe/London", "england": "Europe/London", "scotland": "Europe/London", "wales": "Europe/London",
    "great britain": "Europe/London", "deutschland": "Europe/Berlin", "osterreich": "Europe/Vienna",
    "schweiz": "Europe/Zurich", "suisse": "Europe/Zurich", "espana": "Europe/Madrid", "korea": "Asia/Seoul",
    "holland": "Europe/Amsterdam", "uae": "Asia/Dubai", "日本": "Asia/Tokyo", "中国": "Asia/Shanghai",
    "usa": "America/New_York America/Chicago America/Denver America/Los_Angeles",
    "us": "America/New_York America/Chicago America/Denver America/Los_Angeles",
    "est": "America/New_York", "edt": "America/New_York", "et": "America/New_York", "eastern": "America/New_York",
    "cdt": "America/Chicago", "ct": "America/Chicago", "central": "America/Chicago",
    "cst": "America/Chicago Asia/Shanghai America/Havana",
    "mst": "America/Denver", "mdt": "America/Denver", "mountain": "America/Denver",
    "pst": "America/Los_Angeles", "pdt": "America/Los_Angeles", "pt": "America/Los_Angeles",
    "pacific": "America/Los_Angeles", "akst": "America/Anchorage", "akdt": "America/Anchorage",
    "hst": "Pacific/Honolulu", "ast": "America/Halifax Asia/Riyadh", "adt": "America/Halifax",
    "nst": "America/St_Johns", "brt": "America/Sao_Paulo", "art": "America/Argentina/Buenos_Aires",
    "bst": "Europe/London Asia/Dhaka", "ist": "Asia/Kolkata Asia/Jerusalem Europe/Dublin", "idt": "Asia/Jerusalem",
    "cest": "CET", "mez": "CET", "mesz": "CET", "eest": "EET", "west": "WET", "msk": "Europe/Moscow",
    "sast": "Africa/Johannesburg", "wat": "Africa/Lagos", "cat": "Africa/Maputo", "eat": "Africa/Nairobi",
    "pkt": "Asia/Karachi", "npt": "Asia/Kathmandu", "ict": "Asia/Bangkok", "wib": "Asia/Jakarta",
    "sgt": "Asia/Singapore", "hkt": "Asia/Hong_Kong", "jst": "Asia/Tokyo", "kst": "Asia/Seoul",
    "aest": "Australia/Sydney Australia/Brisbane", "aedt": "Australia/Sydney", "acst": "Australia/Adelaide "
    "Australia/Darwin", "acdt": "Australia/Adelaide", "awst": "Australia/Perth", "nzst": "Pacific/Auckland",
    "nzdt": "Pacific/Auckland",
}  # fmt: skip
#: Places without summer time whose hours are not whole ones from UTC.
_BETWEEN: Mapping[str, str] = {
    "+3:30": "Asia/Tehran", "+4:30": "Asia/Kabul", "+5:30": "Asia/Kolkata", "+5:45": "Asia/Kathmandu",
    "+6:30": "Asia/Yangon", "+9:30": "Australia/Darwin", "-9:30": "Pacific/Marquesas",
}  # fmt: skip
_HOW = gettext_noop("Write a city, such as Berlin or New York; or a continent and a city: Europe/Berlin.")
#: Longer than any name of a place.
_LONGEST = 60
#: A misspelt name has nearly as many letters as the right one.
_LETTERS_OFF = 2


def zone_of(value: str) -> ZoneInfo:
    """Return the time zone that a text names, in any case and with or without accents.

    Raises:
        BadQuery: it names none, or several; the hint names the ones that may be meant.
    """
    found = zones_named(value)
    if len(found) == 1:
        return ZoneInfo(found[0])
    if found:
        hint = gettext("Say which: {zones}.", zones=listed(found, "or"))
        raise BadQuery(gettext("“{text}” is in several time zones.", text=shown(value)), hint=hint)
    near = _near_zones(value)
    guess = gettext("Did you mean {guess}?", guess=listed(near, "or")) if near else ""
    said = gettext("“{text}” is no time zone.", text=shown(value))
    raise BadQuery(said, hint=sentences(guess, gettext(_HOW)))


def zones_named(text: str) -> tuple[str, ...]:
    """Return the names in the tz database of the time zones that a text may mean; none if it names none."""
    asked = "_".join(text.casefold().split())
    if len(asked) > _LONGEST:
        return ()
    # The names that the tz database keeps for old programs, such as EST, have no summer time; people mean the place's.
    if asked in _zones() and asked not in _COMMON:
        return (_zones()[asked],)
    if shifted := _shifted(text.strip().casefold()):
        return (shifted,)
    name = folded(text)
    for each in dict.fromkeys((name, _AROUND.sub("", _AROUND.sub("", name)))):
        if found := _places(each):
            return found
    return _in_a_country(text)


def folded(text: str) -> str:
    """Return a name in lower case, without accents, and with single spaces for all other signs."""
    bare = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN)).casefold()
    letters = (char for char in bare if not unicodedata.combining(char) and char not in "'’`.")
    return " ".join("".join(char if char.isalnum() else " " for char in letters).split())


def _shifted(text: str) -> str:
    """Return the zone of an offset such as "UTC+2"; empty if the text is none or the tz database has no such hours."""
    found = _OFFSET.fullmatch(text)
    if found is None:
        return ""
    ahead = found["sign"] == "+"
    if int(found["minutes"] or 0):
        return _BETWEEN.get(f"{'+' if ahead else '-'}{int(found['hours'])}:{found['minutes']}", "")
    hours = int(found["hours"]) * (1 if ahead else -1)
    if not -_BEHIND <= hours <= _AHEAD:
        return ""
    return f"Etc/GMT{-hours:+d}" if hours else "UTC"


def _places(name: str) -> tuple[str, ...]:
    common = _COMMON.get(name)
    if common:
        return tuple(common.split())
    city = _cities().get(name)
    return (city,) if city else _table().get(name, ())


def _in_a_country(text: str) -> tuple[str, ...]:
    """Return the zones of "Cambridge, USA" or "Paris (France)": those of the place that are in the country, too."""
    place, comma, country = text.replace("(", ",").rstrip(") ").partition(",")
    if not comma:
        return ()
    first, second = (_places(folded(each)) for each in (place, country))
    return tuple(zone for zone in first if zone in second) or (first if not folded(country) else ())


@cache  # to list them takes a walk through several hundred files
def _zones() -> Mapping[str, str]:
    """Return the name of every time zone by its folded form."""
    return {name.casefold(): name for name in available_timezones()}


@cache
def _cities() -> Mapping[str, str]:
    """Return the zone that the tz database names after each city."""
    named = (name for name in sorted(_zones().values()) if "/" in name and not name.startswith(_NO_CITIES))
    return {folded(name.rpartition("/")[2]): name for name in named}


#: Regions of the tz database whose names are those of no cities, or old names of zones that have a better one.
_NO_CITIES = ("Etc/", "US/", "Canada/", "Brazil/", "Chile/", "Mexico/", "SystemV/", "posix/", "right/")


@cache  # 40,000 names, read in 20 ms
def _table() -> Mapping[str, tuple[str, ...]]:
    text = (files("bots.commands") / "places.txt").read_text(encoding="utf-8")
    known = frozenset(_zones().values())
    found: dict[str, tuple[str, ...]] = {}
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        zones, _, names = line.partition("\t")
        there = tuple(zone for zone in zones.split() if zone in known)
        if there:
            found |= dict.fromkeys(names.split(", "), there)
    return found


def _near_zones(value: str) -> list[str]:
    """Return at most three time zones with a similar name, or of a city with one."""
    asked = "_".join(value.casefold().split())[:_LONGEST]
    city = folded(asked.rpartition("/")[2])
    spelled = [_zones()[near] for near in get_close_matches(asked, _zones(), n=3, cutoff=0.75)]
    placed = [zone for near in _near_names(city) for zone in _places(near)[:1]]
    return list(dict.fromkeys((*spelled, *placed) if "/" in asked else (*placed, *spelled)))[:3]


def _near_names(city: str) -> Sequence[str]:
    return get_close_matches(city, list(_like(city)), n=3, cutoff=0.75) if city else ()


def _like(city: str) -> Iterator[str]:
    """Yield the names with the same first letter and nearly the same length: to compare all would take a second."""
    for names in (_cities(), _COMMON, _table()):
        yield from (name for name in names if name[0] == city[0] and abs(len(name) - len(city)) <= _LETTERS_OFF)
