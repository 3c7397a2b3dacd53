"""Four processes with one bot at a fake Discord, and at a fake arXiv: with limits of their own, and with shared ones.

The fakes run in this process. Discord allows the bot fifty requests a second and a channel five messages in five, arXiv
one request in three seconds with one connection.
"""

import asyncio
import contextlib
import json
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import pairwise
from pathlib import Path
from random import random

import discord

from bots.config.source_catalogue import catalogue, described
from bots.delivery.rate_limiter import RateLimiter
from bots.discord.rest_client import RestClient, rest
from bots.discord.settings import DiscordSettings
from bots.discord.transport import LIMITS, PLATFORM, RequestBudget
from bots.domain.channels import Channel
from bots.ports.permits import Permits
from bots.sources._allowed_hosts import reach_of
from bots.sources._http import Client
from bots.sources._politeness import paces_of
from bots.store.permits import SharedPermits, open_permits
from summarizer import Secret
from tests.bench.rows import LeftOut, Row
from tests.conftest import ROOT
from tests.fakes.discord.pacing import STRICT
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.paper_server import Answer, PaperServer
from tests.support import postgres
from tests.support.permits import counted_in

_PROCESSES = 4
#: Channels of each process, each with one message.
_CHANNELS = 125
#: Requests of each process to arXiv.
_ASKS = 3
_PAGE = "/feed"
#: Seconds that arXiv takes for an answer.
_ANSWERS_IN = 0.4
#: Seconds of arXiv's rule.
_SPACING = 3.0


def measure(_data: Path) -> Iterator[Row]:
    """Yield rates and refusals at Discord, and distances at arXiv, without and with shared limits."""
    if not postgres.IS_THERE:
        raise LeftOut(postgres.WHY_NOT)
    with counted_in() as address:
        alone, shared = asyncio.run(_posted("")), asyncio.run(_posted(address))
        yield Row(
            what="Discord: requests a second", ours=shared.rate, unit="", peer="each its own limit", theirs=alone.rate
        )
        yield Row(
            what="  of the 50 allowed", ours=2 * shared.rate, unit="%", peer="allowed", theirs=100, more_is_better=True
        )
        yield Row(what="  refused (429)", ours=shared.refused, unit="", peer="each its own limit", theirs=alone.refused)
        yield Row(
            what="  seconds for 500 messages", ours=shared.took, unit="s", peer="each its own limit", theirs=alone.took
        )
        yield Row(what="  round trips to Postgres for a message", ours=shared.asks, unit="", peer="none", theirs=0)
        lone, ours = asyncio.run(_asked("")), asyncio.run(_asked(address))
        yield Row(
            what="arXiv: shortest distance of two requests", ours=ours.shortest, unit="s", peer="each its own limit",
            theirs=lone.shortest, more_is_better=True,
        )  # fmt: skip
        yield Row(what="  the longest", ours=ours.longest, unit="s", peer="the rule", theirs=_SPACING)
        yield Row(what="  most at a time", ours=ours.at_once, unit="", peer="each its own limit", theirs=lone.at_once)


# ── Discord ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True, slots=True)
class Posted:
    """What the fake Discord saw."""

    #: Messages a second, from the first to the last.
    rate: float
    refused: int
    #: Seconds from the first message to the last.
    took: float
    #: Round trips to the database for a message.
    asks: float


async def _posted(address: str) -> Posted:
    async with FakeDiscord(pace=STRICT, check=False) as fake:
        guild = fake.guild("Lab")
        fake.invite(guild)
        rooms = [fake.channel(f"room{number}", guild) for number in range(_PROCESSES * _CHANNELS)]
        given = [json.dumps([each.id for each in rooms[number::_PROCESSES]]) for number in range(_PROCESSES)]
        asks = await _run_together([("discord", address, fake.api, fake.hub.token, ids) for ids in given])
        times = sorted(message.at for room in rooms for message in room.messages)
        if len(times) != len(rooms):
            raise AssertionError(f"{len(times)} of {len(rooms)} messages were posted")
        refused = sum(each.more.get("status") == 429 for each in fake.hub.happenings.of("call"))
        took = times[-1] - times[0]
        return Posted(rate=(len(times) - 1) / took, refused=refused, took=took, asks=asks / len(times))


