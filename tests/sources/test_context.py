"""What sources are opened with, and the stand-in server as a program of its own."""

import asyncio
import sys
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from bots.domain.errors import SettingsError
from bots.domain.harvests import Freshness
from bots.domain.papers import PaperId
from bots.ports import Ask
from bots.sources._http import Web
from bots.sources.arxiv import Arxiv
from bots.sources.context import SourceContext
from bots.sources.huggingface import HuggingFace
from tests.conftest import ROOT
from tests.fakes.paper_server import PaperServer
from tests.sources.conftest import SAMPLES, StillClock, a_web


@pytest.mark.parametrize(
    ("override", "place"),
    [
        ("", "https://arxiv.org"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
        ("https://mirror.example.org/arxiv", "https://mirror.example.org/arxiv"),
    ],
)
async def test_a_place_can_be_elsewhere(web: Web, override: str, place: str) -> None:
    """A mirror or a rehearsal has its own address; without one the real place is asked."""
    assert place == SourceContext(web=web, places={"arxiv_list": override}).place("arxiv_list", "https://arxiv.org")


@pytest.mark.parametrize(
    "override", ["arxiv.org", "ftp://x.org", "file:///etc", "https://", "http://[::1", "https://a@b.c"]
)
async def test_a_place_that_is_no_address_is_refused(web: Web, override: str) -> None:
    """The setting is named, so that its owner can find it."""
    with pytest.raises(SettingsError, match="The place of huggingface"):
        HuggingFace.open("", SourceContext(web=web, places={"huggingface": override}))


@pytest.fixture
async def program() -> AsyncIterator[str]:
    """The stand-in server, started from the command line; its address."""
    command = [sys.executable, "-u", "-m", "tests.fakes.paper_server", str(SAMPLES), "--port", "0"]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    line = (await process.stdout.readline()).decode()
    yield line.split(" at ")[1].split(";")[0]
    process.terminate()
    await process.communicate()


async def test_the_stand_in_server_runs_as_a_program(web: Web, program: str) -> None:
    """`python -m tests.fakes.paper_server FOLDER` answers like Hugging Face and arXiv."""
    places = dict.fromkeys(("huggingface", "arxiv_api", "arxiv_feed", "arxiv_list"), program)
    context = SourceContext(web=web, places=places)
    assert 3 == len((await HuggingFace.open("", context).recent(Ask(day=date(2026, 8, 21)))).papers)
    assert 2 == len((await Arxiv.open("cs.AI", context).recent(Ask(day=date(2025, 9, 18)))).papers)


async def test_the_stand_in_server_replays_all_recordings(shared: Path) -> None:
    """A whole folder of recordings can be served: lists of three years, every arXiv entry, feed and list page."""
    async with PaperServer(shared / "fixtures") as server, a_web(StillClock()) as web:
        context = SourceContext(web=web, places=server.places)
        hugging, arxiv = HuggingFace.open("", context), Arxiv.open("cs.AI", context)
        assert 30 == len((await hugging.recent(Ask(day=date(2026, 6, 12)))).papers)
        assert "arxiv:astro-ph/0601001" == str((await arxiv.lookup(PaperId.arxiv("astro-ph/0601001"))).id)
        assert 100 == len(await arxiv.search("testing", 100))
        late = await arxiv.recent(Ask(day=date(2026, 8, 12)))
        assert (4, Freshness.FRESH) == (len(late.papers), late.state)
