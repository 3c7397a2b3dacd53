"""What the tests of sources stand on: recorded answers served on this machine, and a clock that stands still."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bots.sources._http import Page, Web
from bots.sources.context import SourceContext
from tests.conftest import ROOT
from tests.fakes.paper_server import PaperServer

SAMPLES = ROOT / "tests/samples/sources"
PAGE = "/page"


class StillClock:
    """Seconds that pass only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        """Return the present second."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Let the seconds pass at once."""
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


def a_web(clock: StillClock, **changes: object) -> Web:
    """Return a client whose pauses take no time and whose dice always show 1."""
    known: dict[str, object] = {"contact": "me@example.org", "version": "1.2", **changes}
    return Web(clock=clock, sleep=clock.sleep, random=lambda: 1.0, **known)  # type: ignore[arg-type] # one test each


async def get(web: Web, server: PaperServer, path: str = PAGE, group: str = "huggingface", **more: float) -> Page:
    """Ask the server on this machine."""
    return await web.get(f"{server.url}{path}", group=group, **more)  # type: ignore[arg-type] # limit, patience, timeout


@pytest.fixture
def clock() -> StillClock:
    """A clock that stands still."""
    return StillClock()


@pytest.fixture
async def server() -> AsyncIterator[PaperServer]:
    """Hugging Face and arXiv on this machine."""
    async with PaperServer(SAMPLES) as server:
        yield server


@pytest.fixture
async def web(clock: StillClock) -> AsyncIterator[Web]:
    """A client that is never in a hurry."""
    async with a_web(clock) as web:
        yield web


@pytest.fixture
def context(web: Web, server: PaperServer, tmp_path: Path) -> SourceContext:
    """A world in which every place is on this machine."""
    return SourceContext(web=web, places=server.places, folder=tmp_path)
