"""Fifty commands, 120 links and eight hostile pastes at once while digests run: how long each person waits for a word.

arXiv and Hugging Face are the fakes, with the real paces: a request in three seconds, and one in a second.
"""

import asyncio
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from functools import partial
from io import StringIO
from pathlib import Path
from statistics import quantiles

from bots.bootstrap.app import App, open_app, utc_now
from bots.config.settings import read_settings
from bots.domain.channels import Channel
from bots.slack.app import SlackSettings, connect
from bots.slack.manifest import manifest
from bots.store._secrets import new_key
from summarizer import Secret
from tests.bench.acks import opened
from tests.bench.rows import Row
from tests.conftest import ROOT
from tests.fakes.paper_server import PaperServer
from tests.fakes.slack.deliveries import COMMANDS
from tests.fakes.slack.person import Person
from tests.fakes.slack.server import FakeSlack
from tests.fakes.slack.world import Channel as Chat

#: Seconds until everybody has a word, and milliseconds until 99 in a hundred commands are acknowledged.
WANTED, WANTED_ACK = 20.0, 150.0
TYPED, LINKS, PASTES, DIGESTS = 50, 120, 8, 5
_PER_MESSAGE = 40
#: Two short words a sentence, a script without spaces, lines, and open brackets: the dearest texts of this length.
_HOSTILE = ("Go on. ", "我们提出了一种新的方法。", "So it is.\n", "((a [b $x ")
_LONG = 12_000
SAMPLES = ROOT / "tests/samples/sources"


def measure(_data: Path) -> Iterator[Row]:
    """Yield how long each kind of request waited, and the slowest acknowledgement in a hundred."""
    with tempfile.TemporaryDirectory() as folder:
        waited, acknowledged = asyncio.run(under_load(Path(folder)))
    for what, seconds in waited.items():
        yield Row(what=what, ours=seconds, unit="s", peer="wanted", theirs=WANTED)
    slowest = quantiles(acknowledged, n=100)[-1]
    yield Row(what="acknowledged, the slowest in a hundred", ours=slowest, unit="ms", peer="wanted", theirs=WANTED_ACK)


async def under_load(folder: Path) -> tuple[dict[str, float], list[float]]:
    """Return the seconds that each person waited for the last of their answers, and all acknowledgements in ms."""
    async with PaperServer(SAMPLES) as papers, FakeSlack(manifest("socket", unfurl=True), pace=None) as slack:
        people = {name: slack.person(name) for name in ("many", "links", "pastes", "one", "reader")}
        installation = slack.hub.install(slack.workspace())
        chat = slack.channel("papers", *people.values())
        digests = [slack.channel(f"digest-{number}", people["reader"]).id for number in range(DIGESTS)]
        async with _open(folder, slack, papers, installation.token) as application:
            channels = [Channel(platform="slack", workspace=installation.teams[0], channel=each) for each in digests]
            runs = [await opened(application, each) for each in channels]
            begun = time.monotonic()
            posting = asyncio.create_task(_posted(application, runs, begun))
            flood = asyncio.create_task(_flood(people, chat))
            await asyncio.sleep(0.5)
            alone = asyncio.create_task(_alone(slack, people["one"], chat))
            waited = await _answered(slack, people, chat, begun)
            waited["one look-up beside the flood"] = await alone
            waited["the digests are posted"] = await posting
            await flood
        return waited, slack.hub.office.latencies(COMMANDS)


def _open(folder: Path, slack: FakeSlack, papers: PaperServer, token: str) -> AbstractAsyncContextManager[App]:
    key = new_key()
    places = {f"PAPERWIRE_SOURCES_{name.upper()}": url for name, url in papers.places.items()}
    settings = read_settings({"PAPERWIRE_SLACK_TOKEN_KEYS": key, **places}, database=str(folder / "paperwire.sqlite3"))
    slack_settings = SlackSettings(
        api_url=slack.api, bot_token=Secret(token), app_token=Secret(slack.hub.app_token), unfurl=True,
        token_keys=(Secret(key),),
    )  # fmt: skip
    return open_app(settings, screen=StringIO(), connectors=(partial(connect, slack_settings),), clock=utc_now)


async def _flood(people: dict[str, Person], chat: Chat) -> None:
    """Send fifty commands of one person, 120 links of another and eight pastes of a third, all at once."""
    commands = [people["many"].types(f"/paper 2101.{number:05}", chat) for number in range(TYPED)]
    links = [
        people["links"].says(" ".join(f"https://arxiv.org/abs/2102.{number:05}" for number in numbers), chat)
        for numbers in (range(start, start + _PER_MESSAGE) for start in range(0, LINKS, _PER_MESSAGE))
    ]
    messages = [await people["pastes"].says(paste(number), chat) for number in range(PASTES)]
    pastes = [people["pastes"].uses_message_shortcut("summarize_message", each) for each in messages]
    await asyncio.gather(*commands, *links, *pastes)


def paste(number: int) -> str:
    """Return a text that is dear to read."""
    piece = _HOSTILE[number % len(_HOSTILE)]
    return f"We propose method {number} for planning trips with agents and many tools. " + piece * (_LONG // len(piece))


async def _alone(slack: FakeSlack, person: Person, chat: Chat) -> float:
    """Return how long another person waits for a paper that arXiv has."""
    begun = time.monotonic()
    await person.types("/paper 1707.08567", chat)
    await _until(slack, lambda: "1707.08567" in _last(person, chat) or "busy" in _last(person, chat))
    return time.monotonic() - begun


def _last(person: Person, chat: Chat) -> str:
    seen = person.sees(chat, only_me=True)
    return f"{seen[-1].text} {seen[-1].message.blocks}" if seen else ""


async def _answered(slack: FakeSlack, people: dict[str, Person], chat: Chat, begun: float) -> dict[str, float]:
    """Return how long the persons of the flood wait for the last of their answers."""

    async def last(name: str, count: int) -> float:
        await _until(slack, lambda: len(_answers(people[name], chat)) + _in_window(slack, people[name]) >= count)
        return time.monotonic() - begun

    many, pastes = await asyncio.gather(last("many", TYPED), last("pastes", PASTES))
    return {f"the last of {TYPED} commands": many, f"the last of {PASTES} hostile pastes": pastes}


def _answers(person: Person, chat: Chat) -> list[str]:
    return [each.text for each in person.sees(chat, only_me=True)]


def _in_window(slack: FakeSlack, person: Person) -> bool:
    """Return whether a window shows an answer: a slow press opens one, which the answer fills."""
    view = slack.hub.windows.top(person.user.id)
    return view is not None and "method" in str(view.blocks)


async def _until(slack: FakeSlack, holds: Callable[[], bool]) -> None:
    await slack.until(holds, within=120, what="answers")


async def _posted(application: App, runs: list[str], begun: float) -> float:
    await asyncio.gather(*map(application.executor.execute, runs))
    return time.monotonic() - begun
