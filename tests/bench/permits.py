"""Permits for one limit of 50 a second that four processes share: what they cost, the rate, and who gets how many.

Compared are a row in Postgres, taken one at a time or a few in each round trip as the product does; the same behind an
advisory lock in a transaction, as most recipes have it; one process that owns the limit and is asked over a socket; and
each process with the whole limit for itself.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from bots.delivery.local_permits import LocalPermits
from bots.ports.permits import Lane, Permits, steady_lane
from bots.ports.rate_limits import Rate
from bots.store._addresses import read_address
from bots.store._permit_line import PermitLine
from bots.store.migrations import upgrade
from bots.store.operations import libpq_address
from bots.store.permits import SharedPermits
from tests.bench.rows import LeftOut, Row
from tests.conftest import ROOT
from tests.support import postgres

_PROCESSES = 4
_SECONDS = 6.0
#: Tasks of each process that want permits at any time.
_TASKS = 12
_RATE = Rate(count=50, seconds=1)
_LANE = steady_lane("bench", "shared", _RATE)
#: Permits of lanes that nobody waits for, for the cost of one.
_COSTED = 400
_KINDS = ("shared", "single", "locked", "owner")

Take = Callable[[Lane], Awaitable[object]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Took:
    """What the processes got."""

    #: When each permit came, in order. Seconds.
    times: Sequence[float]
    #: Permits of the process with the fewest, over those of the one with the most.
    fairness: float
    #: Milliseconds of a permit that nobody else wants.
    cost: float
    #: Round trips to Postgres for each permit; 0 where nobody counts them.
    asks: float
    #: Processor time of all processes per permit. Milliseconds.
    processor: float

    @property
    def rate(self) -> float:
        """Permits per second."""
        return (len(self.times) - 1) / (self.times[-1] - self.times[0])

    @property
    def most(self) -> int:
        """The most permits within any second."""
        first, most = 0, 0
        for last, at in enumerate(self.times):
            while self.times[first] <= at - 1:
                first += 1
            most = max(most, last - first + 1)
        return most


def measure(_data: Path) -> Iterator[Row]:
    """Yield the rate, the most in a second, the fairness and the cost of each kind, next to the limit."""
    if not postgres.IS_THERE:
        raise LeftOut(postgres.WHY_NOT)
    found = {kind: asyncio.run(_raced(kind)) for kind in ("alone", *_KINDS)}
    for kind, took in found.items():
        yield Row(
            what=f"{kind}: permits a second", ours=took.rate, unit="", peer="allowed", theirs=50, more_is_better=True
        )
        yield Row(what="  the most within a second", ours=took.most, unit="", peer="allowed", theirs=50)
        yield Row(
            what="  fewest of a process, of the most", ours=100 * took.fairness, unit="%", peer="even", theirs=100,
            more_is_better=True,
        )  # fmt: skip
        peer = found.get("owner", took)
        yield Row(what="  a permit that nobody else wants", ours=took.cost, unit="ms", peer="owner", theirs=peer.cost)
        yield Row(what="  round trips to Postgres", ours=took.asks, unit="", peer="one for each", theirs=1)
        yield Row(what="  processor time", ours=took.processor, unit="ms", peer="owner", theirs=peer.processor)


async def _raced(kind: str) -> Took:
    with postgres.database() as url:
        address = libpq_address(url.render_as_string(hide_password=False))
        upgrade(read_address(url.render_as_string(hide_password=False)), "The database of a measurement", 5)
        async with _owner() as port:
            place = str(port) if kind == "owner" else address
            processes = [await _process(kind, place) for _ in range(_PROCESSES)]
            told = await _run_together(processes)
    shares = [len(each["times"]) for each in told]
    return Took(
        times=sorted(at for each in told for at in each["times"]),
        fairness=min(shares) / max(shares),
        cost=min(each["cost"] for each in told),
        asks=sum(each["asks"] for each in told) / sum(shares),
        processor=1000 * sum(each["processor"] for each in told) / sum(shares),
    )


async def _process(kind: str, place: str) -> asyncio.subprocess.Process:
    command = (sys.executable, "-m", "tests.bench.permits", kind, place)
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=pipe, stdout=pipe, limit=2**22)


async def _run_together(processes: Sequence[asyncio.subprocess.Process]) -> list[Any]:
    """Wait until every process is ready, let them begin at one instant, and return what each printed."""
    for process in processes:
        assert process.stdout is not None
        await process.stdout.readline()
    start = f"{time.monotonic() + 1}".encode()
    return [json.loads(said) for said, _ in await asyncio.gather(*(each.communicate(start) for each in processes))]


async def _take_for_a_while(kind: str, place: str) -> None:
    """Take permits until the time is over, and print when each came."""
    async with _KIND[kind](place) as take:
        began = time.perf_counter()
        for number in range(_COSTED):
            await take(Lane(kind="bench", name=f"{os.getpid()} {number}", gap=0.001))
        cost = 1000 * (time.perf_counter() - began) / _COSTED
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        start = float(await asyncio.to_thread(sys.stdin.readline))
        await asyncio.sleep(start - time.monotonic())
        used, times, asked = time.process_time(), list[float](), _asked(take)

        async def want() -> None:
            while time.monotonic() < start + _SECONDS:
                await take(_LANE)
                times.append(time.monotonic())

        await asyncio.gather(*(want() for _ in range(_TASKS)))
        told = {"times": times, "cost": cost, "processor": time.process_time() - used, "asks": _asked(take) - asked}
        sys.stdout.write(json.dumps(told))


def _asked(take: Take) -> int:
    permits = getattr(take, "__self__", None)
    return permits._line.asked if isinstance(permits, SharedPermits) else 0


# ── the kinds ────────────────────────────────────────────────────────────────────────────────────────────────────────


@asynccontextmanager
async def _alone(_place: str) -> AsyncIterator[Take]:
    yield LocalPermits(ticks=time.monotonic, sleep=asyncio.sleep).take


@asynccontextmanager
async def _shared(place: str) -> AsyncIterator[Take]:
    line = PermitLine(place, ticks=time.monotonic, patience=5)
    yield SharedPermits(line).take
    await line.close()


@asynccontextmanager
async def _single(place: str) -> AsyncIterator[Take]:
    line = PermitLine(place, ticks=time.monotonic, patience=5)
    yield SharedPermits(line, batch=0).take
    await line.close()


@asynccontextmanager
async def _locked(place: str) -> AsyncIterator[Take]:
    """A lock, a look, a change and a commit: four round trips."""
    connection, turn = await psycopg.AsyncConnection.connect(place), asyncio.Lock()

    async def take(lane: Lane) -> None:
        values = {"key": lane.key, "gap": lane.gap, "slack": lane.slack}
        async with turn:
            async with connection.transaction():
                await connection.execute("SELECT pg_advisory_xact_lock(hashtext(%(key)s))", values)
                row = await (await connection.execute(_LOOK, values)).fetchone()
                await connection.execute(_CHANGE, values)
            await asyncio.sleep(max(0.0, row[0] if row else 0.0))

    yield take
    await connection.close()


_LOOK = """
SELECT extract(epoch FROM free_at - clock_timestamp())::float8 FROM rate_limit WHERE key = %(key)s
"""
_CHANGE = """
INSERT INTO rate_limit AS lane (key, free_at) VALUES (%(key)s, clock_timestamp() + %(gap)s * interval '1 s')
ON CONFLICT (key) DO UPDATE SET
    free_at = greatest(lane.free_at, clock_timestamp() - %(slack)s * interval '1 s') + %(gap)s * interval '1 s'
