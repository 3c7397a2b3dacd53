"""Runs as jobs of workers: a job comes with its run or not at all, crashes are retried, dead workers are replaced."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import psycopg
import pytest
from procrastinate.exceptions import ConnectorException

from bots.domain.errors import SettingsError, StoreError
from bots.domain.runs import RunState
from bots.ports import Clock, JobOutcome
from bots.scheduling.job_queue import JobQueue
from bots.scheduling.job_worker import JobWorker, Rhythm
from bots.scheduling.queue_connector import translated
from bots.scheduling.rescue import Rescue
from bots.scheduling.run_work import RunWork
from bots.store.operations import libpq_address
from bots.store.sql import SqlStore, open_store
from bots.testing.clock import HandClock
from tests.store.stores import a_run, address, needs_postgres
from tests.support.factories import NOW
from tests.support.queue_scenes import returning
from tests.support.workers import QUICK, Executor, is_settled

pytestmark = needs_postgres
KEY = a_run().key
#: An instant that the server's clock will not reach, so that what is put off until then waits.
FAR = datetime(2100, 1, 1, tzinfo=UTC)


class Place:
    """A store and a queue in one database."""

    def __init__(self, store: SqlStore, queue: JobQueue, database: str) -> None:
        self.store = store
        self.queue = queue
        self.database = database

    async def jobs(self, columns: str = "status") -> list[tuple[Any, ...]]:
        """Return columns of all jobs, the first deferred first."""
        connection = await psycopg.AsyncConnection.connect(libpq_address(self.database))
        async with connection:
            query = f"SELECT {columns} FROM procrastinate_jobs ORDER BY id"  # noqa: S608 - of this file
            found = await connection.execute(query.encode())
            return await found.fetchall()

    async def run_sql(self, statement: str) -> None:
        """Change the tables of the queue."""
        connection = await psycopg.AsyncConnection.connect(libpq_address(self.database))
        async with connection:
            await connection.execute(statement.encode())

    def worker(self, execute: Any, clock: Clock | None = None, rhythm: Rhythm = QUICK) -> JobWorker:
        """Return a worker that carries runs out by a function."""
        executor: Any = Executor(execute)
        return JobWorker(self.queue, store=self.store, executor=executor, clock=clock or HandClock(), rhythm=rhythm)

    def rescuer(self, clock: Clock | None = None) -> Rescue:
        """Return what puts jobs back for one worker."""
        nobody: Any = None
        runs = RunWork(
            queue=self.queue, store=self.store, executor=nobody, clock=clock or HandClock(), stopping=lambda: False
        )
        return Rescue(self.queue, {runs.task: runs}, QUICK.stalled)


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    """An empty store that defers each run it opens."""
    with address("postgres", tmp_path) as database:
        queue = JobQueue(libpq_address(database))
        async with queue.running(), open_store(database, on_opened=queue.defer_within) as store:
            await until(lambda: is_settled(queue))
            yield Place(store, queue, database)


async def until(condition: Any) -> None:
    """Wait until an asynchronous condition holds, for at most 15 seconds."""
    async with asyncio.timeout(15):
        while not await condition():  # noqa: ASYNC110 - another process can set no event of ours
            await asyncio.sleep(0.02)


async def test_a_run_and_its_job_come_together(place: Place) -> None:
    """One job is deferred in the transaction that wins the run key; who loses defers none."""
    won = await asyncio.gather(*(place.store.open_run(a_run()) for _ in range(4)))
    assert [False, False, False, True] == sorted(won)
    assert [({"run_key": KEY}, "digests", KEY, "a1b2c3", "todo")] == await place.jobs(
        "args, queue_name, queueing_lock, lock, status"
    )


async def test_no_job_without_its_run(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the transaction fails after the job was deferred, neither is there."""
    defer = place.queue.defer_within

    def fails(connection: Any, run: Any) -> None:
        defer(connection, run)
        raise StoreError("the power went")

    monkeypatch.setattr(place.store, "_on_opened", fails)
    with pytest.raises(StoreError):
        await place.store.open_run(a_run())
    assert (None, []) == (await place.store.run(KEY), await place.jobs())


