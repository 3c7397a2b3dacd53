"""Harvesting: each source is asked once for everybody, and a failure is nobody's answer."""

import asyncio
from datetime import timedelta

import pytest

from bots.digests.source_reader import FRESH_FOR, SourceReader
from bots.domain.errors import SourceDown, StoreError
from bots.domain.harvests import Freshness, Harvest
from bots.ports import Ask
from bots.store.memory import MemoryStore
from tests.support.doubles import Hand, ToldSource, due_runs
from tests.support.factories import DAY, five_papers
from tests.support.refusing import Refusing


class Gated(ToldSource):
    """A source that answers when it is let."""

    gate: asyncio.Event

    async def recent(self, ask: Ask) -> Harvest:
        """Wait, then answer."""
        self.asks.append(ask)
        await self.gate.wait()
        return Harvest(source=self.spec, papers=self.papers)


@pytest.fixture
def told() -> ToldSource:
    return ToldSource()


def source_reader(hand: Hand, **sources: ToldSource) -> SourceReader:
    return SourceReader(shelf=MemoryStore(), open_source=due_runs(sources), clock=hand)


async def test_everybody_who_asks_within_minutes_gets_one_answer(told: ToldSource) -> None:
    """A hundred digests of one minute ask a source once; after five minutes it is asked anew."""
    hand = Hand()
    executor = source_reader(hand, told=told)

    several_papers = await asyncio.gather(*(executor.harvest(["told"], [DAY]) for _ in range(100)))
    assert 1 == len(told.asks)
    assert {5} == {len(source_papers.papers) for source_papers in several_papers}

    hand.turn(seconds=FRESH_FOR.total_seconds() + 1)
    await executor.harvest(["told"], [DAY])
    assert 2 == len(told.asks)


async def test_a_clock_set_back_makes_no_old_answer_new(told: ToldSource) -> None:
    """An answer from what is now the future is asked for again."""
    hand = Hand()
    executor = source_reader(hand, told=told)
    await executor.harvest(["told"], [DAY])
    hand.turn(days=-1)
    await executor.harvest(["told"], [DAY])
    assert 2 == len(told.asks)


async def test_a_failure_is_asked_again(told: ToldSource) -> None:
    """The next digest does not inherit that a source was down a second ago."""
    executor = source_reader(Hand(), told=told)
    told.error = SourceDown("no route.")
    assert ["no route."] == [note.reason for note in (await executor.harvest(["told"], [DAY])).notes]
    told.error = None
    assert 5 == len((await executor.harvest(["told"], [DAY])).papers)


async def test_who_is_cancelled_takes_the_answer_from_nobody() -> None:
    """Of two digests that wait for one answer one may be stopped; the other gets it."""
    source = Gated()
    source.gate = asyncio.Event()
    executor = source_reader(Hand(), told=source)
    first, second = (asyncio.create_task(executor.harvest(["told"], [DAY])) for _ in range(2))
    await asyncio.sleep(0.01)
    first.cancel()
    source.gate.set()
    assert 5 == len((await second).papers)
    assert 1 == len(source.asks)


async def test_a_fault_of_the_database_is_no_sources() -> None:
    """When it cannot be read what was listed before, that is raised and not told of the source."""
    store = Refusing(MemoryStore(), "known")
    executor = SourceReader(shelf=store, open_source=due_runs({"told": ToldSource()}), clock=Hand())
    with pytest.raises(StoreError):
        await executor.harvest(["told"], [DAY])
    assert 5 == len((await executor.harvest(["told"], [DAY])).papers)


async def test_several_days_are_one_harvest(told: ToldSource) -> None:
    """A source is asked for each day, oldest first; a paper listed on two of them comes once."""
    days = [DAY - timedelta(days=back) for back in (2, 1, 0)]
    source_papers = await source_reader(Hand(), told=told).harvest(["told"], days)
    assert days == [ask.day for ask in told.asks]
    assert [paper.id for paper in five_papers()] == [paper.id for paper in source_papers.papers]
    assert 5 == len(source_papers.harvests[0].papers)


async def test_an_earlier_quiet_day_is_no_news(told: ToldSource) -> None:
    """That Sunday had no list is not said on Monday; that Monday has none is."""
    told.quiet_on = DAY - timedelta(days=1)
    executor = source_reader(Hand(), told=told)
    assert () == (await executor.harvest(["told"], [told.quiet_on, DAY])).notes
    told.quiet_on = DAY + timedelta(days=1)
    (note,) = (await executor.harvest(["told"], [DAY, told.quiet_on])).notes
    assert (False, True) == (note.failed, note.pending)


async def test_a_source_that_is_down_for_days_is_named_once(told: ToldSource) -> None:
    """The same failure on seven days is one note."""
    told.error = SourceDown("no route.")
    days = [DAY - timedelta(days=back) for back in range(6, -1, -1)]
    (note,) = (await source_reader(Hand(), told=told).harvest(["told"], days)).notes
    assert ("no route.", True, True) == (note.reason, note.failed, note.pending)


@pytest.mark.parametrize("state", [Freshness.EMPTY, Freshness.STALE])
async def test_what_may_still_come_is_pending_unless_the_source_says_no(told: ToldSource, state: Freshness) -> None:
    """An empty or stale list may still come today; on a day without a list nothing is waited for."""
    told.papers, told.state, told.note = (), state, "nothing."
    executor = source_reader(Hand(), told=told)
    (note,) = (await executor.harvest(["told"], [DAY])).notes
    assert note.pending
    told.final = True
    (note,) = (await executor.harvest(["told"], [DAY + timedelta(days=1)])).notes
    assert not note.pending
