"""What is read again between two parts of a digest, and what is noticed then."""

from dataclasses import replace
from typing import Any

from bots.domain.papers import PaperId
from bots.domain.runs import DeliveryState
from bots.domain.subscriptions import Look
from bots.fakechat.faults import Fault
from bots.store.memory import MemoryStore
from tests.support.doubles import ToldSource, a_bench
from tests.support.factories import five_papers
from tests.support.scenes import due, opened, states


async def test_a_pause_is_noticed_at_the_next_attempt() -> None:
    """If a subscription is paused while a refused part waits, the part is given up and not posted after the pause."""
    async with a_bench(MemoryStore()) as bench:
        bench.chat.trouble(Fault.REFUSE, times=1, retry_after=30)
        key = await opened(bench)

        async def slept(seconds: float) -> None:
            kept = await bench.store.subscription("order")
            assert kept
            await bench.store.keep_subscription(replace(kept, enabled=False))
            bench.clock.turn(seconds=seconds)

        await replace(bench.executor, sleep=slept).execute(key)
        assert not bench.chat.messages
        assert {DeliveryState.DEAD} == await states(bench)


class Counting(MemoryStore):
    """A store that counts how often a run's parts and its subscription are read."""

    def __init__(self) -> None:
        super().__init__()
        self.reads: list[str] = []

    async def deliveries(self, run_key: str | None = None, *, state: DeliveryState | None = None) -> Any:
        """Count, and return the parts."""
        self.reads.append("parts")
        return await super().deliveries(run_key, state=state)

    async def subscription(self, subscription_id: str) -> Any:
        """Count, and return the subscription."""
        self.reads.append("subscription")
        return await super().subscription(subscription_id)


async def test_between_two_parts_the_ledger_is_read_once() -> None:
    """A part costs one reading of the run's parts and one of the subscription, besides that of the thread's root."""
    reads: dict[int, tuple[int, int]] = {}
    for papers in (5, 20):
        store = Counting()
        many = tuple(
            replace(five_papers()[0], id=PaperId.arxiv(f"2601.{n:05}"), title=f"Paper {n}") for n in range(papers)
        )
        async with a_bench(store, told=ToldSource(papers=many)) as bench:
            await due(bench, limit=papers, look=Look.CARDS)
            parts = len(await MemoryStore.deliveries(store))
            reads[parts] = (store.reads.count("parts"), store.reads.count("subscription"))
    (few, (first, one)), (more, (second, other)) = sorted(reads.items())
    assert more > few
    # A part but the first also reads the id of the first.
    assert (2 * (more - few), more - few) == (second - first, other - one)
