"""The scheduler: wakes each subscription at its own wall-clock times, and handles changed and missed ones."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bots.domain.harvests import Harvest
from bots.domain.runs import RunState
from bots.domain.subscriptions import WORKDAYS, Every, Subscription, Weekday
from bots.fakechat.faults import Fault
from bots.ports import SourceQuery
from bots.scheduling.scheduler import Scheduler, SlotTrigger
from bots.store.memory import MemoryStore
from tests.support.doubles import Bench, ToldSource, a_bench
from tests.support.factories import a_subscription
from tests.support.refusing import Refusing

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with a_bench(MemoryStore()) as made:
        yield made


def schedule_of(bench: Bench, **changes: Any) -> Scheduler:
    parts: dict[str, Any] = {"store": bench.store, "due_runs": bench.due_runs, "executor": bench.executor}
    return Scheduler(**{**parts, "dispatcher": bench.dispatcher, "clock": bench.clock, **changes})


def fires(subscription: Subscription, now: datetime, times: int = 1) -> list[datetime]:
    """Return the next instants at which a subscription's trigger fires."""
    trigger, found = SlotTrigger(subscription), list[datetime]()
    while len(found) < times and (at := trigger.get_next_fire_time(found[-1] if found else None, now)):
        found.append(at)
    return found


def test_a_trigger_fires_at_the_local_time_on_named_days() -> None:
    """Nine o'clock in Berlin on workdays: after Friday evening the trigger next fires on Monday at eight UTC."""
    subscription = a_subscription(timezone=BERLIN, times=(time(9),), weekdays=WORKDAYS)
    assert [datetime(2026, 11, 30, 8, tzinfo=UTC)] == fires(subscription, datetime(2026, 11, 27, 18, tzinfo=UTC))


def test_monday_means_monday() -> None:
    """A subscription for Mondays fires on Mondays, the one that is now included."""
    subscription, now = a_subscription(weekdays=frozenset({Weekday.MON})), datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert [now, now + timedelta(days=7)] == fires(subscription, now, 2)


def test_a_trigger_fires_at_each_time_of_day() -> None:
    """Two times of day are two instants a day, in order."""
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    found = fires(a_subscription(times=(time(9), time(17))), now, 3)
    assert [(24, 17), (25, 9), (25, 17)] == [(at.day, at.hour) for at in found]


async def test_a_subscription_that_is_off_has_no_job(bench: Bench) -> None:
    """A paused subscription and one without days are never woken."""
    subscriptions: dict[str, dict[str, Any]] = {"off": {"enabled": False}, "never": {"weekdays": frozenset()}, "on": {}}
    for name, changes in subscriptions.items():
        await bench.store.keep_subscription(a_subscription(id=name, **changes))
    scheduler = schedule_of(bench)
    await scheduler.poll()
    assert [False, False, True] == [scheduler.is_armed(name) for name in ("off", "never", "on")]


async def test_a_wake_posts_what_is_due_once(bench: Bench) -> None:
    """A slot is posted once, however often its subscription is woken during it."""
    subscription = a_subscription(sources=("told",), created=bench.clock.now - timedelta(hours=1))
    await bench.store.keep_subscription(subscription)
    scheduler = schedule_of(bench)

    for _ in range(3):
        await scheduler.wake(subscription.id)
    await bench.dispatcher.drain()

    assert 1 == len(await bench.store.runs())
    assert bench.chat.messages


async def test_a_wake_for_nobody_does_nothing(bench: Bench) -> None:
    """Waking a subscription that just ended opens no run."""
    await schedule_of(bench).wake("gone")

    assert () == await bench.store.runs()


async def test_a_missed_slot_is_caught_up_at_the_start(bench: Bench) -> None:
    """A start two hours after the slot posts it at once."""
    subscription = a_subscription(sources=("told",), created=bench.clock.now - timedelta(hours=1))
    await bench.store.keep_subscription(subscription)
    bench.clock.turn(hours=2)

    async with schedule_of(bench).running():
        await bench.dispatcher.drain()

    (run,) = await bench.store.runs()
    assert RunState.DONE == run.state


async def test_subscriptions_placed_changed_and_ended_elsewhere_are_taken_up(bench: Bench) -> None:
    """Another process's subscription is armed at the next poll, moved when it changes, removed when it ends."""
    scheduler = schedule_of(bench)
    subscription = a_subscription(sources=("told",))
    await scheduler.poll()
    await bench.store.keep_subscription(subscription)
    await scheduler.poll()
    assert scheduler.is_armed(subscription.id)

    later = replace(subscription, times=(time(10), time(17)))
    await bench.store.keep_subscription(later)
    await scheduler.poll()
    (trigger,) = [job.trigger for job in scheduler._scheduler.get_jobs()]
    assert fires(later, bench.clock()) == [trigger.get_next_fire_time(None, bench.clock())]

    await bench.store.drop_subscription(subscription.id)
    await scheduler.poll()
    assert not scheduler.is_armed(subscription.id)
    assert [] == scheduler._scheduler.get_jobs()


async def test_a_change_of_one_subscription_touches_no_other(bench: Bench) -> None:
    """Of three subscriptions, a change or the end of one leaves the jobs of the others."""
    scheduler = schedule_of(bench)
    ours = [a_subscription(id=name) for name in "abc"]
    for each in ours:
        await bench.store.keep_subscription(each)
    await scheduler.poll()
    before = dict(scheduler._jobs)
    await bench.store.keep_subscription(replace(ours[1], enabled=False))
    await bench.store.drop_subscription("c")
    await scheduler.poll()
    assert {"a": before["a"]} == scheduler._jobs


