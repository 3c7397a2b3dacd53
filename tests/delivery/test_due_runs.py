"""Opening runs: which slot is due after a start, a pause, a power failure, or a wrong clock."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bots.domain.runs import RunState
from bots.store.memory import MemoryStore
from tests.support.doubles import Bench, a_bench
from tests.support.scenes import a_due_subscription


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with a_bench(MemoryStore()) as made:
        yield made


async def test_a_slot_is_opened_once(bench: Bench) -> None:
    """Two wake-ups for one slot open one run."""
    subscription = a_due_subscription(bench)
    await bench.store.keep_subscription(subscription)

    assert await bench.due_runs.open_due(subscription)
    assert await bench.due_runs.open_due(subscription) is None


async def test_a_late_start_catches_up_once_and_skips_the_rest(bench: Bench) -> None:
    """After three days without power the newest slot within the window is posted; the older ones are skipped."""
    subscription = a_due_subscription(bench, created=bench.clock.now - timedelta(days=3))
    await bench.store.keep_subscription(subscription)
    bench.clock.turn(hours=2)

    key = await bench.due_runs.open_due(subscription)

    assert "order@2026-11-24T09:00" == key
    skipped = await bench.store.runs(state=RunState.SKIPPED)
    assert {"2026-11-22", "2026-11-23"} == {str(run.slot.day) for run in skipped}


async def test_a_slot_older_than_the_window_is_skipped(bench: Bench) -> None:
    """A slot that is seven hours late is recorded as skipped, and its papers stay unseen."""
    subscription = a_due_subscription(bench)
    await bench.store.keep_subscription(subscription)
    bench.clock.turn(hours=7)

    assert await bench.due_runs.open_due(subscription) is None
    (skipped,) = await bench.store.runs(state=RunState.SKIPPED)
    assert "missed by 7.0 h" in skipped.note


async def test_a_clock_that_was_ahead_does_not_silence_the_days_between(bench: Bench) -> None:
    """A slot of next year, opened while the clock was wrong, does not prevent today's slot."""
    subscription = a_due_subscription(bench)
    await bench.store.keep_subscription(subscription)
    now = bench.clock.now
    bench.clock.turn(days=400)
    assert await bench.due_runs.open_due(subscription)

    bench.clock.now = now + timedelta(days=1)

    assert "order@2026-11-25T09:00" == await bench.due_runs.open_due(subscription)


async def test_a_worker_whose_clock_is_ahead_does_not_lose_a_digest(bench: Bench) -> None:
    """A run that it skipped as too late, a day from now, is opened again; one that was skipped just now is not."""
    subscription = a_due_subscription(bench)
    await bench.store.keep_subscription(subscription)
    key, now = await bench.due_runs.open_due(subscription), bench.clock.now
    assert key
    await bench.store.move_run(key, RunState.SKIPPED, now=now + timedelta(days=1), note="it is too late to post it")
    assert key == await bench.due_runs.open_due(subscription)
    run = await bench.store.run(key)
    assert run
    assert RunState.QUEUED == run.state
    await bench.store.move_run(key, RunState.SKIPPED, now=now + timedelta(seconds=9), note="the subscription is gone")
    assert await bench.due_runs.open_due(subscription) is None


async def test_a_clock_that_was_set_back_opens_no_slot_again(bench: Bench) -> None:
    """When the clock is set back and nine o'clock comes twice, the slot is opened once."""
    subscription = a_due_subscription(bench)
    await bench.store.keep_subscription(subscription)
    assert await bench.due_runs.open_due(subscription)

    bench.clock.turn(hours=-1)
    assert await bench.due_runs.open_due(subscription) is None
    bench.clock.turn(hours=1, minutes=1)
    assert await bench.due_runs.open_due(subscription) is None


