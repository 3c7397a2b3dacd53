"""docs/reference/queries.md is executed: what each query finds, how it is printed, and what a wrong one is answered."""

import re
from datetime import UTC, datetime

import pytest

from bots.domain.errors import BadQuery
from bots.domain.papers import Paper, PaperId, Signals
from bots.selection import parse_query
from tests.conftest import ROOT

_CELLS = re.compile(r"(?<!\\)\|")


def _table(page: str, first: str) -> list[list[str]]:
    """Return the rows of the table whose first line begins with a text."""
    lines = page[page.index(f"\n| {first} |") + 1 :].split("\n\n", maxsplit=1)[0].splitlines()
    return [[cell.strip().replace("\\|", "|") for cell in _CELLS.split(line)[1:-1]] for line in lines[2:]]


def _typed(cell: str) -> str:
    return cell.removeprefix("`").removesuffix("`")


def paper_of(row: list[str]) -> Paper:
    """Return the paper of a row of the page's first table."""
    number, title, authors, category, venue, source, year, upvotes, stars, citations, code = row
    return Paper(
        id=PaperId.arxiv(f"2611.{number:0>5}"),
        title=title,
        abstract="We tell how it is done.",
        authors=(authors,),
        categories=(category,),
        venue=venue,
        source=source,
        published=datetime(int(year), 6, 1, tzinfo=UTC),
        signals=Signals(upvotes=_figure(upvotes), stars=_figure(stars), citations=_figure(citations)),
        code="https://example.org/code" if code else "",
    )


def _figure(cell: str) -> int | None:
    return int(cell) if cell else None


PAGE = (ROOT / "docs/reference/queries.md").read_text(encoding="utf-8")
PAPERS = [paper_of(row) for row in _table(PAGE, "paper | title")]
GOOD = [(_typed(query), finds, _typed(canonical)) for query, _, finds, canonical in _table(PAGE, "query | in words")]
WRONG = [(_typed(query), answer) for query, answer in _table(PAGE, "query | answer")]


def test_the_page_has_forty_queries_half_of_them_wrong() -> None:
    """The tables were read whole."""
    assert (5, 20, 20) == (len(PAPERS), len(GOOD), len(WRONG))


@pytest.mark.parametrize(("text", "finds", "canonical"), GOOD)
def test_a_query_finds_what_the_page_says(text: str, finds: str, canonical: str) -> None:
    """A query of the page matches exactly the papers named there, and has the canonical form named there."""
    query = parse_query(text)
    assert finds == ", ".join(str(place) for place, paper in enumerate(PAPERS, 1) if query.matches(paper))
    assert canonical == str(query)
    assert query == parse_query(canonical)


@pytest.mark.parametrize(("text", "answer"), WRONG)
def test_a_wrong_query_is_answered_as_the_page_says(text: str, answer: str) -> None:
    """A wrong query of the page is refused with exactly the message and the hint that stand there."""
    with pytest.raises(BadQuery) as caught:
        parse_query(text)
    assert answer == f"{caught.value} {caught.value.hint}"
