"""A source that is dead, slow, empty or lying is named in the digest, and the others' papers are in it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bots.config.source_catalogue import KnownSource, catalogue
from bots.config.source_descriptions import SourceDescription
from bots.digests.source_reader import SourcePapers, SourceReader
from bots.sources.source_opener import SourceOpener
from bots.store.memory import MemoryStore
from tests.fakes.paper_server import Answer, PaperServer
from tests.sources.conftest import SAMPLES, StillClock, a_client
from tests.support.doubles import Hand

ON = date(2026, 7, 15)
#: Each source that asks the web, a day that it has papers of, and the paths that it asks for its list.
LISTS: dict[str, tuple[date, tuple[str, ...]]] = {
    "huggingface": (date(2026, 8, 19), ("/api/daily_papers",)),
    "arxiv:cs.AI": (date(2025, 9, 18), ("/rss/cs.AI", "/list/cs.AI/new")),
    "biorxiv": (ON, (f"/biorxiv/details/biorxiv/{ON}/{ON}/0/json",)),
    "medrxiv:epidemiology": (ON, (f"/biorxiv/details/medrxiv/{ON}/{ON}/0/json",)),
    "pubmed:dormice": (date(2026, 6, 12), ("/pubmed/entrez/eutils/esearch.fcgi",)),
    "semanticscholar:2607.00011": (ON, ("/s2/recommendations/v1/papers/forpaper/ARXIV:2607.00011",)),
    "openreview:Slow-Links.org/CSL/2026/Conference": (date(2026, 7, 20), ("/openreview/notes",)),
    "crossref:0000-0019": (date(2026, 8, 19), ("/crossref/journals/0000-0019/works",)),
    "openalex:language models": (date(2023, 1, 1), ("/openalex/works",)),
    "feed:URL/feeds/several.xml": (date(2026, 6, 3), ("/feeds/several.xml",)),
    "bib:URL/feeds/group.ris": (date(2026, 6, 3), ("/feeds/group.ris",)),
}
PAGE = b"<!DOCTYPE html><html><head><title>We will be back soon</title></head><body>Maintenance</body></html>"
#: What a source may send in place of its list; with every status and content type.
FAULTS: dict[str, Answer] = {
    "dead": Answer(status=503),
    "cut off": Answer(cut=0),
    "a page with status 200": Answer(body=PAGE, headers={"Content-Type": "text/html"}),
    "a page in place of JSON": Answer(body=PAGE, headers={"Content-Type": "application/json"}),
    "blank": Answer(body=b""),
    "refused": Answer(status=403, body=b'{"message":"Forbidden"}'),
    "gone": Answer(status=404, body=PAGE),
    "other JSON": Answer(body=b'{"hello": "world"}', headers={"Content-Type": "application/json"}),
    "a number": Answer(body=b"42"),
    "half of JSON": Answer(body=b'{"results": [{"title": "A title that is c'),
    "bytes": Answer(body=bytes(range(256)) * 4),
    "too many requests": Answer(status=429, headers={"Retry-After": "86400"}),
}


def test_every_source_of_the_web_is_tried() -> None:
    """A new source must be in the table above."""
    of_web = {each.name for each in catalogue().sources if not each.package and (each.description.hosts or _open(each))}
    assert of_web == {spec.partition(":")[0] for spec in LISTS}


def _open(known: KnownSource) -> bool:
    return known.description.open_web


@asynccontextmanager
async def a_reader(folder: Path, deadline: float = 60.0) -> AsyncIterator[tuple[SourceReader, PaperServer]]:
    """Yield a reader of all sources, whose services are on this machine."""
    clock = StillClock()
    async with PaperServer(SAMPLES) as server, a_client(clock, deadline=deadline) as client:
        opener = SourceOpener(
            catalogue(), client=client, settings=lambda known: _settings(known.description, server), folder=folder
        )
        yield SourceReader(shelf=MemoryStore(), open_source=opener, clock=Hand()), server


def _settings(description: SourceDescription, server: PaperServer) -> dict[str, Any]:
    return {each.name: each.read(server.places.get(each.name) or each.default) for each in description.settings}


def spec_of(spec: str, server: PaperServer) -> str:
    """Return a spec with the server's address in place of URL."""
    return spec.replace("URL", server.url)


