"""What the ledger remembers: each digest run and each of its parts on the way to a channel."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bots.domain.digests import Part
from bots.domain.slots import Slot


class RunState(StrEnum):
    """How far a digest run has come."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    #: Its slot passed while nothing ran; its papers stay unseen and come with the next digest.
    SKIPPED = "skipped"


class DeliveryState(StrEnum):
    """How far one part has come; see the ledger protocol in docs/architecture.md."""

    PLANNED = "planned"
    #: A post may be on its way until `lease_until`.
    SENDING = "sending"
    SENT = "sent"
    #: The lease lapsed without an answer and the platform could not be asked.
    AMBIGUOUS = "ambiguous"
    #: Refused for good, or too often.
    DEAD = "dead"


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """One due digest of one subscription; its key is unique, so it exists once whoever asks for it."""

    key: str
    subscription_id: str
    slot: Slot
    state: RunState = RunState.QUEUED
    created: datetime
    started: datetime | None = None
    finished: datetime | None = None
    #: Nobody takes it up before: it is put off, or somebody who has claimed it is at work.
    not_before: datetime | None = None
    #: Sources that failed, in one sentence: their days are read again by the next digest. Empty when all answered.
    missing: str = ""
    #: What became of it, in one sentence: "5 papers in 2 parts", "SourceDown: …".
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """One part of a run on its way to a channel."""

    key: str
    run_key: str
    part: Part
    state: DeliveryState = DeliveryState.PLANNED
    attempts: int = 0
    lease_until: datetime | None = None
    first_attempt_at: datetime | None = None
    #: The platform's own name of the posted message.
    message_id: str = ""
    last_error: str = ""


def run_key(subscription_id: str, slot: Slot) -> str:
    """Return the key of a slot's run: built from local wall-clock time, so a repeated hour makes no second run."""
    return f"{subscription_id}@{slot}"


def delivery_key(run: str, part: Part) -> str:
    """Return the key a platform is told with a part: the same for the same part of the same run, for ever.

    24 hexadecimal digits: Discord's nonce holds at most 25 characters (docs.discord.com, Create Message).
    """
    named = f"{run}|{part.channel}|{part.number}"
    return hashlib.sha256(named.encode()).hexdigest()[:24]
