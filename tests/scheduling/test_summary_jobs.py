"""Blurbs that workers make: a person has an answer whatever becomes of the worker, and no private text is a job."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from procrastinate import App

from bots.chat.asker import asking
from bots.chat.turns import Shares
from bots.digests.blurbs import BlurbService
from bots.domain.channels import Channel, Reader
from bots.domain.queues import DIGESTS, INDEXING, SUMMARIES, QueueState
from bots.domain.requests import Summarize
from bots.ports import JobOutcome, Unobserved
from bots.scheduling.job_queue import JobQueue
from bots.scheduling.job_worker import JobWorker
from bots.scheduling.summary_jobs import Patience, SummaryJobs
from bots.scheduling.summary_work import SummaryWork
from bots.scheduling.worker_signs import WorkerSigns
from bots.store.memory import MemoryStore
from bots.testing.clock import HandClock
from bots.usecases.condensing import Condensing
from bots.usecases.quotas import Quotas
from summarizer import Abstract, Blurb, EngineDown, Style, TextTooShort
from tests.store.stores import needs_postgres
from tests.support.factories import a_paper
from tests.support.workers import QUICK, Executor, a_queue

pytestmark = needs_postgres
#: A loaded machine may take seconds over what takes milliseconds; a test that does without a worker says so.
PATIENT = Patience(begin=30.0, silence=30.0, known=0.0)
HURRIED = Patience(begin=0.2, silence=0.2, known=0.0, doubt=60.0)
PAPER = a_paper()
SHORT = Style.SHORT


@dataclass(kw_only=True)
class Engine:
    """An engine that answers at once, waits for a test, or fails."""

    engine: str = "told"
    model: str = "1"
    error: BaseException | None = None
    asked: list[str] = field(default_factory=list)
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        """Answer at once, unless a test closes the gate."""
        self.gate.set()

    async def summarize(self, abstract: Abstract, style: Style = SHORT) -> Blurb:
        """Return a blurb that names its title, or raise the error."""
        self.asked.append(abstract.title)
        self.begun.set()
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return Blurb(text=f"{style}: {abstract.title}", evidence=(), engine=self.engine, model=self.model)


class Counted(Unobserved):
    """Remembers how jobs ended."""

    def __init__(self) -> None:
        self.ended: list[tuple[str, JobOutcome]] = []

    def job_ended(self, queue: str, outcome: JobOutcome, seconds: float) -> None:
        """Remember it."""
        assert seconds >= 0
        self.ended.append((queue, outcome))


class Scene:
    """A bot and its workers on one job queue; each has a store and an engine of its own."""

    def __init__(self, queue: JobQueue, stack: AsyncExitStack) -> None:
        self.queue = queue
        self.signs = WorkerSigns(queue, stalled=30.0)
        self.engine, self.far = Engine(), Engine()
        self.observed = Counted()
        self._stack = stack

    async def bot(self, patience: Patience = PATIENT) -> BlurbService:
        """Return the blurbs of a bot that listens."""
        jobs = SummaryJobs(queue=self.queue, signs=self.signs, patience=patience)
        await self._stack.enter_async_context(jobs.running())
        async with asyncio.timeout(30):
            await jobs._listening.wait()
        return BlurbService(summarizer=self.engine, cache=MemoryStore(), clock=HandClock(), elsewhere=jobs)

    def far_blurbs(self) -> BlurbService:
        """Return the blurbs of a worker."""
        return BlurbService(summarizer=self.far, cache=MemoryStore(), clock=HandClock())

    async def worker(self, *queues: str, execute: Any = None, concurrency: int = 8) -> JobWorker:
        """Start a worker, and return it when it has shown itself."""
        worker = JobWorker(
            self.queue,
            store=MemoryStore(),
            executor=Executor(execute),  # type: ignore[arg-type]  # it has what a worker calls
            clock=HandClock(),
            blurbs=self.far_blurbs(),
            concurrency=concurrency,
            rhythm=replace(QUICK, stalled=30.0),
            observer=self.observed,
        )
        await self._stack.enter_async_context(worker.running(queues or None))
        await until(lambda: self.signs.is_served(queues[0] if queues else SUMMARIES))
        return worker

    async def jobs(self) -> list[dict[str, Any]]:
        """Return the jobs that are in the table."""
        return await self.queue.rows("SELECT queue_name, status::text, args FROM procrastinate_jobs ORDER BY id")

    async def emptied(self) -> None:
        """Wait until no job is left."""

        async def is_empty() -> bool:
            return not await self.jobs()

        await until(is_empty)


async def until(holds: Callable[[], Awaitable[object]]) -> None:
    """Wait until an asynchronous condition holds, for at most 30 seconds."""
    async with asyncio.timeout(30):
        while not await holds():  # noqa: ASYNC110 - a server can set no event of ours
            await asyncio.sleep(0.01)


async def _is_in(expected: object, found: Collection[object]) -> bool:
    return expected in found


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    """A job queue without a bot and without a worker."""
    async with a_queue(tmp_path) as queue, AsyncExitStack() as stack:
        yield Scene(queue, stack)


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
    """A form of arguments that it does not know is handed back at once."""
    monkeypatch.setattr("bots.scheduling.summary_jobs.FORM", 2)
    bot = await scene.bot()
    await scene.worker()
    async with asyncio.timeout(25):
        assert (await bot.entry(PAPER, SHORT)).blurb
    assert ([PAPER.title], []) == (scene.engine.asked, scene.far.asked)
    assert [(SUMMARIES, JobOutcome.HANDED_BACK)] == scene.observed.ended


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


async def test_what_failed_is_not_kept(scene: Scene) -> None:
    """A job that some other worker failed is deleted after an hour; that of a run stays for the operator."""
    for queue in (SUMMARIES, DIGESTS):
        await scene.queue.put("a task of another version", {}, queue=queue)
    await scene.queue.execute("UPDATE procrastinate_jobs SET status = 'doing'")
    await scene.queue.execute("UPDATE procrastinate_jobs SET status = 'failed'")
    await scene.queue.execute("UPDATE procrastinate_events SET at = at - interval '2 hours'")
    worker = await scene.worker(INDEXING, SUMMARIES)
    await worker.rescue()
    assert [DIGESTS] == [job["queue_name"] for job in await scene.jobs()]


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
    work = SummaryWork(queue=scene.queue, blurbs=blurbs, clock=HandClock())
    asked = asyncio.create_task(work.perform(**arguments(blurbs, ask="somebody", reply="nowhere")))
    while len(scene.far.asked) < 8 or blurbs.turns.waiting < 13:  # noqa: ASYNC110 - the queue has no event of ours
        await asyncio.sleep(0)
    scene.far.gate.set()
    await asyncio.gather(*batch, asked)
    assert 8 == scene.far.asked.index(title)


def arguments(blurbs: BlurbService, **more: Any) -> dict[str, Any]:
    """Return the arguments of a job, as they are in the table."""
    abstract = Abstract(text=PAPER.abstract, title=PAPER.title, dollar_math=PAPER.dollar_math)
    said = {"text": abstract.text, "title": abstract.title, "dollar_math": abstract.dollar_math}
    return {"form": 1, "key": blurbs.key(abstract, SHORT), **said, "style": "short", **more}


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


# ── work that nobody waits for ───────────────────────────────────────────────────────────────────────────────────────


async def test_a_paper_is_condensed_ahead_once(scene: Scene) -> None:
    """A paper that waits already is not queued twice; a private one, and a blurb that is there, are not queued."""
    bot = await scene.bot()
    assert [True, True] == [await bot.ahead(PAPER, SHORT) for _ in range(2)]
    assert not await bot.ahead(replace(PAPER, private=True), SHORT)
    assert [INDEXING] == [job["queue_name"] for job in await scene.jobs()]
    await scene.worker(INDEXING, SUMMARIES)
    await until(lambda: _is_in((INDEXING, JobOutcome.DONE), scene.observed.ended))
    await bot.entry(PAPER, SHORT)
    assert not await bot.ahead(PAPER, SHORT)
    assert ([], [PAPER.title]) == (scene.engine.asked, scene.far.asked)


async def test_what_nobody_waits_for_is_tried_again_later(scene: Scene) -> None:
    """A server that is down is asked again after a minute, then after five, and three times at the most."""
    scene.far.error = EngineDown("The server is away.")
    blurbs, clock = scene.far_blurbs(), HandClock()
    work = SummaryWork(queue=scene.queue, blurbs=blurbs, clock=clock)
    waits = []
    for failures in range(4):
        await work.perform(**arguments(blurbs, failures=failures))
        rows = await scene.queue.rows("DELETE FROM procrastinate_jobs RETURNING scheduled_at, args")
        waits += [(row["scheduled_at"] - clock()).total_seconds() / 60 for row in rows]
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
    worker = await scene.worker(DIGESTS)
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
