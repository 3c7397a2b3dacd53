"""Forgiving readers for single values that came from outside: what cannot be read becomes nothing, never an error."""

import re
from urllib.parse import urlsplit

# Longer than any real one (the longest arXiv title of 2026 has 300 characters, an abstract field ends at 1,920), short
# enough that 2,000 hostile papers stay under the memory of one large page.
TITLE_LIMIT = 1_000
ABSTRACT_LIMIT = 20_000
NAME_LIMIT = 200
# One paper of 2025 lists 533 authors; nobody reads past the first few, and a search for a late one may miss it.
AUTHORS_LIMIT = 100
LABELS_LIMIT = 50
URL_LIMIT = 2_000

# Counts beyond this are no counts of votes, and would not fit a database integer.
_COUNT_LIMIT = 1_000_000_000
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")
_DIGITS = re.compile(r"\d{1,10}")


def text(value: object, limit: int = ABSTRACT_LIMIT) -> str:
    """Return a string on one line without control characters, cut at `limit`; empty for anything but a string."""
    if not isinstance(value, str):
        return ""
    return _UNPRINTABLE.sub("", " ".join(value.split())).strip()[:limit].rstrip()


def texts(value: object, limit: int = LABELS_LIMIT) -> tuple[str, ...]:
    """Return the distinct non-empty strings of a list, or of one string that separates them by commas or semicolons."""
    if isinstance(value, str):
        value = re.split(r"[;,]", value)
    if not isinstance(value, (list, tuple)):
        return ()
    return tuple(dict.fromkeys(found for one in value if (found := text(one, NAME_LIMIT))))[:limit]


def count(value: object) -> int | None:
    """Return a whole number of things from a number or a string of digits."""
    if isinstance(value, str) and _DIGITS.fullmatch(value.strip()):
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _COUNT_LIMIT:
        return value
    return None


def https(value: object) -> str:
    """Return an https address as it stands, and nothing for any other: no http, no `javascript:`, no user in it."""
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
