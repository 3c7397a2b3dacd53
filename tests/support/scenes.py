"""Set-ups for delivery tests: a due subscription, its run carried out, the result."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

from bots.domain.runs import DeliveryState, Run
from bots.domain.subscriptions import Subscription, Weekday
from tests.support.doubles import Bench
from tests.support.factories import CHANNEL, NOW

NINE = time(9, 0)


def a_due_subscription(bench: Bench, **changes: Any) -> Subscription:
    """Return a subscription that is due at nine, created an hour before the bench's clock began."""
    subscription = Subscription(
        id="order", channel=CHANNEL, sources=("told",), times=(NINE,), weekdays=frozenset(Weekday),
        created=NOW - timedelta(hours=1),
    )  # fmt: skip
    return replace(subscription, **changes)


async def opened(bench: Bench, **changes: Any) -> str:
    """Store a subscription and open its due run; return the run's key."""
    subscription = a_due_subscription(bench, **changes)
    await bench.store.keep_subscription(subscription)
    key = await bench.due_runs.open_due(subscription)
    assert key
    return key


async def due(bench: Bench, **changes: Any) -> Run:
    """Store a subscription, carry out its due run, and return the run when it has ended."""
    key = await opened(bench, **changes)
    await bench.executor.execute(key)
    return await ended(bench, key)


async def ended(bench: Bench, key: str) -> Run:
    """Return a run as it is recorded."""
    run = await bench.store.run(key)
    assert run
    return run


async def states(bench: Bench) -> set[DeliveryState]:
    """Return the states of all parts."""
    return {delivery.state for delivery in await bench.store.deliveries()}


def shown(bench: Bench, channel: str = CHANNEL.channel) -> str:
    """Return all text that a channel's readers see."""
    return "\n".join(message.text for message in bench.chat.messages if message.channel == channel)
