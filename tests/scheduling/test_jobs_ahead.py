"""Work that nobody waits for, what becomes of the jobs of workers that died, and how the queues stand."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bots.domain.queues import DIGESTS, INDEXING, SUMMARIES, QueueState
from bots.ports import JobOutcome
from bots.scheduling.summary_work import SummaryWork
from bots.testing.clock import HandClock
from summarizer import EngineDown
from tests.store.stores import needs_postgres
from tests.support.queue_scenes import PAPER, SHORT, Scene, arguments, is_in, returning, until

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


# ── work that nobody waits for ───────────────────────────────────────────────────────────────────────────────────────


async def test_a_paper_is_condensed_ahead_once(scene: Scene) -> None:
    """A paper that waits already is not queued twice; a private one, and a blurb that is there, are not queued."""
    bot = await scene.bot()
    assert [True, True] == [await bot.ahead(PAPER, SHORT) for _ in range(2)]
    assert not await bot.ahead(replace(PAPER, private=True), SHORT)
    assert [INDEXING] == [job["queue_name"] for job in await scene.jobs()]
    await scene.worker(INDEXING, SUMMARIES)
    await until(lambda: is_in((INDEXING, JobOutcome.DONE), scene.observed.ended))
    await bot.entry(PAPER, SHORT)
    assert not await bot.ahead(PAPER, SHORT)
    assert ([], [PAPER.title]) == (scene.engine.asked, scene.far.asked)


async def test_what_nobody_waits_for_is_tried_again_later(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that is down is asked again after 1, 5 and 25 minutes of the clock by which jobs are handed out."""
    scene.far.error = EngineDown("The server is away.")
    blurbs, clock = scene.far_blurbs(), HandClock()
    server = clock() - timedelta(days=1)
    monkeypatch.setattr(scene.queue, "now", returning(server))
    work = SummaryWork(queue=scene.queue, blurbs=blurbs, clock=clock)
    waits = []
    for failures in range(4):
        await work.perform(**arguments(blurbs, failures=failures))
        rows = await scene.queue.rows("DELETE FROM procrastinate_jobs RETURNING scheduled_at, args")
        waits += [(row["scheduled_at"] - server).total_seconds() / 60 for row in rows]
    assert [1, 5, 25] == waits


async def test_a_worker_that_stops_hands_back_what_it_has(scene: Scene) -> None:
    """Whoever waits is told at once; what nobody waits for is in the queue again."""
    scene.far.gate.clear()
    blurbs = scene.far_blurbs()
    work = SummaryWork(queue=scene.queue, blurbs=blurbs, clock=HandClock())
    heard: asyncio.Queue[str] = asyncio.Queue()
    listening = asyncio.create_task(scene.queue.listen("here", heard.put_nowait))
    async with asyncio.timeout(30):
        while heard.empty():
            await scene.queue.notify("here", "?")
            await asyncio.sleep(0.02)
    for more in ({"ask": "a", "reply": "here"}, {}):
        scene.far.begun.clear()
        task = asyncio.create_task(work.perform(**{**arguments(blurbs), "title": PAPER.title, **more}))
        await asyncio.wait_for(scene.far.begun.wait(), 30)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        blurbs._made.clear()
    async with asyncio.timeout(30):
        while (said := await heard.get()) == "?":
            pass
    assert '{"ask": "a", "kind": "left"}' == said
    assert [INDEXING] == [job["queue_name"] for job in await scene.jobs()]
    listening.cancel()
    scene.far.gate.set()


@pytest.mark.parametrize(
    ("more", "expected"),
    [({"ask": "a", "reply": "here"}, []), ({}, ["todo"]), ({"died": 2}, [])],
    ids=["a person waited", "nobody waited", "it killed two workers already"],
)
async def test_the_job_of_a_dead_worker(scene: Scene, more: Mapping[str, Any], expected: list[str]) -> None:
    """A person's is deleted, because the bot has answered; another is repeated, but not for ever."""
    worker = scene.idle_worker()
    died = more.get("died", 0)
    given = arguments(scene.far_blurbs(), **{name: said for name, said in more.items() if name != "died"})
    await scene.queue.put("paperwire.condense", given, queue=SUMMARIES)
    await scene.queue.execute(
        "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat)"
        " VALUES (now() - interval '1 hour') RETURNING id)"
        " UPDATE procrastinate_jobs SET status = 'doing', worker_id = dead.id, attempts = %(died)s FROM dead",
        died=died,
    )
    assert 1 == await worker.rescue()
    assert expected == [job["status"] for job in await scene.jobs()]


@pytest.mark.parametrize("given", [{}, {"text": 7}, {"style": ["short"]}, {"reply": 7}, {"failures": "many"}])
async def test_a_job_that_cannot_be_read_is_left(scene: Scene, given: dict[str, Any]) -> None:
    """What another version, or a hand, wrote into the table ends its job and nothing else."""
    blurbs = scene.far_blurbs()
    work = SummaryWork(queue=scene.queue, blurbs=blurbs, clock=HandClock())
    assert JobOutcome.HANDED_BACK == await work.perform(**(given and arguments(blurbs, **given)))
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