async def test_slots_of_a_pause_are_neither_posted_nor_missed(bench: Bench) -> None:
    """A subscription resumed after three days continues with its next slot; nothing is recorded as skipped."""
    subscription = a_due_subscription(bench, created=bench.clock.now - timedelta(days=5))
    bench.clock.turn(hours=1)
    resumed = replace(subscription, resumes=bench.clock.now)
    await bench.store.keep_subscription(resumed)

    assert await bench.due_runs.open_due(resumed) is None
    assert () == await bench.store.runs()
    bench.clock.turn(days=1)
    assert "order@2026-11-25T09:00" == await bench.due_runs.open_due(resumed)
    assert () == await bench.store.runs(state=RunState.SKIPPED)


async def test_a_season_without_power_lists_a_month_as_skipped(bench: Bench) -> None:
    """After half a year the newest slot is opened; of the earlier slots, the last month's are recorded as skipped."""
    subscription = a_due_subscription(bench)
    await bench.store.keep_subscription(subscription)
    bench.clock.turn(days=180, hours=1)

    assert await bench.due_runs.open_due(subscription)
    assert 30 == len(await bench.store.runs(state=RunState.SKIPPED, limit=1000))


@pytest.mark.parametrize("ahead", [timedelta(hours=7), timedelta(hours=23, minutes=30), timedelta(days=6)])
async def test_a_slot_that_was_skipped_by_a_wrong_clock_is_opened_when_it_is_due(
    bench: Bench, ahead: timedelta
) -> None:
    """A clock that was ahead for a while skips no digest: when the slot is really due, it is opened, and once."""
    subscription = a_due_subscription(bench)
    await bench.store.keep_subscription(subscription)
    right = bench.clock.now - timedelta(minutes=30)
    bench.clock.now = right + ahead + timedelta(minutes=30)
    await bench.due_runs.open_due(subscription)

    bench.clock.now = right
    assert await bench.due_runs.open_due(subscription) is None
    bench.clock.now = right + timedelta(minutes=31)
    assert "order@2026-11-24T09:00" == await bench.due_runs.open_due(subscription)
    assert await bench.due_runs.open_due(subscription) is None
    run = await bench.store.run("order@2026-11-24T09:00")
    assert run
    assert RunState.QUEUED == run.state


@pytest.mark.parametrize("jump", [timedelta(minutes=-5), timedelta(hours=-1), timedelta(days=-1), timedelta(days=-30)])
async def test_a_clock_that_is_set_back_posts_no_digest_twice_and_skips_none(bench: Bench, jump: timedelta) -> None:
    """Whenever the clock is set back, each local day's digest is posted once, also on the days that come again."""
    subscription = a_due_subscription(bench, created=bench.clock.now - timedelta(days=60))
    await bench.store.keep_subscription(subscription)
    begun, runs = bench.clock.now, set[str]()
    for _ in range(3):
        runs |= {key} if (key := await bench.due_runs.open_due(subscription)) else set()
        bench.clock.turn(days=1)
    bench.clock.now += jump
    while bench.clock.now < begun + timedelta(days=6):
        if key := await bench.due_runs.open_due(subscription):
            assert key not in runs
            runs.add(key)
        bench.clock.turn(minutes=30)

    days = {begun.date() + timedelta(days=number) for number in range(6)}
    assert {f"order@{day}T09:00" for day in days} <= runs
    skipped = await bench.store.runs(state=RunState.SKIPPED, limit=1000)
    assert days.isdisjoint(run.slot.day for run in skipped)


async def test_a_slot_that_was_missed_for_lack_of_power_stays_skipped(bench: Bench) -> None:
    """A slot that was rightly skipped is not opened later: its papers come with the next digest."""
    subscription = a_due_subscription(bench)
    await bench.store.keep_subscription(subscription)
    bench.clock.turn(hours=7)
    assert await bench.due_runs.open_due(subscription) is None
    bench.clock.turn(minutes=1)
    assert await bench.due_runs.open_due(subscription) is None
    assert 1 == len(await bench.store.runs(state=RunState.SKIPPED))
