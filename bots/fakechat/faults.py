"""What can go wrong in the fake chat, and the errors it answers with."""

import asyncio
from dataclasses import dataclass
from enum import StrEnum


class ChatError(Exception):
    """The chat's own root error: what a platform library would raise."""


class TryLater(ChatError):
    """Too many requests, or a hiccup: nothing was posted."""

    def __init__(self, retry_after: float | None = None) -> None:
        super().__init__("Try later.")
        #: Seconds; None where the chat does not say.
        self.retry_after = retry_after


class NoSuchChannel(ChatError):
    """The channel was deleted."""


class NotPermitted(ChatError):
    """The bot may not post, or not read, there."""


class MessageTooLong(ChatError):
    """The message is over a limit; nothing was posted."""


class EmptyMessage(ChatError):
    """The message has nothing in it; nothing was posted."""


class ConnectionLost(ChatError):
    """The connection broke before an answer came; what happened is not known to the caller."""


class Fault(StrEnum):
    """What a channel can be told to do to the next posts."""

    #: Refused for now, nothing posted.
    REFUSE = "refuse"
    GONE = "gone"
    FORBID = "forbid"
    #: Refused as too large, whatever its size.
    TOO_LARGE = "too-large"
    #: The connection breaks before the message is accepted.
    LOST_BEFORE = "lost-before"
    #: The message is accepted and the answer never arrives.
    LOST_AFTER = "lost-after"
    #: The request is slow to arrive; it succeeds if nobody gives up.
    SLOW = "slow"
    #: The message is accepted at once and the answer is slow.
    SLOW_ANSWER = "slow-answer"
    #: The history cannot be read; posts are not touched.
    NO_HISTORY = "no-history"


#: Those that decide what a post is answered.
ANSWERS = frozenset({Fault.REFUSE, Fault.GONE, Fault.FORBID, Fault.TOO_LARGE, Fault.LOST_BEFORE, Fault.LOST_AFTER})


@dataclass(kw_only=True, slots=True)
class Trouble:
    """A fault that is switched on."""

    fault: Fault
    #: None is every channel.
    channel: str | None = None
    #: How many more times it strikes; None is until healed.
    left: int | None = None
    #: Seconds, told with a refusal.
    retry_after: float | None = None
    #: Slow until this is set; without it, for `seconds` of the chat's own sleep.
    gate: asyncio.Event | None = None
    seconds: float = 0.0

    def concerns(self, channel: str) -> bool:
        """Tell whether it strikes a request to that channel."""
        return self.channel in (None, channel) and self.left != 0

    def strike(self) -> None:
        """Count one strike."""
        if self.left is not None:
            self.left -= 1


def refusal(fault: Fault, retry_after: float | None) -> ChatError | None:
    """Return the error a refusing fault answers with; None for a fault that does not refuse."""
    match fault:
        case Fault.REFUSE:
            return TryLater(retry_after)
        case Fault.GONE:
            return NoSuchChannel("The channel was deleted.")
        case Fault.FORBID:
            return NotPermitted("The bot may not post here.")
        case Fault.TOO_LARGE:
            return MessageTooLong("The message is too large.")
        case Fault.LOST_BEFORE:
            return ConnectionLost("The connection broke.")
        case _:
            return None
