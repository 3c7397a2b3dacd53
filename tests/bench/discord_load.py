"""Fifty commands, 120 links and eight hostile pastes at once on Discord while digests run: how long each person waits.

The links come in look-ups, five in each, as a person pastes them: Discord shows an app no messages. A person may have
three requests in progress there, so each request is another person's. arXiv and Hugging Face have the real paces. The
product has a process of its own.
"""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from bots.discord.command_definitions import commands
from bots.domain.channels import Channel
from bots.store.sql import open_store
from tests.bench.far import Far, far, serve
from tests.bench.load import DIGESTS, LINKS, PASTES, SAMPLES, TYPED, WANTED, WANTED_ACK, paste
from tests.bench.rows import Row
from tests.crash.scenes import a_due_subscription
from tests.discord.conftest import founded
from tests.fakes.discord.interactions import Interaction
from tests.fakes.discord.person import Person
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.world import Channel as Chat
from tests.fakes.discord.world import Flag
from tests.fakes.paper_server import PaperServer

#: Look-ups read up to five ids of a sentence.
_PER_LOOKUP = 5
#: Seconds within which the bench gives up.
_PATIENCE = 120.0


def measure(_data: Path) -> Iterator[Row]:
    """Yield how long each kind of request waited for its answer, and for its acknowledgement."""
    with tempfile.TemporaryDirectory() as folder:
        waited, acknowledged, own = asyncio.run(under_load(Path(folder)))
    for what, seconds in waited.items():
        yield Row(what=what, ours=seconds, unit="s", peer="wanted", theirs=WANTED)
    slowest = quantiles(acknowledged, n=100)[-1]
    for what, ours in (
        ("acknowledged, the slowest in a hundred", slowest),
        ("median", median(acknowledged)),
        ("from its arrival here, the slowest", quantiles(own, n=100)[-1]),
        ("median", median(own)),
    ):
        yield Row(what=what, ours=ours, unit="ms", peer="wanted of the slowest", theirs=WANTED_ACK)


async def under_load(folder: Path) -> tuple[dict[str, float], list[float], list[float]]:
    """Return the seconds that people waited for their answers, and all acknowledgements in ms.

    The latter twice: since Discord sent the command, and since the product received it. The fake makes and packs all
    commands of the flood before the first one leaves it.
    """
    database = str(folder / "paperwire.sqlite3")
    async with far("tests.bench.discord_load") as world:
        async with open_store(database) as store:
            for number, (guild, room) in enumerate(world.told["digests"]):
                there = Channel(platform="discord", workspace=guild, channel=room)
                await store.keep_subscription(replace(a_due_subscription(f"o{number}", "", papers=10), channel=there))
        given = {"role": "alone", "database": database, "environ": world.told["environ"], "looks_up": True}
        async with far("tests.bench.far_product", **given) as product:
            await world.ask("until_connected")
            posting = asyncio.create_task(_posted(product))
            waited, acknowledged = await world.ask("flood")
            own = await product.ask("acknowledged")
            return {**waited, "the digests are posted": await posting}, acknowledged, own


async def _posted(product: Far) -> float:
    begun = time.monotonic()
    await product.ask("begin")
    await product.ask("drained")
    return time.monotonic() - begun


