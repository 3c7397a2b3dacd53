"""The posted messages compared with the ledger."""

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
    """Whether every part was posted, and none twice."""

    parts: int
    #: Parts without a message.
    lost: int
    #: Messages that repeat an earlier one.
    doubled: int
    #: Every deviation, in words; empty if the delivery was correct.
    faults: tuple[str, ...]


class Message(Protocol):
    """A message as readers see it."""

    @property
    def id(self) -> str:
        """The platform's id of the message."""
        ...

    @property
    def key(self) -> str:
        """The idempotency key of the post."""
        ...

    @property
    def channel(self) -> str:
        """The channel of the message."""
        ...

    @property
    def blocks(self) -> Sequence[Any]:
        """The blocks of the message."""
        ...


async def judge(store: Store, subscriptions: Sequence[Subscription], messages: Sequence[Message]) -> Verdict:
    """Return the verdict on the delivery of subscriptions.

    Args:
        store: the ledger.
        subscriptions: the due subscriptions, one slot each.
        messages: every message that the chat accepted, in order.
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
    """Return the differences between a part's messages and its plan or record."""
    mine = [message for message in messages if message.key == part.key]
    wrong = [
        f"{_named(part)} was changed on its way" for each in mine if list(each.blocks) != _blocks(part.part.payload)
    ]
    wrong += [f"{_named(part)} went to {each.channel}" for each in mine if each.channel != name_of(part.part.channel)]
    if mine and part.message_id not in [message.id for message in mine]:
        wrong.append(f"{_named(part)} is recorded as {part.message_id}")
    return wrong


def _blocks(payload: Mapping[str, object]) -> object:
    """Return the blocks of a payload; the field's name depends on the platform."""
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
    """Return the messages outside their thread; in a chat without threads there are none."""
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
