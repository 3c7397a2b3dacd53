"""The web page with 50,000 papers: the time of one page alone, and 200 readers at once for a minute.

`WEB_READERS`, `WEB_SECONDS` and `WEB_PAPERS` in the environment change the numbers; `WEB_DATABASE` names a database
that is made if it is missing, and kept.
"""

import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median, quantiles

import httpx

from tests.bench.rows import Row
from tests.slack.conftest import free_port

_READERS, _SECONDS, _PAPERS = (
    int(os.environ.get(name, default))
    for name, default in (("WEB_READERS", "200"), ("WEB_SECONDS", "60"), ("WEB_PAPERS", "50000"))
)
_ALONE = 60
_WORDS = "attention diffusion language models robot images retrieval protein policy transformer".split()
#: What the issue asks of the median of one page.
_WANTED_ALONE = 30.0
#: Each of the readers at once opens a page every two seconds or faster, waits one second as a rule and ten at most
#: (Nielsen: one keeps the flow of thought, ten the attention), and the server fits the smallest rented machine.
_WANTED_PAGES, _WANTED_MEDIAN, _WANTED_SLOWEST, _WANTED_MEMORY = 100.0, 1000.0, 10_000.0, 512.0


def measure(_data: Path) -> Iterator[Row]:
    """Yield the times of single pages, then those under load, and the memory of the server."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(os.environ.get("WEB_DATABASE") or Path(folder) / "web.sqlite3")
        yield from asyncio.run(_measured(str(database), stored=database.exists()))


async def _measured(database: str, *, stored: bool) -> list[Row]:
    if not stored:
        began = time.monotonic()
        await (await _started(database, 0, str(_PAPERS))).wait()
        sys.stdout.write(f"  {_PAPERS:,} papers stored in {time.monotonic() - began:.0f} s\n")
    async with _serving(database) as (server, port):
        rows = await _alone(port)
        return [*rows, *await _together(port, server)]


async def _started(database: str, port: int, *more: str) -> asyncio.subprocess.Process:
    command = (sys.executable, "-m", "tests.bench.web_site", database, str(port), *more)
    return await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)


@asynccontextmanager
async def _serving(database: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, int]]:
    port = free_port()
    server = await _started(database, port)
    assert server.stdout
    await server.stdout.readline()
    try:
        yield server, port
    finally:
        server.terminate()
        await server.wait()


def _addresses(chance: random.Random) -> dict[str, str]:
    """Return one address of each kind of page."""
    paper = f"arxiv:2610.{chance.randrange(_PAPERS) % 50_000:05}"
    page = chance.randrange(1, 9)
    return {
        "the first page": "/",
        "a page of a day": f"/?page={page}",
        "a page of a week": f"/week?x={page}",
        "a paper": f"/paper/{paper}",
        "a search": f"/search?q={'+'.join(chance.sample(_WORDS, 2))}",
    }


async def _get(client: httpx.AsyncClient, address: str, reader: int) -> tuple[int, float]:
    began = time.perf_counter()
    # Each reader has an address of their own, or all of them together would be one client that asks too often.
    named = f"198.51.{reader // 250}.{reader % 250}"
    answer = await client.get(address, headers={"X-Forwarded-For": named}, follow_redirects=True)
    return answer.status_code, 1000 * (time.perf_counter() - began)


async def _alone(port: int) -> list[Row]:
    """Return the median time of each kind of page, each asked for alone; every page was opened once before."""
    chance, times = random.Random(2), dict[str, list[float]]()  # noqa: S311 - the same pages each time
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as client:
        for number in range(_ALONE):
            for kind, address in _addresses(chance).items():
                await _get(client, address, 1000 + number)
                times.setdefault(kind, []).append((await _get(client, address, 1000 + number))[1])
    return [
        Row(what=f"{kind}, alone, median", ours=median(each), unit="ms", peer="wanted", theirs=_WANTED_ALONE)
        for kind, each in times.items()
    ]


async def _together(port: int, server: asyncio.subprocess.Process) -> list[Row]:
    times, wrong = list[float](), list[int]()
    ends = time.monotonic() + _SECONDS
    limits = httpx.Limits(max_connections=None)

    async def read(reader: int) -> None:
        chance = random.Random(reader)  # noqa: S311 - the same pages each time
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}", timeout=60, limits=limits, trust_env=False
        ) as client:
            while time.monotonic() < ends:
                kinds = _addresses(chance)
                status, taken = await _get(client, chance.choice(list(kinds.values())), reader)
                times.append(taken)
                if status != 200:
                    wrong.append(status)

    await asyncio.gather(*(read(reader) for reader in range(_READERS)))
    cuts = quantiles(times, n=100)
    what = f"{_READERS} readers, {_SECONDS} s"
    wanted = {"peer": "wanted"}
    return [
        Row(
            what=f"{what}, pages",
            ours=len(times) / _SECONDS,
            unit="/s",
            theirs=_WANTED_PAGES,
            more_is_better=True,
            **wanted,
        ),
        Row(what=f"{what}, median", ours=median(times), unit="ms", theirs=_WANTED_MEDIAN, **wanted),
        Row(what=f"{what}, slowest in 100", ours=cuts[-1], unit="ms", theirs=_WANTED_SLOWEST, **wanted),
        Row(what=f"{what}, failed", ours=float(len(wrong)), unit="", theirs=0.0, **wanted),
        Row(what="memory of the server", ours=_memory(server.pid), unit="MB", theirs=_WANTED_MEMORY, **wanted),
    ]


def _memory(pid: int) -> float:
    """Return the most memory that a process had, in MB; Linux only."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = next(each for each in status.splitlines() if each.startswith("VmHWM"))
    return int(line.split()[1]) / 1000
