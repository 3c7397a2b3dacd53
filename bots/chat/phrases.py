"""Small building blocks of sentences: clean text, counts, lists, days, addresses, cuts. Pure functions."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, time
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from bots.chat.graphemes import border
from summarizer.text.plain import collapse

#: Slack takes 3,000 (docs.slack.dev, Block Kit); no real address of a paper is nearly as long.
MAX_URL = 2000


WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
#: Zero-width non-joiner and joiner: at the end of a cut text they join nothing any more.
_JOINERS = "\u200c\u200d"
#: Names of the zone of UTC.
_UTC = frozenset({"UTC", "UCT", "GMT", "GMT0", "Zulu", "Universal", "Greenwich"})
#: The characters that RFC 3986 allows in an address, except those that end a link in chat markup: `<`, `>`, `|`,
#: quotes.
_URL_CHARS = ":/?#[]@!$&()*+,;=-._~%"


def clean(text: str) -> str:
    """Return text on one line with single spaces, without control characters and those that hide or reorder others.

    Joiners inside emoji and inside words stay: without them an emoji falls apart and a Persian word is misspelt.
    """
    return collapse(text)


def cut(text: str, most: int, measure: Callable[[str], int] = len) -> str:
    """Return text of at most size `most`: whole, or cut after a word and ended with "…".

    A word that is too long is cut between two characters as readers see them, so that no emoji or accent is torn off.

    Args:
        most: the limit in the unit of `measure`; below the size of "…" the result is empty.
        measure: how the platform counts, for example after escaping; longer text must never measure less.
    """
    if measure(text) <= most:
        return text
    low = border(text, _longest(text, most, lambda part: measure(part + "…")))
    words, space, _ = text[: low + 1].rpartition(" ")
    # If the last space is far back, the text is one without spaces, and is cut at the limit itself.
    kept = words if space and len(words) > low // 2 else text[:low]
    shortened = kept.rstrip(f" ,;:.{_JOINERS}") + "…"
    return shortened if measure(shortened) <= most else ""


def pieces(text: str, most: int, measure: Callable[[str], int] = len) -> Iterator[str]:
    """Yield the whole text in pieces of at most size `most`, split between words if possible.

    Args:
        most: the limit in the unit of `measure`; at least the size of the largest character.
        measure: how the platform counts; longer text must never measure less.
    """
    while text:
        end = _longest(text, most, measure)
        end = border(text, end) or max(end, 1)
        space = text.rfind(" ", 0, end + 1) if end < len(text) else -1
        end = space if space > end // 2 else end
        yield text[:end].strip().rstrip(_JOINERS)
        text = text[end:].strip()


def _longest(text: str, most: int, measure: Callable[[str], int]) -> int:
    """Return the number of leading characters whose size is at most `most`."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if measure(text[:middle]) <= most else (low, middle - 1)
    return low


def safe_url(url: str) -> str:
    """Return a web address that cannot end a link early; empty for any other text."""
    asked = url.strip()
    try:
        parts = urlsplit(asked)
    except ValueError:
        return ""
    if parts.scheme not in ("https", "http") or not parts.hostname or "@" in parts.netloc or clean(asked) != asked:
        return ""
    quoted = quote(asked, safe=_URL_CHARS)
    return quoted if len(quoted) <= MAX_URL else ""


def counted(number: int, thing: str) -> str:
    """Return "1 paper", "2 papers", "1,234 papers"."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def listed(things: Iterable[str], last: str = "and") -> str:
    """Return "a", "a and b", "a, b and c"."""
    *others, final = tuple(things)
    return f"{', '.join(others)} {last} {final}" if others else final


def day_text(day: date) -> str:
    """Return "Tuesday 24 November 2026", whatever the machine's locale."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def short_day(day: date) -> str:
    """Return "24 Nov 2026", whatever the machine's locale."""
    return f"{day.day} {_MONTHS[day.month - 1][:3]} {day.year}"


def clock_text(clock: time) -> str:
    """Return a time of day as people write it: "9:00", "17:30"."""
    return f"{clock.hour}:{clock.minute:02}"


def zone_text(zone: ZoneInfo) -> str:
    """Return a time zone as people name it: "Berlin time", "UTC", "UTC+5" for Etc/GMT-5."""
    area, _, city = clean(str(zone)).rpartition("/")
    if area == "Etc" and city.startswith("GMT") and city[3:4] in ("+", "-"):
        # These names count from the other side: Etc/GMT-5 is five hours ahead of UTC.
        return f"UTC{'-' if city[3] == '+' else '+'}{city[4:]}"
    if city in _UTC:
        return "UTC"
    return f"{city.replace('_', ' ')} time"


def days_text(first: date, last: date) -> str:
    """Return "21 to 24 November 2026", "28 November to 2 December 2026", or the one day with its weekday."""
    if first == last:
        return day_text(last)
    end = f"{last.day} {_MONTHS[last.month - 1]} {last.year}"
    if first.year != last.year:
        return f"{first.day} {_MONTHS[first.month - 1]} {first.year} to {end}"
    return f"{first.day} to {end}" if first.month == last.month else f"{first.day} {_MONTHS[first.month - 1]} to {end}"


def sentence(text: str) -> str:
    """Return a clean text, with a full stop added if it has no punctuation at its end."""
    said = clean(text)
    return said if not said or said.endswith((".", "!", "?", "…", "。", "！", "？")) else f"{said}."
