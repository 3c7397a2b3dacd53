"""The results of the operator's actions."""

from dataclasses import dataclass

from bots.domain.digests import Digest
from bots.domain.runs import Delivery, Run
from bots.domain.slots import Due
from bots.domain.subscriptions import Subscription


@dataclass(frozen=True, kw_only=True, slots=True)
class RunRow:
    """A run and its subscription; None if the subscription no longer exists or never did."""

    run: Run
    subscription: Subscription | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PartRow:
    """A part and its subscription."""

    part: Delivery
    subscription: Subscription | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Retried:
    """A run that was queued again."""

    row: RunRow
    #: Number of parts that are posted again.
    revived: int = 0
    #: Number of parts left unchanged, because posting them or their papers twice was not permitted.
    left: int = 0
    #: Whether this process carried it out; otherwise the process that has its platform does.
    here: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Replayed:
    """The result for one slot of a replayed day, or for a subscription without a slot on that day."""

    subscription: Subscription
    due: Due | None = None
    #: One clause: "has no digest on that day", "was posted".
    said: str
    #: The digest that would have been posted; set only in a dry run.
    digest: Digest | None = None
    run: Run | None = None
    #: Whether something that should work failed.
    failed: bool = False
