"""Three replicas and four workers on one Postgres, while every one of them is killed, and the server as well."""

import asyncio
import random
import signal
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bots.domain.errors import StoreError
from bots.store.sql import open_store
from tests.crash.verdict import Message
from tests.crash.workers import Workers, open_workers
from tests.fakes.chat_server import Stage
from tests.kills.logs import Recovery, false_alarms, read, recoveries, staffed
from tests.kills.places import HANGING, LISTED, Places, every, open_places
from tests.kills.processes import Kill, Process, Role
from tests.kills.program import Program
from tests.kills.verdict import Verdict, judge, unfinished
from tests.support.own_postgres import own_postgres

REPLICAS, WORKERS = 3, 4
_ARGV = ("--verbose", "--log-json")
#: The two ways in which the server ends without a word: its first process is killed; all of it stops at once.
_ENDS = (signal.SIGKILL, signal.SIGQUIT)
_LOOK = 0.2
#: Minutes between two digests of a channel; seconds between two kills, at most; seconds for everything to end.
_EVERY, _PAUSE, _SETTLE = 4, 12.0, 600.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Outage:
    """A time without the database; wall-clock seconds."""

    how: signal.Signals
    gone: float
    back: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What came of it."""

    verdict: Verdict
    kills: tuple[Kill, ...]
    outages: tuple[Outage, ...]
    #: Starts of all processes.
    starts: int
    #: Exit statuses of processes that nobody killed.
    ended: tuple[int, ...]
    recoveries: tuple[Recovery, ...]
    #: Jobs that were put back although their worker lived.
    alarms: int
    #: From when to when each worker was there; wall-clock seconds.
    staff: tuple[tuple[float, float], ...]
    #: Seconds from the return of the database to the next message, for each outage.
    resumed: tuple[float, ...]

    def possible(self, begin: float, end: float) -> float:
        """Return for how many of the seconds between two instants there was a database, and a worker to use it."""
        steps = max(1, round((end - begin) / _LOOK))
        moments = [begin + (end - begin) * (step + 0.5) / steps for step in range(steps)]
        return (end - begin) * sum(map(self._could, moments)) / steps

    def _could(self, at: float) -> bool:
        away = any(each.gone <= at <= each.back for each in self.outages)
        return not away and any(came <= at <= went for came, went in self.staff)


@dataclass(kw_only=True)
class Siege:
    """The processes at work."""

    places: Places
    processes: list[Process]
    draw: random.Random
    kills: list[Kill] = field(default_factory=list)
    outages: list[Outage] = field(default_factory=list)
    #: When each message was accepted.
    accepted: list[float] = field(default_factory=list)

    async def kill_for(self, seconds: float, longest: float) -> None:
        """Kill a process at random, again and again, with pauses of at most so many seconds."""
        ends = time.monotonic() + seconds
        while (left := ends - time.monotonic()) > 0:
            await asyncio.sleep(min(left, self.draw.uniform(0, longest)))
            self.kill()

    def kill(self, role: Role | None = None) -> None:
        """Kill one process at random, of any kind or of one."""
        victim = self.draw.choice([each for each in self.processes if role in (None, each.role)])
        if kill := victim.kill():
            self.kills.append(kill)

    async def outage(self, down: float) -> None:
        """End the server without warning, and start it again after some seconds."""
        how = _ENDS[len(self.outages) % len(_ENDS)]
        gone = time.time()
        await asyncio.to_thread(self.places.postgres.end, how)
        await asyncio.sleep(down)
        await asyncio.to_thread(self.places.postgres.start)
        self.outages.append(Outage(how=how, gone=gone, back=time.time()))

    async def all_ended(self, until: datetime, within: float) -> None:
        """Wait until every run that was due has ended, or the time is over; the verdict says which have not."""
        ends = time.monotonic() + within
        async with open_store(self.places.postgres.url) as store:
            while time.monotonic() < ends:
                try:
                    if not await unfinished(store, self.places.subscriptions, until):
                        return
                except StoreError:
                    # Its connections are of before an outage.
                    continue
                finally:
                    await asyncio.sleep(_LOOK)

    async def result(self, until: datetime) -> Result:
        """Return the verdict on what was due until an instant, and how long everything took."""
        async with open_store(self.places.postgres.url) as store:
            self.places.discord.know([part.key for part in await store.deliveries()])
            messages: list[Message] = [*self.places.slack.chat.messages, *self.places.discord.chat.messages]
            verdict = await judge(store, self.places.subscriptions, messages, until)
        lines = read([log for each in self.processes for log in each.logs])
        return Result(
            verdict=verdict,
            kills=tuple(self.kills),
            outages=tuple(self.outages),
            starts=sum(each.starts for each in self.processes),
            ended=tuple(status for each in self.processes for status in each.ended),
            recoveries=tuple(recoveries(lines, self.kills)),
            alarms=len(false_alarms(lines, self.kills)),
            staff=tuple(staffed(lines, self.kills)),
            resumed=tuple(self._resumed()),
        )

    def _resumed(self) -> Sequence[float]:
        later = ((outage, [at for at in self.accepted if at > outage.back]) for outage in self.outages)
        return [min(times) - outage.back for outage, times in later if times]


@asynccontextmanager
async def besieged(
    folder: Path,
    *,
    replicas: int = REPLICAS,
    workers: int = WORKERS,
    seed: int = 1,
    pause: float = 2.0,
    listed: int = LISTED,
    **how: Any,
) -> AsyncIterator[Siege]:
    """Start the server, both chats, the replicas and the workers; end them all when the context exits.

    Args:
        folder: the folder for all files.
        replicas: how many run the schedule.
        workers: how many carry runs out.
        seed: decides who is killed when, and what goes wrong in the chats.
        pause: seconds until a dead process is started again, at most.
        listed: papers in the list; each is read once.
        how: fields of the programs: `hurried`, `naive`.
    """
    draw = random.Random(seed)  # noqa: S311 - moments, not secrets
    with own_postgres() as postgres:
        async with open_places(postgres, folder, seed, listed) as places, open_workers("tests.kills.program") as source:
            await _make_tables(postgres.url)
            processes = [
                _process(role, number, places, source, draw, pause, how)
                for role, count in ((Role.REPLICA, replicas), (Role.WORKER, workers))
                for number in range(count)
            ]
            siege = Siege(places=places, processes=processes, draw=draw)
            for server in (places.slack, places.discord):
                server.heed = lambda stage, _key: (
                    siege.accepted.append(time.time()) if stage is Stage.ACCEPTED else None
                )
            keeping = [asyncio.create_task(each.keep()) for each in processes]
            try:
                yield siege
            finally:
                for each in processes:
                    each.stop()
                await source.end()
                await asyncio.gather(*keeping)


async def _make_tables(url: str) -> None:
    async with open_store(url):
        """The first process would make them; here several start at once, and then one is killed."""


def _process(
    role: Role, number: int, places: Places, workers: Workers, draw: random.Random, pause: float, how: dict[str, Any]
) -> Process:
    program = Program(argv=(*_ARGV, role.value), environ=places.environ, log="", **how)
    return Process(
        name=f"{role}-{number}",
        role=role,
        program=program,
        workers=workers,
        folder=places.folder,
        pause=pause,
        draw=draw,
    )


def now() -> datetime:
    """Return the current instant."""
    return datetime.now(UTC)


async def siege_for(folder: Path, minutes: float, *, channels: int, outages: Sequence[float], **how: Any) -> Result:
    """Kill everything at random for some minutes while digests are due, with the product's own times, and judge.

    Args:
        folder: the folder for all files.
        minutes: how long.
        channels: subscriptions, each due every few minutes.
        outages: seconds that the server is away, each time; spread over the time evenly.
        how: arguments of `besieged`.
    """
    async with besieged(folder, pause=5.0, **how) as siege:
        for server in (siege.places.slack, siege.places.discord):
            server.switch(*HANGING)
        for offset in range(_EVERY):
            await siege.places.subscribe(channels // _EVERY, every(_EVERY, offset), now())
        killing = asyncio.create_task(siege.kill_for(60 * minutes, _PAUSE))
        for down in outages:
            await asyncio.sleep(60 * minutes / (len(outages) + 1) - down)
            await siege.outage(down)
        await killing
        until = now()
        await siege.all_ended(until, _SETTLE)
        return await siege.result(until)
