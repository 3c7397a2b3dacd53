"""Tests of the source context, and of the stand-in server as a separate program."""

import asyncio
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bots.domain.errors import SettingsError
from bots.domain.harvests import Freshness
from bots.domain.papers import PaperId
from bots.ports import SourceQuery
from bots.sources._http import Client
from bots.sources.arxiv import Arxiv
from bots.sources.context import SourceContext
from bots.sources.huggingface import HuggingFace
from tests.conftest import ROOT
from tests.fakes.paper_server import PaperServer
from tests.sources.conftest import SAMPLES, StillClock, a_client, a_context


@pytest.mark.parametrize(
    ("set_to", "place"),
    [
        ("https://arxiv.org", "https://arxiv.org"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
        ("https://mirror.example.org/arxiv", "https://mirror.example.org/arxiv"),
    ],
)
async def test_a_place_can_be_elsewhere(context: SourceContext, set_to: str, place: str) -> None:
    """A mirror or a test server has an address of its own, returned without its trailing slash."""
    assert place == replace(context, settings={"arxiv_list": set_to}).address("arxiv_list")


@pytest.mark.parametrize(
    "set_to", ["arxiv.org", "ftp://x.org", "file:///etc", "https://", "http://[::1", "https://a@b.c", "", None]
)
async def test_a_place_that_is_no_address_is_refused(context: SourceContext, set_to: object) -> None:
    """An invalid site address is refused, and the error names the setting."""
    with pytest.raises(SettingsError, match=r"The setting sources\.huggingface"):
        HuggingFace.open("", replace(context, settings={"huggingface": set_to}))


@pytest.fixture
async def program() -> AsyncIterator[str]:
    """Start the stand-in server from the command line and yield its address."""
    command = [sys.executable, "-u", "-m", "tests.fakes.paper_server", str(SAMPLES), "--port", "0"]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    line = (await process.stdout.readline()).decode()
    yield line.split(" at ")[1].split(";")[0]
    process.terminate()
    await process.communicate()


async def test_the_stand_in_server_runs_as_a_program(client: Client, program: str) -> None:
    """`python -m tests.fakes.paper_server FOLDER` responds like Hugging Face and arXiv."""
    places = dict.fromkeys(("huggingface", "arxiv_api", "arxiv_feed", "arxiv_list"), program)
    hugging = HuggingFace.open("", a_context(client, "huggingface", places))
    arxiv = Arxiv.open("cs.AI", a_context(client, "arxiv", places))
    assert 3 == len((await hugging.recent(SourceQuery(day=date(2026, 8, 21)))).papers)
    assert 2 == len((await arxiv.recent(SourceQuery(day=date(2025, 9, 18)))).papers)


async def test_the_stand_in_server_replays_all_recordings(shared: Path) -> None:
    """The server can serve a whole folder of recordings: lists, arXiv entries, feeds and list pages."""
    async with PaperServer(shared / "fixtures") as server, a_client(StillClock()) as client:
        hugging = HuggingFace.open("", a_context(client, "huggingface", server.places))
        arxiv = Arxiv.open("cs.AI", a_context(client, "arxiv", server.places))
        assert 30 == len((await hugging.recent(SourceQuery(day=date(2026, 6, 12)))).papers)
        assert "arxiv:astro-ph/0601001" == str((await arxiv.lookup(PaperId.arxiv("astro-ph/0601001"))).id)
        assert 100 == len(await arxiv.search("testing", 100))
        late = await arxiv.recent(SourceQuery(day=date(2026, 8, 12)))
        assert (4, Freshness.FRESH) == (len(late.papers), late.state)
