"""A worker whose process has ended is known by its connection: soon, and without mistaking one that is only slow."""

import asyncio
import logging
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from bots.scheduling.job_queue import JobQueue
from bots.scheduling.outages import Outage
from bots.scheduling.presence import LOCKS, Presence
from bots.scheduling.rescue import Rescue
from bots.store.operations import libpq_address
from tests.store.stores import address, needs_postgres

pytestmark = needs_postgres
#: Seconds; those of the product. Nothing waits for them here: the signs of life are of the tests.
_QUIET, _STALLED = 10.0, 25.0


class Endless:
    """A kind of work whose jobs are always repeated."""

    task = "endless"
    form = 1

    async def rescued(self, *_told: object) -> bool:
        """Repeat it."""
        return True


class Scene:
    """A queue with one job under way."""

    def __init__(self, queue: JobQueue, place: str) -> None:
        self.queue, self.place = queue, place
        #: The workers that the rescuer has seen present.
        self.seen: Collection[int] = ()
        self.rescuer = Rescue(
            queue,
            {"endless": Endless()},  # type: ignore[dict-item]  # it has what a rescue calls
            _STALLED,
            quiet=_QUIET,
            seen=lambda: self.seen,
        )

    async def worker(self, silent: float) -> int:
        """Give the job to a worker without a sign of life for so many seconds, and return its number."""
        (found,) = await self.queue.rows(
            "WITH made AS (INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - make_interval(secs => %(silent)s)) RETURNING id),"
            " given AS (UPDATE procrastinate_jobs SET status = 'doing', worker_id = made.id FROM made)"
            " SELECT id FROM made",
            silent=silent,
        )
        return int(found["id"])

    @asynccontextmanager
    async def present(self, number: int) -> AsyncIterator[Presence]:
        """Let a worker be present until the context exits."""
        presence = Presence(self.queue.address, lambda: [number], self.queue.outage, 0.02)
        task = asyncio.create_task(presence.show())
        try:
            async with asyncio.timeout(30):
                while number not in presence.seen:  # noqa: ASYNC110 - the server sets no event
                    await asyncio.sleep(0.01)
            yield presence
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def gone(self) -> None:
        """Wait until the server has ended the connection of whoever was present."""
        query = "SELECT count(*) AS here FROM pg_locks WHERE locktype = 'advisory' AND classid::bigint = %(locks)s"
        async with asyncio.timeout(30):
            while (await self.queue.rows(query, locks=LOCKS))[0]["here"]:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.01)


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    """A queue in a server that counts as started long ago."""
    with address("postgres", tmp_path) as database:
        # A function of the tests comes before the server's own of the same name.
        place = make_conninfo(libpq_address(database), options="-csearch_path=public,pg_catalog")
        queue = JobQueue(place)
        async with queue.running():
            await queue.put("endless", {}, queue="digests")
            await queue.execute(
                "CREATE FUNCTION public.pg_postmaster_start_time() RETURNS timestamptz LANGUAGE sql"
                " AS $$ SELECT now() - interval '1 day' $$"
            )
            yield Scene(queue, place)


async def test_a_process_that_ended_is_noticed_at_once(scene: Scene) -> None:
    """After one missed sign of life its connection decides, and its job is another's."""
    number = await scene.worker(silent=_QUIET + 1)
    async with scene.present(number) as presence:
        scene.seen = presence.seen
        assert 0 == await scene.rescuer.of_the_dead()
    await scene.gone()
    assert 1 == await scene.rescuer.of_the_dead()


async def test_a_lost_connection_alone_is_no_death(scene: Scene) -> None:
    """A worker that gives signs of life keeps its job."""
    number = await scene.worker(silent=_QUIET - 3)
    async with scene.present(number) as presence:
        scene.seen = presence.seen
    await scene.gone()
    assert 0 == await scene.rescuer.of_the_dead()


async def test_a_worker_that_nobody_saw_present_has_more_time(scene: Scene) -> None:
    """It may not have come to show it; its long silence decides."""
    await scene.worker(silent=_STALLED - 5)
    assert 0 == await scene.rescuer.of_the_dead()
    await scene.worker(silent=_STALLED + 1)
    assert 1 == await scene.rescuer.of_the_dead()