def named(papers: SourcePapers, spec: str) -> list[str]:
    """Return what the digest says of a source."""
    return [note.reason for note in papers.notes if note.source == spec]


@pytest.mark.parametrize("spec", LISTS)
async def test_a_sound_source_has_papers(spec: str, tmp_path: Path) -> None:
    """Without a fault each source gives papers and is not named, so that the tests below can fail."""
    day, _ = LISTS[spec]
    async with a_reader(tmp_path) as (reader, server):
        papers = await reader.harvest([spec_of(spec, server)], [day])
    assert len(papers.papers) >= 2
    assert [] == [note.reason for note in papers.notes if note.failed]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("spec", LISTS)
async def test_a_faulty_source_is_named_and_the_others_stand(spec: str, fault: str, tmp_path: Path) -> None:
    """Whatever it sends, the digest has the other source's papers, none of the fault, and a sentence about it."""
    day, paths = LISTS[spec]
    async with a_reader(tmp_path) as (reader, server):
        for path in paths:
            server.script(path, *[FAULTS[fault]] * 8)
        whole = spec_of(spec, server)
        papers = await reader.harvest([whole, "sample"], [day])
    assert {"sample"} == {paper.source for paper in papers.papers}
    (reason,) = named(papers, whole)
    assert reason.rstrip().endswith((".", "…"))
    assert "Traceback" not in reason
    assert "the log has details" not in reason
    assert any(note.failed for note in papers.notes)


@pytest.mark.parametrize("spec", LISTS)
async def test_a_slow_source_is_given_up(spec: str, tmp_path: Path) -> None:
    """One that sends a byte now and then does not hold the digest."""
    day, paths = LISTS[spec]
    async with a_reader(tmp_path, deadline=0.1) as (reader, server):
        for path in paths:
            server.script(path, *[Answer(body=b"[]" * 50, drip=0.2)] * 8)
        whole = spec_of(spec, server)
        papers = await reader.harvest([whole, "sample"], [day])
    assert {"sample"} == {paper.source for paper in papers.papers}
    (reason,) = named(papers, whole)
    assert "too long" in reason


def moved(body: bytes) -> bytes:
    """Return an answer with other years; OpenReview has milliseconds."""
    body = body.replace(b"1784073600000", b"1468454400000")
    return body.replace(b"2026", b"2016").replace(b"2025", b"2015").replace(b"2023", b"2013")


@pytest.mark.parametrize("spec", [each for each in LISTS if not each.startswith(("semanticscholar", "bib", "hugging"))])
async def test_another_year_s_list_is_not_the_day_s(spec: str, tmp_path: Path) -> None:
    """A service that answers with records of ten years ago is named, and they are not shown as today's."""
    day, paths = LISTS[spec]
    async with a_reader(tmp_path) as (reader, server):
        _script_answers(server, [*paths, "/pubmed/entrez/eutils/efetch.fcgi"], moved)
        whole = spec_of(spec, server)
        papers = await reader.harvest([whole, "sample"], [day])
    shown = [paper for paper in papers.papers if paper.source == whole]
    if spec.startswith("arxiv"):
        # Its feed is still the last one that it announced: it is shown, and said to be old.
        assert named(papers, whole)
        return
    assert [] == shown
    assert named(papers, whole)


def _script_answers(server: PaperServer, paths: list[str], change: Callable[[bytes], bytes]) -> None:
    """Make the server change what it answers to some paths."""
    real = server._answer

    def answer(call: Any) -> Answer:
        found = real(call)
        if call.path not in paths:
            return found
        return Answer(status=found.status, body=change(found.body), headers={})

    server._answer = answer  # type: ignore[method-assign]
