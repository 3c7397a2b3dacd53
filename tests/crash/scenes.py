"""A stretch of the program's life: orders that are due, workers that die, and what readers saw in the end."""

import asyncio
import io
import random
import shutil
import signal
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from bots.bootstrap.app import open_app
from bots.config.settings import read_settings
from bots.domain.channels import Channel
from bots.domain.requests import DigestNow
from bots.domain.subscriptions import Subscription, Weekday
from bots.store.sql import open_store
from tests.crash.discord_server import DiscordServer
from tests.crash.jobs import Job
from tests.crash.slack_server import SlackServer
from tests.crash.verdict import Verdict, judge
from tests.crash.workers import Worker, Workers
from tests.fakes.chat_server import ChatServer, Stage
from tests.fakes.chat_troubles import Kind, Mishap, Switched

#: Two messages of the fake chat.
PAPERS = 12
#: Two messages of Slack, which holds 50 blocks in one.
SLACK_PAPERS = 13
#: Two messages of Discord, which holds 40 components in one.
DISCORD_PAPERS = 8
#: discord.py says who we are before the first post, and waits a second before it repeats a call.
_OVER_DISCORD: Mapping[str, Any] = {"timeout": 1.5, "lease": 2.0, "platform": "discord"}
#: A call to Slack is a connection of its own, and a look may take two calls.
_OVER_SLACK: Mapping[str, Any] = {"timeout": 0.4, "lease": 1.0}

#: Slack's library waits half a second and more before it repeats a call.
LIBRARYS: Mapping[str, Any] = {"timeout": 2.5, "lease": 3.0}

Server = ChatServer | SlackServer | DiscordServer
#: Every answer in seven is lost.
FEW_LOST = (Switched(mishap=Mishap.ANSWER_LOST, chance=0.15),)
#: Everything that a network and a chat do to a sender.
EVERYTHING = (
    Switched(mishap=Mishap.ANSWER_LOST, chance=0.06),
    Switched(mishap=Mishap.REFUSED, chance=0.06),
    Switched(mishap=Mishap.DOWN_BEFORE, chance=0.04),
    Switched(mishap=Mishap.DOWN_AFTER, chance=0.04),
    Switched(mishap=Mishap.HANGS, chance=0.04),
    Switched(mishap=Mishap.RESET, chance=0.04),
    Switched(mishap=Mishap.HALF_OPEN, chance=0.04),
    Switched(mishap=Mishap.REFUSED, kind=Kind.HISTORY, chance=0.1),
)


@dataclass(kw_only=True)
class Scene:
    """Orders, a chat, and workers that carry them out."""

    workers: Workers
    server: Server
    job: Job
    subscriptions: tuple[Subscription, ...]
    kills: int = 0
    starts: int = 0
    #: Workers that ended by themselves and said that something was wrong.
    failed: list[int] = field(default_factory=list)

    async def start(self, **changes: Any) -> Worker:
        """Start one more worker; `changes` are fields of its job."""
        self.starts += 1
        return await self.workers.start(replace(self.job, **changes))

    async def survive(self, **changes: Any) -> bool:
        """Run one worker to its end; True if it was not killed."""
        status = await (await self.start(**changes)).ended()
        self.kills += status < 0
        if status > 0:
            self.failed.append(status)
        return status >= 0

    async def killed_at_random(self, draw: random.Random, most: int, longest: float = 1.0) -> None:
        """Kill workers at moments that nobody chose, at most so many; then let one go on to the end."""
        for _ in range(most):
            worker = await self.start()
            if await worker.ends_within(draw.uniform(0.02, longest)):
                self.failed += filter(None, [await worker.ended()])
                return
            worker.signal(signal.SIGKILL)
            self.kills += await worker.ended() < 0
        await self.survive()

    async def killed_while(self, stage: Stage, nth: int = 1) -> None:
        """Kill a worker when the n-th post has come to a stage inside the server."""
        worker, left = await self.start(), nth

        def strike(reached: Stage, _key: str) -> None:
            nonlocal left
            left -= reached is stage
            if reached is stage and left == 0:
                worker.signal(signal.SIGKILL)

        self.server.heed = strike
        self.kills += await worker.ended() < 0

    async def verdict(self) -> Verdict:
        """Return what became of it all."""
        async with open_store(self.job.database) as store:
            if isinstance(self.server, DiscordServer):
                self.server.know([part.key for part in await store.deliveries()])
            seen = await judge(store, self.subscriptions, self.server.chat.messages)
        told = (f"a worker ended with {status}" for status in self.failed)
        return replace(seen, faults=(*seen.faults, *told))

    async def hears(self, words: str, within: float) -> None:
        """Return when a worker has said the words.

        Raises:
            TimeoutError: none has within so many seconds.
        """
        async with asyncio.timeout(within):
            while not self._has_said(words):  # noqa: ASYNC110 - another process can set no event of ours
                await asyncio.sleep(0.01)

    def _has_said(self, words: str) -> bool:
        return words in Path(self.job.log).read_text(encoding="utf-8")

    def passed(self) -> dict[int, Counter[str]]:
        """Return how often each worker passed each point, by its process."""
        journal = Path(self.job.log).with_suffix(".points")
        counted: dict[int, Counter[str]] = defaultdict(Counter)
        for line in journal.read_text(encoding="utf-8").splitlines():
            pid, point = line.split()
            counted[int(pid)][point] += 1
        return counted


