"""Scenes that tests of delivery begin with: an order that is due, its run carried out, what became of it."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

from bots.domain.runs import DeliveryState, Run
from bots.domain.subscriptions import Subscription, Weekday
from tests.support.doubles import Bench
from tests.support.factories import CHANNEL, NOW

NINE = time(9, 0)


def a_due_subscription_now(bench: Bench, **changes: Any) -> Subscription:
    """Return an order that falls due at nine, placed an hour before the bench's clock began."""
    subscription = Subscription(
        id="order", channel=CHANNEL, sources=("told",), times=(NINE,), weekdays=frozenset(Weekday),
        created=NOW - timedelta(hours=1),
    )  # fmt: skip
    return replace(subscription, **changes)


async def opened(bench: Bench, **changes: Any) -> str:
    """Keep an order and open the run that is due for it; return the run's key."""
    subscription = a_due_subscription_now(bench, **changes)
    await bench.store.keep_subscription(subscription)
    key = await bench.due_runs.open_due(subscription)
    assert key
    return key


async def due(bench: Bench, **changes: Any) -> Run:
    """Keep an order, carry out the run that is due for it, and return how it ended."""
    key = await opened(bench, **changes)
    await bench.executor.carry_out(key)
    return await ended(bench, key)


async def ended(bench: Bench, key: str) -> Run:
    """Return a run as it stands."""
    run = await bench.store.run(key)
    assert run
    return run


async def states(bench: Bench) -> set[DeliveryState]:
    """Return the states of every part there is."""
    return {delivery.state for delivery in await bench.store.deliveries()}


def shown(bench: Bench, channel: str = CHANNEL.channel) -> str:
    """Return all that a channel's readers see."""
    return "\n".join(message.text for message in bench.chat.messages if message.channel == channel)
