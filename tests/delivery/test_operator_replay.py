"""Replaying a day: which digests are shown, which are posted, and which stay as they are."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bots.delivery.operator import Operator
from bots.domain.errors import BadCommand
from bots.domain.runs import RunState
from bots.domain.slots import due_at
from bots.store.memory import MemoryStore
from tests.delivery.test_operator import KEY, held
from tests.support.doubles import Bench, a_bench
from tests.support.factories import DAY, NOW, a_subscription, five_papers
from tests.support.scenes import a_due_subscription, due, ended, shown


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    """A test bench of real components."""
    async with a_bench(MemoryStore()) as bench:
        yield bench


@pytest.fixture
def operator(bench: Bench) -> Operator:
    """The operator of that bench."""
    return Operator(store=bench.store, executor=bench.executor)


async def test_a_dry_run_shows_the_day_as_it_was(bench: Bench, operator: Operator) -> None:
    """A dry run shows the digest that was posted: its own papers do not count as seen, and nothing is posted."""
    await due(bench)
    before = shown(bench)
    bench.clock.turn(days=2)
    (item,) = await operator.replay(DAY, dry_run=True)
    assert item.digest
    assert {paper.id for paper in five_papers()} == set(item.digest.paper_ids)
    assert before == shown(bench)
    assert [KEY] == [run.key for run in await bench.store.runs()]


async def test_a_replay_leaves_alone_what_was_posted(bench: Bench, operator: Operator) -> None:
    """Of a day's slots only those without a run are carried out; for the others their state is reported."""
    await due(bench, times=(time(8), time(9)), created=NOW - timedelta(minutes=30))
    bench.sources["told"].papers = ()
    made = await operator.replay(DAY, dry_run=False)
    assert ["was carried out", "was posted"] == [item.said for item in made]
    assert 2 == len(bench.chat.messages)
    again = await operator.replay(DAY, dry_run=False)
    assert ["was posted", "was posted"] == [item.said for item in again]
    assert 2 == len(bench.chat.messages)


async def test_a_replay_carries_out_what_was_skipped(bench: Bench, operator: Operator) -> None:
    """A slot that was missed while the machine was off is posted days later."""
    await bench.store.keep_subscription(a_due_subscription(bench))
    bench.clock.turn(days=2)
    await bench.due_runs.open_due(a_due_subscription(bench))
    assert RunState.SKIPPED is (await ended(bench, KEY)).state
    (item,) = await operator.replay(DAY, dry_run=False)
    assert ("was carried out", RunState.DONE) == (item.said, item.run and item.run.state)
    assert 1 == len(bench.chat.messages)


async def test_a_replay_doubles_nothing_that_is_held(bench: Bench, operator: Operator) -> None:
    """A part that may or may not be posted stays held, and the replay reports the command that would post it."""
    await held(bench)
    await bench.store.move_run(KEY, RunState.FAILED, now=bench.clock())
    before = len(bench.chat.messages)
    (item,) = await operator.replay(DAY, dry_run=False)
    assert item.failed
    assert "--repost" in item.said
    assert before == len(bench.chat.messages)


@pytest.mark.parametrize(
    ("changes", "day", "said"),
    [
        ({"enabled": False}, DAY, "is paused"),
        ({"times": ()}, DAY, "has no digest on that day"),
        ({"weekdays": frozenset({0})}, DAY, "has no digest on that day"),
        ({"resumes": NOW + timedelta(days=3)}, DAY, "is paused"),
        ({"resumes": NOW}, DAY - timedelta(days=1), "was paused then, or has no digest on that day"),
        ({"times": (time(10),)}, DAY, "is not due yet"),
        ({}, DAY + timedelta(days=1), "is not due yet"),
    ],
)
async def test_a_subscription_without_a_slot_says_so(
    bench: Bench, operator: Operator, changes: dict[str, object], day: date, said: str
) -> None:
    """A paused subscription, one that is not due on that day, and a slot in the future are named and not posted."""
    await bench.store.keep_subscription(a_due_subscription(bench, **changes))
    (item,) = await operator.replay(day, dry_run=False)
    assert said == item.said
    assert [] == bench.chat.messages


@pytest.mark.parametrize("day", [date.min, date(1991, 8, 13), DAY + timedelta(days=2), date.max])
async def test_no_digest_is_of_a_day_without_lists(operator: Operator, day: date) -> None:
    """A day before the first list and a day in the future are rejected."""
    with pytest.raises(BadCommand, match=str(day)):
        await operator.replay(day, dry_run=True)


async def test_tomorrow_cannot_be_shown(bench: Bench, operator: Operator) -> None:
    """A dry run shows later slots of today as they would be now; it shows none of tomorrow's."""
    await bench.store.keep_subscription(a_due_subscription(bench, times=(time(17),)))
    (today,) = await operator.replay(DAY, dry_run=True)
    (tomorrow,) = await operator.replay(DAY + timedelta(days=1), dry_run=True)
    assert today.digest
    assert ("is not due yet", None) == (tomorrow.said, tomorrow.digest)


async def test_a_day_is_the_subscriptions_own(bench: Bench, operator: Operator) -> None:
    """In another time zone the same day has other slots, and each slot of the day is returned once."""
    subscription = a_subscription(sources=("told",), times=(time(0), time(23, 59)), created=NOW)
    for zone in ("Pacific/Auckland", "America/Los_Angeles"):
        await bench.store.keep_subscription(replace(subscription, timezone=ZoneInfo(zone)))
        made = await operator.replay(DAY, dry_run=True)
        assert [f"{DAY}T00:00", f"{DAY}T23:59"] == [str(item.due.slot) for item in made if item.due]
        assert [due_at(item.subscription, item.due.slot) for item in made if item.due] == [item.due for item in made]


async def test_only_the_named_subscription_is_replayed(bench: Bench, operator: Operator) -> None:
    """Other subscriptions are left out; an unknown subscription id is reported."""
    for name in ("order", "other"):
        await bench.store.keep_subscription(a_due_subscription(bench, id=name))
    assert ["other"] == [
        each.subscription.id for each in await operator.replay(DAY, subscription_id="other", dry_run=True)
    ]
    with pytest.raises(BadCommand, match="no subscription 'nosuch'"):
        await operator.replay(DAY, subscription_id="nosuch", dry_run=True)


async def test_one_subscription_that_fails_does_not_end_a_replay() -> None:
    """A subscription whose digest fails is named, and the next one is still shown."""
    async with a_bench(MemoryStore()) as bench:
        operator = Operator(store=bench.store, executor=bench.executor)
        await bench.store.keep_subscription(a_due_subscription(bench, id="bad", query='"open'))
        await bench.store.keep_subscription(a_due_subscription(bench, id="good"))
        bad, good = await operator.replay(DAY, dry_run=True)
        assert bad.failed
        assert "quote" in bad.said
        assert good.digest
