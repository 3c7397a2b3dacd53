"""Blurbs that workers make: a person has an answer whatever becomes of the worker, and no private text is a job."""

import asyncio
from dataclasses import replace

import pytest
from procrastinate import App

from bots.chat.asker import asking
from bots.chat.turns import Shares
from bots.domain.channels import Channel, Reader
from bots.domain.queues import DIGESTS, SUMMARIES
from bots.domain.requests import Summarize
from bots.ports import JobOutcome
from bots.scheduling.summary_jobs import Patience
from bots.scheduling.summary_work import SummaryWork
from bots.store.memory import MemoryStore
from bots.testing.clock import HandClock
from bots.usecases.condensing import Condensing
from bots.usecases.quotas import Quotas
from summarizer import TextTooShort
from tests.store.stores import needs_postgres
from tests.support.queue_scenes import HURRIED, PAPER, SHORT, Scene, arguments, until

pytestmark = needs_postgres


async def test_a_worker_makes_the_blurb(scene: Scene) -> None:
    """The bot's engine is not touched, the bot counts no use of it, and nothing is left in the table."""
    bot = await scene.bot()
    await scene.worker()
    entry = await bot.entry(PAPER, SHORT)
    assert entry.blurb
    assert f"short: {PAPER.title}" == entry.blurb.text
    assert ([], [PAPER.title]) == (scene.engine.asked, scene.far.asked)
    await scene.emptied()
    assert [(SUMMARIES, JobOutcome.DONE)] == scene.observed.ended


async def test_what_takes_little_is_not_handed_over(scene: Scene) -> None:
    """Once a worker needed next to nothing, the bot makes single blurbs itself, and leaves others to workers."""
    bot = await scene.bot()
    await scene.worker()
    await bot.entry(replace(PAPER, title="first"), SHORT)
    await bot.entry(replace(PAPER, title="second"), SHORT)
    assert (["second"], ["first"]) == (scene.engine.asked, scene.far.asked)
    scene.engine.gate.clear()
    held = [asyncio.create_task(bot.entry(replace(PAPER, title=title), SHORT)) for title in ("third", "fourth")]
    while bot.turns.taken < 2:  # noqa: ASYNC110 - the queue has no event of ours
        await asyncio.sleep(0)
    assert (await bot.entry(replace(PAPER, title="fifth"), SHORT)).blurb
    assert ["first", "fifth"] == scene.far.asked
    scene.engine.gate.set()
    await asyncio.gather(*held)


