"""What every store does alike, whatever it is made of: pure."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bots.domain.digests import Part
from bots.domain.errors import StoreError
from bots.domain.papers import Paper
from bots.domain.runs import Delivery, DeliveryState, RunState

#: States that a run does not leave by itself.
ENDED = frozenset({RunState.DONE, RunState.FAILED, RunState.SKIPPED})
#: States of a run that somebody has to take up.
OPEN = frozenset({RunState.QUEUED, RunState.RUNNING})
#: What a part can be given back as.
RELEASED = frozenset({DeliveryState.PLANNED, DeliveryState.AMBIGUOUS, DeliveryState.DEAD})
#: What a part is given up as; only a person brings it back.
GIVEN_UP = frozenset({DeliveryState.AMBIGUOUS, DeliveryState.DEAD})
#: What may be posted, or may yet be: its papers are in no other part of the channel.
ON_THE_WAY = frozenset({DeliveryState.PLANNED, DeliveryState.SENDING, DeliveryState.AMBIGUOUS})
#: How long a source's list is remembered to tell a new one from a stale one; a holiday lasts shorter.
KNOWN_DAYS = 14
#: An event is remembered so long at least; Slack sends one again within an hour (docs.slack.dev, Events API).
REMEMBERED = timedelta(days=1)
#: Counts of days before these are let go.
COUNTED_DAYS = 7
_LATEST = datetime.max.replace(tzinfo=UTC)


def check_parts(run_key: str, deliveries: Sequence[Delivery]) -> None:
    """Refuse parts that cannot stand in the ledger together.

    Raises:
        StoreError: one is of another run, or two are the same.
    """
    if any(delivery.run_key != run_key for delivery in deliveries):
        raise StoreError(f"A part planned for the run {run_key!r} is of another run.")
    keys = {delivery.key for delivery in deliveries}
    places = {(delivery.part.channel, delivery.part.number) for delivery in deliveries}
    if not len(keys) == len(places) == len(deliveries):
        raise StoreError(f"The run {run_key!r} has the same part twice.")


def by_hand_of(platform: str, workspace: str) -> str:
    """Return what the runs that somebody of a workspace asked for by hand have before the channel in their name."""
    return f"now:{platform}:{workspace}:" if workspace else f"now:{platform}:"


def check_spending(amount: int) -> None:
    """Refuse an amount that nobody can use.

    Raises:
        ValueError: it is not positive.
    """
    if amount < 1:
        raise ValueError(f"nobody can use {amount} of anything")


def check_release(state: DeliveryState) -> None:
    """Refuse a state that a part cannot be given back as.

    Raises:
        ValueError: `state` is none of RELEASED.
    """
    if state not in RELEASED:
        raise ValueError(f"a part cannot be given back as {state}")


def pieces(whole: Delivery, parts: Sequence[Part]) -> tuple[Delivery, ...]:
    """Return the smaller parts that take the place of one, waiting to be posted; the first keeps its key.

    Raises:
        StoreError: there are none, or they do not hold the same papers; or the whole was posted.
    """
    held = [paper for part in parts for paper in part.paper_ids]
    if not parts or sorted(held) != sorted(whole.part.paper_ids) or whole.state is DeliveryState.SENT:
        raise StoreError(f"The part {whole.key!r} cannot be split this way.")
    total = whole.part.total + len(parts) - 1
    return tuple(
        Delivery(
            key=whole.key if place == 0 else hashlib.sha256(f"{whole.key}|{total}|{place}".encode()).hexdigest()[:24],
            run_key=whole.run_key,
            part=replace(part, channel=whole.part.channel, number=whole.part.number + place, total=total),
        )
        for place, part in enumerate(parts)
    )


def is_free(delivery: Delivery, now: datetime) -> bool:
    """Return whether a part may be taken for posting: it waits, or whoever took it let the lease lapse."""
    lapsed = delivery.lease_until is None or delivery.lease_until <= now
    return delivery.state is DeliveryState.PLANNED or (delivery.state is DeliveryState.SENDING and lapsed)


def newest_first(paper: Paper) -> tuple[timedelta, str]:
    """Return what papers are sorted by: the newest first, those without a date last."""
    age = timedelta.max if paper.published is None else _LATEST - paper.published
    return age, str(paper.id)


def utc(instant: datetime) -> datetime:
    """Return an aware instant in UTC.

    Raises:
        ValueError: it is naive, so nobody can say which instant it is.
    """
    if instant.tzinfo is None:
        raise ValueError(f"{instant} has no time zone")
    return instant.astimezone(UTC)


def no_run(key: str) -> StoreError:
    """Return the error for a run that was never opened."""
    return StoreError(f"There is no run {key!r}.")


def no_part(key: str) -> StoreError:
    """Return the error for a part that was never planned."""
    return StoreError(f"There is no part {key!r}.")
