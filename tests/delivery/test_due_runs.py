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