async def test_what_takes_long_is_handed_over(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The blurbs of a slow engine leave the process that answers people, each of them."""
    monkeypatch.setattr("bots.scheduling.summary_jobs._LITTLE", 0.0)
    bot = await scene.bot()
    await scene.worker()
    for title in ("first", "second"):
        await bot.entry(replace(PAPER, title=title), SHORT)
    assert ([], ["first", "second"]) == (scene.engine.asked, scene.far.asked)


async def test_a_job_names_no_person_and_no_place(scene: Scene) -> None:
    """Who reads the table learns which published paper is condensed, and not for whom: no workspaces can be mixed."""
    bot = await scene.bot()
    await scene.signs.announce("a worker that takes nothing", {SUMMARIES: 1})
    with asking(Reader(platform="slack", workspace="T0SECRET", user="U0SECRET")):
        asked = asyncio.create_task(bot.entry(PAPER, SHORT))
    await until(scene.jobs)
    jobs = await scene.jobs()
    asked.cancel()
    assert {"form", "key", "text", "title", "dollar_math", "style", "ask", "reply"} == set(jobs[0]["args"])
    assert "SECRET" not in str(jobs)


async def test_without_a_worker_the_bot_does_it_at_once(scene: Scene) -> None:
    """No job is deferred, and nobody is waited for: the bot would wait half a minute for one to begin."""
    bot = await scene.bot()
    await scene.worker(DIGESTS)
    async with asyncio.timeout(25):
        assert (await bot.entry(PAPER, SHORT)).blurb
    assert ([PAPER.title], [], []) == (scene.engine.asked, scene.far.asked, await scene.jobs())


async def test_a_worker_that_does_not_begin_is_not_waited_for(scene: Scene) -> None:
    """The bot takes its job back and does the work, and for a while it does not ask again."""
    bot = await scene.bot(HURRIED)
    await scene.signs.announce("a worker that was killed a moment ago", {SUMMARIES: 1})
    for title in ("one", "two"):
        assert (await bot.entry(replace(PAPER, title=title), SHORT)).blurb
    assert ["one", "two"] == scene.engine.asked
    assert [] == await scene.jobs()
    assert [(SUMMARIES, JobOutcome.TAKEN_BACK)] == scene.observed.ended
    (made,) = await scene.queue.rows("SELECT last_value AS jobs FROM procrastinate_jobs_id_seq")
    assert 1 == made["jobs"]


async def test_a_worker_that_falls_silent_is_not_waited_for(scene: Scene) -> None:
    """A job that is under way without a sign of life is left, and the bot does the work itself."""
    bot = await scene.bot(HURRIED)
    scene.far.gate.clear()
    await scene.worker()
    async with asyncio.timeout(25):
        assert (await bot.entry(PAPER, SHORT)).blurb
    assert [PAPER.title] == scene.engine.asked
    scene.far.gate.set()


async def test_signs_of_life_keep_the_bot_waiting(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that takes longer than the bot's patience but shows that it is alive is waited for."""
    monkeypatch.setattr("bots.scheduling.summary_work._ALIVE", 0.05)
    bot = await scene.bot(Patience(begin=0.3, silence=30.0, known=0.0))
    scene.far.gate.clear()
    await scene.worker()
    asked = asyncio.create_task(bot.entry(PAPER, SHORT))
    async with asyncio.timeout(30):
        await scene.far.begun.wait()
        await asyncio.sleep(0.6)  # twice the patience until a worker begins
    assert not asked.done()
    scene.far.gate.set()
    assert (await asked).blurb
    assert [] == scene.engine.asked


async def test_an_engine_that_refuses_gives_its_own_words(scene: Scene) -> None:
    """The person is told what the engine said, in the same words as without workers, and it is tried once."""
    scene.far.error = TextTooShort(words=3, needed=20)
    bot = await scene.bot()
    await scene.worker()
    entry = await bot.entry(PAPER, SHORT)
    assert (None, "The abstract has 3 words; a blurb needs at least 20.") == (entry.blurb, str(entry.trouble))
    await scene.emptied()
    assert ([], 1) == (scene.engine.asked, len(scene.far.asked))


async def test_a_poisoned_job_comes_once(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    """An engine that crashes costs one blurb: the person has the abstract's first sentence, and it is not repeated."""
    scene.far.error = ZeroDivisionError("poison")
    bot = await scene.bot()
    await scene.worker()
    entry = await bot.entry(PAPER, SHORT)
    assert (None, "the summarizer failed on this abstract.") == (entry.blurb, str(entry.trouble))
    assert entry.fallback
    await scene.emptied()
    assert ([], 1) == (scene.engine.asked, len(scene.far.asked))
    assert [(SUMMARIES, JobOutcome.FAILED)] == scene.observed.ended
    scene.far.error = None
    assert (await bot.entry(replace(PAPER, title="the next one"), SHORT)).blurb
    assert "poison" in caplog.text


async def test_a_worker_with_another_engine_leaves_the_job(scene: Scene) -> None:
    """A blurb of another model is not taken for ours."""
    scene.far.model = "2"
    bot = await scene.bot()
    await scene.worker()
    entry = await bot.entry(PAPER, SHORT)
    assert entry.blurb
    assert ("1", []) == (entry.blurb.model, scene.far.asked)
    await scene.emptied()


async def test_a_worker_of_another_version_leaves_the_job(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """It does not touch a form of arguments that it does not know, and the person has the blurb all the same."""
    monkeypatch.setattr("bots.scheduling.summary_jobs.FORM", 2)
    bot = await scene.bot(HURRIED)
    await scene.worker()
    async with asyncio.timeout(25):
        assert (await bot.entry(PAPER, SHORT)).blurb
    assert ([PAPER.title], []) == (scene.engine.asked, scene.far.asked)
    assert [] == await scene.jobs()
    assert [(SUMMARIES, JobOutcome.TAKEN_BACK)] == scene.observed.ended


async def test_a_worker_that_does_not_know_the_job(scene: Scene) -> None:
    """An older worker that takes every queue fails the job, which the bot notices by itself."""
    bot = await scene.bot(Patience(begin=0.5, silence=30.0, known=0.0))
    await scene.signs.announce("one that knows it", {SUMMARIES: 1})
    old = App(connector=scene.queue.app.connector)
    working = asyncio.create_task(old.run_worker_async(install_signal_handlers=False, delete_jobs="successful"))
    async with asyncio.timeout(25):
        assert (await bot.entry(PAPER, SHORT)).blurb
    assert [PAPER.title] == scene.engine.asked
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)


async def test_digests_leave_a_persons_blurb_its_slots(scene: Scene) -> None:
    """While a worker is full of digests, and more are due, it makes the blurb that a person waits for."""
    bot = await scene.bot()
    begun, gate = asyncio.Event(), asyncio.Event()

    async def execute(_key: str) -> None:
        begun.set()
        await gate.wait()

    for number in range(20):
        await scene.queue.defer(f"s{number}@2026-11-30T09:00")
    await scene.worker(execute=execute, concurrency=2)
    await asyncio.wait_for(begun.wait(), 30)
    entry = await bot.entry(PAPER, SHORT)
    assert entry.blurb
    assert [PAPER.title] == scene.far.asked
    digests = next(each for each in await scene.signs.states() if each.name == DIGESTS)
    assert (2, 18, 1) == (digests.running, digests.waiting, digests.workers)
    gate.set()


async def test_a_person_comes_before_digests_at_the_engine(scene: Scene) -> None:
    """Of the blurbs that wait for the engine's next turn, the person's is first."""
    blurbs, title = scene.far_blurbs(), PAPER.title
    scene.far.gate.clear()
    batch = [asyncio.create_task(blurbs.entry(replace(PAPER, title=f"b{number}"), SHORT)) for number in range(20)]
    await asyncio.sleep(0)
    work = SummaryWork(queue=scene.queue, blurbs=blurbs)
    asked = asyncio.create_task(work.perform(**arguments(blurbs, ask="somebody", reply="nowhere")))
    while len(scene.far.asked) < 8 or blurbs.turns.waiting < 13:  # noqa: ASYNC110 - the queue has no event of ours
        await asyncio.sleep(0)
    scene.far.gate.set()
    await asyncio.gather(*batch, asked)
    assert 8 == scene.far.asked.index(title)


# ── what never becomes a job ─────────────────────────────────────────────────────────────────────────────────────────


async def test_no_private_text_is_ever_in_the_table(scene: Scene) -> None:
    """A pasted abstract and a paper of a private source are condensed by the bot, whoever could do it."""
    bot = await scene.bot()
    await scene.worker()
    await scene.queue.execute("CREATE TABLE ever_seen (args text)")
    await scene.queue.execute(
        "CREATE FUNCTION remembers() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN INSERT INTO ever_seen VALUES (NEW.args::text); RETURN NEW; END $$"
    )
    await scene.queue.execute(
        "CREATE TRIGGER remembers BEFORE INSERT ON procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION remembers()"
    )
    store = MemoryStore()
    quotas = Quotas(counters=store, clock=HandClock(), plans=store)
    channel = Channel(platform="slack", workspace="T1", channel="C1")
    pasted = Summarize(channel=channel, user="U1", text=PAPER.abstract, title="", style=SHORT)
    await Condensing(blurbs=bot, pastes=Shares(2), quotas=quotas).condense(pasted)
    assert (await bot.entry(replace(PAPER, title="of a file", private=True), SHORT)).blurb
    assert [] == await scene.queue.rows("SELECT args FROM ever_seen")
    assert (["", "of a file"], []) == (scene.engine.asked, scene.far.asked)
    await bot.entry(PAPER, SHORT)
    assert 1 == len(await scene.queue.rows("SELECT args FROM ever_seen"))
