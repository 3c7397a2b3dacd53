"""The source reader: digests share one query per source, and a failure is not cached."""

import asyncio
import gc
from dataclasses import fields
from datetime import timedelta
from math import inf
from weakref import ref

import pytest

from bots.chat.asker import asking, current
from bots.digests.source_reader import FRESH_FOR, SourceReader
from bots.domain.channels import Reader
from bots.domain.errors import SourceDown, StoreError
from bots.domain.harvests import Freshness, Harvest
from bots.domain.papers import Paper, PaperId
from bots.ports import SourceQuery
from bots.presentation.digest_text import note_line
from bots.store.memory import MemoryStore
from tests.support.doubles import Hand, ToldSource, source_opener
from tests.support.factories import DAY, a_paper, five_papers
from tests.support.refusing import Refusing


class Gated(ToldSource):
    """A source that responds only after its gate opens."""

    gate: asyncio.Event

    async def recent(self, ask: SourceQuery) -> Harvest:
        """Wait for the gate, then return the papers."""
        self.asks.append(ask)
        await self.gate.wait()
        return Harvest(source=self.spec, papers=self.papers)


@pytest.fixture
def told() -> ToldSource:
    return ToldSource()


def a_source_reader(hand: Hand, **sources: ToldSource) -> SourceReader:
    return SourceReader(shelf=MemoryStore(), open_source=source_opener(sources), clock=hand)


async def test_everybody_who_asks_within_minutes_gets_one_answer(told: ToldSource) -> None:
    """A hundred digests of one minute query a source once; after five minutes it is queried again."""
    hand = Hand()
    source_reader = a_source_reader(hand, told=told)

    several_papers = await asyncio.gather(*(source_reader.harvest(["told"], [DAY]) for _ in range(100)))
    assert 1 == len(told.asks)
    assert {5} == {len(source_papers.papers) for source_papers in several_papers}

    hand.turn(seconds=FRESH_FOR.total_seconds() + 1)
    await source_reader.harvest(["told"], [DAY])
    assert 2 == len(told.asks)


class Watched(Paper):
    """A paper that can be referred to weakly."""


class Fresh(ToldSource):
    """A source that keeps nothing of what it returns."""

    async def recent(self, ask: SourceQuery) -> Harvest:
        """Return a new paper."""
        self.asks.append(ask)
        paper = five_papers()[0]
        return Harvest(
            source=self.spec, papers=(Watched(**{each.name: getattr(paper, each.name) for each in fields(paper)}),)
        )


class Forgetful(MemoryStore):
    """A shelf on which nothing stays."""

    async def remember(self, *given: object, **more: object) -> None:
        """Drop it."""


async def test_a_list_is_not_held_for_longer_than_it_is_new() -> None:
    """The lists of a busy day take megabytes each: when the next is read, those of before are gone."""
    hand = Hand()
    source_reader = SourceReader(
        shelf=Forgetful(), open_source=source_opener({"old": Fresh(), "new": Fresh()}), clock=hand
    )
    old = ref((await source_reader.harvest(["old"], [DAY])).papers[0])
    hand.turn(seconds=FRESH_FOR.total_seconds() - 1)
    await source_reader.harvest(["new"], [DAY])
    gc.collect()
    assert old() is not None
    hand.turn(seconds=2)
    await source_reader.harvest(["new"], [DAY - timedelta(days=1)])
    gc.collect()
    assert old() is None


async def test_a_clock_set_back_makes_no_old_answer_new(told: ToldSource) -> None:
    """A response that is dated in the future, because the clock was set back, is requested again."""
    hand = Hand()
    source_reader = a_source_reader(hand, told=told)
    await source_reader.harvest(["told"], [DAY])
    hand.turn(days=-1)
    await source_reader.harvest(["told"], [DAY])
    assert 2 == len(told.asks)


async def test_a_failure_is_asked_again(told: ToldSource) -> None:
    """After a failure the next digest queries the source again, even a second later."""
    source_reader = a_source_reader(Hand(), told=told)
    told.error = SourceDown("no route.")
    assert ["no route."] == [note.reason for note in (await source_reader.harvest(["told"], [DAY])).notes]
    told.error = None
    assert 5 == len((await source_reader.harvest(["told"], [DAY])).papers)


async def test_who_is_cancelled_takes_the_answer_from_nobody() -> None:
    """If one of two digests waiting for the same response is cancelled, the other still gets it."""
    source = Gated()
    source.gate = asyncio.Event()
    source_reader = a_source_reader(Hand(), told=source)
    first, second = (asyncio.create_task(source_reader.harvest(["told"], [DAY])) for _ in range(2))
    await asyncio.sleep(0.01)
    first.cancel()
    source.gate.set()
    assert 5 == len((await second).papers)
    assert 1 == len(source.asks)


