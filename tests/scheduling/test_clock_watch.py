"""A clock that is set wrong before or while the program runs: no digest is begun by it, and work goes on after it."""

import logging
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bots.domain.errors import StoreError
from bots.domain.queues import DIGESTS
from bots.domain.runs import Run, RunState
from bots.scheduling.clock_watch import EVERY, MOST_APART, ClockWatch
from bots.scheduling.job_queue import CARRY_OUT
from bots.scheduling.job_worker import JobWorker
from bots.scheduling.scheduler import Scheduler
from bots.store.memory import MemoryStore
from bots.testing.clock import NOW, HandClock
from tests.store.stores import KINDS, a_run, needs_postgres, on, opened
from tests.support.doubles import a_bench
from tests.support.factories import a_subscription
from tests.support.queue_scenes import Scene, until
from tests.support.workers import QUICK, Executor

DAY = timedelta(days=1)
WRONG = pytest.mark.parametrize("by", [DAY, -DAY], ids=["ahead", "behind"])


@dataclass
class Machine:
    """A machine, and the server of its database: time passes on both, and one clock can be set."""

    clock: HandClock = field(default_factory=HandClock)
    passed: float = 0.0
    asked: int = 0
    away: bool = False
    alone: bool = False

    def watch(self) -> ClockWatch:
        """Return what compares both clocks."""
        return ClockWatch(self.server_time, self.clock, ticks=lambda: self.passed)

    async def server_time(self) -> datetime | None:
        """Answer as the server."""
        self.asked += 1
        if self.away:
            raise StoreError("The server is away.")
        return None if self.alone else NOW + timedelta(seconds=self.passed)

    def passes(self, seconds: float) -> None:
        """Let time pass."""
        self.passed += seconds
        self.clock.turn(seconds=seconds)

    def set(self, by: timedelta) -> None:
        """Set this machine's clock."""
        self.clock.now += by


@WRONG
async def test_a_clock_that_is_set_is_noticed_at_once(by: timedelta, caplog: pytest.LogCaptureFixture) -> None:
    """Before the next look is due, and whichever way it was set; it is told once, and once that it is right again."""
    caplog.set_level(logging.INFO, "bots.scheduling.clock_watch")
    machine = Machine()
    watch = machine.watch()
    assert await watch.may_work()
    machine.passes(1)
    machine.set(by)
    assert [False, False] == [await watch.may_work() for _ in range(2)]
    assert by == watch.offset
    machine.set(-by)
    assert [True, True] == [await watch.may_work() for _ in range(2)]
    assert [
        (logging.ERROR, "this machine's clock differs from the database server's"),
        (logging.INFO, "this machine's clock agrees with the database server's again"),
    ] == [(each.levelno, each.getMessage().partition(";")[0]) for each in caplog.records]
    assert by / timedelta(hours=1) == getattr(caplog.records[0], "hours", None)


async def test_a_clock_that_drifts_is_noticed_within_ten_seconds() -> None:
    """A few seconds a day make no jump, and in the end the clocks are too far apart."""
    machine = Machine()
    machine.set(MOST_APART)
    watch = machine.watch()
    assert await watch.may_work()
    machine.set(timedelta(seconds=1))
    machine.passes(EVERY)
    assert not await watch.may_work()


async def test_the_server_is_asked_every_ten_seconds_and_not_for_each_piece_of_work() -> None:
    """A thousand slots that fall due together cost one question."""
    machine = Machine()
    watch = machine.watch()
    for _ in range(1000):
        assert await watch.may_work()
    assert 1 == machine.asked
    machine.passes(EVERY)
    assert await watch.may_work()
    assert 2 == machine.asked


async def test_without_an_answer_the_last_one_holds() -> None:
    """A server that is away neither stops nor starts anything, and is not asked by everybody in turn."""
    machine = Machine()
    watch = machine.watch()
    machine.set(DAY)
    assert not await watch.may_work()
    machine.away = True
    machine.passes(EVERY)
    assert [False, False] == [await watch.may_work() for _ in range(2)]
    assert 2 == machine.asked
    machine.away = False
    machine.set(-DAY)
    assert await watch.may_work()


