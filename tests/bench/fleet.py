"""A thousand channels that are due in the same minute, posted to under Discord's limits, compared with a simple bot.

The product runs in its own process on a database in a file, all components as shipped; the chat responds after a
tenth of a second, as over the internet, and refuses requests over a limit. The peer posts one message after the
other, as fast as responses arrive, and sleeps for the given delay after a refusal.
"""

import asyncio
import resource
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from bots.bootstrap.app import open_app
from bots.config.settings import read_settings
from bots.fakechat.chat import Message
from bots.ports.rate_limits import CALL_TIMEOUT
from bots.store.sql import open_store
from bots.usecases.service import Service
from tests.bench.rows import Row
from tests.conftest import ROOT
from tests.crash.scenes import a_due_subscription
from tests.fakes.chat_room import ChatServerAdapter, connect
from tests.fakes.chat_server import ChatServer
from tests.fakes.chat_troubles import DISCORD, Counts

_MANY = 1000
_FEW = 100
#: Papers that fill one message per channel, and two.
_PAPERS = {1: 5, 2: 12}
_ANSWER_AFTER = 0.1
_PEER_POSTS = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Flight:
    """The result for a fleet of channels."""

    counts: Counts
    #: Messages per second, from the first to the last.
    rate: float
    #: Seconds from the start of the program to the first and to the last message.
    first: float
    last: float
    #: Peak memory of the program, in megabytes.
    memory: float

    @property
    def share(self) -> float:
        """Share of the platform's rate limits that was used, in per cent."""
        return 100 * self.rate / (DISCORD.platform.count / DISCORD.platform.seconds)


def measure(_data: Path) -> Iterator[Row]:
    """Yield throughput, refusals, the time to the last part and memory, next to a simple bot."""
    peer = asyncio.run(_peer())
    for parts in _PAPERS:
        few, many = asyncio.run(_fly(_FEW, parts)), asyncio.run(_fly(_MANY, parts))
        yield from _rows(f"{parts} part{'s' * (parts > 1)} a channel", few, many, peer)


def _rows(what: str, few: Flight, many: Flight, peer: Flight) -> Iterator[Row]:
    bot = "a bot that posts and sleeps"
    at_best = _least_seconds(many.counts.accepted)
    yield Row(
        what=f"{_MANY} channels, {what}: of the limits", ours=many.share, unit="%", peer=bot, theirs=peer.share,
        more_is_better=True,
    )  # fmt: skip
    for named, ours, theirs in (
        ("refused of 1000", _of_1000(many, many.counts.refused), _of_1000(peer, peer.counts.refused)),
        ("refused twice of 1000", _of_1000(many, many.counts.refused_twice), _of_1000(peer, peer.counts.refused_twice)),
    ):
        yield Row(what=f"  {named}", ours=ours, unit="", peer=bot, theirs=theirs)
    yield Row(what="  to the first part", ours=many.first, unit="s", peer="100 channels", theirs=few.first)
    yield Row(what="  to the last part", ours=many.last, unit="s", peer="the limits alone", theirs=at_best)
    yield Row(what="  memory at its peak", ours=many.memory, unit="MB", peer="100 channels", theirs=few.memory)


def _of_1000(flight: Flight, count: int) -> float:
    return 1000 * count / max(flight.counts.requests, 1)


def _least_seconds(messages: int) -> float:
    return messages * DISCORD.platform.seconds / DISCORD.platform.count


async def _fly(channels: int, parts: int) -> Flight:
    """Have the product post to that many channels."""
    with TemporaryDirectory() as folder:
        database = str(Path(folder) / "paperwire.sqlite3")
        async with open_store(database) as store:
            for number in range(channels):
                await store.keep_subscription(a_due_subscription(f"o{number}", f"room{number}", papers=_PAPERS[parts]))
        async with ChatServer(limits=DISCORD, answer_after=_ANSWER_AFTER) as server:
            began, memory = time.time(), await _run(database, server.url)
            if server.counts.accepted != channels * parts:
                raise AssertionError(f"{server.counts.accepted} of {channels * parts} parts were posted")
            return _flight(server, began, memory)


async def _run(database: str, chat: str) -> float:
    """Run the product until it exits, and return its peak memory in megabytes."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.fleet", database, chat, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    return float(out)


def _flight(server: ChatServer, began: float, memory: float) -> Flight:
    messages: list[Message] = server.chat.messages
    first, last = messages[0].posted_at.timestamp(), messages[-1].posted_at.timestamp()
    return Flight(
        counts=server.counts,
        rate=(len(messages) - 1) / (last - first),
        first=first - began,
        last=last - began,
        memory=memory,
    )


async def _peer() -> Flight:
    """Post one message after the other, and sleep for the delay that the chat sends."""
    async with ChatServer(limits=DISCORD, answer_after=_ANSWER_AFTER) as server, httpx.AsyncClient() as client:
        began = time.time()
        for number in range(_PEER_POSTS):
            said = {"blocks": [f"Message {number}"], "key": str(number)}
            while True:
                answer = await client.post(f"{server.url}/channels/room{number}/messages", json=said)
                if answer.is_success:
                    break
                await asyncio.sleep(float(answer.headers["Retry-After"]))
        return _flight(server, began, 0.0)


async def _live(database: str, chat: str) -> None:
    """Run the product until every due run has ended."""

    @asynccontextmanager
    async def room(_service: Service) -> AsyncIterator[ChatServerAdapter]:
        async with connect(chat, seconds=CALL_TIMEOUT, limits=DISCORD) as opened:
            yield opened

    settings = read_settings({}, database=database)
    app_open = open_app(settings, screen=sys.stderr, connectors=[room], libraries=())
    async with app_open as application, application.scheduler().running():
        await application.dispatcher.drain()


if __name__ == "__main__":
    asyncio.run(_live(*sys.argv[1:]))
    # Linux counts kilobytes, macOS bytes.
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    sys.stdout.write(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit}")
