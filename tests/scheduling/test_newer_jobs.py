"""Jobs that a newer version deferred during a rolling upgrade: older workers leave them to newer ones."""

import asyncio
import logging
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from procrastinate.manager import JobManager

from bots.domain.queues import DIGESTS, INDEXING, QUEUES, SUMMARIES
from bots.scheduling.job_queue import CARRY_OUT, JobQueue
from bots.scheduling.known_jobs import is_newer
from bots.scheduling.rescue import Rescue
from tests.store.stores import address, needs_postgres
from tests.support.queue_scenes import Scene, until

pytestmark = needs_postgres
#: A kind of job that today's version does not have.
NEWER = "paperwire.thing_of_the_future"


async def put(scene: Scene, task: str, given: dict[str, Any], queue: str = DIGESTS, **options: Any) -> None:
    """Defer a job."""
    assert await scene.queue.put(task, given, queue=queue, **options)


async def states(scene: Scene) -> list[tuple[str, int, str]]:
    """Return the kind, the number of attempts and the state of each job."""
    rows = await scene.queue.rows("SELECT task_name, attempts, status::text FROM procrastinate_jobs ORDER BY id")
    return [(row["task_name"], row["attempts"], row["status"]) for row in rows]


@pytest.mark.parametrize(
    ("task", "given"),
    [(NEWER, {"a": 1}), (CARRY_OUT, {"form": 2, "runs": ["a", "b"]}), (CARRY_OUT, {"form": 2, "run_key": "x@y"})],
    ids=["kind", "form", "form with what it knows"],
)
async def test_an_older_worker_leaves_it(
    scene: Scene, task: str, given: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    """It stays in the queue, untouched and told of once; the jobs behind it that are known are done."""
    done: list[str] = []

    async def execute(key: str) -> bool:
        done.append(key)
        return True

    await put(scene, task, given, priority=5)
    await put(scene, CARRY_OUT, {"run_key": "a@b"})
    await scene.worker(DIGESTS, execute=execute, concurrency=1)

    async def is_done() -> bool:
        return [(task, 0, "todo")] == await states(scene)

    await until(is_done)
    # The worker asks again several times.
    await put(scene, CARRY_OUT, {"run_key": "c@d"})
    await until(is_done)
    assert ["a@b", "c@d"] == done
    told = [each for each in caplog.records if each.levelno >= logging.WARNING]
    assert [("jobs that this version does not know are left to newer workers", task)] == [
        (each.getMessage(), getattr(each, "task", "")) for each in told
    ]


async def test_a_newer_worker_does_it(tmp_path: Path) -> None:
    """Beside an older worker, the newer one has the job at once."""
    done: list[dict[str, Any]] = []

    async def perform(_context: Any, /, **asked: Any) -> None:
        done.append(asked)

    with address("postgres", tmp_path) as place:
        older, newer = JobQueue(place), JobQueue(place)
        async with older.running(), newer.running(), AsyncExitStack() as stack:
            scene, there = Scene(older, stack), Scene(newer, stack)
            await put(scene, NEWER, {"form": 3, "a": 1})
            await scene.worker(DIGESTS)
            await there.worker(DIGESTS)
            newer.app.task(name=NEWER, pass_context=True)(perform)
            newer.jobs.learn(NEWER, 3)
            await put(scene, NEWER, {"form": 3, "a": 2})
            await scene.emptied()
    assert [{"form": 3, "a": 1}, {"form": 3, "a": 2}] == done


@pytest.mark.parametrize(("task", "given"), [(NEWER, {}), (CARRY_OUT, {"form": 2, "runs": ["a"]})])
async def test_the_job_of_a_newer_worker_that_died(scene: Scene, task: str, given: dict[str, Any]) -> None:
    """An older worker puts it back, whatever its arguments mean."""
    await put(scene, task, given)
    await scene.queue.execute(
        "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat)"
        " VALUES (now() - interval '1 hour') RETURNING id)"
        " UPDATE procrastinate_jobs SET status = 'doing', worker_id = dead.id FROM dead"
    )
    assert 1 == await scene.idle_worker(stalled=0.0).rescue()
    assert [(task, 1, "todo")] == await states(scene)


async def test_a_blurb_that_nobody_waits_for_any_more(scene: Scene) -> None:
    """After an hour it is deleted: it holds an abstract, and perhaps no worker will ever know it."""
    await put(scene, NEWER, {}, queue=SUMMARIES)
    await put(scene, NEWER, {}, queue=DIGESTS)
    await Rescue(scene.queue, {}, 30.0).of_the_dead()
    assert 2 == len(await scene.jobs())
    await scene.queue.execute("UPDATE procrastinate_events SET at = at - interval '2 hours'")
    # Another process: each tidies up once in a while.
    await Rescue(scene.queue, {}, 30.0).of_the_dead()
    assert [DIGESTS] == [job["queue_name"] for job in await scene.jobs()]


async def test_jobs_are_taken_in_the_librarys_order(scene: Scene) -> None:
    """Of one lock the first alone, the higher priority first, and nothing before its time: as the library does it."""
    manager, library = scene.queue.jobs, JobManager(scene.queue.app.connector)
    manager.learn("known", 1)
    (worker,) = await scene.queue.rows("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
    taken: list[list[str]] = []
    for fetch in (manager.fetch_job, library.fetch_job):
        for name, options in (
            ("low", {}), ("held", {"lock": "one", "priority": -1}), ("behind", {"lock": "one", "priority": -2}),
            ("high", {"priority": 7}), ("elsewhere", {"queue": INDEXING}),
        ):  # fmt: skip
            await put(scene, "known", {"name": name}, **options)
        await scene.queue.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = now() + interval '1 day' WHERE args->>'name' = 'low'"
        )
        found = [await fetch(queues=[DIGESTS], worker_id=worker["id"]) for _ in range(4)]
        taken.append([str(job.task_kwargs["name"]) if job else "" for job in found])
        await scene.queue.execute("DELETE FROM procrastinate_jobs")
    assert [["high", "held", "", ""]] * 2 == taken


async def test_a_worker_takes_each_job_once(scene: Scene) -> None:
    """Eight that ask at the same time get eight jobs."""
    scene.queue.jobs.learn("known", 1)
    (worker,) = await scene.queue.rows("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
    for number in range(8):
        await put(scene, "known", {}, lock=f"{number}")
    fetch = scene.queue.jobs.fetch_job
    found = await asyncio.gather(*(fetch(queues=QUEUES, worker_id=worker["id"]) for _ in range(8)))
    assert 8 == len({job.id for job in found if job})


@pytest.mark.parametrize(
    ("asked", "expected"),
    [({}, False), ({"form": 1}, False), ({"form": 2}, True), ({"form": "2"}, False), ([2], False), (None, False)],
)
def test_what_is_newer(asked: object, expected: bool) -> None:
    """A job without a form has the first one; what is no number is no form, and is read as far as it can be."""
    assert expected is is_newer(asked, 1)
