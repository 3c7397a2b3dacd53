"""What the tests of strangers begin with and look at: a run of the stranger's, what the admin reads, how it stands."""

from bots.domain.runs import DeliveryState, Run
from tests.support.doubles import ADMIN, Bench
from tests.support.scenes import due, shown
from tests.support.stranger import CHANNEL, Stranger, joined


async def a_due(bench: Bench, stranger: Stranger) -> Run:
    """Carry out a run of a subscription of the stranger's."""
    joined(bench, stranger)
    return await due(bench, channel=CHANNEL)


async def noticed(bench: Bench) -> str:
    """Let the notices be posted, and return what the admin reads."""
    await bench.executor.resume(bench.dispatcher)
    await bench.dispatcher.drain()
    return shown(bench, ADMIN.channel)


async def is_paused(bench: Bench) -> str:
    """Return why the subscription is off; empty where it is on."""
    subscription = await bench.store.subscription("order")
    assert subscription
    return "" if subscription.enabled else subscription.off_because


async def states_of(bench: Bench, run: Run) -> list[DeliveryState]:
    return [part.state for part in await bench.store.deliveries(run.key)]
