"""The schedule: wakes each order at its own wall-clock times, and takes up what changed or was missed."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bots.channels import WORKDAYS, Weekday
from bots.runs import RunState
from bots.schedule import Schedule, triggers
from bots.store.memory import MemoryStore
from tests.doubles import Bench, a_bench
from tests.factories import a_subscription

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with a_bench(MemoryStore()) as made:
        yield made


def schedule_of(bench: Bench) -> Schedule:
    return Schedule(
        store=bench.store, opener=bench.opener, desk=bench.desk, dispatcher=bench.dispatcher, clock=bench.clock
    )


def test_a_trigger_fires_at_the_local_time_on_named_days() -> None:
    """Nine in Berlin on workdays: from Friday evening the next firing is Monday at eight UTC."""
    (trigger,) = triggers(a_subscription(timezone=BERLIN, times=(time(9),), weekdays=WORKDAYS))

    fires = trigger.get_next_fire_time(None, datetime(2026, 11, 27, 18, tzinfo=UTC))

    assert datetime(2026, 11, 30, 8, tzinfo=UTC) == fires


def test_monday_means_monday() -> None:
    """Weekdays go by name, so the 0-or-1 confusion of cron dialects cannot arise."""
    (trigger,) = triggers(a_subscription(weekdays=frozenset({Weekday.MON})))

    fires = trigger.get_next_fire_time(None, datetime(2026, 11, 24, tzinfo=UTC))

    assert Weekday.MON == fires.weekday()


def test_an_order_that_is_off_has_no_trigger() -> None:
    """A paused order and one without days wake nobody; each time of day has its own trigger."""
    assert () == triggers(a_subscription(enabled=False))
    assert () == triggers(a_subscription(weekdays=frozenset()))
    assert 2 == len(triggers(a_subscription(times=(time(9), time(17)))))


async def test_a_wake_posts_what_is_due_once(bench: Bench) -> None:
    """However often an order is woken within its slot, the slot is posted once."""
    order = a_subscription(sources=("told",), created=bench.clock.now - timedelta(hours=1))
    await bench.store.keep_subscription(order)
    schedule = schedule_of(bench)

    for _ in range(3):
        await schedule.wake(order.id)
    await bench.dispatcher.drain()

    assert 1 == len(await bench.store.runs())
    assert bench.chat.messages


async def test_a_wake_for_nobody_does_nothing(bench: Bench) -> None:
    """An order that ended a moment ago is woken in vain."""
    await schedule_of(bench).wake("gone")

    assert () == await bench.store.runs()


async def test_a_missed_slot_is_caught_up_at_the_start(bench: Bench) -> None:
    """Starting two hours after the slot posts it at once."""
    order = a_subscription(sources=("told",), created=bench.clock.now - timedelta(hours=1))
    await bench.store.keep_subscription(order)
    bench.clock.turn(hours=2)

    async with schedule_of(bench).running():
        await bench.dispatcher.drain()

    (run,) = await bench.store.runs()
    assert RunState.DONE == run.state


async def test_orders_placed_changed_and_ended_elsewhere_are_taken_up(bench: Bench) -> None:
    """Another process's subscription is armed at the next look, moved when it changes, dropped when it ends."""
    schedule = schedule_of(bench)
    order = a_subscription(sources=("told",))
    await schedule.look()
    await bench.store.keep_subscription(order)
    await schedule.look()
    assert 1 == schedule.armed(order.id)

    await bench.store.keep_subscription(replace(order, times=(time(9), time(17))))
    await schedule.look()
    assert 2 == schedule.armed(order.id)

    await bench.store.drop_subscription(order.id)
    await schedule.look()
    assert 0 == schedule.armed(order.id)


async def test_leaving_waits_for_what_is_under_way(bench: Bench) -> None:
    """A digest that is being posted when the program is told to stop is finished first."""
    order = a_subscription(sources=("told",), created=bench.clock.now - timedelta(hours=1))
    await bench.store.keep_subscription(order)

    async with schedule_of(bench).running():
        await asyncio.sleep(0)

    assert {RunState.DONE} == {run.state for run in await bench.store.runs()}
