"""What a mail server's refusal means for a digest. Pure functions.

A server's text may repeat the address it refuses, so addresses are taken out of it before it is stored or logged.
"""

import re
from enum import Enum, auto

from bots.chat.phrases import clean, cut
from bots.domain.errors import ChannelGone, DeliveryError, PostRefused, PostTooLarge, PostUnknown

#: Anything with an at sign in it, as far as it reaches; and what stands for it.
_ADDRESS, _HIDDEN = re.compile(r"[^\s<>()\[\]\"',;:]*@[^\s<>()\[\]\"',;:]*"), "[address]"
_MAX_SAID = 200
#: An enhanced status code (RFC 3463) at the beginning of a server's text.
_STATUS = re.compile(r"\s*([245])\.(\d{1,3})\.(\d{1,3})\b")
#: "Try again in 90 seconds", "please retry after 5 minutes": what greylisting says.
_WAIT = re.compile(r"\b(?:in|after|for)\s+(\d{1,5})\s*(s|sec|second|m|min|minute|h|hour)s?\b", re.IGNORECASE)
_UNITS = {"s": 1, "m": 60, "h": 3600}
#: Seconds to wait if the server says no time. Greylisting lets a message pass after one to five minutes; a server that
#: is short of connections or of anything else has it again sooner.
_GREYLISTED, _BUSY = 300.0, 60.0
#: Seconds until a full mailbox is tried again: somebody has to clear it.
_FULL = 3600.0
#: A refusal that concerns us and not one recipient: we may not send here, or not as this sender.
_ABOUT_US = re.compile(r"relay|authenticat|not permitted to send|sender (?:address )?(?:rejected|not)", re.IGNORECASE)
#: Authentication is required, needs encryption, is too weak or failed (RFC 4954); the service is unavailable.
_OUR_CODES = frozenset({530, 534, 535, 538})
_SERVICE_DOWN = 421
_PERMANENT, _TEMPORARY = 500, 400
#: Status codes (RFC 3463): the message is too big for the server, or for the mailbox; the mailbox is full.
_TOO_BIG = frozenset({("3", "4"), ("2", "3")})
_MAILBOX_FULL = ("2", "2")
_EXCEEDED = 552


class Step(Enum):
    """How far a mail had come when it was refused."""

    #: Before any mail: the greeting, encryption, or authentication.
    CONNECTING = auto()
    SENDER = auto()
    RECIPIENT = auto()
    #: The message itself was offered.
    CONTENT = auto()


_CHECK = "Check email.server, email.security, email.user and email.password with: paperwire doctor"
_AT: dict[Step, str] = {
    Step.CONNECTING: "the connection",
    Step.SENDER: "the sender",
    Step.RECIPIENT: "the recipient",
    Step.CONTENT: "the message",
}


def said(text: str) -> str:
    """Return a server's text on one line, without any address in it."""
    return cut(_ADDRESS.sub(_HIDDEN, clean(text)), _MAX_SAID)


def refusal(code: int, text: str, step: Step) -> DeliveryError:
    """Return the error for a server's answer that is not a success.

    Args:
        code: the answer's three digits; anything else is an answer that could not be read.
        text: the answer's text.
        step: what was refused.
    """
    status, told = _status(text), f"The mail server refused {_AT[step]}: {code} {said(text)}".rstrip(".") + "."
    if not _TEMPORARY <= code <= 599:
        return _unreadable(step)
    if code < _PERMANENT or status == _MAILBOX_FULL:
        return _later(code, text, status, step, told)
    if status in _TOO_BIG or (code == _EXCEEDED and not status):
        return PostTooLarge(told)
    if step in (Step.CONNECTING, Step.SENDER) or code in _OUR_CODES or _ABOUT_US.search(text):
        return PostRefused(told, hint=_CHECK, retry_after=_GREYLISTED, everywhere=True)
    return ChannelGone(told, hint="Remove the address with `paperwire email forget ADDRESS`, or correct the cause.")


def _status(text: str) -> tuple[str, str] | None:
    found = _STATUS.match(text)
    return (found[2], found[3]) if found else None


def _later(code: int, text: str, status: tuple[str, str] | None, step: Step, told: str) -> PostRefused:
    asked = _WAIT.search(text)
    everywhere = code == _SERVICE_DOWN or step in (Step.CONNECTING, Step.SENDER)
    usual = _FULL if status == _MAILBOX_FULL else _BUSY if everywhere else _GREYLISTED
    wait = float(asked[1]) * _UNITS[asked[2][0].lower()] if asked else usual
    return PostRefused(told, retry_after=wait, everywhere=everywhere)


def _unreadable(step: Step) -> DeliveryError:
    if step is Step.CONTENT:
        return PostUnknown("The mail server gave no readable answer to the message.")
    return PostRefused("The mail server gave no readable answer.", hint=_CHECK, retry_after=_BUSY, everywhere=True)


def unreachable(error: Exception) -> PostRefused:
    """Return the error for a connection that could not be made, or broke before a message was offered."""
    kind = type(error).__name__.removeprefix("SMTP")
    return PostRefused(
        f"The mail server cannot be reached ({kind}): {said(str(error))}".rstrip(".") + ".",
        hint=_CHECK,
        everywhere=True,
    )
