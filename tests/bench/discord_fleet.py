"""A thousand Discord channels that are due in the same minute, over discord.py and under Discord's own limits.

The product runs in its own process on a database in a file, with the Discord adapter as shipped; the fake Discord
hands out rate limit buckets, holds all requests to fifty per second, and has people who use commands meanwhile. The
peer is the library by itself: `channel.send` in a loop, which is how a small bot posts.
"""

import asyncio
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

import discord as library

from bots.bootstrap.app import open_app
from bots.config.settings import read_settings
from bots.discord.app import DiscordSettings, connect
from bots.discord.transport import MOST_A_SECOND, RequestBudget, reroute
from bots.domain.channels import Channel
from bots.domain.subscriptions import Subscription
from bots.store.sql import open_store
from summarizer import Secret
from tests.bench.rows import Row
from tests.conftest import ROOT
from tests.crash.scenes import a_due_subscription
from tests.fakes.discord.pacing import STRICT
from tests.fakes.discord.person import Person
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.world import Channel as Chat

_MANY = 1000
_PAPERS = 5
_PEER_POSTS = 200
#: Interval between a person's commands during the delivery. Seconds.
_ASKS_EVERY = 0.25


@dataclass(frozen=True, kw_only=True, slots=True)
class Flight:
    """The result for a fleet of channels."""

    #: Messages per second, from the first to the last.
    rate: float
    posted: int
    #: Responses with status 429.
    refused: int
    #: Milliseconds until commands were acknowledged meanwhile, 99th percentile.
    acked: float = 0.0

    @property
    def share(self) -> float:
        """Share of Discord's rate limit that was used, in per cent."""
        return 100 * self.rate / MOST_A_SECOND


def measure(_data: Path) -> Iterator[Row]:
    """Yield throughput, refusals, and the acknowledgement time of commands meanwhile, next to the library by itself."""
    peer, fleet = asyncio.run(_peer()), asyncio.run(_fly())
    bot = "channel.send in a loop"
    yield Row(
        what=f"{_MANY} channels: of the limits", ours=fleet.share, unit="%", peer=bot, theirs=peer.share,
        more_is_better=True,
    )  # fmt: skip
    yield Row(what="  429 of 1000 posts", ours=_of_1000(fleet), unit="", peer=bot, theirs=_of_1000(peer))
    yield Row(
        what="  commands meanwhile, slowest in a hundred", ours=fleet.acked, unit="ms", peer="wanted", theirs=150.0
    )


def a_subscription_in(number: int, channel: Channel) -> Subscription:
    """Return a subscription that fell due a moment ago."""
    return replace(a_due_subscription(f"o{number}", "", papers=_PAPERS), channel=channel)


async def _fly() -> Flight:
    """Have the product post to a thousand channels and respond to a person meanwhile."""
    with TemporaryDirectory() as folder:
        async with FakeDiscord(pace=STRICT, check=False) as discord:
            guild = discord.guild("Lab")
            discord.invite(guild)
            ada, response = discord.person("ada", guild), discord.channel("talk", guild)
            database = str(Path(folder) / "paperwire.sqlite3")
            async with open_store(database) as store:
                for number in range(_MANY):
                    place = discord.channel(f"room{number}", guild)
                    there = Channel(platform="discord", workspace=guild.id, channel=place.id)
                    await store.keep_subscription(a_subscription_in(number, there))
            running = asyncio.create_task(_run(database, discord))
            await discord.hub.gateway.connected(within=60)
            asking = asyncio.create_task(_asks(discord, ada, response))
            await running
            asking.cancel()
            await asyncio.wait({asking})
            return _flight(discord)


async def _asks(discord: FakeDiscord, ada: Person, response: Chat) -> None:
    await discord.until(lambda: discord.hub.commands.of(None), within=60, what="the commands")
    while True:
        await ada.uses("/paper help", response)
        await asyncio.sleep(_ASKS_EVERY)


async def _run(database: str, discord: FakeDiscord) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.discord_fleet", database, discord.api, discord.hub.token, cwd=ROOT
    )
    if await process.wait():
        raise AssertionError("the product failed")


def _flight(discord: FakeDiscord) -> Flight:
    connectors = [each for each in discord.hub.world.channels.values() if each.name.startswith("room")]
    times = sorted(message.at for adapter in connectors for message in adapter.messages)
    if len(times) != _MANY:
        raise AssertionError(f"{len(times)} of {_MANY} messages were posted")
    acked = [1000 * each for each in discord.hub.office.latencies()]
    return Flight(
        rate=(len(times) - 1) / (times[-1] - times[0]),
        posted=len(times),
        refused=_refused(discord),
        acked=quantiles(acked, n=100)[-1] if len(acked) > 1 else 0.0,
    )


def _refused(discord: FakeDiscord) -> int:
    return sum(each.more.get("status") == 429 for each in discord.hub.happenings.of("call"))


def _of_1000(flight: Flight) -> float:
    return 1000 * flight.refused / flight.posted


async def _peer() -> Flight:
    """Post one message after the other, as a simple bot with discord.py does."""
    async with FakeDiscord(pace=STRICT, check=False) as discord:
        guild = discord.guild("Lab")
        discord.invite(guild)
        connectors = [discord.channel(f"room{number}", guild) for number in range(_PEER_POSTS)]
        client = library.Client(intents=library.Intents.none())
        reroute(client.http, RequestBudget(most=10_000), api_url=discord.api)
        await client.login(discord.hub.token)
        began = time.monotonic()
        for adapter in connectors:
            await client.get_partial_messageable(int(adapter.id)).send("Ten papers")
        took = time.monotonic() - began
        await client.close()
        return Flight(rate=len(connectors) / took, posted=len(connectors), refused=_refused(discord))


async def _live(database: str, api: str, token: str) -> None:
    """Run the product until every due run has ended."""
    settings = DiscordSettings(token=Secret(token), api_url=api)
    read = read_settings({}, database=database)
    app_open = open_app(read, screen=sys.stderr, connectors=[partial(connect, settings)], libraries=())
    async with app_open as application, application.scheduler().running():
        await application.dispatcher.drain()


if __name__ == "__main__":
    asyncio.run(_live(*sys.argv[1:]))
