"""The size of the database after one and two years of 28 subscriptions, with and without what its retention deletes."""

import asyncio
import shutil
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bots.domain.channels import Channel
from bots.domain.digests import Part
from bots.domain.papers import Paper, PaperId
from bots.domain.retention import Retention
from bots.domain.runs import Delivery, RunState, delivery_key
from bots.domain.slots import Slot
from bots.scheduling.housekeeping import BATCH
from bots.store.operations import Place, compact, size
from bots.store.sql import SqlStore, open_store
from tests.bench.rows import Row
from tests.store.stores import a_run
from tests.support.factories import DAY, NOW, a_blurb, a_paper, a_subscription

_SUBSCRIPTIONS = 28
#: Papers that the sources of these subscriptions list on a day, each with an abstract of 1,200 characters.
_LISTED = 200
#: Papers of a digest, and bytes of its message: five entries with a title, a blurb and buttons.
_CHOSEN, _MESSAGE = 5, 9_000
_YEAR = 365
_MIB = 1024 * 1024
_WORDS = "the model learns a sparse attention over long contexts and is evaluated on nine tasks with strong results "


def measure(_data: Path) -> Iterator[Row]:
    """Yield MiB after a year and after two, with nothing deleted and with what is deleted by default."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "years.sqlite3"
        yield from asyncio.run(_sizes(file))


async def _sizes(file: Path) -> list[Row]:
    rows = []
    for years in (1, 2):
        async with open_store(file) as store:
            await _live(store, (years - 1) * _YEAR, years * _YEAR)
        pruned = file.with_suffix(f".{years}")
        shutil.copy(file, pruned)
        longest, seconds = await _pruned(pruned, years * _YEAR)
        compact(Place.of(pruned))
        ours, theirs = (size(Place.of(each)) / _MIB for each in (pruned, file))
        said = f"size after {years} year(s), pruned"
        rows.append(Row(what=said, ours=ours, unit="MiB", peer="with everything kept", theirs=theirs))
        rows.append(Row(what="the longest batch", ours=longest, unit="ms", peer="all, s", theirs=seconds))
    return rows


async def _pruned(file: Path, day: int) -> tuple[float, float]:
    """Prune as the schedule does; return the milliseconds of the longest batch and the seconds of all."""
    longest = total = 0.0
    async with open_store(file) as store:
        while True:
            started = time.perf_counter()
            batch = await store.prune(Retention(), now=NOW + timedelta(days=day), most=BATCH)
            took = time.perf_counter() - started
            longest, total = max(longest, took), total + took
            if not batch.rows:
                return longest * 1000, total


async def _live(store: SqlStore, first: int, last: int) -> None:
    channels = [
        Channel(platform="slack", workspace=f"T{each % 7}", channel=f"C{each}") for each in range(_SUBSCRIPTIONS)
    ]
    for place, channel in enumerate(channels):
        await store.keep_subscription(a_subscription(id=f"s{place}", channel=channel))
    for day in range(first, last):
        papers = [_paper(day, number) for number in range(_LISTED)]
        await store.remember(papers, source="arxiv:cs.CL", day=DAY + timedelta(days=day))
        for place, channel in enumerate(channels):
            start = place * 7 % (_LISTED - _CHOSEN)
            await _post(store, day, f"s{place}", channel, papers[start : start + _CHOSEN])
        await store.expire(now=NOW + timedelta(days=day))
        if day % 50 == 0:
            sys.stderr.write(f"day {day}\n")


def _paper(day: int, number: int) -> Paper:
    name = f"{day:04}.{number:05}"
    doi = PaperId(scheme="doi", value=f"10.48550/{name}")
    return replace(
        a_paper(id=PaperId.arxiv(name), title=f"Paper {name} on sparse attention", abstract=(_WORDS * 12)[:1200]),
        aliases=frozenset({doi} if number % 3 == 0 else ()),
        published=NOW + timedelta(days=day),
    )


async def _post(store: SqlStore, day: int, name: str, channel: Channel, papers: list[Paper]) -> None:
    now = NOW + timedelta(days=day)
    run = a_run(name, Slot(day=now.date(), time=now.time()), created=now)
    await store.open_run(run)
    ids = tuple(paper.id for paper in papers)
    part = Part(channel=channel, number=1, total=1, payload={"text": "x" * _MESSAGE}, paper_ids=ids)
    (planned,) = await store.plan(run.key, [Delivery(key=delivery_key(run.key, part), run_key=run.key, part=part)])
    await store.confirm(planned.key, f"m{day}", now=now)
    await store.move_run(run.key, RunState.DONE, now=now)
    for paper in papers[:2]:
        await store.keep_blurb(f"{paper.id}", a_blurb(), now=now)
