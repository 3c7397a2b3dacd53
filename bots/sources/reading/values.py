"""Tolerant parsers for single external values: an unreadable value becomes empty or None, never an error."""

import re
from urllib.parse import urlsplit

from bots.domain.papers import LABELS_LIMIT
from summarizer.text.terminals import strip_sequences

# Longer than any real title (the longest arXiv title of 2026 has 300 characters, an abstract field ends at 1,920), and
# short enough that 2,000 hostile papers take less memory than one large page.
TITLE_LIMIT = 1_000
ABSTRACT_LIMIT = 20_000
NAME_LIMIT = 200
# One paper of 2025 lists 533 authors; people read only the first few names, but a search for a late one may miss it.
AUTHORS_LIMIT = 100
URL_LIMIT = 2_000

# Larger numbers are not counts of votes, and would not fit a database integer.
_COUNT_LIMIT = 1_000_000_000
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")
_DIGITS = re.compile(r"\d{1,10}")


def text(value: object, limit: int = ABSTRACT_LIMIT) -> str:
    """Return a string on one line without control characters and sequences of terminals, cut at `limit`.

    The result is empty if the value is not a string.
    """
    if not isinstance(value, str):
        return ""
    seen = _UNPRINTABLE.sub("", " ".join(strip_sequences(value).split()))
    # Again, because a control character between two spaces leaves both.
    return " ".join(seen.split())[:limit].rstrip()


def texts(value: object, limit: int = LABELS_LIMIT) -> tuple[str, ...]:
    """Return the distinct non-empty strings of a list, or of one string with commas or semicolons between them."""
    if isinstance(value, str):
        value = re.split(r"[;,]", value)
    if not isinstance(value, (list, tuple)):
        return ()
    return tuple(dict.fromkeys(found for one in value if (found := text(one, NAME_LIMIT))))[:limit]


def count(value: object) -> int | None:
    """Return a whole number from a number or a string of digits."""
    if isinstance(value, str) and _DIGITS.fullmatch(value.strip()):
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _COUNT_LIMIT:
        return value
    return None


def https(value: object) -> str:
    """Return an https address unchanged, and an empty string for any other: no http, `javascript:` or user name."""
    if not isinstance(value, str) or len(value) > URL_LIMIT or _UNPRINTABLE.search(value) or not value.isprintable():
        return ""
    address = value.strip()
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return ""
    sound = parts.scheme == "https" and "." in host and "@" not in parts.netloc and " " not in address
    return address if sound and not set(address) & set("<>\"'`\\|") else ""