class FarWorld:
    """A fake Discord with everybody who uses it, arXiv and Hugging Face, and the questions about them."""

    def __init__(self, stack: AsyncExitStack) -> None:
        self._stack = stack

    async def open(self) -> dict[str, Any]:
        """Open everything; return the settings that lead there, and the channels for digests."""
        papers = await self._stack.enter_async_context(PaperServer(SAMPLES))
        self._discord = await self._stack.enter_async_context(FakeDiscord(pace=None, check=False))
        self._guild = founded(self._discord)
        self._chat = self._discord.channel("papers", self._guild)
        digests = [self._discord.channel(f"digest-{number}", self._guild) for number in range(DIGESTS)]
        places = {f"PAPERWIRE_SOURCES_{name.upper()}": url for name, url in papers.places.items()}
        token, api = self._discord.hub.token, self._discord.api
        environ = {**places, "PAPERWIRE_DISCORD_TOKEN": token, "PAPERWIRE_DISCORD_API_URL": api}
        return {"environ": environ, "digests": [[each.guild, each.id] for each in digests]}

    async def until_connected(self) -> None:
        """Return when the app is connected and has registered its commands."""
        hub = self._discord.hub
        await hub.gateway.connected(within=_PATIENCE)
        await self._discord.until(
            lambda: len(hub.commands.of(None)) >= len(commands()), within=_PATIENCE, what="the commands"
        )

    async def flood(self) -> tuple[dict[str, float], list[float]]:
        """Let everybody ask at once; return the seconds that they waited, and all acknowledgements in ms."""
        lookups = LINKS // _PER_LOOKUP
        *many, one = [self._discord.person(f"p{number}", self._guild) for number in range(TYPED + lookups + PASTES + 1)]
        begun = time.monotonic()
        flood = asyncio.create_task(self._flooded(many))
        await asyncio.sleep(0.5)
        alone = asyncio.create_task(_alone(one, self._chat))
        requests = await flood
        answers = [_answered(who, it, self._chat, begun) for who, it in zip(many, requests, strict=True)]
        times = await asyncio.gather(*answers)
        waited = {
            **_of(f"{TYPED} commands", times[:TYPED]),
            **_of(f"{LINKS} links in {lookups} look-ups", times[TYPED : TYPED + lookups]),
            **_of(f"{PASTES} hostile pastes", times[TYPED + lookups :]),
            "one look-up beside the flood": await alone,
        }
        return waited, [1000 * each.acked_after for each in requests if each.acked_after is not None]

    async def _flooded(self, people: list[Person]) -> list[Interaction]:
        """Send the flood, and wait until each request is acknowledged.

        One task waits for all: many would wake at each acknowledgement, and the fake would be what is measured.
        """
        requests = await _flood(people, self._chat)
        what = "all acknowledgements"
        await self._discord.until(lambda: all(each.finished for each in requests), within=_PATIENCE, what=what)
        return requests


def _of(what: str, times: list[float]) -> dict[str, float]:
    return {f"{what}: median": median(times), f"{what}: last": max(times)}


async def _flood(people: list[Person], chat: Chat) -> list[Interaction]:
    """Send fifty look-ups, 120 links and eight pastes, each from another person, all at once."""
    typed = [f"2101.{number:05}" for number in range(TYPED)]
    linked = [
        " ".join(f"https://arxiv.org/abs/2102.{number:05}" for number in range(start, start + _PER_LOOKUP))
        for start in range(0, LINKS, _PER_LOOKUP)
    ]
    looking = [_typed(who, chat, text) for who, text in zip(people, (*typed, *linked), strict=False)]
    pasting = [
        who.uses("/summarize", chat, wait=False, file=("abstract.txt", paste(number).encode()))
        for number, who in enumerate(people[len(looking) :])
    ]
    return await asyncio.gather(*looking, *pasting)


async def _typed(who: Person, chat: Chat, paper: str) -> Interaction:
    return await who.uses("/paper lookup", chat, wait=False, paper=paper)


async def _alone(who: Person, chat: Chat) -> float:
    """Return how long another person waits for a paper that arXiv has."""
    begun = time.monotonic()
    return await _answered(who, await who.uses("/paper lookup", chat, paper="1707.08567"), chat, begun)


async def _answered(who: Person, it: Interaction, chat: Chat, begun: float) -> float:
    """Return how long a person waits for their answer, since `begun`."""
    if not it.acked:
        raise TimeoutError("a command was not acknowledged")

    def look() -> bool:
        own = [each for each in who.sees(chat, only_me=True) if each.text and "The answer follows" not in each.text]
        return bool(own) and not own[-1].message.get("flags", 0) & Flag.LOADING

    await who.waits(lambda: look() or None, within=_PATIENCE, what="an answer")
    return time.monotonic() - begun


async def _main() -> None:
    async with AsyncExitStack() as stack:
        it = FarWorld(stack)
        await serve({"open": it.open, "until_connected": it.until_connected, "flood": it.flood})


if __name__ == "__main__":
    asyncio.run(_main())
