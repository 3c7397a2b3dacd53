"""Digests per second with one, two and four workers on one Postgres, and what limits them.

Schedulers, workers and the platform run in processes of their own; the platform has no limits, and every channel is
in a workspace of its own, so that ours do not bite. The peer is the job queue by itself: jobs that do nothing, as many
at a time. Efficiency is throughput against one worker; on a machine with two cores the processor time of each digest
tells more, because it does not depend on what else runs there.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from statistics import quantiles
from typing import Any

import psutil
from procrastinate import App, PsycopgConnector
from psycopg import AsyncConnection
from sqlalchemy.engine import make_url

from bots.bootstrap.app import open_app
from bots.config.settings import read_settings
from bots.domain.channels import Channel
from bots.domain.installations import Installation
from bots.domain.requests import DigestNow
from bots.store._secrets import new_key
from bots.store.sql import open_store
from tests.bench.far import Far, far
from tests.bench.rows import LeftOut, Row
from tests.crash.scenes import a_due_subscription
from tests.support import postgres

_WORKERS = (1, 2, 4)
_DIGESTS = 400
#: Papers that fill one message of Slack.
_PAPERS = 5
#: Jobs of the peer.
_JOBS = 400
_AT_ONCE = 8
#: Seconds after which a measurement is given up.
_PATIENCE = 300.0
#: A server as its package configures it, with room for the connections of four workers: what was committed is on the
#: disk.
CONFIGURATION = """
max_connections = 200
log_min_messages = fatal
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Burst:
    """The result for digests that are due at once."""

    workers: int
    digests: int
    parts: int
    #: Seconds from the first post to the last.
    seconds: float
    #: Seconds from when they were due to when each channel had its digest.
    waited: Sequence[float]
    #: Milliseconds of processor time for a digest, by what used it.
    cpu: dict[str, float]
    #: Calls of the store's methods for a digest, and their milliseconds of processor time.
    calls: dict[str, tuple[float, float]]
    refused: int

    @property
    def rate(self) -> float:
        """Digests per second."""
        return (self.digests - 1) / self.seconds

    def percentile(self, which: int) -> float:
        """Return the seconds within which so many in a hundred channels had their digests."""
        return quantiles(self.waited, n=100)[which - 1]


def measure(_data: Path) -> Iterator[Row]:
    """Yield digests per second, and the processor time of each, next to one worker's and to the queue by itself."""
    if not postgres.IS_THERE:
        raise LeftOut(postgres.WHY_NOT)
    bare = asyncio.run(bare_rate(_JOBS))
    alone: Burst | None = None
    for workers in _WORKERS:
        burst = asyncio.run(fly(workers, _DIGESTS))
        alone = alone or burst
        yield from _rows(burst, alone, bare)


def _rows(burst: Burst, alone: Burst, bare: float) -> Iterator[Row]:
    many = f"{burst.workers} worker{'s' * (burst.workers > 1)}"
    yield Row(
        what=f"{many}: digests", ours=burst.rate, unit="/s", peer="1 worker", theirs=alone.rate, more_is_better=True
    )
    yield Row(
        what="  parts", ours=burst.rate * burst.parts / burst.digests, unit="/s", peer="the queue's own empty jobs",
        theirs=bare, more_is_better=True,
    )  # fmt: skip
    for what, spent in burst.cpu.items():
        yield Row(
            what=f"  {what}, processor time of a digest", ours=spent, unit="ms", peer="1 worker", theirs=alone.cpu[what]
        )
    for which in (50, 95):
        ours, theirs = burst.percentile(which), alone.percentile(which)
        yield Row(what=f"  due to posted, {which} in a hundred", ours=ours, unit="s", peer="1 worker", theirs=theirs)


