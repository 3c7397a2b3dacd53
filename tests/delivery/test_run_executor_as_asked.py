"""Delivery options of a subscription: waiting for lists, quiet hours, days without papers."""

from collections.abc import AsyncIterator
from datetime import date, time, timedelta

import pytest

from bots.domain.channels import Channel
from bots.domain.errors import SourceDown
from bots.domain.harvests import Freshness
from bots.domain.papers import PaperId
from bots.domain.runs import RunState
from bots.domain.subscriptions import Every, Hours, WhenEmpty
from bots.fakechat.faults import Fault
from bots.store.memory import MemoryStore
from tests.support.doubles import Bench, ToldSource, a_bench
from tests.support.factories import CHANNEL, a_paper, five_papers
from tests.support.scenes import due, ended, opened, shown


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with a_bench(MemoryStore()) as made:
        yield made


async def test_a_digest_waits_for_the_list_that_is_not_out(bench: Bench) -> None:
    """A digest is put off until its latest time while a list is missing, and posted once the list is out."""
    told = bench.sources["told"]
    told.papers, told.state, told.note = (), Freshness.EMPTY, "no list of the day (yet)."

    run = await due(bench, wait=time(11))
    assert (RunState.QUEUED, "waiting for told") == (run.state, run.note)
    assert run.not_before == bench.clock() + timedelta(minutes=10)
    assert not bench.chat.messages

    bench.clock.turn(minutes=10)
    told.papers, told.state = five_papers(), Freshness.FRESH
    await bench.executor.execute(run.key)
    assert RunState.DONE == (await ended(bench, run.key)).state
    assert 5 == sum(paper.title.split(":")[0] in shown(bench) for paper in five_papers())


async def test_a_list_that_never_comes_is_said_at_the_latest_time(bench: Bench) -> None:
    """At the latest time the digest is posted as it is, and says how long it waited."""
    told = bench.sources["told"]
    told.state, told.note = Freshness.STALE, "arXiv still shows an earlier list."
    run = await due(bench, wait=time(9, 30))
    while (await ended(bench, run.key)).state is RunState.QUEUED:
        bench.clock.turn(minutes=10)
        await bench.executor.execute(run.key)

    assert timedelta(minutes=30) == bench.clock() - run.created
    assert "arXiv still shows an earlier list; the digest waited for it until 9:30." in shown(bench)


async def test_a_weekend_is_not_waited_through(bench: Bench) -> None:
    """A digest does not wait for a source that reports that no list will come today."""
    told = bench.sources["told"]
    told.papers, told.state, told.final = (), Freshness.EMPTY, True

    assert RunState.DONE == (await due(bench, wait=time(11))).state


async def test_quiet_hours_are_kept(bench: Bench) -> None:
    """A digest that is due in quiet hours is posted when they end."""
    run = await due(bench, quiet=Hours(start=time(22), end=time(9, 45)))
    assert (RunState.QUEUED, "quiet hours") == (run.state, run.note)
    assert not bench.chat.messages

    bench.clock.turn(minutes=45)
    await bench.executor.execute(run.key)
    assert RunState.DONE == (await ended(bench, run.key)).state


@pytest.mark.parametrize(
    ("posted", "empty", "failing"),
    [
        (True, WhenEmpty.SAY, False), (True, WhenEmpty.SAY, True),
        (False, WhenEmpty.TROUBLE, False), (True, WhenEmpty.TROUBLE, True),
        (False, WhenEmpty.SILENT, False), (False, WhenEmpty.SILENT, True),
    ],
)  # fmt: skip
async def test_an_empty_day_is_told_as_the_channel_asked(posted: bool, empty: WhenEmpty, failing: bool) -> None:
    """Each subscription sets whether a day without papers is posted; a run without a post records the reason."""
    quiet = ToldSource(papers=(), state=Freshness.EMPTY, note="nothing today.")
    quiet.error = SourceDown("no route.") if failing else None
    async with a_bench(MemoryStore(), told=quiet) as bench:
        run = await due(bench, empty=empty)

        assert RunState.DONE == run.state
        assert posted == bool(bench.chat.messages)
        assert posted or "nothing was posted: " in run.note


