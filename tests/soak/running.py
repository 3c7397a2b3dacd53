"""Starts the program beside the places that it meets, and takes samples of it while people use it."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bots.discord.command_definitions import commands
from tests.conftest import ROOT
from tests.soak.people import People, open_people, served
from tests.soak.places import PAPERS, Lists, Places, open_places
from tests.soak.samples import Sample, Sampler
from tests.support.own_postgres import own_postgres

#: Seconds for the program to start, on a loaded machine.
_START = 120.0
_MINUTE = 60.0


@dataclass(kw_only=True)
class Soak:
    """The program at work, and what was measured of it."""

    places: Places
    people: People
    sampler: Sampler
    lists: Lists
    process: asyncio.subprocess.Process
    log: Path
    samples: list[Sample] = field(default_factory=list)

    async def sample(self) -> Sample:
        """Take one more sample."""
        taken = await self.sampler.take(self.people.acts)
        self.samples.append(taken)
        return taken

    async def for_minutes(
        self,
        minutes: float,
        *,
        pause: float,
        list_every: float,
        stop: asyncio.Event,
        told: Callable[[Sample], None],
        sample_every: float = _MINUTE,
        at_once: int = 1,
    ) -> None:
        """Let people use the program at a steady pace, with samples, until the time is over or `stop`.

        Args:
            minutes: how long.
            pause: seconds between two things that people do.
            list_every: minutes between two lists of papers.
            stop: ends it early.
            told: is called with each sample.
            sample_every: seconds between two samples.
            at_once: how many people do something at the same time.
        """
        begun = time.monotonic()
        sampled, listed = begun, begun
        while not stop.is_set() and (now := time.monotonic()) < begun + _MINUTE * minutes:
            await asyncio.gather(*(self.people.acts_once() for _ in range(at_once)))
            if now - listed >= _MINUTE * list_every:
                self.lists.write()
                listed = now
            if now - sampled >= sample_every:
                self.places.forget()
                told(await self.sample())
                sampled = now
            await _rest(stop, pause)


async def _rest(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return


@asynccontextmanager
async def soaking(*, every: int, wide: int = 1, papers: int = PAPERS) -> AsyncIterator[Soak]:
    """Start the program with a digest every so many minutes in each platform, and stop it when the context exits.

    Args:
        every: minutes between two digests of a subscription.
        wide: how many lists of papers there are, each with a subscription of every platform.
        papers: how many papers a list has.
    """
    with own_postgres() as postgres:
        async with open_places(postgres, wide) as places:
            lists = await Lists.of(places.lists, papers)
            lists.write()
            await places.subscribe(every)
            told, log = places.folder / "held.jsonl", places.folder / "paperwire.log"
            process = await _started(places, told, log)
            try:
                await _ready(places, process, log)
                async with open_people(places) as people:
                    sampler = Sampler(process.pid, told, postgres.conninfo)
                    yield Soak(
                        places=places, people=people, sampler=sampler, lists=lists, process=process, log=log
                    )  # fmt: skip
            finally:
                await _ended(process)


async def _started(places: Places, told: Path, log: Path) -> asyncio.subprocess.Process:
    own = {name: value for name, value in os.environ.items() if not name.startswith("PAPERWIRE_")}
    with log.open("ab") as lines:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.soak.product", str(told), "run",
            cwd=ROOT, env={**own, **places.environ()}, stdout=lines, stderr=lines,
        )  # fmt: skip


async def _ready(places: Places, process: asyncio.subprocess.Process, log: Path) -> None:
    try:
        await served(places.ports[2], within=_START)
        await places.discord.hub.gateway.connected()
        await places.discord.until(
            lambda: len(places.discord.hub.commands.of(None)) >= len(commands()), within=_START, what="the commands"
        )
    except TimeoutError as error:
        process.kill()
        raise TimeoutError(f"the program does not start: {_end_of(log)}") from error


def _end_of(log: Path) -> str:
    return log.read_text(encoding="utf-8")[-3000:]


async def _ended(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), _MINUTE)
        except TimeoutError:
            process.kill()
            await process.wait()