# ── one burst ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def fly(workers: int, digests: int, *, concurrency: int = _AT_ONCE) -> Burst:
    """Have some workers post so many digests, each in a workspace of its own, and return the result."""
    async with AsyncExitStack() as stack:
        chat = await stack.enter_async_context(
            far("tests.bench.far_slack", channels=1, workspaces=digests, limited=False)
        )
        scene = await stack.enter_async_context(scene_of(chat, "slack"))
        return await scene.burst(stack, workers, concurrency)


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A platform, and a database with a subscription for each of its channels that is due."""

    chat: Far
    database: str
    environ: dict[str, str]
    channels: int
    server: psutil.Process | None

    async def burst(self, stack: AsyncExitStack, workers: int, concurrency: int) -> Burst:
        """Start workers, then a scheduler, and return when every channel has its digest."""
        given: dict[str, Any] = {"database": self.database, "environ": self.environ, "concurrency": concurrency}
        opening = (
            stack.enter_async_context(far("tests.bench.far_product", role="worker", **given)) for _ in range(workers)
        )
        labourers = [await each for each in opening]
        scheduler = await stack.enter_async_context(far("tests.bench.far_product", role="scheduler", **given))
        product = [scheduler, *labourers]
        for worker in labourers:
            await worker.ask("begin")
        before = await self._spent(product)
        due = asyncio.create_task(scheduler.ask("begin"))
        if not await self.chat.ask("until_posted", count=self.channels, within=_PATIENCE):
            raise AssertionError(f"fewer than {self.channels} digests were posted within {_PATIENCE} s")
        began = await due
        after = await self._spent(product)
        flight = await self.chat.ask("flight")
        spent = [await each.ask("spent") for each in labourers]
        return self._burst(flight, began, {what: after[what] - before[what] for what in after}, spent, workers)

    async def _spent(self, product: Sequence[Far]) -> dict[str, float]:
        """Return the seconds of processor time of all parts so far."""
        scheduler, *labourers = product
        spent = {
            "workers": sum([await each.cpu() for each in labourers]),
            "scheduler": await scheduler.cpu(),
            "platform": await self.chat.cpu(),
        }
        return {**spent, "Postgres": _cpu_of(self.server)} if self.server else spent

    def _burst(self, flight: Any, began: float, spent: dict[str, float], calls: Sequence[Any], workers: int) -> Burst:
        posts = sorted((at, channel) for at, channel in flight["posts"])
        last = {channel: at for at, channel in posts}
        names = {name for each in calls for name in each["count"]}
        return Burst(
            workers=workers,
            digests=len(last),
            parts=len(posts),
            seconds=posts[-1][0] - posts[0][0],
            waited=[at - began for at in last.values()],
            cpu={what: 1000 * each / len(last) for what, each in spent.items()},
            calls={
                name: (
                    sum(each["count"].get(name, 0) for each in calls) / len(last),
                    1000 * sum(each["seconds"].get(name, 0.0) for each in calls) / len(last),
                )
                for name in names
            },
            refused=flight["refused"],
        )


@asynccontextmanager
async def scene_of(chat: Far, platform: str, *, papers: int = _PAPERS) -> AsyncIterator[Scene]:
    """Yield a scene on a Postgres of its own, with every blurb made."""
    url = make_url(postgres.GIVEN) if postgres.GIVEN else await asyncio.to_thread(postgres.started, CONFIGURATION)
    database = url.render_as_string(hide_password=False)
    told, key = chat.told, new_key()
    async with open_app(read_settings({}, database=database), screen=StringIO(), libraries=()) as application:
        channel = a_due_subscription("", "").channel
        await application.service.digest_now(DigestNow(channel=channel, sources=("sample",), limit=papers))
    async with open_store(database, keys=[key]) as store:
        for team, token in told.get("tokens", {}).items():
            installed = Installation(platform=platform, workspace=team, token=token, installed_at=datetime.now(UTC))
            await store.keep_installation(installed)
        for number, (workspace, room) in enumerate(told["places"]):
            place = Channel(platform=platform, workspace=workspace, channel=room)
            await store.keep_subscription(replace(a_due_subscription(f"o{number}", "", papers=papers), channel=place))
    yield Scene(
        chat=chat,
        database=database,
        environ=_environ(platform, told, key),
        channels=len(told["places"]),
        server=await _server_of(database),
    )


def _environ(platform: str, told: dict[str, Any], key: str) -> dict[str, str]:
    if platform == "discord":
        return {"PAPERWIRE_DISCORD_API_URL": told["api"], "PAPERWIRE_DISCORD_TOKEN": told["token"]}
    return {
        "PAPERWIRE_SLACK_API_URL": told["api"],
        "PAPERWIRE_SLACK_TOKEN_KEYS": key,
        "PAPERWIRE_SLACK_CLIENT_ID": "1.2",
        "PAPERWIRE_SLACK_CLIENT_SECRET": "bench",
        "PAPERWIRE_SLACK_SIGNING_SECRET": "bench",
        "PAPERWIRE_SLACK_PUBLIC_URL": "http://127.0.0.1:3000",
        "PAPERWIRE_SLACK_LISTEN": "127.0.0.1:0",
    }


async def _server_of(address: str) -> psutil.Process | None:
    """Return the first process of a server; None if it does not run here."""
    if postgres.GIVEN:
        return None
    async with await AsyncConnection.connect(address) as connection:
        told = await connection.execute("SELECT pg_read_file('postmaster.pid')")
        lines = (await told.fetchone() or ("",))[0].splitlines()
    return psutil.Process(int(lines[0]))


def _cpu_of(server: psutil.Process) -> float:
    """Return the seconds of processor time of a server and its processes, ended ones included."""
    own = server.cpu_times()
    spent = own.user + own.system + own.children_user + own.children_system
    for child in server.children():
        try:
            times = child.cpu_times()
        except psutil.NoSuchProcess:
            continue
        spent += times.user + times.system
    return float(spent)


# ── the peer ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def bare_rate(jobs: int) -> float:
    """Return how many jobs per second the queue by itself carries out if they do nothing."""
    url = make_url(postgres.GIVEN) if postgres.GIVEN else await asyncio.to_thread(postgres.started, CONFIGURATION)
    app = App(connector=PsycopgConnector(conninfo=url.render_as_string(hide_password=False)))
    done: list[float] = []

    @app.task(name="nothing")
    async def nothing(number: int) -> None:
        done.append(time.perf_counter())

    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        for number in range(jobs):
            await nothing.configure(lock=f"{number}").defer_async(number=number)
        await app.run_worker_async(
            wait=False, concurrency=_AT_ONCE, install_signal_handlers=False, delete_jobs="successful"
        )
    return (len(done) - 1) / (done[-1] - done[0])
