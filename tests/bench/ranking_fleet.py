"""One day of arXiv, 1,000 papers, ranked and condensed for 100 channels with different interests, on this machine.

Every paper is embedded once and every blurb is made once, whatever the number of channels. The aim is 60 s and 350 MB.
"""

import asyncio
import resource
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from bots.digests.blurbs import BlurbService
from bots.digests.builder import DigestBuilder
from bots.digests.source_reader import SourceReader
from bots.digests.vectors import VectorService
from bots.domain.channels import Channel
from bots.domain.harvests import Freshness, Harvest
from bots.domain.papers import Paper, PaperId
from bots.domain.subscriptions import Subscription
from bots.ports import Source, SourceQuery
from bots.store.sql import open_store
from summarizer import EngineSetup, open_chain
from tests.bench.ranking_days import rows_of
from tests.bench.ranking_topics import ALL
from tests.bench.rows import Row

_PAPERS, _CHANNELS = 1000, 100
_DAY = date(2026, 5, 4)
_NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
_SECONDS, _MEGABYTES = 60.0, 350.0


class _Day(Source):
    """A source that lists the same papers to everyone."""

    def __init__(self, papers: tuple[Paper, ...]) -> None:
        self.spec, self._papers = "day", papers

    async def recent(self, ask: SourceQuery) -> Harvest:
        """Return the papers."""
        return Harvest(source=self.spec, papers=self._papers[: ask.limit], state=Freshness.FRESH)


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """What the digests of all channels took."""

    wall: float
    processor: float
    #: Of the whole process, in megabytes.
    peak: float
    #: The mean number of papers shown.
    shown: float


def measure(data: Path) -> Iterator[Row]:
    """Yield wall time and peak memory of the first digests and of those after a restart, beside the aims.

    Each is measured in a process of its own, as a restart is one: two in one process would hold two encoders.
    """
    # As the command line does; the processes inherit it. Imported here, because they would hold the command line, too.
    from bots.__main__ import one_thread_for_arithmetic

    one_thread_for_arithmetic()
    with TemporaryDirectory() as folder:
        for what in ("first", "after a restart"):
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
                taken = alone.submit(_take, Path(folder) / "paperwire.sqlite3", data).result()
            name = f"{_CHANNELS} channels, {_PAPERS} papers, {what}"
            yield Row(what=f"{name}: time", ours=taken.wall, unit="s", peer="aim", theirs=_SECONDS)
            aim = 2 * _SECONDS
            yield Row(what=f"{name}: processor", ours=taken.processor, unit="s", peer="aim, two cores", theirs=aim)
            yield Row(what=f"{name}: papers a digest", ours=taken.shown, unit="", peer="limit", theirs=5.0)
            yield Row(what=f"{name}: peak memory", ours=taken.peak, unit="MB", peer="aim", theirs=_MEGABYTES)


def _take(database: Path, data: Path) -> Taken:
    papers = tuple(islice(_papers(data), _PAPERS))
    started, worked = time.perf_counter(), time.process_time()
    shown = asyncio.run(_digests(database, papers))
    return Taken(
        wall=time.perf_counter() - started,
        processor=time.process_time() - worked,
        peak=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        shown=shown,
    )


def _papers(data: Path) -> Iterator[Paper]:
    for number, row in enumerate(rows_of(data / "data/papers/papers-50k.jsonl.gz")):
        yield Paper(
            id=PaperId.arxiv(f"2605.{number:05}"),
            title=row["title"],
            abstract=row["abstract"],
            authors=tuple(row["authors"]),
            announced=_DAY,
        )


async def _digests(database: Path, papers: tuple[Paper, ...]) -> float:
    """Make the digests of all channels at once; return the mean number of papers shown."""
    source = _Day(papers)
    async with open_store(database) as store:
        chain = open_chain(EngineSetup(clock=lambda: _NOW, random=lambda: 0.5))
        builder = DigestBuilder(
            store=store,
            blurbs=BlurbService(summarizer=chain, cache=store, clock=lambda: _NOW),
            vectors=VectorService(cache=store, clock=lambda: _NOW),
            source_reader=SourceReader(shelf=store, open_source=lambda _: source, clock=lambda: _NOW),
        )
        made = await asyncio.gather(*(builder.digest(each, [_DAY]) for each in _subscriptions()))
        await chain.aclose()
    return sum(len(digest.entries) for digest in made) / len(made)


def _subscriptions() -> Iterator[Subscription]:
    texts = [text for topic in ALL for text in (topic.terms, topic.plain)]
    for number, text in enumerate(texts[:_CHANNELS]):
        channel = Channel(platform="console", workspace="T", channel=str(number))
        plain = Subscription(id=str(number), channel=channel, timezone=ZoneInfo("UTC"))
        yield replace(plain, sources=("day",), interests=text)
