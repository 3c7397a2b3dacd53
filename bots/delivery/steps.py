"""What one step of delivering a part ends with, and how long to wait after a refusal. Pure."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from bots.domain.errors import DeliveryError, PostRefused
from bots.domain.runs import Delivery
from bots.ports import PostOutcome

#: The wait if a refusal names none; doubled at each attempt.
FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=10)
#: How far before this machine's time of the first attempt a search begins if the platform's time is not known: more
#: than a clock is wrong that takes local time for UTC, 14 hours.
UNSURE = timedelta(days=1)
#: With waits that double up to `LONGEST_WAIT`, this covers half a day of outage; after that the part is dead.
MAX_ATTEMPTS = 80
#: The number of consecutive parts with a fault of the adapter's own code, or of digests without parts, that pauses a
#: subscription; the adapter is not called for its channel again until then. One fault may be caused by an unforeseen
#: paper, three are not.
MOST_FAULTS = 3
#: What the log says of each outcome, and at which level: an error needs a person.
SAID: Mapping[PostOutcome, tuple[int, str]] = {
    PostOutcome.BEGUN: (logging.INFO, "a part is being posted"),
    PostOutcome.SENT: (logging.INFO, "a part was posted"),
    PostOutcome.FOUND: (logging.INFO, "a part was found in the channel"),
    PostOutcome.REFUSED: (logging.WARNING, "a part was refused; it is retried later"),
    PostOutcome.RATE_LIMITED: (logging.WARNING, "a part was refused; it is retried later"),
    PostOutcome.UNKNOWN: (logging.WARNING, "it is unknown whether a part was posted; it is looked up later"),
    PostOutcome.SPLIT: (logging.WARNING, "a part was too large and was split"),
    PostOutcome.HELD: (logging.ERROR, "a part is held: it may or may not have been posted"),
    PostOutcome.DEAD: (logging.ERROR, "a part was given up"),
    PostOutcome.WITHDRAWN: (logging.WARNING, "a part was given up"),
}
#: Callback for a part that is held or dead, with the reason.
OnUndelivered = Callable[[Delivery, DeliveryError], Awaitable[None]]


class WhenUnknown(Enum):
    """Policy for a part if it is unknown whether it was posted."""

    #: Held: it is never posted twice, but may be missing.
    HOLD = "hold"
    #: Posted again: it is never missing, but may be posted twice.
    REPOST = "repost"


class Step(Enum):
    """The state of a part after one delivery step."""

    #: Posted, held or dead: nothing is left to do.
    ENDED = auto()
    #: Dead, because its channel does not accept posts any more: no other part has a chance either.
    GONE = auto()
    #: Smaller parts have replaced it.
    SPLIT = auto()


@dataclass(frozen=True, kw_only=True, slots=True)
class Wait:
    """A part must wait until an instant before its next step."""

    until: datetime
    why: str


def wait_after(error: DeliveryError, attempts: int) -> timedelta:
    """Return the wait that the platform requests, or a wait that doubles with each attempt if it names none."""
    asked = error.retry_after if isinstance(error, PostRefused) else None
    if asked is not None:
        return timedelta(seconds=asked)
    return min(FIRST_WAIT * (1 << min(attempts, 10)), LONGEST_WAIT)
