"""What becomes of the jobs of workers that ended, and how the queues stand."""

import asyncio
from typing import Any

import pytest

from bots.domain.queues import DIGESTS, INDEXING, SUMMARIES, QueueState
from bots.ports import JobOutcome
from bots.scheduling import job_queue
from bots.scheduling.summary_work import SummaryWork
from bots.testing.clock import HandClock
from tests.store.stores import needs_postgres
from tests.support.queue_scenes import Scene, arguments

pytestmark = needs_postgres


async def test_what_failed_is_not_kept(scene: Scene) -> None:
    """A job that some other worker failed is deleted after an hour; that of a run stays for the operator."""
    for queue in (SUMMARIES, DIGESTS):
        await scene.queue.put("a task of another version", {}, queue=queue)
    await scene.queue.execute("UPDATE procrastinate_jobs SET status = 'doing'")
    await scene.queue.execute("UPDATE procrastinate_jobs SET status = 'failed'")
    await scene.queue.execute("UPDATE procrastinate_events SET at = at - interval '2 hours'")
    await scene.idle_worker().rescue()
    assert [DIGESTS] == [job["queue_name"] for job in await scene.jobs()]


async def test_a_worker_that_stops_hands_back_what_it_has(scene: Scene) -> None:
    """Whoever waits is told at once, and the job is not repeated."""
    scene.far.gate.clear()
    blurbs = scene.far_blurbs()
    work = SummaryWork(queue=scene.queue, blurbs=blurbs)
    heard: asyncio.Queue[str] = asyncio.Queue()
    listening = asyncio.create_task(scene.queue.listen("here", heard.put_nowait))
    async with asyncio.timeout(30):
        while heard.empty():
            await scene.queue.notify("here", "?")
            await asyncio.sleep(0.02)
    task = asyncio.create_task(work.perform(**arguments(blurbs, ask="a", reply="here")))
    await asyncio.wait_for(scene.far.begun.wait(), 30)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    async with asyncio.timeout(30):
        while (said := await heard.get()) == "?":
            pass
    assert '{"ask": "a", "kind": "left"}' == said
    assert [] == await scene.jobs()
    listening.cancel()
    scene.far.gate.set()


async def test_the_job_of_a_dead_worker(scene: Scene) -> None:
    """It is deleted: the bot has made the blurb that a person waited for."""
    # Silence counts from the server's start, which may have been a moment ago.
    worker = scene.idle_worker(stalled=0.0)
    given = arguments(scene.far_blurbs(), ask="a", reply="here")
    await scene.queue.put("paperwire.condense", given, queue=SUMMARIES)
    await scene.queue.execute(
        "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat)"
        " VALUES (now() - interval '1 hour') RETURNING id)"
        " UPDATE procrastinate_jobs SET status = 'doing', worker_id = dead.id FROM dead"
    )
    assert 1 == await worker.rescue()
    assert [] == await scene.jobs()


@pytest.mark.parametrize("given", [{}, {"text": 7}, {"style": ["short"]}, {"reply": 7}, {"ask": [1]}])
async def test_a_job_that_cannot_be_read_is_left(scene: Scene, given: dict[str, Any]) -> None:
    """What another version, or a hand, wrote into the table ends its job and nothing else."""
    blurbs = scene.far_blurbs()
    work = SummaryWork(queue=scene.queue, blurbs=blurbs)
    assert JobOutcome.HANDED_BACK == await work.perform(
        **(given and arguments(blurbs, **{"ask": "a", "reply": "", **given}))
    )
    assert [] == scene.far.asked


# ── how the queues stand ─────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_states_of_the_queues(scene: Scene) -> None:
    """Each queue has its jobs that are due, the age of the first, and its workers; what is put off does not wait."""
    assert tuple(QueueState(name=name) for name in (SUMMARIES, DIGESTS, INDEXING)) == await scene.signs.states()
    for number in range(3):
        await scene.queue.put("a task", {}, queue=DIGESTS, lock=f"{number}")
    later = HandClock()().replace(year=2100)
    await scene.queue.put("a task", {}, queue=DIGESTS, at=later)
    await scene.queue.execute("UPDATE procrastinate_events SET at = at - interval '90 seconds'")
    await scene.signs.announce("one", {DIGESTS: 8, SUMMARIES: 8})
    await scene.signs.announce("another", {DIGESTS: 8})
    summaries, digests, indexing = await scene.signs.states()
    assert (3, 2, 0, 1) == (digests.waiting, digests.workers, summaries.waiting, summaries.workers)
    assert 90 <= digests.oldest < 150
    assert 0 == indexing.workers
    await scene.queue.execute("UPDATE paperwire_workers SET seen = now() - interval '31 seconds' WHERE name = 'one'")
    assert [0, 1, 0] == [each.workers for each in await scene.signs.states()]
    await scene.signs.withdraw("another")
    assert not await scene.signs.is_served(DIGESTS)


async def test_ended_runs_are_forgotten(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that dispatches runs for months remembers those under way, and few others."""
    monkeypatch.setattr(job_queue, "_REMEMBERED", 2)
    vars(scene.queue)["_remembered"] = 2
    await scene.queue.dispatch("waits@2026-05-01")
    for number in range(5):
        await scene.queue.dispatch(f"{number}@2026-05-01")
        await scene.queue.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE lock <> 'waits'")
    remembered = vars(scene.queue)["_dispatched"]
    assert "waits@2026-05-01" in remembered
    assert 4 >= len(remembered)