async def test_a_file_has_no_other_clock() -> None:
    """Nothing is compared, and nothing is stopped."""
    machine = Machine(alone=True)
    watch = machine.watch()
    machine.set(DAY)
    assert await watch.may_work()
    assert watch.offset is None


@pytest.mark.parametrize("kind", KINDS)
async def test_the_time_of_the_server(kind: str, tmp_path: Path) -> None:
    """Postgres tells its own time; a file and a memory have none of their own."""
    async with opened(kind, tmp_path) as store:
        told = await store.server_time()
        assert (kind == "postgres") is (told is not None)
        assert told is None or abs(told - datetime.now(UTC)) < timedelta(minutes=5)


@WRONG
@pytest.mark.parametrize("from_the_start", [False, True])
async def test_the_schedule_rests_while_the_clock_is_wrong(by: timedelta, *, from_the_start: bool) -> None:
    """Nothing is opened, skipped or deleted by it, woken or polled; afterwards the slot is posted once."""
    machine = Machine()
    async with a_bench(MemoryStore()) as bench:
        machine.clock = bench.clock
        watch = machine.watch()
        scheduler = Scheduler(
            store=bench.store, due_runs=bench.due_runs, executor=bench.executor, dispatcher=bench.dispatcher,
            clock=bench.clock, may_work=watch.may_work,
        )  # fmt: skip
        subscription = a_subscription(sources=("told",), created=NOW - timedelta(days=3))
        await bench.store.keep_subscription(subscription)
        await bench.store.open_run(yesterdays_run(subscription.id))
        if not from_the_start:
            await scheduler.poll()
            await bench.dispatcher.drain()
        before = await bench.store.runs()
        machine.set(by)
        for _ in range(2):
            await scheduler.wake(subscription.id)
            await scheduler.poll()
            machine.passes(60)
        await bench.dispatcher.drain()
        assert before == await bench.store.runs()
        machine.set(-by)
        await scheduler.poll()
        await bench.dispatcher.drain()
        states = [run.state for run in await bench.store.runs() if run.slot.day == NOW.date()]
        assert [RunState.DONE] == states
        assert 1 == len([run for run in await bench.store.runs() if run.state is RunState.DONE])


def yesterdays_run(subscription_id: str) -> Run:
    """Return yesterday's run of a subscription, as it ended."""
    yesterday = on((NOW - DAY).date())
    return replace(a_run(subscription_id, yesterday), state=RunState.SKIPPED, created=NOW - DAY, finished=NOW - DAY)


@needs_postgres
@WRONG
async def test_a_worker_rests_while_the_clock_is_wrong(scene: Scene, by: timedelta) -> None:
    """It takes no job and does not count as alive; when the clock is right again it goes on by itself."""
    machine, done = Machine(), list[str]()

    async def execute(key: str) -> bool:
        done.append(key)
        return True

    async def is_served() -> bool:
        return await scene.signs.is_served(DIGESTS)

    async def is_not_served() -> bool:
        return not await scene.signs.is_served(DIGESTS)

    async def is_done() -> bool:
        return bool(done) and not await scene.jobs()

    worker = JobWorker(
        scene.queue, store=MemoryStore(), executor=Executor(execute), clock=machine.clock,  # type: ignore[arg-type]
        rhythm=QUICK, may_work=machine.watch().may_work,
    )  # fmt: skip
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(worker.running((DIGESTS,)))
        await until(is_served)
        machine.set(by)
        await until(is_not_served)
        await scene.queue.put(CARRY_OUT, {"run_key": "a@b"}, queue=DIGESTS)
        looked = machine.asked
        while machine.asked < looked + 3:
            machine.passes(EVERY)
            await until(lambda before=machine.asked: _is_more(machine, before))  # type: ignore[misc]
        assert [] == done
        machine.set(-by)
        await until(is_served)
        await until(is_done)
    assert ["a@b"] == done


async def _is_more(machine: Machine, before: int) -> bool:
    return machine.asked > before
