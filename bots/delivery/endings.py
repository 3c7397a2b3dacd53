"""How a run stands when nothing more is done for it at present. Pure functions."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from bots.chat.phrases import clock_text, counted
from bots.domain.digests import Digest
from bots.domain.runs import Delivery, DeliveryState, Run, RunState
from bots.domain.slots import due_at, waits_until
from bots.domain.subscriptions import Subscription, WhenEmpty
from bots.translation.speech import gettext_lazy, localized


@dataclass(frozen=True, kw_only=True, slots=True)
class Ending:
    """The state of a run when nothing more is done for it at present."""

    state: RunState
    note: str
    not_before: datetime | None = None


#: The program stops: another process, or the next start, continues the run.
HANDED_BACK = Ending(state=RunState.RUNNING, note="stopped at shutdown; it continues at the next start")

#: How often to check for a list that is not out yet; arXiv allows one request every three seconds.
_LOOK_AGAIN = timedelta(minutes=10)
#: Time after which a busy channel is looked at again: a digest is made in seconds.
_BUSY = timedelta(seconds=30)


#: The recorded parts of a run.
Parts = tuple[Delivery, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Claimed:
    """A run that this process has just claimed."""

    #: As it was before.
    run: Run
    #: None if it was deleted, or if the run has none.
    subscription: Subscription | None
    at: datetime


def latest(subscription: Subscription, run: Run, window: timedelta) -> datetime:
    """Return the last instant at which a run is still posted, if a slot is posted for so long after it."""
    due = due_at(subscription, run.slot)
    return max(due.at, waits_until(subscription, due), run.not_before or due.at) + window


def waiting(digest: Digest, now: datetime, until: datetime) -> Ending | None:
    """Return the ending of a run that waits for a source until an instant; None if it waits for none."""
    # A digest of several days may wait for one source more than once.
    pending = list(dict.fromkeys(note.source for note in digest.notes if note.pending))
    if not pending or now >= until:
        return None
    note, again = f"waiting for {', '.join(pending)}", min(now + _LOOK_AGAIN, until)
    return Ending(state=RunState.QUEUED, note=note, not_before=again)


def missing_in(digest: Digest) -> str:
    """Return the sources whose lists are missing in a digest, as the ledger keeps them."""
    return ", ".join(dict.fromkeys(note.source for note in digest.notes if note.failed and note.pending))


def busy(now: datetime) -> Ending:
    """Return the ending of a run that waits for another digest of its channel, which another process makes."""
    note = "another digest of the channel is being made"
    return Ending(state=RunState.QUEUED, note=note, not_before=now + _BUSY)


def first_open(parts: tuple[Delivery, ...]) -> Delivery | None:
    """Return the first part that still has to be posted or looked up."""
    return next((part for part in parts if part.is_open), None)


def outcome(parts: tuple[Delivery, ...]) -> Ending:
    """Return the ending of a run, determined by its parts."""
    sent = [part for part in parts if part.state is DeliveryState.SENT]
    if len(sent) == len(parts):
        papers = sum(len(part.part.paper_ids) for part in sent)
        return Ending(state=RunState.DONE, note=f"{counted(papers, 'paper')} in {counted(len(sent), 'part')}")
    errors = "; ".join(dict.fromkeys(part.last_error for part in parts if part.last_error))
    return Ending(state=RunState.FAILED, note=f"{len(sent)} of {len(parts)} parts posted: {errors}")


def headless(parts: tuple[Delivery, ...]) -> str:
    """Return why the rest of a run is not posted: its first part, with the headline, was given up; empty otherwise."""
    lost = bool(parts) and parts[0].state is DeliveryState.DEAD and parts[0].part.number == 1
    sent = any(part.state in (DeliveryState.SENT, DeliveryState.AMBIGUOUS) for part in parts)
    return "the first part could not be posted" if lost and not sent else ""


def is_silent(subscription: Subscription, digest: Digest) -> bool:
    """Return whether the digest is not posted: it has no papers and the subscription wants no message."""
    if digest.entries or subscription.empty is WhenEmpty.SAY:
        return False
    return subscription.empty is WhenEmpty.SILENT or not any(note.failed for note in digest.notes)


def with_waiting(subscription: Subscription, digest: Digest) -> Digest:
    """Add to the note of each missing list the time until which the digest waited for it."""
    if subscription.wait is None:
        return digest
    until = partial(clock_text, subscription.wait)
    return replace(
        digest,
        notes=tuple(
            replace(note, reason=_waited(note.reason, until)) if note.pending else note for note in digest.notes
        ),
    )


def _waited(reason: str, until: Callable[[], str]) -> str:
    return gettext_lazy(
        "{reason}; the digest waited for it until {time}.",
        reason=lambda: localized(reason).rstrip(".。"),
        time=until,
    )
