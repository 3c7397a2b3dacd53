"""Delivery to a channel that this process cannot reach: the subscription is left to the process that can."""

import io
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bots.console.app import Console, ConsoleSettings
from bots.delivery.rate_limiter import RateLimiter
from bots.domain.channels import Channel
from bots.domain.runs import DeliveryState
from bots.domain.subscriptions import Subscription
from bots.store.memory import MemoryStore
from tests.support.doubles import Bench, a_bench
from tests.support.factories import a_subscription


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with a_bench(MemoryStore()) as made:
        yield made


def a_due_subscription(bench: Bench, platform: str) -> Subscription:
    """Return a subscription on a platform that fell due within the last hour."""
    channel = Channel(platform=platform, channel="x")
    return a_subscription(channel=channel, sources=("told",), created=bench.clock.now - timedelta(hours=1))


async def test_a_subscription_for_a_platform_not_connected_here_waits_for_the_process_that_has_it(bench: Bench) -> None:
    """A process without the platform opens no run of its subscriptions, so that none fails and none is paused."""
    subscription = a_due_subscription(bench, "carrier-pigeon")
    await bench.store.keep_subscription(subscription)

    assert await bench.due_runs.open_due(subscription) is None
    assert () == tuple(await bench.store.runs())
    assert (subscription,) == await bench.store.subscriptions()


async def test_a_terminal_that_was_closed_pauses_nothing(bench: Bench) -> None:
    """`paperwire run | head -1` holds one digest; the subscription stays on for the next terminal."""
    closed = io.StringIO()
    closed.close()
    console = Console(ConsoleSettings(stream=closed), bench.clock)
    rate_limiter = RateLimiter(console.limits, ticks=bench.clock.ticks, sleep=bench.clock.pace)
    part_delivery = replace(
        bench.executor.part_delivery, adapters={"console": console}, rate_limiters={"console": rate_limiter}
    )
    executor = replace(bench.executor, part_delivery=part_delivery)
    subscription = a_due_subscription(bench, "console")
    await bench.store.keep_subscription(subscription)
    key = await replace(bench.due_runs, adapters={"console": console}).open_due(subscription)
    assert key

    await executor.execute(key)

    assert (subscription,) == await bench.store.subscriptions()
    assert {DeliveryState.AMBIGUOUS} == {each.state for each in await bench.store.deliveries(key)}
