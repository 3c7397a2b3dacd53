"""A thousand Discord channels that are due in the same minute, over discord.py and under Discord's own limits.

The product runs in its own process on a database in a file, with the Discord adapter as shipped. The fake Discord, in
a process of its own too, hands out rate limit buckets, holds all requests to fifty per second, and has a person who
uses commands meanwhile. The peer is the library by itself: `channel.send` in a loop, which is how a small bot posts.
"""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Any

import discord as library

from bots.discord.transport import MOST_A_SECOND, RequestBudget, reroute
from bots.domain.channels import Channel
from bots.store.sql import open_store
from tests.bench.far import Far, far
from tests.bench.rows import Row
from tests.crash.scenes import a_due_subscription

_MANY = 1000
_PAPERS = 5
_PEER_POSTS = 200
#: Seconds after which a flight is given up.
_PATIENCE = 300.0


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
    #: Milliseconds of the product's processor time for each message.
    cpu: float = 0.0

    @property
    def share(self) -> float:
        """Share of Discord's rate limit that was used, in per cent."""
        return 100 * self.rate / MOST_A_SECOND


def measure(_data: Path) -> Iterator[Row]:
    """Yield throughput, refusals, and the acknowledgement time of commands meanwhile, next to the library by itself."""
    peer, fleet = asyncio.run(_peer()), asyncio.run(fly(_MANY))
    bot = "channel.send in a loop"
    yield Row(
        what=f"{_MANY} channels: of the limits", ours=fleet.share, unit="%", peer=bot, theirs=peer.share,
        more_is_better=True,
    )  # fmt: skip
    yield Row(what="  429 of 1000 posts", ours=_of_1000(fleet), unit="", peer=bot, theirs=_of_1000(peer))
    # With more, one core could not keep the rate.
    yield Row(
        what="  processor time of a post", ours=fleet.cpu, unit="ms", peer="the rate's gap", theirs=1000 / MOST_A_SECOND
    )
    yield Row(
        what="  commands meanwhile, slowest in a hundred", ours=fleet.acked, unit="ms", peer="wanted", theirs=150.0
    )


async def fly(channels: int) -> Flight:
    """Have the product post to so many channels and respond to a person meanwhile."""
    with TemporaryDirectory() as folder:
        database = str(Path(folder) / "paperwire.sqlite3")
        async with far("tests.bench.far_discord", channels=channels) as chat:
            async with open_store(database) as store:
                for number, (guild, room) in enumerate(chat.told["places"]):
                    there = Channel(platform="discord", workspace=guild, channel=room)
                    due = replace(a_due_subscription(f"o{number}", "", papers=_PAPERS), channel=there)
                    await store.keep_subscription(due)
            environ = {"PAPERWIRE_DISCORD_TOKEN": chat.told["token"], "PAPERWIRE_DISCORD_API_URL": chat.told["api"]}
            async with far("tests.bench.far_product", role="alone", database=database, environ=environ) as product:
                return await _flown(chat, product, channels)


async def _flown(chat: Far, product: Far, channels: int) -> Flight:
    await chat.ask("until_connected")
    await chat.ask("person_asks")
    before = await product.cpu()
    beginning = asyncio.create_task(product.ask("begin"))
    if not await chat.ask("until_posted", count=channels, within=_PATIENCE):
        raise AssertionError(f"fewer than {channels} messages were posted within {_PATIENCE} s")
    await beginning
    return _flight(await chat.ask("flight"), (await product.cpu() - before) / channels)


def _flight(told: Any, cpu: float) -> Flight:
    times, acked = sorted(at for at, _ in told["posts"]), told["acked"]
    return Flight(
        rate=(len(times) - 1) / (times[-1] - times[0]),
        posted=len(times),
        refused=told["refused"],
        acked=quantiles(acked, n=100)[-1] if len(acked) > 1 else 0.0,
        cpu=1000 * cpu,
    )


def _of_1000(flight: Flight) -> float:
    return 1000 * flight.refused / flight.posted


async def _peer() -> Flight:
    """Post one message after the other, as a simple bot with discord.py does."""
    async with far("tests.bench.far_discord", channels=_PEER_POSTS) as chat:
        client = library.Client(intents=library.Intents.none())
        reroute(client.http, RequestBudget(most=10_000), api_url=chat.told["api"])
        await client.login(chat.told["token"])
        began = time.monotonic()
        for _, room in chat.told["places"]:
            await client.get_partial_messageable(int(room)).send("Ten papers")
        took = time.monotonic() - began
        await client.close()
        told = await chat.ask("flight")
        return Flight(rate=_PEER_POSTS / took, posted=_PEER_POSTS, refused=told["refused"])