class Hurried(Gated):
    """A source that notes how long its caller waits."""

    left: float = 0.0

    async def recent(self, ask: SourceQuery) -> Harvest:
        """Note the deadline, then wait for the gate."""
        self.left = current().left
        return await super().recent(ask)


async def test_a_due_digest_does_not_inherit_the_deadline_of_who_asked_first() -> None:
    """A person who gives up ends neither the request nor a digest that waits for it, whoever came first."""
    source = Hurried()
    source.gate = asyncio.Event()
    source_reader = a_source_reader(Hand(), told=source)
    person = Reader(platform="slack", workspace="T1", user="U1")
    with asking(person, within=0.05):
        hurried = asyncio.create_task(source_reader.harvest(["told"], [DAY]))
    due = asyncio.create_task(source_reader.harvest(["told"], [DAY]))
    assert 1 == len((await hurried).notes)
    with asking(person, within=0.05):
        assert 1 == len((await source_reader.harvest(["told"], [DAY])).notes)
    assert inf == source.left
    source.gate.set()
    assert (5, ()) == (len((await due).papers), (await due).notes)
    assert 1 == len(source.asks)


async def test_a_fault_of_the_database_is_no_sources() -> None:
    """If the earlier lists cannot be read, the database's error is raised and not blamed on the source."""
    store = Refusing(MemoryStore(), "known")
    source_reader = SourceReader(shelf=store, open_source=source_opener({"told": ToldSource()}), clock=Hand())
    with pytest.raises(StoreError):
        await source_reader.harvest(["told"], [DAY])
    assert 5 == len((await source_reader.harvest(["told"], [DAY])).papers)


async def test_several_days_are_one_harvest(told: ToldSource) -> None:
    """A source is queried for each day, oldest first; a paper listed on two days comes once."""
    days = [DAY - timedelta(days=back) for back in (2, 1, 0)]
    source_papers = await a_source_reader(Hand(), told=told).harvest(["told"], days)
    assert days == [ask.day for ask in told.asks]
    assert [paper.id for paper in five_papers()] == [paper.id for paper in source_papers.papers]
    assert 5 == len(source_papers.harvests[0].papers)


async def test_an_earlier_quiet_day_is_no_news(told: ToldSource) -> None:
    """A Sunday without a list is not mentioned on Monday; a Monday without one is."""
    told.quiet_on = DAY - timedelta(days=1)
    source_reader = a_source_reader(Hand(), told=told)
    assert () == (await source_reader.harvest(["told"], [told.quiet_on, DAY])).notes
    told.quiet_on = DAY + timedelta(days=1)
    (note,) = (await source_reader.harvest(["told"], [DAY, told.quiet_on])).notes
    assert (False, True) == (note.failed, note.pending)


async def test_a_source_that_is_down_for_days_is_named_once(told: ToldSource) -> None:
    """The same failure on seven days makes one note."""
    told.error = SourceDown("no route.")
    days = [DAY - timedelta(days=back) for back in range(6, -1, -1)]
    (note,) = (await a_source_reader(Hand(), told=told).harvest(["told"], days)).notes
    assert ("no route.", True, True) == (note.reason, note.failed, note.pending)


@pytest.mark.parametrize("state", [Freshness.EMPTY, Freshness.STALE])
async def test_what_may_still_come_is_pending_unless_the_source_says_no(told: ToldSource, state: Freshness) -> None:
    """An empty or stale list may still appear today; on a day declared final there is no wait."""
    told.papers, told.state, told.note = (), state, "nothing."
    source_reader = a_source_reader(Hand(), told=told)
    (note,) = (await source_reader.harvest(["told"], [DAY])).notes
    assert note.pending
    told.final = True
    (note,) = (await source_reader.harvest(["told"], [DAY + timedelta(days=1)])).notes
    assert not note.pending


@pytest.mark.parametrize(("listed", "papers"), [(True, five_papers()), (False, ())])
async def test_a_note_says_whether_papers_stand_beside_it(
    told: ToldSource, listed: bool, papers: tuple[Paper, ...]
) -> None:
    """A list of another day is a list: its papers are shown, and "Nothing new" would deny them."""
    told.papers, told.state, told.note = papers, Freshness.STALE, "The file lists another day."
    (note,) = (await a_source_reader(Hand(), told=told).harvest(["told"], [DAY])).notes
    assert (listed, listed) == (note.listed, "Nothing new" not in note_line(note))


async def test_a_source_that_returns_too_much_is_cut() -> None:
    """A digest reads no more papers of a source than it asked for."""
    many = tuple(a_paper(id=PaperId(scheme="arxiv", value=f"2601.{number:05}")) for number in range(2100))
    found = await a_source_reader(Hand(), told=ToldSource(papers=many)).harvest(["told"], [DAY])
    assert many[:2000] == found.papers
