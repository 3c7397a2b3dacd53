"""A bot and its workers on one job queue, for tests of what becomes of their jobs."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bots.digests.blurbs import BlurbService
from bots.domain.queues import SUMMARIES
from bots.ports import JobOutcome, Unobserved
from bots.scheduling.job_queue import JobQueue
from bots.scheduling.job_worker import JobWorker
from bots.scheduling.summary_jobs import Patience, SummaryJobs
from bots.scheduling.worker_signs import WorkerSigns
from bots.store.memory import MemoryStore
from bots.testing.clock import HandClock
from summarizer import Abstract, Blurb, Style
from tests.support.factories import a_paper
from tests.support.workers import QUICK, Executor

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
        jobs = SummaryJobs(queue=self.queue, signs=self.signs, patience=patience, observer=self.observed)
        await self._stack.enter_async_context(jobs.running())
        async with asyncio.timeout(30):
            await jobs._listening.wait()
        return BlurbService(summarizer=self.engine, cache=MemoryStore(), clock=HandClock(), elsewhere=jobs)

    def far_blurbs(self) -> BlurbService:
        """Return the blurbs of a worker."""
        return BlurbService(summarizer=self.far, cache=MemoryStore(), clock=HandClock())

    async def worker(self, *queues: str, execute: Any = None, concurrency: int = 8) -> None:
        """Start a worker, and return when it has shown itself."""
        worker = self.idle_worker(execute=execute, concurrency=concurrency)
        await self._stack.enter_async_context(worker.running(queues or None))
        await until(lambda: self.signs.is_served(queues[0] if queues else SUMMARIES))

    def idle_worker(self, *, execute: Any = None, concurrency: int = 8, stalled: float = 30.0) -> JobWorker:
        """Return a worker that is not started, and takes others for dead after some seconds of silence."""
        return JobWorker(
            self.queue,
            store=MemoryStore(),
            executor=Executor(execute),  # type: ignore[arg-type]  # it has what a worker calls
            clock=HandClock(),
            blurbs=self.far_blurbs(),
            concurrency=concurrency,
            rhythm=replace(QUICK, quiet=stalled, stalled=stalled),
            observer=self.observed,
        )

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


def returning(instant: datetime) -> Callable[[], Awaitable[datetime]]:
    """Return what tells an instant as the time of the server."""

    async def now() -> datetime:
        return instant

    return now


async def is_in(expected: object, found: Collection[object]) -> bool:
    return expected in found


def arguments(blurbs: BlurbService, **more: Any) -> dict[str, Any]:
    """Return the arguments of a job, as they are in the table."""
    abstract = Abstract(text=PAPER.abstract, title=PAPER.title, dollar_math=PAPER.dollar_math)
    said = {"text": abstract.text, "title": abstract.title, "dollar_math": abstract.dollar_math}
    return {"form": 1, "key": blurbs.key(abstract, SHORT), **said, "style": "short", **more}
