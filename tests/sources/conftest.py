"""Fixtures for source tests: recorded responses served on this machine, and a manual clock."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from bots.config.source_catalogue import catalogue, described
from bots.sources._allowed_hosts import reach_of
from bots.sources._http import Client
from bots.sources._politeness import paces_of
from bots.sources.context import SourceContext
from bots.sources.web import Page
from tests.conftest import ROOT
from tests.fakes.paper_server import PaperServer

SAMPLES = ROOT / "tests/samples/sources"
PAGE = "/page"


class StillClock:
    """A clock that advances only through `sleep`."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        """Return the current time in seconds."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Advance the clock by the given seconds without waiting."""
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


def a_client(clock: StillClock, **changes: object) -> Client:
    """Return a client whose pauses take no real time and whose random number is always 1."""
    paces = paces_of(*catalogue().descriptions)
    known: dict[str, object] = {"contact": "me@example.org", "version": "1.2", "paces": paces, **changes}
    return Client(clock=clock, sleep=clock.sleep, random=lambda: 1.0, **known)  # type: ignore[arg-type] # one test each


def a_context(client: Client, source: str, places: Mapping[str, str], folder: Path = Path()) -> SourceContext:
    """Return the context of one source, with other addresses for the settings in `places`."""
    description = described(source)
    assert description is not None
    settings = {each.name: each.read(places.get(each.name) or each.default) for each in description.settings}
    return SourceContext(web=client.web(reach_of(description, settings)), settings=settings, folder=folder)


async def get(
    client: Client, server: PaperServer, path: str = PAGE, source: str = "huggingface", **more: float
) -> Page:
    """Request a page from the server on this machine, in place of a source's own host."""
    web = a_context(client, source, server.places).web
    return await web.get(f"{server.url}{path}", **more)  # type: ignore[arg-type] # limit, patience, timeout


@pytest.fixture
def clock() -> StillClock:
    """Return a manual clock."""
    return StillClock()


@pytest.fixture
async def server() -> AsyncIterator[PaperServer]:
    """Yield a server on this machine that stands in for Hugging Face and arXiv."""
    async with PaperServer(SAMPLES) as server:
        yield server


@pytest.fixture
async def client(clock: StillClock) -> AsyncIterator[Client]:
    """Yield a client with a manual clock."""
    async with a_client(clock) as client:
        yield client


@pytest.fixture
def context(request: pytest.FixtureRequest, client: Client, server: PaperServer, tmp_path: Path) -> SourceContext:
    """The context of the source that the module names, with all addresses on this machine."""
    return a_context(client, getattr(request.module, "SOURCE", "huggingface"), server.places, tmp_path)
