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
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles

import aiohttp

from bots.bootstrap.app import utc_now
from tests.bench.rows import Row
from tests.bench.web_site import PER_DAY
from tests.slack.conftest import free_port

_READERS, _SECONDS, _PAPERS = (
    int(os.environ.get(name, default))
    for name, default in (("WEB_READERS", "200"), ("WEB_SECONDS", "60"), ("WEB_PAPERS", "50000"))
)
_ALONE = 30
_OK, _TOO_MANY = 200, 429
#: The share of readers that open a paper of the newest list.
_OF_THE_DAY = 0.8
_WORDS = "attention diffusion language models robot images retrieval protein policy transformer".split()
#: The aim for the median of one page, in milliseconds: less than a network adds to it.
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
    """Return one address of each kind of page; most readers open papers of the newest list."""
    newest = chance.random() < _OF_THE_DAY
    paper = f"arxiv:2610.{chance.randrange(PER_DAY if newest else _PAPERS) % 50_000:05}"
    return {
        "the first page": "/",
        "a page of a week": f"/week/{_week()}?page={chance.randrange(1, 9)}",
        "a paper": f"/paper/{paper}",
        "a search": f"/search?q={'+'.join(chance.sample(_WORDS, 2))}",
    }


def _week() -> str:
    year, week, _ = (utc_now() - timedelta(days=7)).isocalendar()
    return f"{year}-W{week:02}"


async def _get(client: aiohttp.ClientSession, address: str, reader: int) -> tuple[int, float]:
    """Open a page and return its status, 0 if it did not come, and the milliseconds that it took."""
    began = time.perf_counter()
    # Each reader has an address of their own, or all of them together would be one client that asks too often.
    named = {"X-Forwarded-For": f"198.51.{reader // 250}.{reader % 250}"}
    try:
        async with client.get(address, headers=named) as answer:
            await answer.read()
            status = answer.status
    except (aiohttp.ClientError, TimeoutError):
        status = 0
    return status, 1000 * (time.perf_counter() - began)


def _browser(port: int) -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(limit=0)
    return aiohttp.ClientSession(f"http://127.0.0.1:{port}", connector=connector, timeout=aiohttp.ClientTimeout(60))


async def _alone(port: int) -> list[Row]:
    """Return the median time of each kind of page, each asked for alone, for the first time and again."""
    chance, times = random.Random(2), dict[str, list[float]]()  # noqa: S311 - the same pages each time
    async with _browser(port) as client:
        for number in range(_ALONE):
            for kind, address in _addresses(chance).items():
                for when in ("first", "again"):
                    # A word that no page knows makes another address, which is rendered anew.
                    asked = f"{address}{'&' if '?' in address else '?'}n={number}{when}"
                    times.setdefault(f"{kind}, {when}", []).append((await _get(client, asked, 1000 + number))[1])
    return [
        Row(what=f"{kind}, alone", ours=median(each), unit="ms", peer="wanted", theirs=_WANTED_ALONE)
        for kind, each in times.items()
    ]


async def _together(port: int, server: asyncio.subprocess.Process) -> list[Row]:
    times, failed = dict[str, list[float]](), list[int]()
    ends = time.monotonic() + _SECONDS

    async def read(reader: int) -> None:
        chance = random.Random(reader)  # noqa: S311 - the same pages each time
        while time.monotonic() < ends:
            kind, address = chance.choice(list(_addresses(chance).items()))
            status, taken = await _get(client, address, reader)
            if status == _TOO_MANY:
                # The limit of one client, which a reader without a second to think reaches.
                await asyncio.sleep(1)
                continue
            times.setdefault(kind, []).append(taken)
            failed.extend([status] if status != _OK else [])

    async with _browser(port) as client:
        await asyncio.gather(*(read(reader) for reader in range(_READERS)))
    return _rows(times, failed, _memory(server.pid))


def _rows(times: dict[str, list[float]], failed: list[int], memory: float) -> list[Row]:
    every = [taken for each in times.values() for taken in each]
    what, rate = f"{_READERS} readers, {_SECONDS} s", len(every) / _SECONDS
    slowest = ((f"{kind}, slowest in 100", quantiles(each, n=100)[-1]) for kind, each in times.items())
    figures = (
        ("pages", rate, "/s", _WANTED_PAGES),
        ("median", median(every), "ms", _WANTED_MEDIAN),
        *((name, each, "ms", _WANTED_SLOWEST) for name, each in slowest),
        ("failed", float(len(failed)), "", 0.0),
        ("memory of the server", memory, "MB", _WANTED_MEMORY),
    )
    return [
        Row(what=f"{what}, {name}", ours=ours, unit=unit, peer="wanted", theirs=wanted, more_is_better=name == "pages")
        for name, ours, unit, wanted in figures
    ]


def _memory(pid: int) -> float:
    """Return the most memory that a process had, in MB; Linux only."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = next(each for each in status.splitlines() if each.startswith("VmHWM"))
    return int(line.split()[1]) / 1000