@pytest.mark.parametrize(
    "changes",
    [
        {"state": RunState.RUNNING, "not_before": NOW},
        {"state": RunState.SKIPPED, "finished": NOW},
        {"not_before": NOW},
    ],
    ids=["claimed by who opened it", "skipped", "put off"],
)
async def test_a_run_that_is_not_ready_has_no_job(place: Place, changes: dict[str, Any]) -> None:
    """A worker must not touch a run that a person's command carries out, or one that was missed."""
    assert await place.store.open_run(a_run(**changes))
    assert [] == await place.jobs()


@pytest.mark.parametrize("ahead", [timedelta(days=1), timedelta(), timedelta(days=-1)])
async def test_a_run_that_is_put_off_is_deferred_until_then(
    place: Place, ahead: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a worker put a run off, one job waits as long, however wrong the worker's clock is; the first is gone."""
    later = FAR + ahead
    monkeypatch.setattr(place.queue, "now", returning(HandClock()() - ahead))

    async def execute(key: str) -> None:
        await place.store.move_run(key, RunState.QUEUED, now=NOW, not_before=later)

    await place.store.open_run(a_run())
    async with place.worker(execute).running():
        await until(lambda: _is([("todo", FAR)], place.jobs("status, scheduled_at")))


async def _is(expected: object, found: Any) -> bool:
    return bool(expected == await found)


async def test_a_crash_is_tried_again_later_each_time(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that crashes is put off by 5, 25 and 125 seconds, and then left to the schedule's poll."""
    monkeypatch.setattr(place.queue, "now", returning(FAR))
    crashes: list[str] = []

    async def execute(key: str) -> None:
        crashes.append(key)
        raise ZeroDivisionError(key)

    await place.store.open_run(a_run())
    async with place.worker(execute, lambda: FAR).running():
        for crash, seconds in enumerate((5, 25, 125), start=1):
            later = FAR + timedelta(seconds=seconds)
            await until(lambda at=later: _is([("todo", at)], place.jobs("status, scheduled_at")))
            run = await place.store.run(KEY)
            assert run
            assert (crash, later) == (len(crashes), run.not_before)
            await place.run_sql("UPDATE procrastinate_jobs SET scheduled_at = NULL")
        await until(lambda: _is([], place.jobs()))
    assert 4 == len(crashes)


async def a_worker_dies(place: Place) -> None:
    """Leave the only job as a worker does that was killed: under way, its run claimed, and no sign of life."""
    assert await place.store.claim(KEY, now=NOW, until=NOW + timedelta(minutes=6))
    await place.run_sql(
        "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat)"
        " VALUES (now() - interval '1 hour') RETURNING id)"
        " UPDATE procrastinate_jobs SET status = 'doing', worker_id = dead.id FROM dead"
    )


@pytest.mark.parametrize("another", [False, True], ids=["alone", "another job waits"])
async def test_the_job_of_a_dead_worker_is_put_back(place: Place, another: bool) -> None:
    """Its claim is released, and one job of the run waits: its own, or the one that waited behind its lock already."""
    done: list[str] = []

    async def execute(key: str) -> None:
        done.append(key)
        await place.store.move_run(key, RunState.DONE, now=NOW)

    await place.store.open_run(a_run())
    await a_worker_dies(place)
    if another:
        await place.queue.defer(KEY)
    worker = place.worker(execute)
    assert 1 == await worker.rescue()
    run = await place.store.run(KEY)
    assert run
    assert (RunState.QUEUED, None) == (run.state, run.not_before)
    assert [("todo",)] == await place.jobs()
    async with worker.running():
        await until(lambda: _is([], place.jobs()))
    assert [KEY] == done


@pytest.mark.parametrize("given", ["{}", "[1]"])
async def test_a_job_that_cannot_be_read_keeps_no_other_from_rescue(place: Place, given: str) -> None:
    """It is given up, and the runs of the same dead worker go on."""
    await place.queue.put("paperwire.carry_out", {}, queue="digests")
    await place.run_sql(f"UPDATE procrastinate_jobs SET args = '{given}'")  # noqa: S608 - of this file
    await place.store.open_run(a_run())
    await a_worker_dies(place)
    assert 2 == await place.worker(None).rescue()
    assert [("todo", {"run_key": KEY})] == await place.jobs("status, args")


@pytest.mark.parametrize("given", [{}, {"run_key": None}, {"run_key": KEY, "failures": "many"}])
async def test_a_job_of_no_run_fails_alone(place: Place, given: dict[str, Any]) -> None:
    """A worker survives it, and so does what looks for the jobs of a run."""
    work = RunWork(
        queue=place.queue,
        store=place.store,
        executor=cast("Any", None),
        clock=HandClock(),
        stopping=lambda: False,
    )
    assert JobOutcome.FAILED == await work.perform(**given)
    await place.queue.put("paperwire.carry_out", given, queue="digests", lock="a1b2c3")
    await place.run_sql("UPDATE procrastinate_jobs SET status = 'doing'")
    await place.queue.dispatch(KEY)


async def test_of_many_workers_one_puts_it_back(place: Place) -> None:
    """When several workers look at the same time, one of them rescues the job; a living worker's job is left alone."""
    await place.store.open_run(a_run())
    await a_worker_dies(place)
    worker = place.worker(None)
    assert [0, 0, 1] == sorted(await asyncio.gather(*(worker.rescue() for _ in range(3))))
    await place.run_sql("UPDATE procrastinate_workers SET last_heartbeat = now() + interval '1 hour'")
    await place.run_sql(
        "UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM procrastinate_workers)"
    )
    assert 0 == await worker.rescue()


async def test_workers_whose_clocks_differ_rescue_a_job_once(place: Place) -> None:
    """Whatever the clocks of two machines say, one of them puts the job back, and the job is not lost over it."""
    await place.store.open_run(a_run())
    await a_worker_dies(place)
    behind, ahead = HandClock(), HandClock()
    ahead.turn(seconds=90)
    rescuers = [place.rescuer(clock) for clock in (behind, ahead) for _ in range(3)]
    assert [0, 0, 0, 0, 0, 1] == sorted(await asyncio.gather(*(each.of_the_dead() for each in rescuers)))
    assert [("todo",)] == await place.jobs()


async def test_a_late_rescuer_leaves_a_run_that_goes_on_alone(place: Place) -> None:
    """One that saw a job stalled, and comes to it when another worker has it, takes neither job nor claim away."""
    await place.store.open_run(a_run())
    await a_worker_dies(place)
    (seen,) = await place.queue.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=2)
    assert 1 == await place.rescuer().of_the_dead()
    await place.run_sql(
        "WITH alive AS (INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now()) RETURNING id)"
        " UPDATE procrastinate_jobs SET status = 'doing', worker_id = alive.id FROM alive"
    )
    assert await place.store.claim(KEY, now=NOW, until=NOW + timedelta(minutes=6))
    assert not await place.rescuer()._put_back(seen, None, "its worker died")
    run = await place.store.run(KEY)
    assert run
    assert (RunState.RUNNING, [("doing",)]) == (run.state, await place.jobs())


async def test_a_job_whose_end_was_not_recorded_is_not_under_way_for_ever(place: Place) -> None:
    """A living worker finds a job that counts as its own without being carried out, and it is carried out again."""
    begun, over, done = asyncio.Event(), asyncio.Event(), []

    async def execute(key: str) -> None:
        done.append(key)
        if len(done) == 1:
            begun.set()
            await over.wait()
        await place.store.move_run(key, RunState.DONE, now=NOW)

    await place.store.open_run(a_run())
    worker = place.worker(execute)
    async with worker.running():
        await begun.wait()
        worker._under_way.clear()
        await until(lambda: _is([], place.jobs()))
        over.set()
    assert [KEY, KEY] == done


async def test_a_file_has_no_workers() -> None:
    """Workers need a server: with a file the error says what to do."""
    with pytest.raises(SettingsError, match="needs a Postgres database") as caught:
        libpq_address("paperwire.sqlite3")
    assert "paperwire db copy" in caught.value.hint


def test_an_error_of_the_queue_has_the_servers_words() -> None:
    """The library says “Database error” whatever happened; what the operator reads is what the driver said."""
    said = psycopg.OperationalError("server closed the connection,\n\tterminated abnormally")
    with pytest.raises(StoreError, match="not be used: server closed the connection, terminated"), translated():
        raise ConnectorException from said
