"""Permits of every kind, opened for a test, and processes of their own that take some."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from uuid import uuid4

from bots.delivery.local_permits import LocalPermits
from bots.ports.permits import Lane, Permits
from bots.store._addresses import read_address
from bots.store.migrations import upgrade
from bots.store.operations import libpq_address
from tests.conftest import ROOT
from tests.support import postgres

#: The kinds of permits that a test can be run with.
KINDS = ("local", *(["shared"] if postgres.IS_THERE else []))


def a_lane(gap: float = 0.05, **changes: float) -> Lane:
    """Return a lane that nobody else uses; `changes` are fields of `Lane`."""
    return Lane(kind="test", name=uuid4().hex, gap=gap, **changes)  # type: ignore[arg-type]  # whole numbers, too


@contextmanager
def counted_in() -> Iterator[str]:
    """Yield the address of a database that counts permits, as libpq reads it."""
    with postgres.database() as url:
        place = url.render_as_string(hide_password=False)
        upgrade(read_address(place), "The database of a test", patience=5)
        yield libpq_address(place)


@asynccontextmanager
async def opened(kind: str, address: str = "") -> AsyncIterator[Permits]:
    """Open permits of a kind; those that are shared are counted at the address."""
    if kind == "local":
        yield LocalPermits(ticks=time.monotonic, sleep=asyncio.sleep)
        return
    from bots.store.permits import open_permits

    async with open_permits(address) as permits:
        yield permits


_TAKING = """
import asyncio, json, sys, time
from bots.ports.permits import Lane
from bots.store.permits import open_permits

async def main():
    address, lane, count = sys.argv[1], Lane(**json.loads(sys.argv[2])), int(sys.argv[3])
    async with open_permits(address) as permits:
        # Connects before the others begin.
        await permits.take(Lane(kind="test", name="first", gap=0.0))
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        for _ in range(count):
            await permits.take(lane)
            print(time.monotonic(), flush=True)
        await asyncio.to_thread(sys.stdin.readline)

asyncio.run(main())
"""


def a_process(address: str, lane: Lane, count: int) -> "subprocess.Popen[str]":
    """Start a process that takes permits when it is told to begin, and print the instant of each.

    It ends when its input does.
    """
    told = {name: getattr(lane, name) for name in ("kind", "name", "gap", "slack", "at_once", "lease")}
    command = [sys.executable, "-c", _TAKING, address, json.dumps(told), str(count)]
    return subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def begin(processes: "Sequence[subprocess.Popen[str]]") -> None:
    """Wait until every process is ready, and let them begin."""
    for process in processes:
        assert "ready\n" == (process.stdout.readline() if process.stdout else "")
    for process in processes:
        if process.stdin:
            process.stdin.write("\n")
            process.stdin.flush()