async def _post(permits: Permits | None, api: str, token: str, ids: str) -> None:
    settings = DiscordSettings(token=Secret(token), api_url=api, listening=False)
    limiter = RateLimiter(LIMITS, ticks=time.monotonic, sleep=asyncio.sleep, permits=permits)
    async with rest(settings, RequestBudget(permits=permits)) as client:
        await _ready()
        await asyncio.gather(*(_until_posted(limiter, client, each) for each in json.loads(ids)))
    if isinstance(permits, SharedPermits):
        sys.stdout.write(str(permits._line.asked))


async def _until_posted(limiter: RateLimiter, client: RestClient, channel: str) -> None:
    """Post, and try again when the library gives up after its five attempts, as the ledger does."""
    place = Channel(platform=PLATFORM, channel=channel)
    while True:
        try:
            async with limiter.turn(place):
                await client.ask("POST", f"/channels/{channel}/messages", body={"content": "Ten papers"})
        except discord.HTTPException as error:
            if error.status != HTTPStatus.TOO_MANY_REQUESTS:
                raise
            await asyncio.sleep(1)
        else:
            return


# ── arXiv ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(kw_only=True, slots=True)
class Asked:
    """What the fake arXiv saw."""

    times: list[float] = field(default_factory=list)
    at_once: int = 0

    @property
    def shortest(self) -> float:
        """Seconds between the two closest requests."""
        return min(later - earlier for earlier, later in pairwise(self.times))

    @property
    def longest(self) -> float:
        """Seconds between the two most distant requests."""
        return max(later - earlier for earlier, later in pairwise(self.times))


class _Watched(PaperServer):
    """Notes when requests come."""

    def __init__(self, folder: Path, asked: Asked) -> None:
        super().__init__(folder)
        self._asked = asked

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._asked.times.append(time.monotonic())
        await super().converse(reader, writer)


async def _asked(address: str) -> Asked:
    asked = Asked()
    async with _Watched(ROOT / "tests/samples/sources", asked) as server:
        server.script(_PAGE, *[Answer(body=b"papers", delay=_ANSWERS_IN)] * (_PROCESSES * _ASKS))
        await _run_together([("arxiv", address, server.url)] * _PROCESSES)
        asked.at_once = server.most_at_once
    return asked


async def _ask(permits: Permits | None, url: str) -> None:
    description = described("arxiv")
    assert description is not None
    given = {each.name: each.read(each.default) for each in description.settings} | {"api": url, "feed": url}
    given |= {each.name: url for each in description.settings if str(each.default).startswith("https://")}
    paces = paces_of(*catalogue().descriptions)
    client = Client(
        contact="", version="1", clock=time.monotonic, sleep=asyncio.sleep, random=random, paces=paces, permits=permits
    )
    async with client:
        web = client.web(reach_of(description, given))
        await _ready()
        await asyncio.gather(*(web.get(f"{url}{_PAGE}", params={"n": str(each)}) for each in range(_ASKS)))


# ── processes ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def _run_together(commands: Sequence[tuple[str, ...]]) -> int:
    """Run a process for each command, let them begin when all are ready, and return the sum of what they print."""
    pipe = asyncio.subprocess.PIPE
    start = (sys.executable, "-m", "tests.bench.limits")
    processes = [
        await asyncio.create_subprocess_exec(*start, *each, cwd=ROOT, stdin=pipe, stdout=pipe) for each in commands
    ]
    for process in processes:
        assert process.stdout is not None
        await process.stdout.readline()
    said = await asyncio.gather(*(process.communicate(b"go\n") for process in processes))
    if any(process.returncode for process in processes):
        raise AssertionError("a process failed")
    return sum(int(told or 0) for told, _ in said)


async def _ready() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.readline)


@contextlib.asynccontextmanager
async def _permits(address: str) -> AsyncIterator[Permits | None]:
    if not address:
        yield None
        return
    async with open_permits(address) as permits:
        yield permits


async def _main(kind: str, address: str, *places: str) -> None:
    async with _permits(address) as permits:
        if kind == "discord":
            await _post(permits, *places)
        else:
            await _ask(permits, *places)


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:]))
