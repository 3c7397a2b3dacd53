"""The ledger's records: each digest run and each of its parts."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bots.domain.digests import Part
from bots.domain.slots import Slot

#: Begins the note of a run that waits for a workspace that accepts nothing at present.
HELD = "held: "


class RunState(StrEnum):
    """States of a digest run."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    #: The slot passed while nothing ran; its papers stay unseen and come with the next digest.
    SKIPPED = "skipped"

    @property
    def is_final(self) -> bool:
        """Whether nothing more is done for the run."""
        return self not in (RunState.QUEUED, RunState.RUNNING)


class DeliveryState(StrEnum):
    """States of one part; see the ledger protocol in docs/architecture.md."""

    PLANNED = "planned"
    #: A post may be in progress until `lease_until`.
    SENDING = "sending"
    SENT = "sent"
    #: The lease expired without a response, and the platform could not be queried.
    AMBIGUOUS = "ambiguous"
    #: Refused permanently, or too often.
    DEAD = "dead"


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """One due digest of one subscription; its key is unique, so the run exists only once."""

    key: str
    subscription_id: str
    slot: Slot
    state: RunState = RunState.QUEUED
    created: datetime
    started: datetime | None = None
    finished: datetime | None = None
    #: No process claims the run before this instant: it is put off, or a process has claimed it and is working on it.
    not_before: datetime | None = None
    #: Sources that failed, in one sentence: the next digest reads their days again. Empty if all responded.
    missing: str = ""
    #: The result in one sentence: "5 papers in 2 parts", "SourceDown: …".
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """One part of a run and the state of its delivery."""

    key: str
    run_key: str
    part: Part
    state: DeliveryState = DeliveryState.PLANNED
    attempts: int = 0
    lease_until: datetime | None = None
    first_attempt_at: datetime | None = None
    #: An instant before the first attempt, by the platform's clock: a search for the message begins there.
    posted_after: datetime | None = None
    #: The platform's own id of the posted message.
    message_id: str = ""
    last_error: str = ""

    @property
    def is_open(self) -> bool:
        """Whether the part still has to be posted, or looked up."""
        return self.state in (DeliveryState.PLANNED, DeliveryState.SENDING)


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """How many runs and parts the ledger holds, by state; a state that none is in may be absent."""

    runs: Mapping[RunState, int]
    parts: Mapping[DeliveryState, int]
    #: Runs that are ready, and that no process has claimed yet.
    waiting: int = 0
    #: When the first of them was recorded.
    waiting_since: datetime | None = None


def run_key(subscription_id: str, slot: Slot) -> str:
    """Return the key of a slot's run: it holds local wall-clock time, so a repeated hour makes no second run."""
    return f"{subscription_id}@{slot}"


def delivery_key(run: str, part: Part) -> str:
    """Return the idempotency key of a part: always the same for the same part of the same run.

    24 hexadecimal digits: Discord's nonce holds at most 25 characters (docs.discord.com, Create Message).
    """
    named = f"{run}|{part.channel}|{part.number}"
    return hashlib.sha256(named.encode()).hexdigest()[:24]
