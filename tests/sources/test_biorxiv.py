"""bioRxiv and medRxiv: first versions of the day, page by page, and the oddities of their API."""

import json
from datetime import date
from typing import Any

import pytest

from bots.domain.errors import PaperNotFound, SettingsError, SourceDown, SourceRefused
from bots.domain.harvests import Freshness
from bots.domain.papers import PaperId
from bots.ports import SourceQuery
from bots.sources.biorxiv import Biorxiv, Medrxiv
from bots.sources.context import SourceContext
from tests.fakes.paper_server import Answer, PaperServer

SOURCE = "biorxiv"
DAY = date(2026, 7, 15)
ASK = SourceQuery(day=DAY)
PATH = "/biorxiv/details/biorxiv/2026-07-15/2026-07-15/{}/json"


def record(number: int, **changes: Any) -> dict[str, Any]:
    """Return one post in the format of the API."""
    return {
        "title": f"Postcards between neurons {number}",
        "authors": "Lovelace, A.; Hopper, G. M.",
        "doi": f"10.64898/2026.07.13.{738000 + number}",
        "date": "2026-07-15",
        "version": "1",
        "category": "neuroscience",
        "abstract": "BackgroundNeurons talk over slow links at a cost of $5.",
        "published": "NA",
        "server": "bioRxiv",
        **changes,
    }


def page(records: list[dict[str, Any]], total: object, place: int = 0) -> Answer:
    """Return a page of the API."""
    message = {"status": "ok", "cursor": place, "count": len(records), "total": total}
    return Answer(body=json.dumps({"messages": [message], "collection": records}).encode())


async def test_the_recorded_day_has_its_first_versions(context: SourceContext) -> None:
    """Two of the three posts of 15 July 2026 are new; the third is the third version of an older preprint."""
    harvest = await Biorxiv.open("", context).recent(ASK)
    assert Freshness.FRESH == harvest.state
    first, _ = harvest.papers
    assert "10.64898/2026.07.13.738145" == first.id.value
    assert ("T. Ghafari", "A. J. Quinn", "O. Jensen") == first.authors
    assert ("neuroscience",) == first.categories
    assert ("bioRxiv", DAY, 1, True) == (first.venue, first.announced, first.version, first.day_known)
    assert not first.dollar_math


@pytest.mark.parametrize("sizes", [(30, 30, 7), (100, 20), (1, 1, 1)])
async def test_pages_of_any_size_are_read(context: SourceContext, server: PaperServer, sizes: tuple[int, ...]) -> None:
    """The next page begins behind what came: the API has had pages of 30 and of 100."""
    place, total = 0, sum(sizes)
    for size in sizes:
        server.script(PATH.format(place), page([record(place + each) for each in range(size)], str(total), place))
        place += size
    papers = (await Biorxiv.open("", context).recent(ASK)).papers
    assert [738000 + each for each in range(total)] == [int(one.id.value[-6:]) for one in papers]


async def test_a_list_that_breaks_off_is_partial(context: SourceContext, server: PaperServer) -> None:
    """What was read is listed, with a sentence about the rest."""
    server.script(PATH.format(0), page([record(1), record(2)], 40))
    server.script(PATH.format(2), *[Answer(status=503)] * 4)
    harvest = await Biorxiv.open("", context).recent(ASK)
    assert (2, Freshness.PARTIAL) == (len(harvest.papers), harvest.state)
    assert harvest.note.startswith("Only the first 2 papers could be read")


async def test_what_is_of_another_day_is_left_out_and_said(context: SourceContext, server: PaperServer) -> None:
    """A list with posts of another day or without a title is not shown as if it were whole."""
    posts = [record(1), record(2, date="2016-07-15"), record(3, title=" "), record(4, doi="NA")]
    server.script(PATH.format(0), page(posts, 4))
    harvest = await Biorxiv.open("", context).recent(ASK)
    assert (1, Freshness.PARTIAL) == (len(harvest.papers), harvest.state)
    assert "item 2 (of 2016-07-15)" in harvest.note


@pytest.mark.parametrize(
    "answer",
    [
        Answer(body=b"[]"),
        Answer(body=b'{"messages": [], "collection": []}'),
        Answer(body=b'{"messages": [{"status": "Error : interval is missing"}], "collection": []}'),
        Answer(body=b'{"messages": [{"status": "ok"}]}'),
    ],
)
async def test_an_unknown_answer_is_no_empty_day(context: SourceContext, server: PaperServer, answer: Answer) -> None:
    """If the API changes, that is an error."""
    server.script(PATH.format(0), answer)
    with pytest.raises((SourceRefused, SourceDown)):
        await Biorxiv.open("", context).recent(ASK)


async def test_a_preprint_is_looked_up_in_its_last_version(context: SourceContext, server: PaperServer) -> None:
    """With the day of the first version, and the DOI of the journal's article."""
    versions = [record(1, date="2026-07-01"), record(1, version="2", published="10.1038/s41586-026-00001-1")]
    path = "/biorxiv/details/biorxiv/10.64898/2026.07.13.738001/na/json"
    server.script(path, page(versions, 2))
    paper = await Biorxiv.open("", context).lookup(PaperId(scheme="doi", value="10.64898/2026.07.13.738001"))
    assert (2, 1) == (paper.version, paper.published.day if paper.published else 0)
    assert {"10.1038/s41586-026-00001-1"} == {each.value for each in paper.aliases}


async def test_a_doi_of_another_house_is_not_asked_for(context: SourceContext, server: PaperServer) -> None:
    """Only its own prefixes are, the one of 2013 and the one of 2025."""
    for name in (PaperId(scheme="doi", value="10.1038/s41586-020-2649-2"), PaperId.arxiv("2004.15011")):
        with pytest.raises(PaperNotFound):
            await Biorxiv.open("", context).lookup(name)
    assert [] == server.calls


async def test_a_withdrawn_preprint_is_marked(context: SourceContext) -> None:
    """medRxiv keeps them under a title of their own."""
    papers = (await Medrxiv.open("", context).recent(ASK)).papers
    assert [False, False, True] == [paper.withdrawn for paper in papers]
    assert {"10.1000/jsl.2026.11"} == {each.value for each in papers[1].aliases}


@pytest.mark.parametrize(("typed", "spec"), [("Cell Biology", "biorxiv:cell_biology"), ("", "biorxiv")])
async def test_a_category_may_be_written_as_the_site_does(context: SourceContext, typed: str, spec: str) -> None:
    """With spaces and capitals; the spec has one spelling."""
    assert spec == Biorxiv.open(typed, context).spec


@pytest.mark.parametrize("typed", ["../x", "a/b", "neuro?science", "1"])
async def test_what_is_no_category_is_refused(context: SourceContext, typed: str) -> None:
    """Before anything is asked."""
    with pytest.raises(SettingsError, match="has no category"):
        Biorxiv.open(typed, context)
