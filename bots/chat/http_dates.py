"""Times in HTTP headers, all by the server's own clock. Pure functions."""

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

#: Digits with an optional fraction; RFC 9110 allows whole seconds, Discord sends fractions.
_SECONDS = re.compile(r"[0-9]{1,12}(?:\.[0-9]{0,9})?")
#: A date of RFC 9110 has 29 characters; the two older forms have up to 33.
_LONGEST = 40


def instant(written: str) -> datetime | None:
    """Return the instant of an HTTP date, in UTC; None if the text is none."""
    if len(written) > _LONGEST:
        return None
    try:
        read = parsedate_to_datetime(written)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    try:
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except OverflowError:
        return None


def retry_after(headers: Mapping[str, object]) -> float | None:
    """Return the seconds that a response asks to wait, as a number or as an HTTP date; None if it asks for none.

    A date is compared with the response's own `Date`: this machine's clock may be wrong.
    """
    lowered = {str(name).lower(): str(value).strip() for name, value in headers.items()}
    written = lowered.get("retry-after", "")
    if _SECONDS.fullmatch(written):
        seconds = float(written)
        return seconds if math.isfinite(seconds) else None
    until, sent = instant(written), instant(lowered.get("date", ""))
    return max(0.0, (until - sent).total_seconds()) if until and sent else None
