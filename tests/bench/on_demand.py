"""How long a person waits for a paper's blurb while digests are due or papers are indexed, on Postgres with workers.

The bot is this process; two workers are processes of their own, as `paperwire worker` starts them: one for what people
wait for, one for the rest. A person looks a stored paper up every quarter of a second, each time another one, so that
each card needs a blurb. Beside it there is nothing, or 500 digests of a file whose papers are private, so that each
blurb is made anew, or 10,000 papers to index and to embed. The peer is the same with two workers that serve the digests
alone: the bot condenses and indexes itself.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date
from io import StringIO
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Any

from bots.bootstrap.app import App, open_app
from bots.bootstrap.databases import filling
from bots.config.settings import read_settings
from bots.domain.channels import Channel
from bots.domain.papers import Paper, PaperId
from bots.domain.queues import DIGESTS, INDEXING, SUMMARIES
from bots.domain.replies import Card
from bots.domain.requests import Lookup
from bots.ports import SourceQuery
from bots.scheduling.worker_signs import WorkerSigns
from bots.sources.sample import SampleDay
from tests.bench.rows import Row
from tests.conftest import ROOT
from tests.crash.scenes import a_due_subscription
from tests.support import postgres

_ASKS = int(os.environ.get("PAPERWIRE_BENCH_ASKS", "60"))
_DIGESTS = int(os.environ.get("PAPERWIRE_BENCH_DIGESTS", "500"))
_INDEXED = int(os.environ.get("PAPERWIRE_BENCH_INDEXED", "10000"))
#: Seconds between two requests of the person.
_EVERY = 0.25
_DAY = date(2026, 11, 30)
#: Papers of the file that digests are made of, and the characters of an abstract that is worth a blurb.
_LISTED, _LONG = 60, 500
_HERE = Channel(platform="console", channel="terminal")


@dataclass(frozen=True, kw_only=True, slots=True)
class Waits:
    """How long the person waited, in milliseconds."""

    all: tuple[float, ...]

    @property
    def figures(self) -> dict[str, float]:
        """The median, the slowest of twenty, and the slowest."""
        cut = quantiles(self.all, n=20, method="inclusive")
        return {"p50": cut[9], "p95": cut[18], "max": max(self.all)}


def measure(_data: Path) -> Iterator[Row]:
    """Yield the waits beside each kind of batch, with workers for every queue and with workers for digests alone."""
    for what, batch in (("idle", _nothing), (f"{_DIGESTS} digests", _digests), (f"index of {_INDEXED}", _indexing)):
        ours, theirs = (asyncio.run(_waits(workers, batch)).figures for workers in (_OURS, _THEIRS))
        for name in ours:
            yield Row(
                what=f"{what}: {name}", ours=ours[name], unit="ms", peer="the bot does it itself", theirs=theirs[name]
            )


Batch = Callable[[App, Path], Coroutine[Any, Any, None]]


#: The queues of each worker.
_Workers = Sequence[Sequence[str]]
_OURS: _Workers = ((SUMMARIES,), (DIGESTS, INDEXING))
_THEIRS: _Workers = ((DIGESTS,), (DIGESTS,))


async def _waits(workers: _Workers, batch: Batch) -> Waits:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        database = stack.enter_context(postgres.database()).render_as_string(hide_password=False)
        environ = {"PAPERWIRE_SCHEDULE_WORKERS": "yes", "PAPERWIRE_DATABASE": database}
        settings = read_settings(environ)
        application = await stack.enter_async_context(open_app(settings, screen=StringIO(), libraries=(), serving=True))
        await application.service.digest_builder.blurbs.prepare()
        await _stored(application, folder)
        for queues in workers:
            await stack.enter_async_context(_worker(environ, queues))
        await _until(lambda: _served(application, sum(map(len, workers))))
        beside = asyncio.create_task(batch(application, folder))
        await asyncio.sleep(1.0)
        waits = [await _ask(application, number) for number in range(_ASKS)]
        if beside.done():
            beside.result()
        beside.cancel()
        with suppress(asyncio.CancelledError):
            await beside
        return Waits(all=tuple(waits))


@asynccontextmanager
async def _worker(environ: dict[str, str], queues: Sequence[str]) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bots", "worker", "--queues", ",".join(queues), cwd=ROOT, env={**os.environ, **environ},
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield
    finally:
        process.terminate()
        await process.wait()


async def _served(application: App, queues: int) -> bool:
    assert application.queue
    states = await WorkerSigns(application.queue).states()
    return queues == sum(each.workers for each in states)


async def _until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(120):
        while not await holds():  # noqa: ASYNC110 - other processes can set no event of ours
            await asyncio.sleep(0.1)


async def _ask(application: App, number: int) -> float:
    """Return the milliseconds until the person has the card of a paper."""
    await asyncio.sleep(_EVERY)
    began = time.perf_counter()
    reply = await application.service.answer(Lookup(channel=_HERE, user="somebody", text=f"arxiv:2101.{number:05}"))
    assert isinstance(reply, Card), reply
    return 1000 * (time.perf_counter() - began)


# ── what is in the database ──────────────────────────────────────────────────────────────────────────────────────────


async def _stored(application: App, folder: Path) -> None:
    """Store the papers that the person asks for, and write the file that digests are made of."""
    asked = await _papers(_ASKS, "2101")
    await application.store.remember(asked, source="arxiv", day=_DAY, place=_HERE)
    index = application.service.search_index
    await index.ready()
    while await index.index_some():
        pass
    rows = [
        {"title": each.title, "abstract": each.abstract, "authors": ["A. Author"], "url": each.url}
        for each in await _papers(_LISTED, "2102")
    ]
    (folder / "papers.json").write_text(json.dumps(rows), encoding="utf-8")


async def _papers(number: int, month: str) -> list[Paper]:
    """Return papers whose abstracts are real ones with another first sentence, so that each blurb is made."""
    day = await SampleDay().recent(SourceQuery(day=_DAY))
    real = [paper for paper in day.papers if len(paper.abstract) > _LONG]
    return [
        replace(
            real[one % len(real)],
            id=PaperId(scheme="arxiv", value=f"{month}.{one:05}"),
            aliases=frozenset(),
            title=f"{real[one % len(real)].title} {month} {one}",
            abstract=f"We study case {month}{one} of a family of problems. {real[one % len(real)].abstract}",
            url=f"https://arxiv.org/abs/{month}.{one:05}",
        )
        for one in range(number)
    ]


# ── what goes on beside the person ───────────────────────────────────────────────────────────────────────────────────


async def _nothing(_application: App, _folder: Path) -> None:
    """Do nothing."""


async def _digests(application: App, folder: Path) -> None:
    """Have digests made and posted to the terminals of the workers."""
    for number in range(_DIGESTS):
        subscription = replace(
            a_due_subscription(f"d{number}", "", papers=5),
            channel=Channel(platform="console", channel=f"c{number}"),
            sources=(f"file:{folder / 'papers.json'}",),
        )
        await application.store.keep_subscription(subscription)
    async with application.scheduler().running():
        await asyncio.sleep(3600)


async def _indexing(application: App, _folder: Path) -> None:
    """Have papers indexed without a pause; without workers for it, the bot does it."""
    for month in range(_INDEXED // 1000):
        papers = await _papers(1000, f"20{month + 10}")
        await application.store.remember(papers, source="arxiv", day=_DAY, place=_HERE)
    fill = filling(application.queue, application.service.search_index)
    while True:
        done = await fill()
        await asyncio.sleep(0 if done else 1)
