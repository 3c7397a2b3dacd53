"""The faults of the fake chat and its errors."""

import asyncio
from dataclasses import dataclass
from enum import StrEnum


class ChatError(Exception):
    """The root of the chat's errors, as a platform library would raise them."""


class TryLater(ChatError):
    """Too many requests, or a temporary failure: nothing was posted."""

    def __init__(self, retry_after: float | None = None) -> None:
        super().__init__("Try later.")
        #: Seconds; None if the chat does not send a delay.
        self.retry_after = retry_after


class NoSuchChannel(ChatError):
    """The channel was deleted."""


class NotPermitted(ChatError):
    """The bot may not post in the channel, or not read its history."""


class MessageTooLong(ChatError):
    """The message is over a limit; nothing was posted."""


class EmptyMessage(ChatError):
    """The message has no content; nothing was posted."""


class ConnectionLost(ChatError):
    """The connection broke before the response; the caller cannot know whether the message was posted."""


class Fault(StrEnum):
    """The faults that can be switched on for a channel's next requests."""

    #: A temporary refusal; nothing is posted.
    REFUSE = "refuse"
    GONE = "gone"
    FORBID = "forbid"
    #: A refusal as too large, whatever the size.
    TOO_LARGE = "too-large"
    #: The connection breaks before the chat accepts the message.
    LOST_BEFORE = "lost-before"
    #: The chat accepts the message, and the response never arrives.
    LOST_AFTER = "lost-after"
    #: The request arrives late; it succeeds unless the caller cancels it.
    SLOW = "slow"
    #: The chat accepts the message at once, and the response is slow.
    SLOW_ANSWER = "slow-answer"
    #: The history cannot be read; posts are not affected.
    NO_HISTORY = "no-history"


#: The faults that decide the response to a post.
ANSWERS = frozenset({Fault.REFUSE, Fault.GONE, Fault.FORBID, Fault.TOO_LARGE, Fault.LOST_BEFORE, Fault.LOST_AFTER})


@dataclass(kw_only=True, slots=True)
class Trouble:
    """An active fault."""

    fault: Fault
    #: None means every channel.
    channel: str | None = None
    #: Remaining uses; None means until `heal`.
    left: int | None = None
    #: Seconds, sent with a refusal.
    retry_after: float | None = None
    #: Requests wait until this is set; without it, they wait `seconds` of the chat's own sleep.
    gate: asyncio.Event | None = None
    seconds: float = 0.0

    def concerns(self, channel: str) -> bool:
        """Return whether the fault applies to a request to that channel."""
        return self.channel in (None, channel) and self.left != 0

    def strike(self) -> None:
        """Count one use of the fault."""
        if self.left is not None:
            self.left -= 1


def refusal(fault: Fault, retry_after: float | None) -> ChatError | None:
    """Return the error of a fault that refuses the request; None for any other fault."""
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
