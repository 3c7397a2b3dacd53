"""Scenes for tests of third-party adapters: a run, the admin's notices, the state of the subscription."""

from bots.domain.runs import DeliveryState, Run
from tests.support.doubles import ADMIN, Bench
from tests.support.scenes import due, shown
from tests.support.stranger import CHANNEL, Stranger, joined


async def a_due(bench: Bench, stranger: Stranger) -> Run:
    """Carry out a run of a subscription on the third-party platform."""
    joined(bench, stranger)
    return await due(bench, channel=CHANNEL)


async def noticed(bench: Bench) -> str:
    """Post the notices, and return all text that the admin sees."""
    await bench.executor.resume(bench.dispatcher)
    await bench.dispatcher.drain()
    return shown(bench, ADMIN.channel)


async def is_paused(bench: Bench) -> str:
    """Return why the subscription is off; empty if it is on."""
    subscription = await bench.store.subscription("order")
    assert subscription
    return "" if subscription.enabled else subscription.off_because


async def states_of(bench: Bench, run: Run) -> list[DeliveryState]:
    return [part.state for part in await bench.store.deliveries(run.key)]
