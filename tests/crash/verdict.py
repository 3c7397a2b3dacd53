"""What readers saw, held against what the ledger promised."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Protocol

from bots.domain.runs import Delivery, DeliveryState, Run, RunState
from bots.domain.subscriptions import Subscription
from bots.fakechat.incoming import name_of
from bots.ports import Store


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """How well the promise was kept: nothing missed, nothing doubled."""

    parts: int
    #: Parts that nobody saw.
    lost: int
    #: Messages that were seen before.
    doubled: int
    #: Everything that is not as it should be, in words; empty when the promise was kept.
    faults: tuple[str, ...]


class Message(Protocol):
    """A message that readers saw."""

    @property
    def id(self) -> str:
        """What the platform calls it."""
        ...

    @property
    def key(self) -> str:
        """The key it was posted under."""
        ...

    @property
    def channel(self) -> str:
        """Where it stands."""
        ...

    @property
    def blocks(self) -> Sequence[Any]:
        """What it shows."""
        ...


async def judge(store: Store, subscriptions: Sequence[Subscription], messages: Sequence[Message]) -> Verdict:
    """Return how the orders were carried out.

    Args:
        store: the ledger.
        orders: what was due, one slot each.
        messages: everything the chat accepted, in order.
    """
    runs = await store.runs(limit=10_000)
    parts = await store.deliveries()
    shown = Counter(message.key for message in messages)
    lost = [part for part in parts if not shown[part.key]]
    doubled = [part for part in parts if shown[part.key] > 1]
    faults = [
        *(f"lost: {_named(part)}" for part in lost),
        *(f"shown {shown[part.key]} times: {_named(part)}" for part in doubled),
        *(f"nobody planned {message.key!r}" for message in messages if message.key not in {part.key for part in parts}),
        *_unfinished(subscriptions, runs, parts),
        *(fault for part in parts for fault in _unlike(part, messages)),
        *_out_of_order(parts, messages),
        *_astray(parts, messages),
        *[fault for subscription in subscriptions for fault in await _papers(store, subscription, parts)],
    ]
    again = sum(shown[part.key] - 1 for part in doubled)
    return Verdict(parts=len(parts), lost=len(lost), doubled=again, faults=tuple(faults))


def _unfinished(subscriptions: Sequence[Subscription], runs: Sequence[Run], parts: Sequence[Delivery]) -> list[str]:
    named = Counter(run.subscription_id for run in runs)
    return [
        *(
            f"{named[subscription.id]} runs of {subscription.id}"
            for subscription in subscriptions
            if named[subscription.id] != 1
        ),
        *(f"{run.key} is {run.state}: {run.note}" for run in runs if run.state is not RunState.DONE),
        *(f"{_named(part)} is {part.state}" for part in parts if part.state is not DeliveryState.SENT),
        *(f"{run.key} has no part" for run in runs if all(part.run_key != run.key for part in parts)),
    ]


def _unlike(part: Delivery, messages: Sequence[Message]) -> list[str]:
    """Say where a message is not what was planned, or not the one that was recorded."""
    mine = [message for message in messages if message.key == part.key]
    wrong = [
        f"{_named(part)} was changed on its way" for each in mine if list(each.blocks) != _blocks(part.part.payload)
    ]
    wrong += [f"{_named(part)} went to {each.channel}" for each in mine if each.channel != name_of(part.part.channel)]
    if mine and part.message_id not in [message.id for message in mine]:
        wrong.append(f"{_named(part)} is recorded as {part.message_id}")
    return wrong


def _blocks(payload: Mapping[str, object]) -> object:
    """Return what a message is made of: each platform has its own name for it."""
    return payload.get("blocks") or payload.get("components")


def _out_of_order(parts: Sequence[Delivery], messages: Sequence[Message]) -> list[str]:
    numbers = {part.key: part.part.number for part in parts}
    wrong = []
    for run, planned in groupby(parts, key=lambda part: part.run_key):
        keys = {part.key for part in planned}
        seen = [numbers[message.key] for message in messages if message.key in keys]
        if seen != sorted(seen):
            wrong.append(f"{run} was shown in the order {seen}")
    return wrong


def _astray(parts: Sequence[Delivery], messages: Sequence[Message]) -> list[str]:
    """Say which messages are not in the thread they belong in; a chat without threads has none."""
    threads = {message.key: thread for message in messages if (thread := getattr(message, "thread", None)) is not None}
    wrong = []
    for _, planned in groupby(parts, key=lambda part: part.run_key):
        first, *rest = planned
        wrong += [f"{_named(first)} is in a thread"] if threads.get(first.key) else []
        for part in rest:
            hangs = part.part.payload.get("in_thread") or part.part.payload.get("thread")
            belongs = first.message_id if hangs else ""
            if threads.get(part.key, belongs) != belongs:
                wrong.append(f"{_named(part)} is in the thread {threads[part.key]!r}")
    return wrong


async def _papers(store: Store, subscription: Subscription, parts: Sequence[Delivery]) -> list[str]:
    mine = [part.part for part in parts if part.part.channel == subscription.channel]
    names = [paper for part in mine for paper in part.paper_ids]
    wrong = [f"{subscription.id} brought {paper} {count} times" for paper, count in Counter(names).items() if count > 1]
    if len(set(names)) != subscription.limit:
        wrong.append(f"{subscription.id} brought {len(set(names))} papers of {subscription.limit}")
    unseen = set(names) - await store.posted(subscription.channel, names)
    return [*wrong, *(f"{paper} does not count as seen by {subscription.id}" for paper in unseen)]


def _named(part: Delivery) -> str:
    return f"part {part.part.number} of {part.run_key}"
