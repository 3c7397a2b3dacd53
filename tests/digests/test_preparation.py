"""The papers of coming digests are condensed ahead: each once, the most wanted first, and no private one."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from bots.digests.preparation import SPARE, Plan, Preparation, Prepared
from bots.digests.single_flight import LEASE, WORK, SingleFlight
from bots.domain.channels import Channel
from bots.domain.papers import Paper
from bots.domain.slots import next_due
from bots.store.memory import MemoryStore
from summarizer import EngineDown, Style
from summarizer.engines.chain import ChainEngine
from summarizer.errors import Unfit
from tests.support.doubles import Bench, ToldSource, ToldSummarizer, a_bench
from tests.support.factories import CHANNEL, a_paper, a_subscription, five_papers

HOURS = timedelta(hours=12)
TEN = (time(10),)


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    """A bench at nine o'clock with one source of five papers."""
    async with a_bench(MemoryStore()) as bench:
        yield bench


def preparation(bench: Bench, *, holder: str = "one", **plan: Any) -> Preparation:
    """Return the preparation of one process."""

    async def sleep(_seconds: float) -> None:
        await asyncio.Event().wait()

    flight = SingleFlight(leases=bench.store, clock=bench.clock, ticks=bench.clock.ticks, sleep=sleep, holder=holder)
    settings: dict[str, Any] = {"ahead": HOURS, **plan}
    builder = bench.service.digest_builder
    return Preparation(
        store=bench.store, builder=builder, clock=bench.clock, flight=flight, plan=Plan(**settings), sleep=sleep
    )


async def subscribed(bench: Bench, number: int = 1, **changes: Any) -> None:
    """Add subscriptions that are due at ten, each in a channel of its own."""
    for one in range(number):
        given: dict[str, Any] = {"sources": ("told",), "times": TEN, "limit": 2, **changes}
        channel = given.pop("channel", replace(CHANNEL, channel=f"C{one}"))
        await bench.store.keep_subscription(a_subscription(id=f"s{one} {channel}", channel=channel, **given))


async def test_a_hundred_channels_and_each_paper_once(bench: Bench) -> None:
    """The papers that a hundred digests would choose are condensed once; the digests then call no engine."""
    await subscribed(bench, 100)
    done = await preparation(bench).prepare()
    assert Prepared(digests=100, wanted=2 + SPARE, made=2 + SPARE) == done
    called = len(bench.summarizer.asked)
    built = bench.service.digest_builder
    builder = replace(built, blurbs=replace(built.blurbs, _made={}))
    bench.clock.turn(hours=1)
    for subscription in await bench.store.subscriptions():
        due = next_due(subscription, bench.clock() - timedelta(minutes=1))
        assert due
        digest = await builder.of_slot(subscription, due.slot)
        assert 2 == len([entry for entry in digest.entries if entry.blurb])
    assert (2 + SPARE, 2 + SPARE) == (called, len(bench.summarizer.asked))


async def test_what_is_stored_is_left(bench: Bench) -> None:
    """A second round finds everything stored; so a round that was killed is continued, and not begun again."""
    await subscribed(bench, 3)
    await preparation(bench, most=2).prepare()
    bench.service.digest_builder.blurbs._made.clear()
    assert 2 == len(bench.summarizer.asked)
    done = await preparation(bench, most=100).prepare()
    assert (2, 2) == (done.stored, done.made)
    assert 4 == len({each.title for each in bench.summarizer.asked}) == len(bench.summarizer.asked)


async def test_only_what_is_due_soon(bench: Bench) -> None:
    """A digest that is due later, a paused one and one whose list belongs to tomorrow have nothing condensed."""
    await subscribed(bench, channel=replace(CHANNEL, channel="late"), times=(time(22),))
    await subscribed(bench, channel=replace(CHANNEL, channel="off"), enabled=False)
    assert Prepared() == await preparation(bench).prepare()
    bench.clock.turn(hours=14)
    await subscribed(bench, channel=replace(CHANNEL, channel="tomorrow"), created=bench.clock() + timedelta(hours=5))
    await bench.store.drop_subscription(f"s0 {replace(CHANNEL, channel='late')}")
    assert Prepared(digests=1) == await preparation(bench).prepare()
    assert [] == bench.summarizer.asked


async def test_the_most_wanted_come_first(bench: Bench) -> None:
    """If the day's number does not suffice, what most digests would choose is condensed."""
    wanted, rare = five_papers()[-1], five_papers()[0]
    await subscribed(bench, 3, query=f'ti:"{wanted.title}"')
    await subscribed(bench, channel=replace(CHANNEL, channel="alone"), query=f'ti:"{rare.title}"', times=(time(9, 30),))
    done = await preparation(bench, most=1, concurrency=1).prepare()
    assert (2, 1, 1) == (done.wanted, done.made, done.left)
    assert [wanted.title] == [each.title for each in bench.summarizer.asked]


async def test_the_number_is_of_a_day_and_of_all_processes(bench: Bench) -> None:
    """Two processes have one number of blurbs together; the next day has a new one."""
    await subscribed(bench, limit=5)
    await preparation(bench, most=2).prepare()
    assert 0 == (await preparation(bench, holder="two", most=2).prepare()).made
    bench.clock.turn(days=1)
    assert 2 == (await preparation(bench, holder="two", most=2).prepare()).made


