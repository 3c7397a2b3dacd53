"""Our own sources pass the contracts of the test kit, the same classes that plug-in authors inherit."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar

from bots.sources.arxiv import Arxiv
from bots.sources.bibliography import Bibliography
from bots.sources.biorxiv import Biorxiv, Medrxiv
from bots.sources.crossref import Crossref
from bots.sources.feed import FeedSource
from bots.sources.feed_presets import PRESETS
from bots.sources.file import PaperFile
from bots.sources.huggingface import HuggingFace
from bots.sources.openalex import OpenAlex
from bots.sources.openreview import OpenReview
from bots.sources.pubmed import PubMed
from bots.sources.sample import SampleDay
from bots.sources.semantic_scholar import SemanticScholar
from bots.sources.web import Page, Web
from bots.testing import LibraryContract, SourceContract, SourceStage, a_context
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


class TestBiorxiv(OnTheWeb):
    """The day's preprints."""

    source, path = Biorxiv, "/biorxiv/details/biorxiv/2026-07-15/2026-07-15/0/json"
    day = date(2026, 7, 15)


class TestMedrxiv(OnTheWeb):
    """The day's preprints of one category."""

    source, path = Medrxiv, "/biorxiv/details/medrxiv/2026-07-15/2026-07-15/0/json"
    argument, day = "epidemiology", date(2026, 7, 15)


class TestPubMed(OnTheWeb):
    """What entered PubMed on the day."""

    source, path = PubMed, "/pubmed/entrez/eutils/esearch.fcgi"
    argument, day, words = "dormice[tiab] AND sleep", date(2026, 6, 12), "dormice"


class TestOpenAlex(OnTheWeb):
    """The day's works with some words."""

    source, path = OpenAlex, "/openalex/works"
    argument, day, words = "language models", date(2023, 1, 1), "crispr"


class TestCrossref(OnTheWeb):
    """What a journal registered on the day."""

    source, path = Crossref, "/crossref/journals/0000-0019/works"
    argument, day, words = "0000-0019", date(2026, 8, 19), "dormice"


class TestSemanticScholar(OnTheWeb):
    """Papers like one, and like two."""

    source, path = SemanticScholar, "/s2/recommendations/v1/papers/forpaper/ARXIV:2607.00011"
    argument, day, words = "2607.00011", date(2026, 7, 15), "transformers"
    rest_day: date | None = None


class TestOpenReview(OnTheWeb):
    """The papers of a conference."""

    source, path = OpenReview, "/openreview/notes"
    argument, day = "Slow-Links.org/CSL/2026/Conference", date(2026, 7, 20)


class Elsewhere:
    """A `Web` that reads the addresses of public sites from a server on this machine, where they have other paths."""

    def __init__(self, web: Web, places: Mapping[str, str]) -> None:
        self._web, self._places = web, places

    async def get(self, url: str, **more: Any) -> Page:
        """Return the response from the address's stand-in."""
        return await self._web.get(self._places.get(url, url), **more)

    async def post(self, url: str, content: bytes, **more: Any) -> Page:
        """Return the response from the address's stand-in."""
        return await self._web.post(self._places.get(url, url), content, **more)


class Named(SourceContract):
    """A source whose argument is an address, or stands for one."""

    rest_day: date | None = SUNDAY
    #: The address that it asks, and the path of its stand-in.
    address: ClassVar[str]
    path: ClassVar[str]
    nothing: ClassVar[bytes]

    @asynccontextmanager
    async def stage(self) -> AsyncIterator[SourceStage]:
        async with PaperServer(SAMPLES) as server, a_context(self.source, server.places) as context:
            yield SourceStage(
                context=replace(context, web=Elsewhere(context.web, {self.address: f"{server.url}{self.path}"})),
                fail=lambda: server.script(self.path, *[Answer(status=503)] * 4),
                rest=lambda: server.script(self.path, Answer(body=self.nothing)),
            )


class TestFeed(Named):
    """A feed that is known by its name."""

    source, argument, day = FeedSource, "acl", date(2026, 7, 20)
    address, path = PRESETS["acl"].url, "/feeds/acl.xml"
    nothing = b"<rss version='2.0'><channel><title>Empty</title></channel></rss>"


class TestFeedByAddress(Named):
    """A feed by its address."""

    source, argument, day = FeedSource, "https://eprint.iacr.org/rss/rss.xml", date(2026, 6, 3)
    address, path = argument, "/feeds/several.xml"
    nothing = b"<feed xmlns='http://www.w3.org/2005/Atom'><title>Empty</title></feed>"


class TestBibliography(Named):
    """A bibliography by its address."""

    source, argument, day = Bibliography, "https://engine.example.org/library.bib", date(2026, 8, 19)
    address, path = argument, "/feeds/library.bib"
    dated = False
    rest_day: date | None = None
    nothing = b""


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


class TestFolder(OnDisk):
    """A folder of files."""

    argument, broken_argument = str(FILES), "missing"


class TestSample(LibraryContract):
    """The day that ships with the program and cannot fail."""

    source = SampleDay
    day, words = date(2026, 8, 19), "the"

    @asynccontextmanager
    async def stage(self) -> AsyncIterator[SourceStage]:
        async with a_context(self.source) as context:
            yield SourceStage(context=context)