async def test_other_tasks_run_while_many_subscriptions_are_looked_at(bench: Bench) -> None:
    """While a thousand subscriptions are armed, looked at again or ended, other tasks have a turn after every five."""
    for number in range(1000):
        await bench.store.keep_subscription(a_subscription(id=f"s{number}", times=(time(9), time(17))))
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    scheduler, beside = schedule_of(bench), asyncio.create_task(others())
    try:
        for _ in range(2):
            turns = 0
            await scheduler.poll()
            assert 200 <= turns
        assert scheduler.is_armed("s999")
    finally:
        beside.cancel()


async def test_after_the_clock_was_set_back_slots_are_computed_anew(bench: Bench) -> None:
    """What was known as the next slot while the clock was five days ahead does not hide the slots before it."""
    subscription = a_subscription(times=(time(12),))
    await bench.store.keep_subscription(subscription)
    scheduler = schedule_of(bench)
    await scheduler.poll()
    bench.clock.turn(days=5)
    await scheduler.poll()
    bench.clock.turn(days=-5)
    assert not scheduler._fell_due(subscription, bench.clock())
    await scheduler.poll()
    assert not scheduler._fell_due(subscription, bench.clock())
    bench.clock.turn(hours=4)
    assert scheduler._fell_due(subscription, bench.clock())


async def test_a_start_computes_no_job_at_once(bench: Bench) -> None:
    """The job of a stored subscription is there when the scheduler runs, with the instant at which it is next due."""
    await bench.store.keep_subscription(a_subscription(times=(time(9), time(17))))
    scheduler = schedule_of(bench)
    async with scheduler.running():
        assert scheduler._jobs["a1b2c3"].next_run_time


async def test_leaving_waits_for_what_is_under_way(bench: Bench) -> None:
    """A part in progress at shutdown is finished and recorded first."""
    gate = asyncio.Event()
    bench.chat.trouble(Fault.SLOW_ANSWER, gate=gate)
    await bench.store.keep_subscription(a_subscription(sources=("told",), created=bench.clock.now - timedelta(hours=1)))

    async with schedule_of(bench).running():
        while not bench.chat.messages:  # noqa: ASYNC110 - the chat in memory has no event to wait for
            await asyncio.sleep(0)
        asyncio.get_running_loop().call_later(0.05, gate.set)

    (run,) = await bench.store.runs()
    assert RunState.DONE == run.state
    assert 1 == len(bench.chat.messages)


async def test_leaving_does_not_wait_for_a_digest_that_is_being_made(bench: Bench) -> None:
    """A digest in the making at shutdown is handed back: none of its parts was recorded."""
    source = bench.sources["told"] = Gated()
    await bench.store.keep_subscription(a_subscription(sources=("told",), created=bench.clock.now - timedelta(hours=1)))

    async with schedule_of(bench, grace=0.05).running():
        while not source.asks:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0)

    (run,) = await bench.store.runs()
    assert (RunState.RUNNING, None) == (run.state, run.not_before)
    assert not bench.chat.attempts


class Gated(ToldSource):
    """A source that never responds."""

    async def recent(self, ask: SourceQuery) -> Harvest:
        """Wait forever."""
        self.asks.append(ask)
        await asyncio.Event().wait()
        raise AssertionError


async def test_a_slot_that_no_job_woke_is_seen_by_the_next_look(bench: Bench) -> None:
    """If a clock change or sleep skips nine o'clock without a job, the next poll finds the slot."""
    scheduler = schedule_of(bench)
    await bench.store.keep_subscription(a_subscription(sources=("told",), times=(time(12),)))
    await scheduler.poll()
    bench.clock.turn(hours=4)

    await scheduler.poll()
    await bench.dispatcher.drain()

    assert 1 == len(bench.chat.messages)


async def test_time_goes_on_when_the_clock_is_set_back(bench: Bench) -> None:
    """The poll uses the event loop's time: an hour set back does not delay a new subscription by an hour."""
    scheduler = schedule_of(bench, look_every=0.01)
    async with scheduler.running():
        bench.clock.turn(hours=-1)
        subscription = a_subscription(sources=("told",), created=bench.clock.now - timedelta(hours=1), times=(time(8),))
        await bench.store.keep_subscription(subscription)
        while not bench.chat.messages:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.01)

    assert 1 == len(bench.chat.messages)


async def test_a_subscription_that_could_not_be_opened_is_tried_again(bench: Bench) -> None:
    """If the database is locked at nine, the next poll opens the slot."""
    subscription = a_subscription(sources=("told",), created=bench.clock.now - timedelta(hours=1))
    await bench.store.keep_subscription(subscription)
    locked = Refusing(bench.store, "open_run")
    scheduler = schedule_of(bench, due_runs=replace(bench.due_runs, ledger=locked))

    await scheduler.poll()
    assert () == await bench.store.runs()
    await scheduler.poll()
    await bench.dispatcher.drain()

    assert 1 == len(bench.chat.messages)


async def test_a_locked_database_does_not_stop_time(bench: Bench) -> None:
    """A poll that cannot read the subscriptions leaves them to the next one."""
    subscription = a_subscription(sources=("told",), created=bench.clock.now - timedelta(hours=1))
    await bench.store.keep_subscription(subscription)
    scheduler = schedule_of(bench, store=Refusing(bench.store, "subscriptions"))

    await scheduler.poll()
    await scheduler.poll()
    await bench.dispatcher.drain()

    assert 1 == len(bench.chat.messages)


def test_the_first_of_a_months_weekdays_wakes_a_monthly_subscription() -> None:
    """A monthly subscription on Mondays is woken on the first Monday of a month."""
    monthly = a_subscription(every=Every.MONTH, weekdays=frozenset({Weekday.MON}))
    assert [datetime(2026, 12, 7, 9, tzinfo=UTC)] == fires(monthly, datetime(2026, 11, 24, tzinfo=UTC))
