"""What the chats have, compared with what was due: every slot once, every part once, every paper once in a channel."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bots.domain.runs import Delivery, DeliveryState, Run, RunState, run_key
from bots.domain.slots import Slot
from bots.domain.subscriptions import Subscription
from bots.fakechat.incoming import name_of
from bots.ports import Store
from tests.crash.verdict import Message

#: The number in the title of each paper of the list.
_PAPER = re.compile(r"Study (\d+) of")


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """Whether everything that was due was posted, and nothing twice."""

    slots: int
    #: Messages that should be there.
    parts: int
    lost: int
    #: Messages that repeat an earlier one.
    doubled: int
    #: Seconds from the instant of each slot to the end of its run.
    late: tuple[float, ...]
    #: Every deviation, in words; empty if the delivery was correct.
    faults: tuple[str, ...]


def due(subscription: Subscription, until: datetime) -> Iterator[Slot]:
    """Yield the slots of a subscription from its creation to an instant; its times are in UTC."""
    assert subscription.created
    day = subscription.created.date()
    while day <= until.date():
        for clock in subscription.times:
            if subscription.created < datetime.combine(day, clock, UTC) <= until:
                yield Slot(day=day, time=clock)
        day += timedelta(days=1)


async def unfinished(store: Store, subscriptions: Sequence[Subscription], until: datetime) -> set[str]:
    """Return the keys of the runs that were due and have not ended."""
    wanted = {run_key(each.id, slot) for each in subscriptions for slot in due(each, until)}
    ended = {run.key for run in await store.runs(limit=10_000) if run.state.is_final}
    return wanted - ended


async def judge(
    store: Store, subscriptions: Sequence[Subscription], messages: Sequence[Message], until: datetime
) -> Verdict:
    """Return the verdict on the slots of subscriptions.

    Args:
        store: the ledger.
        subscriptions: all of them.
        messages: every message that the chats accepted, in each channel in order.
        until: the last instant whose slots count.
    """
    slots = {run_key(each.id, slot): each for each in subscriptions for slot in due(each, until)}
    runs = {run.key: run for run in await store.runs(limit=10_000)}
    everything = await store.deliveries()
    parts = [part for part in everything if part.run_key in slots]
    shown = Counter(message.key for message in messages)
    lost = [part for part in parts if not shown[part.key]]
    known = {part.key for part in everything}
    doubled = sum(count - 1 for key, count in shown.items() if key in known)
    faults = [
        *(f"{key} has no run" for key in slots if key not in runs),
        *(f"{key} is {runs[key].state}: {runs[key].note}" for key in slots if not _is_done(runs.get(key))),
        *(f"{part.key} of {part.run_key} is {part.state}: {part.last_error}" for part in parts if not _is_sent(part)),
        *(f"lost: part {part.part.number} of {part.run_key}" for part in lost),
        *(f"shown {count} times: {key}" for key, count in shown.items() if count > 1 and key in known),
        *(f"nobody planned {message.key!r}" for message in messages if message.key not in known),
        *_papers(slots, parts, messages),
    ]
    late = tuple(_late(run) for key, run in runs.items() if key in slots and run.finished)
    return Verdict(
        slots=len(slots), parts=len(parts), lost=len(lost), doubled=doubled, late=late, faults=tuple(faults)
    )  # fmt: skip


def _is_done(run: Run | None) -> bool:
    return run is None or run.state is RunState.DONE


def _is_sent(part: Delivery) -> bool:
    return part.state is DeliveryState.SENT


def _late(run: Run) -> float:
    assert run.finished
    return (run.finished - datetime.combine(run.slot.day, run.slot.time, UTC)).total_seconds()


def _papers(slots: "dict[str, Subscription]", parts: Sequence[Delivery], messages: Sequence[Message]) -> Iterator[str]:
    """Yield what is wrong with the papers that readers see, whatever the ledger says about them."""
    ours = {part.key for part in parts}
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    came: dict[str, set[str]] = defaultdict(set)
    for message in messages:
        papers = set(_PAPER.findall(json.dumps(message.blocks)))
        seen[message.channel].update(papers)
        if message.key in ours:
            came[message.channel] |= papers
    wanted: Counter[str] = Counter()
    for subscription in slots.values():
        wanted[name_of(subscription.channel)] += subscription.limit
    for channel, count in wanted.items():
        twice = [paper for paper, times in seen[channel].items() if times > 1]
        if twice:
            yield f"papers shown twice in {channel}: {twice}"
        if len(came[channel]) != count:
            yield f"{len(came[channel])} of {count} papers came to {channel}"
