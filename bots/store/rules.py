"""Rules that every store applies, whatever its storage. Pure functions."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from bots.domain.channels import Channel
from bots.domain.digests import Part
from bots.domain.errors import StoreError
from bots.domain.papers import Paper
from bots.domain.runs import Delivery, DeliveryState, Run, RunState

_Key = TypeVar("_Key")

#: Final states: a run does not leave them by itself.
ENDED = frozenset({RunState.DONE, RunState.FAILED, RunState.SKIPPED})
#: States of a run that still has to be carried out.
OPEN = frozenset({RunState.QUEUED, RunState.RUNNING})
#: States that a part can be released to.
RELEASED = frozenset({DeliveryState.PLANNED, DeliveryState.AMBIGUOUS, DeliveryState.DEAD})
#: States of a part that was given up; only a person can revive it.
GIVEN_UP = frozenset({DeliveryState.AMBIGUOUS, DeliveryState.DEAD})
#: States of a part that is posted next or may be posted: no other part of the channel may hold its papers.
ON_THE_WAY = frozenset({DeliveryState.PLANNED, DeliveryState.SENDING, DeliveryState.AMBIGUOUS})
#: Days for which a source's list is remembered, to distinguish a new list from a stale one; longer than any holiday.
KNOWN_DAYS = 14
#: How long an event is remembered at least; Slack sends one again within an hour (docs.slack.dev, Events API).
REMEMBERED = timedelta(days=1)
#: Counts older than this many days are deleted.
COUNTED_DAYS = 7
#: Who changed what is asked after an incident, and once more at the yearly review.
AUDIT_DAYS = 400
#: Days that a private paper is kept after its source last listed it: a quarter, in which people still press the buttons
#: of an old digest. The papers that people saved are kept apart from it.
PRIVATE_DAYS = 92
#: Days that a blurb or a vector is kept: a paper is condensed in the days after it was listed, and rarely again.
BLURB_DAYS = 183
#: Days that the text of a message is kept once its run has ended: replays and retries are of the last days.
MESSAGE_DAYS = 92
_LATEST = datetime.max.replace(tzinfo=UTC)


def check_parts(run_key: str, deliveries: Sequence[Delivery]) -> None:
    """Reject parts that cannot be recorded together.

    Raises:
        StoreError: a part belongs to another run, or two parts are the same.
    """
    if any(delivery.run_key != run_key for delivery in deliveries):
        raise StoreError(f"A part planned for the run {run_key!r} belongs to another run.")
    keys = {delivery.key for delivery in deliveries}
    places = {(delivery.part.channel, delivery.part.number) for delivery in deliveries}
    if not len(keys) == len(places) == len(deliveries):
        raise StoreError(f"The run {run_key!r} has the same part twice.")


def by_hand_of(platform: str, workspace: str) -> str:
    """Return the prefix, before the channel, of the subscription ids that a workspace's runs by hand have."""
    return f"now:{platform}:{workspace}:" if workspace else f"now:{platform}:"


def check_spending(amount: int) -> None:
    """Reject an amount that cannot be used.

    Raises:
        ValueError: the amount is not positive.
    """
    if amount < 1:
        raise ValueError(f"an amount of {amount} cannot be spent")


def check_release(state: DeliveryState) -> None:
    """Reject a state that a part cannot be released to.

    Raises:
        ValueError: `state` is not one of RELEASED.
    """
    if state not in RELEASED:
        raise ValueError(f"a part cannot be released as {state}")


def pieces(whole: Delivery, parts: Sequence[Part]) -> tuple[Delivery, ...]:
    """Return the smaller parts that replace one part, ready to be posted; the first keeps its key.

    Raises:
        StoreError: there are no smaller parts, they do not hold the same papers, or the whole part was posted.
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
    """Return whether a part can be leased for posting: it is planned, or its earlier lease expired."""
    lapsed = delivery.lease_until is None or delivery.lease_until <= now
    return delivery.state is DeliveryState.PLANNED or (delivery.state is DeliveryState.SENDING and lapsed)


def is_seen_from(posted: Channel, place: Channel) -> bool:
    """Return whether a place may be told of a posting: one in its own workspace, or in the place itself.

    The operator may have named the channel without its workspace.
    """
    if posted.platform != place.platform:
        return False
    if place.workspace and posted.workspace == place.workspace:
        return True
    return posted.channel == place.channel and posted.workspace in ("", place.workspace)


def is_ready(run: Run, now: datetime) -> bool:
    """Return whether a run can be claimed: it is open, and not put off."""
    return run.state in OPEN and (run.not_before is None or run.not_before <= now)


def newest_first(paper: Paper) -> tuple[timedelta, str]:
    """Return the sort key of papers: the newest first, those without a date last."""
    age = timedelta.max if paper.published is None else _LATEST - paper.published
    return age, str(paper.id)


def utc(instant: datetime) -> datetime:
    """Return an aware instant in UTC.

    Raises:
        ValueError: the instant is naive, so its time zone is unknown.
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


def is_message(part: Delivery, channel: Channel, message_id: str) -> bool:
    """Return whether a part was posted as a message; a channel without an id stands for all of its workspace."""
    place = part.part.channel
    asked = replace(channel, channel=channel.channel or place.channel)
    return bool(message_id) and part.message_id == message_id and place == asked


def drop(kept: dict[_Key, Any], gone: Iterable[_Key]) -> int:
    """Delete entries, as far as they are there; return how many were."""
    return len([kept.pop(key) for key in gone if key in kept])
