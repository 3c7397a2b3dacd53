"""A scene in the program's life: due subscriptions, workers that die, and the verdict on the posted messages."""

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
from bots.domain.subscriptions import Look, Subscription, Weekday
from bots.store.sql import open_store
from tests.crash.discord_server import DiscordServer
from tests.crash.jobs import Job
from tests.crash.mail_server import MailServer
from tests.crash.slack_server import SlackServer
from tests.crash.verdict import Verdict, judge
from tests.crash.webhook_server import WebhookServer
from tests.crash.workers import Worker, Workers
from tests.fakes.chat_server import ChatServer, Stage
from tests.fakes.chat_troubles import Kind, Mishap, Switched

#: Enough for two messages of the fake chat.
PAPERS = 10
#: Enough for two messages of Slack, which takes 50 blocks in one.
SLACK_PAPERS = 13
#: Enough for two messages of Discord, which takes 40 components in one.
DISCORD_PAPERS = 8
#: discord.py identifies itself before the first post, and waits a second before it repeats a call.
_OVER_DISCORD: Mapping[str, Any] = {"timeout": 1.5, "lease": 2.0, "platform": "discord"}
#: Each call to Slack opens a connection of its own, and a search may take two calls.
_OVER_SLACK: Mapping[str, Any] = {"timeout": 0.4, "lease": 1.0}

#: Slack's library waits half a second or more before it repeats a call.
LIBRARYS: Mapping[str, Any] = {"timeout": 2.5, "lease": 3.0}

#: A mail may take a dozen answers of the server; the lease outlasts them all.
_OVER_MAIL: Mapping[str, Any] = {"timeout": 1.0, "lease": 1.6, "platform": "email"}
#: Two mails: the worker puts four papers into one.
MAIL_PAPERS = 8

Server = ChatServer | SlackServer | DiscordServer | MailServer | WebhookServer
#: About one response in seven is lost.
FEW_LOST = (Switched(mishap=Mishap.ANSWER_LOST, chance=0.15),)
#: Every failure that a network and a chat can cause.
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
    """Due subscriptions, a chat, and the workers that deliver to it."""

    workers: Workers
    server: Server
    job: Job
    subscriptions: tuple[Subscription, ...]
    #: How far the clocks of workers that are killed are ahead, one of them at random; empty: as the job says.
    aheads: Sequence[float] = ()
    kills: int = 0
    starts: int = 0
    #: Exit statuses of workers that exited by themselves with an error.
    failed: list[int] = field(default_factory=list)

    async def start(self, **changes: Any) -> Worker:
        """Start one more worker; `changes` are fields of its job."""
        self.starts += 1
        return await self.workers.start(replace(self.job, **changes))

    async def survive(self, **changes: Any) -> bool:
        """Run one worker until it exits; return True if it was not killed."""
        status = await (await self.start(**changes)).ended()
        self.kills += status < 0
        if status > 0:
            self.failed.append(status)
        return status >= 0

    async def killed_at_random(self, draw: random.Random, most: int, longest: float = 1.0) -> None:
        """Kill at most `most` workers at random moments, then run one to the end."""
        for _ in range(most):
            worker = await self.start(**({"ahead": draw.choice(self.aheads)} if self.aheads else {}))
            if await worker.ends_within(draw.uniform(0.02, longest)):
                self.failed += filter(None, [await worker.ended()])
                return
            worker.signal(signal.SIGKILL)
            self.kills += await worker.ended() < 0
        await self.survive()

    async def killed_while(self, stage: Stage, nth: int = 1) -> None:
        """Kill a worker when the n-th post reaches a stage inside the server."""
        worker, left = await self.start(), nth

        def strike(reached: Stage, _key: str) -> None:
            nonlocal left
            left -= reached is stage
            if reached is stage and left == 0:
                worker.signal(signal.SIGKILL)

        self.server.heed = strike
        self.kills += await worker.ended() < 0

    async def verdict(self) -> Verdict:
        """Return the verdict on the delivery."""
        if isinstance(self.server, MailServer | WebhookServer):
            raise TypeError("The mails of a scene are judged by `tests.crash.test_mail`.")
        async with open_store(self.job.database) as store:
            if isinstance(self.server, DiscordServer):
                self.server.know([part.key for part in await store.deliveries()])
            seen = await judge(store, self.subscriptions, self.server.chat.messages)
        told = (f"a worker ended with {status}" for status in self.failed)
        return replace(seen, faults=(*seen.faults, *told))

    async def hears(self, words: str, within: float) -> None:
        """Wait until a worker has logged the words.

        Raises:
            TimeoutError: the words were not logged within so many seconds.
        """
        async with asyncio.timeout(within):
            while not self._has_said(words):  # noqa: ASYNC110 - another process can set no event of ours
                await asyncio.sleep(0.01)

    def _has_said(self, words: str) -> bool:
        log = Path(self.job.log)
        return log.exists() and words in log.read_text(encoding="utf-8")

    def passed(self) -> dict[int, Counter[str]]:
        """Return how often each worker passed each point, by process id."""
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
    aheads: Sequence[float] = (),
    **changes: Any,
) -> Scene:
    """Create due subscriptions, one per channel, and return the scene; `changes` are fields of its job.

    Args:
        workers: the source of workers.
        server: the chat.
        folder: the folder for all files.
        channels: the number of subscriptions.
        template: a database to start from; an empty one if None.
        database: the database URL; a file in the folder if empty.
        aheads: how far the clocks of killed workers are ahead, one of them at random for each.
        changes: fields of the job.
    """
    _prepare(folder, template)
    now = datetime.now(UTC) + timedelta(seconds=changes.get("ahead", 0.0))
    subscriptions = tuple(_subscriptions(server, channels, now))
    where = database or str(folder / "paperwire.sqlite3")
    keys = [server.key] if isinstance(server, WebhookServer) else []
    async with open_store(where, keys=keys) as store:
        for subscription in subscriptions:
            await store.keep_subscription(subscription)
        for credential in server.credentials if isinstance(server, WebhookServer) else ():
            await store.keep_credential(credential)
        for mailbox in server.mailboxes if isinstance(server, MailServer) else ():
            await store.keep_mailbox(mailbox)
    job = Job(database=where, chat=server.url, log=str(folder / "worker.log"), runs=channels)
    if isinstance(server, SlackServer):
        job = replace(job, token=server.token, **_OVER_SLACK)
    elif isinstance(server, DiscordServer):
        job = replace(job, token=server.token, **_OVER_DISCORD)
    elif isinstance(server, MailServer):
        job = replace(job, token=server.url, **_OVER_MAIL)
    elif isinstance(server, WebhookServer):
        job = replace(job, token=server.key, **{**_OVER_MAIL, "platform": "webhook"})
    job = replace(job, **changes)
    return Scene(workers=workers, server=server, job=job, subscriptions=subscriptions, aheads=aheads)


