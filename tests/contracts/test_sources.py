"""The contract of every source and library in `bots/ports/`, tested for each of them."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

import pytest

from bots.domain.errors import PaperNotFound, SourceError
from bots.domain.harvests import Freshness
from bots.domain.papers import PaperId
from bots.ports import Ask, Library, Source
from bots.sources.arxiv import Arxiv
from bots.sources.context import SourceContext
from bots.sources.file import PaperFile
from bots.sources.huggingface import HuggingFace
from bots.sources.sample import SampleDay
from tests.fakes.paper_server import Answer, PaperServer
from tests.sources.conftest import SAMPLES, StillClock, a_web

FILES = SAMPLES / "files"
SUNDAY = date(2025, 9, 21)


class SourceAndLibrary(Source, Library, Protocol):
    """Our sources are also libraries."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One source, and the content of its recordings."""

    open: Callable[[str, SourceContext], SourceAndLibrary]
    argument: str
    day: date
    #: A word that occurs in some of its papers.
    words: str
    #: The path whose failure makes the source fail; empty for a source without a network.
    path: str = ""
    #: Whether it has days without a list.
    rests: bool = False


CASES = {
    "huggingface": Case(
        open=HuggingFace.open, argument="", day=date(2026, 8, 19), words="agents", path="/api/daily_papers", rests=True
    ),
    "huggingface:week": Case(
        open=HuggingFace.open,
        argument="week",
        day=date(2026, 8, 21),
        words="agents",
        path="/api/daily_papers",
        rests=True,
    ),
    "arxiv": Case(
        open=Arxiv.open, argument="cs.AI", day=date(2025, 9, 18), words="testing", path="/rss/cs.AI", rests=True
    ),
    "json": Case(
        open=PaperFile.open, argument=str(FILES / "papers.jsonl"), day=date(2026, 8, 19), words="the", rests=True
    ),
    "listing": Case(open=PaperFile.open, argument=str(FILES / "listing.txt"), day=date(2026, 8, 19), words="the"),
    "bibtex": Case(open=PaperFile.open, argument=str(FILES / "library.bib"), day=date(2026, 8, 19), words="the"),
    "sample": Case(open=SampleDay.open, argument="", day=date(2026, 8, 19), words="the"),
}


@pytest.fixture(params=list(CASES.values()), ids=list(CASES))
def case(request: pytest.FixtureRequest) -> Case:
    """Every source in turn."""
    found: Case = request.param
    return found


@pytest.fixture
async def server() -> AsyncIterator[PaperServer]:
    """Hugging Face and arXiv as fakes on this machine."""
    async with PaperServer(SAMPLES) as server:
        yield server


@pytest.fixture
async def context(server: PaperServer, tmp_path: Path) -> AsyncIterator[SourceContext]:
    """A context in which every address is on this machine."""
    async with a_web(StillClock()) as web:
        yield SourceContext(web=web, places=server.places, folder=tmp_path)


@pytest.fixture
async def source(case: Case, context: SourceContext) -> SourceAndLibrary:
    """The opened source."""
    return case.open(case.argument, context)


async def test_a_source_goes_by_its_spec(case: Case, source: SourceAndLibrary, context: SourceContext) -> None:
    """The part of a source's spec after the colon opens the same source again."""
    assert source.spec == case.open(source.spec.partition(":")[2], context).spec
    assert source.spec == (await source.recent(Ask(day=case.day))).source


async def test_a_days_papers_are_complete_and_unique(case: Case, source: SourceAndLibrary) -> None:
    """Every paper is listed once, with a name, a title, a date and this source; its pages are https or missing."""
    harvest = await source.recent(Ask(day=case.day))
    assert len(harvest.papers) == len({paper.id for paper in harvest.papers}) > 0
    for paper in harvest.papers:
        assert source.spec == paper.source
        assert paper.title
        # A file may omit when its papers were listed, and then the date stays empty.
        assert paper.announced is not None or paper.source.startswith("file:")
        assert not paper.withdrawn
        assert paper.url.startswith("https://") or (paper.id.scheme, paper.url) == ("text", "")
        assert paper.code.startswith("https://") or not paper.code
    assert bool(harvest.note) == (harvest.state != Freshness.FRESH)


async def test_the_same_question_has_the_same_answer(case: Case, source: SourceAndLibrary) -> None:
    """The same query returns the same, complete result again."""
    ask = Ask(day=case.day)
    assert await source.recent(ask) == await source.recent(ask)


async def test_the_limit_keeps_the_first(case: Case, source: SourceAndLibrary) -> None:
    """A smaller limit returns the beginning of the same list."""
    whole = (await source.recent(Ask(day=case.day))).papers
    assert whole[:2] == (await source.recent(Ask(day=case.day, limit=2))).papers


async def test_a_day_of_rest_is_no_failure(case: Case, source: SourceAndLibrary, server: PaperServer) -> None:
    """On a Sunday a source without papers returns a note that says so, and raises nothing."""
    if not case.rests:
        pytest.skip("lists its papers on every day")
    server.script("/rss/cs.AI", Answer(body=(SAMPLES / "arxiv_feed/cs.AI_2025-09-20_empty.xml").read_bytes()))
    harvest = await source.recent(Ask(day=SUNDAY))
    assert ((), Freshness.EMPTY) == (harvest.papers, harvest.state)
    assert harvest.note.endswith(".")


async def test_a_failure_is_an_error(case: Case, context: SourceContext, server: PaperServer) -> None:
    """A source that does not respond, or does not exist, raises an error and never returns an empty list."""
    if case.open == SampleDay.open:
        pytest.skip("ships with the program and cannot fail")
    argument = case.argument if case.path else "missing.bib"
    server.script(case.path, *[Answer(status=503)] * 4)
    source = case.open(argument, context)
    with pytest.raises(SourceError) as failed:
        await source.recent(Ask(day=case.day))
    assert str(failed.value).endswith(".")


async def test_a_listed_paper_can_be_looked_up(case: Case, source: SourceAndLibrary) -> None:
    """A paper that a search finds can be looked up by its id."""
    (first, *_) = await source.search(case.words, 5)
    again = await source.lookup(first.id)
    assert (first.id, first.title, first.abstract) == (again.id, again.title, again.abstract)


async def test_an_unknown_paper_is_not_found(source: SourceAndLibrary) -> None:
    """A library that does not have a paper raises PaperNotFound."""
    for name in ("arxiv:9912.99999", "doi:10.9999/nothing", "text:0000000000000000"):
        with pytest.raises(PaperNotFound):
            await source.lookup(PaperId.parse(name))


async def test_a_search_keeps_its_limit(case: Case, source: SourceAndLibrary) -> None:
    """A search returns at most `limit` papers, each once, and an empty result if it finds none."""
    found = await source.search(case.words, 100)
    assert found[:1] == await source.search(case.words, 1)
    assert len(found) == len({paper.id for paper in found}) > 0
    assert () == await source.search("xylophone zeppelin quagmire", 5)
    assert () == await source.search("", 5)
    assert () == await source.search(case.words, 0)