"""


@asynccontextmanager
async def _asking(place: str) -> AsyncIterator[Take]:
    """Ask the owner for each permit; it answers when there is one."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(place))
    waiting: dict[str, asyncio.Future[None]] = {}

    async def hear() -> None:
        while line := await reader.readline():
            waiting.pop(line.decode().strip()).set_result(None)

    hearing, count = asyncio.create_task(hear()), iter(range(sys.maxsize))

    async def take(lane: Lane) -> None:
        name = str(next(count))
        waiting[name] = future = asyncio.get_running_loop().create_future()
        writer.write(f"{json.dumps([name, lane.name, lane.gap, lane.slack])}\n".encode())
        await future

    yield take
    writer.close()
    await hearing


@asynccontextmanager
async def _owner() -> AsyncIterator[int]:
    """Own every limit: one process that all others ask."""
    permits: Permits = LocalPermits(ticks=time.monotonic, sleep=asyncio.sleep)
    tasks = set[asyncio.Task[None]]()

    async def answered(line: bytes, writer: asyncio.StreamWriter) -> None:
        name, lane, gap, slack = json.loads(line)
        await permits.take(Lane(kind="bench", name=lane, gap=gap, slack=slack))
        writer.write(f"{name}\n".encode())

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            task = asyncio.create_task(answered(line, writer))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield int(server.sockets[0].getsockname()[1])


_KIND = {"alone": _alone, "shared": _shared, "single": _single, "locked": _locked, "owner": _asking}


if __name__ == "__main__":
    asyncio.run(_take_for_a_while(sys.argv[1], sys.argv[2]))