def _prepare(folder: Path, template: Path | None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if template:
        shutil.copy(template, folder / "paperwire.sqlite3")


def _subscriptions(server: Server, channels: int, now: datetime) -> Iterator[Subscription]:
    """Yield subscriptions of two messages each; in Slack and Discord, every second one is threaded."""
    for number in range(channels):
        if isinstance(server, ChatServer):
            yield a_due_subscription(f"order{number}", f"room{number}", now=now)
        elif isinstance(server, MailServer | WebhookServer):
            subscription = a_due_subscription(f"order{number}", "", papers=MAIL_PAPERS, now=now)
            yield replace(subscription, channel=server.channel(f"room{number}"))
        else:
            threaded = number % 2 == 1
            papers = SLACK_PAPERS if isinstance(server, SlackServer) else DISCORD_PAPERS
            if threaded:
                papers = PAPERS if isinstance(server, SlackServer) else 4
            subscription = a_due_subscription(f"order{number}", "", papers=papers, now=now)
            yield replace(subscription, channel=server.channel(f"room{number}"), threaded=threaded)


def a_due_subscription(name: str, room: str, *, papers: int = PAPERS, now: datetime | None = None) -> Subscription:
    """Return a subscription that fell due a moment ago, and falls due again in a week.

    `now` is the time that the worker's clock shows; the right time if None.
    """
    now = now or datetime.now(UTC)
    return Subscription(
        id=name,
        channel=Channel(platform="fakechat", channel=room),
        sources=("sample",),
        limit=papers,
        # Cards take more messages, so there is more to kill between.
        look=Look.CARDS,
        times=(time(now.hour, now.minute),),
        weekdays=frozenset({Weekday(now.weekday())}),
        created=now - timedelta(minutes=2),
    )


async def all_ended(workers: Sequence[Worker]) -> list[int]:
    """Wait for workers that run side by side and return their exit statuses."""
    return list(await asyncio.gather(*(worker.ended() for worker in workers)))


async def make_template(place: Path) -> Path:
    """Create a database with every blurb that the scenes need, so that no scene has to load the encoder."""
    settings = read_settings({}, database=str(place))
    async with open_app(settings, screen=io.StringIO(), libraries=()) as application:
        await application.service.digest_now(
            DigestNow(channel=a_due_subscription("", "").channel, sources=("sample",), limit=SLACK_PAPERS)
        )
    return place
