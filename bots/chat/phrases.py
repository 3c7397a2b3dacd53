"""Small building blocks of sentences: clean text, counts, lists, days, addresses, cuts. Pure functions."""

from collections.abc import Callable, Iterator
from unicodedata import east_asian_width
from urllib.parse import quote, urlsplit

from bots.chat.graphemes import border
from bots.translation.formats import (
    WEEKDAYS,
    clock_text,
    day_text,
    days_text,
    listed,
    short_day,
    zone_text,
)
from bots.translation.speech import localized
from summarizer.text.plain import collapse

__all__ = [
    "MAX_URL", "WEEKDAYS", "clean", "clock_text", "counted", "cut", "day_text", "days_text", "listed", "pieces",
    "safe_url", "sentence", "short_day", "zone_text",
]  # fmt: skip

#: Slack takes 3,000 (docs.slack.dev, Block Kit); no real address of a paper is nearly as long.
MAX_URL = 2000
#: Zero-width non-joiner and joiner: at the end of a cut text they join nothing any more.
_JOINERS = "\u200c\u200d"
#: The characters that RFC 3986 allows in an address, except those that end a link in chat markup: `<`, `>`, `|`,
#: quotes.
_URL_CHARS = ":/?#[]@!$&()*+,;=-._~%"


def clean(text: str) -> str:
    """Return text on one line with single spaces, without control characters and those that hide or reorder others.

    A lazy text is translated first.

    Joiners inside emoji and inside words stay: without them an emoji falls apart and a Persian word is misspelt.
    """
    return collapse(localized(text))


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


#: What ends a sentence, in Latin and in East Asian script.
_ENDS = (".", "!", "?", "…", "。", "！", "？")


def sentence(text: str) -> str:
    """Return a clean text, with a full stop added if it has no punctuation at its end: "。" after East Asian script."""
    said = clean(text)
    if not said or said.endswith(_ENDS):
        return said
    return f"{said}。" if east_asian_width(said[-1]) in "WF" else f"{said}."
