"""What the answers of a receiver mean for a delivery. Pure functions."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from bots.domain.errors import ChannelGone, DeliveryError, PostRefused, PostTooLarge, PostUnknown
from bots.outbound.client import Sent

_FIRST_GOOD, _FIRST_REDIRECT, _FIRST_WRONG = 200, 300, 400
_TOO_LARGE, _GONE = 413, 410
#: Asked to wait, or something between us and the receiver that refuses: it has not seen the message.
_LATER = frozenset({407, 408, 425, 429, 500, 503, 511})
#: A gateway does not know whether the receiver has seen it.
_UNSURE = frozenset({502, 504})
#: Seconds; a longer pause is a mistake of the receiver.
_LONGEST_PAUSE = 24 * 3600.0


def refusal_of(sent: Sent, now: datetime) -> DeliveryError | None:
    """Return the error for an answer; None if the receiver accepted the message."""
    status = sent.status
    if _FIRST_GOOD <= status < _FIRST_REDIRECT:
        return None
    said = f"The webhook's receiver answered with HTTP {status}."
    if status in _LATER:
        return PostRefused(said, retry_after=_pause(sent.headers.get("retry-after", ""), now))
    if status in _UNSURE:
        return PostUnknown(said)
    if status == _TOO_LARGE:
        return PostTooLarge(said)
    if status == _GONE:
        return ChannelGone(said, hint="It says that it wants no more messages.")
    if _FIRST_REDIRECT <= status < _FIRST_WRONG:
        return ChannelGone(said, hint="Redirects are not followed: subscribe the new address.")
    if status >= _FIRST_WRONG:
        return ChannelGone(said, hint="Check the address and the signing key at the receiver, then resume.")
    return PostUnknown(said)


def _pause(said: str, now: datetime) -> float | None:
    """Return the seconds of `Retry-After`, which is a number or a date; None if there are none."""
    if said.isascii() and said.isdigit() and len(said) < 8:
        return min(float(said), _LONGEST_PAUSE)
    try:
        until = parsedate_to_datetime(said)
    except (ValueError, TypeError, OverflowError):
        return None
    aware = until.replace(tzinfo=UTC) if until.tzinfo is None else until
    return min(max((aware - now).total_seconds(), 0.0), _LONGEST_PAUSE)