async def test_papers_of_a_day_without_a_digest_come_with_the_next(bench: Bench) -> None:
    """After two days without power the next digest reads the lists of all three days."""
    await due(bench)
    bench.clock.turn(days=3)
    bench.sources["told"].asks.clear()

    await due(bench)

    assert [25, 26, 27] == [ask.day.day for ask in bench.sources["told"].asks]
    assert "25 to 27 November 2026" in shown(bench)


async def test_the_day_of_a_source_that_was_down_is_read_again(bench: Bench) -> None:
    """A digest with a failed source does not count as whole: the next one reads that day again."""
    told = bench.sources["told"]
    told.error = SourceDown("no route.")
    assert "told" == (await due(bench)).missing
    told.error = None
    told.asks.clear()
    bench.clock.turn(days=1)

    await due(bench)

    assert [24, 25] == [ask.day.day for ask in told.asks]
    assert five_papers()[0].title in shown(bench)


async def test_a_run_found_too_late_is_not_posted(bench: Bench) -> None:
    """A run that is found three days after it was opened is skipped; its papers stay unseen."""
    key = await opened(bench)
    bench.clock.turn(days=3)

    await bench.executor.execute(key)

    assert RunState.SKIPPED == (await ended(bench, key)).state
    assert frozenset() == await bench.store.posted(CHANNEL, [paper.id for paper in five_papers()])


async def test_two_channels_ask_a_source_once(bench: Bench) -> None:
    """Subscriptions due in the same minute share the list of a source."""
    await due(bench)
    await due(bench, id="other", channel=Channel(platform="fakechat", channel="other"))

    assert 1 == len(bench.sources["told"].asks)
    assert five_papers()[0].title in shown(bench, "other")


async def test_the_best_of_the_week_reads_seven_days_and_repeats_nothing(bench: Bench) -> None:
    """A round-up reads every list of its week and leaves out the papers that the channel has seen."""
    await due(bench)
    new = a_paper(title="A paper nobody has seen", id=PaperId.arxiv("2611.00001"))
    bench.sources["told"].papers = (*five_papers(), new)
    bench.sources["told"].asks.clear()
    bench.clock.turn(hours=1)

    await due(bench, id="week", every=Every.WEEK, times=(time(10),), created=bench.clock() - timedelta(hours=1))

    assert 7 == len({ask.day for ask in bench.sources["told"].asks} | {date(2026, 11, 24)})
    assert "1 paper for 18 to 24 November 2026" in shown(bench)
    assert new.title in shown(bench)


async def test_two_subscriptions_of_a_channel_that_are_due_at_once_share_its_papers(bench: Bench) -> None:
    """Papers that one digest of a channel has chosen and not yet posted are not chosen by another."""
    keys = [await opened(bench, id=name, limit=3) for name in ("one", "two")]
    for key in keys:
        await bench.dispatcher.dispatch(key)
    await bench.dispatcher.drain()

    assert all(1 == shown(bench).count(f". {paper.title.split(':')[0]}") for paper in five_papers())


async def test_papers_of_a_held_part_are_not_posted_by_the_next_digest(bench: Bench) -> None:
    """While a person must check whether a part was posted, no other part contains its papers."""
    bench.chat.key_window = None
    bench.chat.trouble(Fault.LOST_AFTER, times=1)
    closed = bench.chat.trouble(Fault.NO_HISTORY)
    assert RunState.FAILED == (await due(bench)).state
    closed.left = 0
    bench.clock.turn(days=1)

    await due(bench)

    assert all(1 == shown(bench).count(f". {paper.title.split(':')[0]}") for paper in five_papers())