async def set_scene(
    workers: Workers,
    server: Server,
    folder: Path,
    *,
    channels: int = 2,
    template: Path | None = None,
    database: str = "",
    **changes: Any,
) -> Scene:
    """Place orders that are due, one a channel, and return the scene; `changes` are fields of its job.

    Args:
        workers: where its workers come from.
        server: the chat.
        folder: where everything is kept.
        channels: how many orders.
        template: a database to begin with; an empty one without it.
        database: its address; a file in the folder without it.
        changes: fields of the job.
    """
    _prepare(folder, template)
    subscriptions = tuple(_subscriptions(server, channels))
    where = database or str(folder / "paperwire.sqlite3")
    async with open_store(where) as store:
        for subscription in subscriptions:
            await store.keep_subscription(subscription)
    job = Job(database=where, chat=server.url, log=str(folder / "worker.log"), runs=channels)
    if isinstance(server, SlackServer):
        job = replace(job, token=server.token, **_OVER_SLACK)
    elif isinstance(server, DiscordServer):
        job = replace(job, token=server.token, **_OVER_DISCORD)
    return Scene(workers=workers, server=server, job=replace(job, **changes), subscriptions=subscriptions)


def _prepare(folder: Path, template: Path | None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if template:
        shutil.copy(template, folder / "paperwire.sqlite3")


def _subscriptions(server: Server, channels: int) -> Iterator[Subscription]:
    """Give orders of two messages each; in Slack every other is a header with its entries in its thread."""
    for number in range(channels):
        if isinstance(server, ChatServer):
            yield a_due_subscription_now(f"order{number}", f"room{number}")
        else:
            threaded = number % 2 == 1
            papers = SLACK_PAPERS if isinstance(server, SlackServer) else DISCORD_PAPERS
            if threaded:
                papers = PAPERS if isinstance(server, SlackServer) else 4
            subscription = a_due_subscription_now(f"order{number}", "", papers=papers)
            yield replace(subscription, channel=server.channel(f"room{number}"), threaded=threaded)


def a_due_subscription_now(name: str, room: str, *, papers: int = PAPERS) -> Subscription:
    """Return an order that fell due a moment ago."""
    now = datetime.now(UTC)
    return Subscription(
        id=name,
        channel=Channel(platform="fakechat", channel=room),
        sources=("sample",),
        limit=papers,
        times=(time(now.hour, now.minute),),
        weekdays=frozenset(Weekday),
        created=now - timedelta(minutes=2),
    )


async def all_ended(workers: Sequence[Worker]) -> list[int]:
    """Return the exit statuses of workers that run side by side."""
    return list(await asyncio.gather(*(worker.ended() for worker in workers)))


async def make_template(place: Path) -> Path:
    """Make a database that holds every blurb the scenes need, so that each of them need not load the encoder."""
    settings = read_settings({}, database=str(place))
    async with open_app(settings, screen=io.StringIO(), libraries=()) as application:
        await application.service.digest_now(
            DigestNow(channel=a_due_subscription_now("", "").channel, sources=("sample",), limit=SLACK_PAPERS)
        )
    return place