async def test_a_private_paper_stays_with_its_workspace(bench: Bench) -> None:
    """A paper of a local file is condensed with its digest, and never ahead: no blurb of it is stored."""
    bench.sources["file:drafts.jsonl"] = ToldSource(
        spec="file:drafts.jsonl", papers=(a_paper(title="Our secret draft"),)
    )
    await subscribed(bench, sources=("file:drafts.jsonl",))
    await subscribed(bench, channel=Channel(platform="fakechat", workspace="T2", channel="C"), sources=("told",))
    done = await preparation(bench).prepare()
    assert (2, 2 + SPARE) == (done.digests, done.made)
    assert "Our secret draft" not in {each.title for each in bench.summarizer.asked}


async def test_one_broken_filter_does_no_harm(bench: Bench) -> None:
    """A subscription whose filter cannot be read is left to its digest; the others are prepared."""
    await subscribed(bench, channel=replace(CHANNEL, channel="bad"), query="(((")
    await subscribed(bench)
    assert (2, 2 + SPARE) == ((done := await preparation(bench).prepare()).digests, done.made)


def many(number: int) -> tuple[Paper, ...]:
    """Return papers with abstracts of their own."""
    first = five_papers()[0]
    return tuple(
        a_paper(id=replace(first.id, value=f"2611.{one:05}"), title=f"Paper {one}", abstract=first.abstract)
        for one in range(number)
    )


@pytest.mark.parametrize(("failure", "asked"), [(EngineDown("It rests."), 8), (Unfit("It invents."), 20)])
async def test_an_engine_that_is_down_is_not_asked_for_the_whole_night(
    bench: Bench, failure: Exception, asked: int
) -> None:
    """After eight failures in a row the rest waits for the next round; a refused text says nothing of the next."""
    papers = many(20)
    bench.sources["told"].papers = papers
    await subscribed(bench, limit=20)
    first = ToldSummarizer(engine="first", failing={each.title: failure for each in papers})
    builder = bench.service.digest_builder
    builder = replace(
        builder, blurbs=replace(builder.blurbs, summarizer=ChainEngine([first, ToldSummarizer()]), _made={})
    )
    done = await replace_builder(preparation(bench, concurrency=1), builder).prepare()
    assert (asked, asked, 20 - asked) == (len(first.asked), done.substituted, done.left)


def replace_builder(made: Preparation, builder: Any) -> Preparation:
    """Return a preparation with another builder."""
    made.builder = builder
    return made


async def test_as_many_at_once_as_the_plan_says(bench: Bench) -> None:
    """The engine has `concurrency` abstracts at the same time, and never more."""
    bench.sources["told"].papers = many(20)
    await subscribed(bench, limit=18)
    at_once, most = 0, 0
    real = bench.summarizer.summarize

    async def summarize(abstract: Any, style: Style = Style.ONE_LINE) -> Any:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0)
        try:
            return await real(abstract, style)
        finally:
            at_once -= 1

    bench.summarizer.summarize = summarize  # type: ignore[method-assign]
    await preparation(bench, concurrency=6).prepare()
    assert 6 == most


async def test_one_of_several_processes_prepares(bench: Bench) -> None:
    """While one works, and for a quarter of an hour after, no other does; when it dies, another takes over."""
    await subscribed(bench)
    one, two = (preparation(bench, holder=name) for name in ("one", "two"))
    first, second = await asyncio.gather(one.round(), two.round())
    assert (2 + SPARE, None) == (first and first.made, second)
    assert None is await one.round()
    bench.clock.turn(minutes=16)
    assert None is not await two.round()
    work = ["preparation told 1"]
    await bench.store.hold_leases(WORK, work, holder="dead", now=bench.clock(), until=bench.clock() + LEASE)
    bench.clock.turn(minutes=16)
    assert None is not await one.round()


async def test_each_engine_is_prepared_for(bench: Bench) -> None:
    """Of two bots with one database and different engines, neither makes the other's blurbs, nor keeps it from them."""
    await subscribed(bench)
    one, two = preparation(bench, holder="one"), preparation(bench, holder="two")
    other = ToldSummarizer(engine="other")
    blurbs = replace(two.builder.blurbs, summarizer=other, _made={})
    two = replace_builder(two, replace(two.builder, blurbs=blurbs))
    first, second = await asyncio.gather(one.round(), two.round())
    assert [2 + SPARE] * 2 == [done.made if done else 0 for done in (first, second)]


async def test_it_prepares_as_long_as_the_program_runs(bench: Bench) -> None:
    """The first round comes at once; with zero hours there is none."""
    await subscribed(bench)
    async with preparation(bench, ahead=timedelta()).running():
        await asyncio.sleep(0)
    assert [] == bench.summarizer.asked
    async with asyncio.timeout(30), preparation(bench).running():
        while len(bench.summarizer.asked) < 2 + SPARE:  # noqa: ASYNC110 - the round tells nobody that it has ended
            await asyncio.sleep(0.01)