async def test_a_frozen_worker_loses_its_job_in_the_end(scene: Scene) -> None:
    """A process that is stopped keeps its connection."""
    number = await scene.worker(silent=_STALLED + 1)
    async with scene.present(number) as presence:
        scene.seen = presence.seen
        assert 1 == await scene.rescuer.of_the_dead()


async def test_who_lost_its_own_connection_accuses_nobody(scene: Scene) -> None:
    """When the server or the network fails, the connections of all are lost, and all are forgotten."""
    async with scene.present(7) as presence, scene.present(8):
        async with asyncio.timeout(30):
            while presence.seen != [7, 8]:  # noqa: ASYNC110 - the server sets no event
                await asyncio.sleep(0.01)
        await scene.queue.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks"
            " WHERE locktype = 'advisory' AND classid::bigint = %(locks)s AND objid = 7",
            locks=LOCKS,
        )
        async with asyncio.timeout(30):
            while 8 in presence.seen:  # noqa: ASYNC110 - the server sets no event
                await asyncio.sleep(0)
            while presence.seen != [7, 8]:  # noqa: ASYNC110 - the server sets no event
                await asyncio.sleep(0.01)
    await scene.gone()


async def test_a_lock_that_the_server_has_lost_is_taken_again(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pooler that shares its connections closes one in which a lock is held, and the worker's own stays open."""
    lines: list[psycopg.AsyncConnection[tuple[int, ...]]] = []
    connect = psycopg.AsyncConnection.connect

    async def connected(*asked: Any, **how: Any) -> psycopg.AsyncConnection[tuple[int, ...]]:
        lines.append(await connect(*asked, **how))
        return lines[-1]

    monkeypatch.setattr(psycopg.AsyncConnection, "connect", connected)
    query = "SELECT count(*) AS here FROM pg_locks WHERE locktype = 'advisory' AND classid::bigint = %(locks)s"
    async with scene.present(7):
        (line,) = lines
        await line.execute("SELECT pg_advisory_unlock_all()")
        async with asyncio.timeout(30):
            while not (await scene.queue.rows(query, locks=LOCKS))[0]["here"]:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.01)
    assert [line] == lines
    await scene.gone()


async def test_no_room_for_its_connection_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    """The connections that the queue has work, and end each outage: it does not come and go in the log."""
    caplog.set_level(logging.INFO)
    queue = Outage(logging.getLogger("queue"), "the job queue")
    presence = Presence("host=127.0.0.1 port=1 dbname=none", lambda: [7], queue, 0)
    task = asyncio.create_task(presence.show())
    async with asyncio.timeout(30):
        while presence._failures < 10:
            queue.over()
            await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    said = [each.getMessage().partition(";")[0] for each in caplog.records]
    assert [
        "the job queue cannot be reached",
        "the job queue is reached again",
        "the database, to show that this worker is there, cannot be reached",
    ] == said


async def test_a_server_that_was_away_makes_nobody_dead(scene: Scene) -> None:
    """It could take down no signs of life, so the silence counts from its start."""
    await scene.worker(silent=3600)
    await scene.queue.execute(
        "CREATE OR REPLACE FUNCTION public.pg_postmaster_start_time() RETURNS timestamptz LANGUAGE sql"
        " AS $$ SELECT now() - interval '3 seconds' $$"
    )
    assert 0 == await scene.rescuer.of_the_dead()


async def test_workers_are_told_of_a_job_that_was_put_back(scene: Scene) -> None:
    """They need not look for it: the next one has it at once."""
    await scene.worker(silent=3600)
    connection = await psycopg.AsyncConnection.connect(scene.place, autocommit=True)
    async with connection:
        await connection.execute('LISTEN "procrastinate_queue_v1#digests"')
        assert 1 == await scene.rescuer.of_the_dead()
        (told,) = [each async for each in connection.notifies(timeout=30, stop_after=1)]
    assert '"job_inserted"' in told.payload
