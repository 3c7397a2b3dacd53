"""The real `paperwire run` and `paperwire worker`, each with a line to Postgres that a proxy spoils while they work."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.engine import make_url

from bots.store.sql import open_store
from tests.crash.verdict import Message
from tests.crash.workers import open_workers
from tests.fakes.chat_server import Stage
from tests.kills.places import Places, open_places, this_minute
from tests.kills.processes import Process, Role
from tests.kills.program import Program
from tests.kills.siege import now
from tests.kills.verdict import Verdict, judge, unfinished
from tests.support.fault_proxy import Fault, FaultProxy
from tests.support.own_postgres import OwnPostgres, own_postgres

_ARGV = ("--verbose", "--log-json")
_LOOK = 0.05
#: Seconds that everything may take on a busy machine.
DEADLINE = 180.0
#: Subscriptions of each round: one of each chat, whose digests have two messages.
_CHANNELS = 2
#: Papers in the list: each is in a channel once.
_LISTED = 14


@dataclass(frozen=True, kw_only=True, slots=True)
class Round:
    """What came of one fault."""

    fault: Fault
    #: Seconds from the end of the fault to the next message, and to the end of the last run.
    next_message: float
    all_ended: float


@dataclass(kw_only=True)
class Lines:
    """The two processes at work."""

    postgres: OwnPostgres
    places: Places
    processes: dict[Role, Process]
    proxies: dict[Role, FaultProxy]
    #: When each message was received, and accepted, by a chat; wall-clock seconds.
    received: list[float] = field(default_factory=list)
    accepted: list[float] = field(default_factory=list)

    async def round(self, fault: Fault, roles: tuple[Role, ...], seconds: float) -> Round:
        """Let digests become due, spoil lines after the first post for some seconds, and wait until all has ended."""
        before = len(self.received)
        await self.places.subscribe(_CHANNELS, *this_minute())
        await self.until(lambda: len(self.received) > before)
        for role in roles:
            await self.proxies[role].spoil(fault)
        await asyncio.sleep(seconds)
        for role in roles:
            await self.proxies[role].heal()
        healed = time.time()
        await self.all_ended()
        ended = time.time() - healed
        later = [at - healed for at in self.accepted if at > healed]
        return Round(fault=fault, next_message=min(later, default=0.0), all_ended=ended)

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait until something is true of which nobody is told."""
        async with asyncio.timeout(DEADLINE):
            while not holds():  # noqa: ASYNC110 - the stand-ins set no event
                await asyncio.sleep(_LOOK)

    async def all_ended(self) -> None:
        """Wait until every run that was due has ended."""
        async with asyncio.timeout(DEADLINE), open_store(self.postgres.url) as store:
            while await unfinished(store, self.places.subscriptions, now()):  # noqa: ASYNC110 - other processes end them
                await asyncio.sleep(_LOOK)

    async def verdict(self) -> Verdict:
        """Return the verdict on everything that was due."""
        async with open_store(self.postgres.url) as store:
            self.places.discord.know([part.key for part in await store.deliveries()])
            messages: list[Message] = [*self.places.slack.chat.messages, *self.places.discord.chat.messages]
            return await judge(store, self.places.subscriptions, messages, now())

    def log(self, role: Role) -> str:
        """Return what a process logged."""
        return "".join(path.read_text(encoding="utf-8") for path in self.processes[role].logs)


@asynccontextmanager
async def open_lines(folder: Path, *, hurried: bool = False) -> AsyncIterator[Lines]:
    """Start a server, both chats, one process that runs the schedule and one worker, each with a line of its own.

    Args:
        folder: the folder for all files.
        hurried: whether lost answers are looked up after seconds instead of minutes.
    """
    async with AsyncExitStack() as stack:
        postgres = stack.enter_context(own_postgres())
        places = await stack.enter_async_context(open_places(postgres, folder, 1, _LISTED, ()))
        async with open_store(postgres.url):
            """The first process would make the tables."""
        source = await stack.enter_async_context(open_workers("tests.kills.program"))
        proxies = {role: await stack.enter_async_context(FaultProxy(_socket(postgres))) for role in Role}
        processes = {}
        for role in Role:
            environ = {**places.environ, "PAPERWIRE_DATABASE": _through(proxies[role])}
            program = Program(argv=(*_ARGV, role.value), environ=environ, log="", hurried=hurried)
            processes[role] = Process(
                name=role.value, role=role, program=program, workers=source, folder=folder, pause=0.0,
                draw=random.Random(1),  # noqa: S311 - pauses, not secrets
            )  # fmt: skip
        lines = Lines(postgres=postgres, places=places, processes=processes, proxies=proxies)
        for server in (places.slack, places.discord):
            server.heed = lambda stage, _key: (lines.accepted if stage is Stage.ACCEPTED else lines.received).append(
                time.time()
            )
        keeping = [asyncio.create_task(each.keep()) for each in processes.values()]
        try:
            yield lines
        finally:
            for each in processes.values():
                each.stop()
            await source.end()
            await asyncio.gather(*keeping)


def _socket(postgres: OwnPostgres) -> str:
    return str(next(Path(str(make_url(postgres.url).query["host"])).glob(".s.PGSQL.*[0-9]")))


def _through(proxy: FaultProxy) -> str:
    return f"postgresql://postgres@127.0.0.1:{proxy.port}/postgres"
