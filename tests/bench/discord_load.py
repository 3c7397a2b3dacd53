"""Fifty commands, 120 links and eight hostile pastes at once on Discord while digests run: how long each person waits.

The links come in look-ups, five in each, as a person pastes them: Discord shows an app no messages. A person may have
three requests in progress there, so each request is another person's. arXiv and Hugging Face have the real paces.
"""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from functools import partial
from io import StringIO
from pathlib import Path
from statistics import median, quantiles

from bots.bootstrap.app import App, open_app, utc_now
from bots.config.settings import read_settings
from bots.discord.app import connect
from bots.discord.command_definitions import commands
from bots.domain.channels import Channel
from tests.bench.acks import opened
from tests.bench.load import DIGESTS, LINKS, PASTES, SAMPLES, TYPED, WANTED, WANTED_ACK, paste
from tests.bench.rows import Row
from tests.discord.conftest import founded, settings_for
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
        waited, acknowledged = asyncio.run(under_load(Path(folder)))
    for what, seconds in waited.items():
        yield Row(what=what, ours=seconds, unit="s", peer="wanted", theirs=WANTED)
    slowest = quantiles(acknowledged, n=100)[-1]
    for what, ours in (("acknowledged, the slowest in a hundred", slowest), ("median", median(acknowledged))):
        yield Row(what=what, ours=ours, unit="ms", peer="wanted of the slowest", theirs=WANTED_ACK)


async def under_load(folder: Path) -> tuple[dict[str, float], list[float]]:
    """Return the seconds that people waited for their answers, and all acknowledgements in ms."""
    async with PaperServer(SAMPLES) as papers, FakeDiscord(pace=None, check=False) as discord:
        guild = founded(discord)
        chat = discord.channel("papers", guild)
        digests = [discord.channel(f"digest-{number}", guild).id for number in range(DIGESTS)]
        lookups = LINKS // _PER_LOOKUP
        people = [discord.person(f"p{number}", guild) for number in range(TYPED + lookups + PASTES + 1)]
        async with _open(folder, discord, papers) as application:
            await discord.hub.gateway.connected()
            await discord.until(lambda: len(discord.hub.commands.of(None)) >= len(commands()), what="the commands")
            channels = [Channel(platform="discord", workspace=guild.id, channel=each) for each in digests]
            runs = [await opened(application, each) for each in channels]
            begun = time.monotonic()
            posting = asyncio.create_task(_posted(application, runs, begun))
            *many, one = people
            flood = asyncio.create_task(_flood(many, chat))
            await asyncio.sleep(0.5)
            alone = asyncio.create_task(_alone(one, chat))
            requests = await flood
            answers = [_answered(who, it, chat, begun) for who, it in zip(many, requests, strict=True)]
            times = await asyncio.gather(*answers)
            waited = {
                **_of(f"{TYPED} commands", times[:TYPED]),
                **_of(f"{LINKS} links in {lookups} look-ups", times[TYPED : TYPED + lookups]),
                **_of(f"{PASTES} hostile pastes", times[TYPED + lookups :]),
                "one look-up beside the flood": await alone,
                "the digests are posted": await posting,
            }
        return waited, [1000 * each.acked_after for each in requests if each.acked_after is not None]


def _of(what: str, times: list[float]) -> dict[str, float]:
    return {f"{what}: median": median(times), f"{what}: last": max(times)}


def _open(folder: Path, discord: FakeDiscord, papers: PaperServer) -> AbstractAsyncContextManager[App]:
    places = {f"PAPERWIRE_SOURCES_{name.upper()}": url for name, url in papers.places.items()}
    settings = read_settings(places, database=str(folder / "paperwire.sqlite3"))
    connector = partial(connect, settings_for(discord))
    return open_app(settings, screen=StringIO(), connectors=(connector,), clock=utc_now)


async def _flood(people: list[Person], chat: Chat) -> list[Interaction]:
    """Send fifty look-ups, 120 links and eight pastes, each from another person, all at once."""
    typed = [f"2101.{number:05}" for number in range(TYPED)]
    linked = [
        " ".join(f"https://arxiv.org/abs/2102.{number:05}" for number in range(start, start + _PER_LOOKUP))
        for start in range(0, LINKS, _PER_LOOKUP)
    ]
    looking = [_typed(who, chat, text) for who, text in zip(people, (*typed, *linked), strict=False)]
    pasting = [
        who.uses("/summarize", chat, file=("abstract.txt", paste(number).encode()))
        for number, who in enumerate(people[len(looking) :])
    ]
    return await asyncio.gather(*looking, *pasting)


async def _typed(who: Person, chat: Chat, paper: str) -> Interaction:
    return await who.uses("/paper lookup", chat, paper=paper)


async def _alone(who: Person, chat: Chat) -> float:
    """Return how long another person waits for a paper that arXiv has."""
    begun = time.monotonic()
    return await _answered(who, await _typed(who, chat, "1707.08567"), chat, begun)


async def _answered(who: Person, it: Interaction, chat: Chat, begun: float) -> float:
    """Return how long a person waits for their answer, since `begun`."""
    if not it.acked:
        raise TimeoutError("a command was not acknowledged")

    def look() -> bool:
        own = [each for each in who.sees(chat, only_me=True) if each.text and "The answer follows" not in each.text]
        return bool(own) and not own[-1].message.get("flags", 0) & Flag.LOADING

    await who.waits(lambda: look() or None, within=_PATIENCE, what="an answer")
    return time.monotonic() - begun


async def _posted(application: App, runs: list[str], begun: float) -> float:
    await asyncio.gather(*map(application.executor.execute, runs))
    return time.monotonic() - begun
