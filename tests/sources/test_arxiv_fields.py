"""Searches of arXiv by its fields: what is asked, that nothing is ruled out, and what is found in recorded answers."""

from fnmatch import fnmatchcase

import pytest
from hypothesis import given, settings

from bots.domain.errors import BadQuery
from bots.domain.field_search import FieldSearch
from bots.domain.papers import Paper
from bots.selection import plan_search
from bots.selection.words import Page, row_of
from bots.sources._arxiv_library import ArxivLibrary
from bots.sources._arxiv_query import field_terms, read_query
from bots.store.memory import MemoryStore
from bots.usecases.lookup import PaperLookup
from tests.fakes.paper_server import Answer, PaperServer
from tests.selection.samples import papers, queries
from tests.sources.test_arxiv_library import QUERY, library, recorded

__all__ = ["library"]

#: The source of the fixture `context`.
SOURCE = "arxiv"


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("ti:scaling au:vaswani cat:cs.cl", ["ti:scaling AND au:vaswani AND cat:cs.CL"]),
        ('title:"kv cache" agents -survey', ['ti:"kv cache" AND all:agents']),
        ('author:"y. lecun" abs:energy', ["au:lecun AND abs:energy"]),
        ("author:y", ["au:y"]),
        ("agents category:cs.*", ["all:agents AND (cat:cs OR cat:cs.*)"]),
        ("agents category:math", ["all:agents AND (cat:math OR cat:math.*)"]),
        ("agents category:hep-th", ["all:agents AND cat:hep-th"]),
        # A category of another site, or the beginning of a name: arXiv is not asked for it.
        ('agents category:"cancer biology"', ["all:agents"]),
        ("agents category:cs.C*", ["all:agents"]),
        ("agents year:2026", ["all:agents AND submittedDate:[202512310000 TO 202701012359]"]),
        ("agents year:>2020 year:<=2022", ["all:agents AND submittedDate:[202012310000 TO 202301012359]"]),
        ("agents year:<1800", ["all:agents AND submittedDate:[198912310000 TO 199101012359]"]),
        (
            "(agents year:2025) OR (robots cat:cs.RO)",
            ["all:agents AND submittedDate:[202412310000 TO 202601012359]", "all:robots AND cat:cs.RO"],
        ),
        # What arXiv cannot be asked for, or would take for more than it means, is left to the comparison.
        ("agents -ti:survey -cat:cs.CV upvotes:>20 venue:NeurIPS source:arxiv has:code", ["all:agents"]),
    ],
)
def test_fields_become_a_question(text: str, terms: list[str]) -> None:
    """Titles, authors, abstracts, categories and years are asked for by arXiv's own fields."""
    assert terms == [field_terms(asked) for asked in plan_search(text).in_fields]


@given(papers(), queries())
@settings(deadline=None)
def test_no_paper_that_matches_is_ruled_out(paper: Paper, text: str) -> None:
    """Every paper that matches a query meets the question that arXiv is asked for one of its alternatives."""
    try:
        plan = plan_search(text)
    except BadQuery:
        return
    if plan.query is not None and plan.query.matches(paper):
        assert any(_meets(paper, field_terms(asked)) for asked in plan.in_fields), text


def _meets(paper: Paper, question: str) -> bool:
    return all(any(_meets_one(paper, term) for term in part.strip("()").split(" OR ")) for part in _parts(question))


def _parts(question: str) -> list[str]:
    return [part for part in question.split(" AND ") if part]


def _meets_one(paper: Paper, term: str) -> bool:
    field, _, value = term.partition(":")
    page = Page.of(paper)
    rows = {"ti": page.title, "abs": page.abstract, "all": page.everything, "au": row_of(" ".join(paper.authors))}
    if field == "cat":
        return any(fnmatchcase(category, value) for category in paper.categories)
    if field == "submittedDate":
        first, last = value.strip("[]").split(" TO ")
        return paper.published is not None and first <= f"{paper.published:%Y%m%d%H%M}" <= last
    return row_of(value.strip('"')).rstrip() in rows[field]


@pytest.mark.parametrize(
    ("text", "finds"),
    [
        ("ti:testing cat:cs.LG", True),
        ("testing year:2022", True),
        ("testing au:nosuchauthor", False),
        ("testing cat:hep-th", False),
    ],
)
async def test_a_search_with_fields_finds_what_matches_in_memory(
    library: ArxivLibrary, server: PaperServer, text: str, finds: bool
) -> None:
    """arXiv is asked by its fields, and of its answer exactly the papers that match the query in memory are found."""
    answered, plan = read_query(recorded("multi_3_q_testing"), "arxiv").papers, plan_search(text)
    assert plan.query is not None
    server.script(QUERY, Answer(body=recorded("multi_3_q_testing")))
    matching = [paper.title for paper in answered if plan.query.matches(paper)]
    result = await PaperLookup(shelf=MemoryStore(), libraries=(library,)).elsewhere(plan, 5)
    assert matching == [paper.title for paper in result.papers]
    assert field_terms(plan.in_fields[0]) == server.calls[0].params["search_query"]
    assert len(answered) > len(matching)
    assert finds == bool(matching)


async def test_a_search_in_fields_finds_a_paper_by_its_own(library: ArxivLibrary) -> None:
    """A search for a paper's author, categories and year finds it among the recordings, within the limit."""
    (paper, *_) = await library.search("testing", 1)
    year = paper.published.year if paper.published else None
    asked = FieldSearch(authors=paper.authors[:1], categories=paper.categories, first_year=year, last_year=year)
    assert paper.id in {found.id for found in await library.search_fields(asked, 100)}
    assert () == await library.search_fields(FieldSearch(title=("xylophone zeppelin quagmire",)), 5)
    assert () == await library.search_fields(FieldSearch(), 5)
    assert () == await library.search_fields(asked, 0)
