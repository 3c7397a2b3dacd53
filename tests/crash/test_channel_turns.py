"""Two processes never choose the same paper for one channel, and one that dies while it chooses holds nobody up."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bots.domain.harvests import Harvest
from bots.domain.papers import PaperId
from bots.domain.runs import RunState
from bots.ports import SourceQuery
from bots.store.sql import SqlStore, open_store
from tests.store.programs import ended, program
from tests.store.stores import WITH_TABLES, address
from tests.support.doubles import Bench, ToldSource, a_bench
from tests.support.factories import CHANNEL, a_paper
from tests.support.scenes import opened

_PAPERS = tuple(
    a_paper(id=PaperId.arxiv(f"2401.{number:05}"), title=f"Paper {number}", aliases=frozenset()) for number in range(12)
)


class Slow(ToldSource):
    """A source that answers when two processes have asked it, or when nobody else asked for a while."""

    async def recent(self, ask: SourceQuery) -> Harvest:
        """Wait for the other process."""
        found = await super().recent(ask)
        for _ in range(50):
            if len(self.asks) > 1:
                break
            await asyncio.sleep(0.01)
        return found


def in_real_time(bench: Bench) -> Bench:
    """Let a program wait for the other in real time, for a clock that is turned loses patience."""
    return replace(bench, executor=replace(bench.executor, sleep=lambda seconds: asyncio.sleep(seconds / 20)))


@asynccontextmanager
async def two_processes(place: str) -> AsyncIterator[tuple[Bench, Bench]]:
    """Yield two programs that share a database and a source, and nothing else."""
    source = Slow(papers=_PAPERS)
    async with AsyncExitStack() as stack:
        stores = [await stack.enter_async_context(open_store(place)) for _ in range(2)]
        one, two = [in_real_time(await stack.enter_async_context(a_bench(store, told=source))) for store in stores]
        yield one, two


async def due_in_one_channel(bench: Bench) -> list[str]:
    """Store two subscriptions of one channel, due at the same time, and open their runs; return the keys."""
    return [await opened(bench, id=name, limit=4) for name in ("one", "two")]


async def papers_of(bench: Bench) -> list[PaperId]:
    """Return the papers of all parts, in order."""
    return [paper for part in await bench.store.deliveries() for paper in part.part.paper_ids]


@pytest.mark.parametrize("kind", WITH_TABLES)
async def test_two_processes_choose_different_papers(kind: str, tmp_path: Path) -> None:
    """Two digests of a channel that two processes make at the same time have no paper in common."""
    with address(kind, tmp_path) as place:
        async with two_processes(place) as (one, two):
            first, second = await due_in_one_channel(one)
            await asyncio.gather(one.executor.execute(first), two.executor.execute(second))
            runs = await one.store.runs()
            assert {RunState.DONE} == {run.state for run in runs}, [run.note for run in runs]
            chosen = await papers_of(one)
    assert 8 == len(chosen) == len(set(chosen))


KILLED = """
from tests.support.factories import CHANNEL
from datetime import datetime, timedelta, UTC
async def main():
    async with open_store(sys.argv[1]) as store:
        now = datetime.fromisoformat(sys.argv[3])
        assert await store.claim(sys.argv[2], now=now, until=now + timedelta(minutes=6))
        assert await store.reserve(sys.argv[2], CHANNEL, now=now)
        os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(main())
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
@pytest.mark.parametrize("kind", WITH_TABLES)
async def test_a_process_killed_while_it_chooses(kind: str, tmp_path: Path) -> None:
    """Its channel is free again when its claim is over: at once on its machine, after six minutes on a server."""
    with address(kind, tmp_path) as place:
        async with two_processes(place) as (one, _two):
            first, second = await due_in_one_channel(one)
            now = one.clock().isoformat()
            assert (-signal.SIGKILL, "") == await asyncio.to_thread(lambda: ended(program(KILLED, place, first, now)))
            assert isinstance(one.store, SqlStore)
            if kind == "sqlite":
                assert not await one.store.reserve(second, CHANNEL, now=one.clock())
                assert (first,) == await one.store.take_over()
            else:
                one.clock.turn(minutes=7)
            for key in (second, first):
                await one.executor.execute(key)
            chosen = await papers_of(one)
    assert 8 == len(chosen) == len(set(chosen))
