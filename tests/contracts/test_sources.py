"""Our own sources pass the contracts of the test kit, the same classes that plug-in authors inherit."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import ClassVar

from bots.sources.arxiv import Arxiv
from bots.sources.file import PaperFile
from bots.sources.huggingface import HuggingFace
from bots.sources.sample import SampleDay
from bots.testing import LibraryContract, SourceStage, a_context
from tests.fakes.paper_server import Answer, PaperServer
from tests.sources.conftest import SAMPLES

FILES = SAMPLES / "files"
SUNDAY = date(2025, 9, 21)
_NO_LIST = (SAMPLES / "arxiv_feed/cs.AI_2025-09-20_empty.xml").read_bytes()


class OnTheWeb(LibraryContract):
    """A source whose service is a local server that replays recorded responses."""

    #: The path whose failure is the source's failure.
    path: ClassVar[str]
    rest_day: date | None = SUNDAY

    @asynccontextmanager
    async def stage(self) -> AsyncIterator[SourceStage]:
        async with PaperServer(SAMPLES) as server, a_context(self.source, server.places) as context:
            yield SourceStage(
                context=context,
                fail=lambda: server.script(self.path, *[Answer(status=503)] * 4),
                rest=lambda: server.script("/rss/cs.AI", Answer(body=_NO_LIST)),
            )


class TestHuggingFace(OnTheWeb):
    """The day's list."""

    source, path = HuggingFace, "/api/daily_papers"
    day, words = date(2026, 8, 19), "agents"


class TestHuggingFaceWeek(OnTheWeb):
    """The week's list."""

    source, path = HuggingFace, "/api/daily_papers"
    argument, day, words = "week", date(2026, 8, 21), "agents"


class TestArxiv(OnTheWeb):
    """The day's feed of a category."""

    source, path = Arxiv, "/rss/cs.AI"
    argument, day, words = "cs.AI", date(2025, 9, 18), "testing"


class OnDisk(LibraryContract):
    """A source that reads a file."""

    source, broken_argument = PaperFile, "missing.bib"
    day, words = date(2026, 8, 19), "the"
    # A file may omit when its papers were listed, and then the date stays empty.
    dated = False

    @asynccontextmanager
    async def stage(self) -> AsyncIterator[SourceStage]:
        async with a_context(self.source, folder=FILES) as context:
            yield SourceStage(context=context)


class TestJson(OnDisk):
    """One object per line, with dates."""

    argument = str(FILES / "papers.jsonl")
    rest_day: date | None = SUNDAY


class TestListing(OnDisk):
    """A listing as text."""

    argument = str(FILES / "listing.txt")


class TestBibtex(OnDisk):
    """A BibTeX library."""

    argument = str(FILES / "library.bib")


class TestSample(LibraryContract):
    """The day that ships with the program and cannot fail."""

    source = SampleDay
    day, words = date(2026, 8, 19), "the"

    @asynccontextmanager
    async def stage(self) -> AsyncIterator[SourceStage]:
        async with a_context(self.source) as context:
            yield SourceStage(context=context)
