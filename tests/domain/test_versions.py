"""Records of one paper from several sources are one paper, with the best of each; two papers never become one."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.domain.papers import Paper, PaperId, Signals, merge
from bots.domain.same_paper import unique

TITLE = "Winter sleep helps every tired animal"
PEOPLE = ("Rachel Carson", "Jane Goodall")
#: A whole abstract has more than 450 characters.
WHOLE = " ".join(f"Sentence {number} of the abstract says what was found of dormice." for number in range(9))


def doi(value: str) -> PaperId:
    """Return a DOI."""
    return PaperId(scheme="doi", value=value)


ARXIV, PREPRINT, ARTICLE = PaperId.arxiv("2401.00001"), doi("10.64898/2026.01.02.1"), doi("10.1038/s41586-026-00001-1")
PMID, FORUM = PaperId(scheme="pmid", value="31452104"), PaperId(scheme="openreview", value="XnYtGPgG9p")


def record(*names: PaperId, year: int = 2026, **more: object) -> Paper:
    """Return a source's record of the paper."""
    held = {"title": TITLE, "abstract": "", "authors": PEOPLE, **more}
    return Paper(id=names[0], aliases=frozenset(names[1:]), published=datetime(year, 3, 1, tzinfo=UTC), **held)  # type: ignore[arg-type]  # fields of a paper


FROM_SOURCES = (
    record(ARXIV, abstract=WHOLE, signals=Signals(upvotes=12, comments=1)),
    record(PREPRINT, ARTICLE, abstract="", year=2025),
    record(ARTICLE, PMID, abstract="Dormice sleep well…", venue="Nature"),
    record(ARXIV, signals=Signals(citations=40, upvotes=3)),
)


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_the_records_of_four_sources_are_one_paper(order: tuple[int, ...]) -> None:
    """In whatever order they come: by a shared DOI, or by title and authors where preprint and article share no id."""
    found = unique(tuple(FROM_SOURCES[place] for place in order))
    (paper,) = [each for each in found if ARTICLE in each.names]
    assert {ARXIV, PREPRINT, ARTICLE, PMID} <= paper.names
    assert (WHOLE, "Nature", 12) == (paper.abstract, paper.venue, paper.signals.upvotes)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (record(ARXIV), record(PaperId.arxiv("2401.00002"))),
        (record(ARTICLE), record(doi("10.1016/j.cell.2026.1"))),
        (record(PREPRINT), record(doi("10.1101/2025.01.01.2"))),
        (record(ARXIV), record(ARTICLE, authors=("Ada Lovelace",))),
        (record(ARXIV), record(ARTICLE, authors=(*PEOPLE, "Ada Lovelace"))),
        (record(ARXIV), record(ARTICLE, year=2021)),
        (record(ARXIV), record(ARTICLE, title=f"{TITLE}: part II")),
        (record(ARXIV, title="Introduction"), record(ARTICLE, title="Introduction")),
        (record(ARXIV, abstract=WHOLE), record(ARTICLE, abstract="Glaciers shrink near volcanoes. " * 20)),
        (record(FORUM), record(PaperId(scheme="openreview", value="AnotherForum"))),
    ],
)  # fmt: skip
def test_two_papers_of_one_title_stay_two(first: Paper, second: Paper) -> None:
    """Two articles, two preprints, other people, years far apart, another text: a title proves nothing."""
    assert 2 == len(unique((first, second)))
    assert 2 == len(unique((second, first)))


@pytest.mark.parametrize("other", [ARTICLE, PREPRINT, PMID])
def test_a_preprint_and_its_article_are_one(other: PaperId) -> None:
    """The same people, the same title, two years between them."""
    assert 1 == len(unique((record(ARXIV, year=2024), record(other))))
    assert 1 == len(unique((record(FORUM, year=2024), record(ARTICLE))))


def plain(year: int | None = None, **more: object) -> Paper:
    """Return a record without any id but that of its title."""
    found = record(PaperId.titled(TITLE), **more)  # type: ignore[arg-type]  # fields of a paper
    return replace(found, published=datetime(year, 1, 1, tzinfo=UTC) if year else None)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_record_without_id_and_year_is_the_paper_of_its_people_and_title(order: tuple[int, ...]) -> None:
    """Some reference managers export neither; the record is the paper that another one exported with both."""
    records = (plain(), record(ARTICLE, year=2019))
    (paper,) = unique(tuple(records[place] for place in order))
    assert ARTICLE in paper.names
    assert paper.published


@pytest.mark.parametrize(
    "other",
    [plain(2021), plain(authors=("Ada Lovelace",)), plain(title="Introduction"), plain(abstract="Other. " * 60)],
)
def test_a_record_that_says_something_else_stays(other: Paper) -> None:
    """Another year, other people, a title that anything may have, another text."""
    known = replace(record(ARTICLE, year=2019, abstract=WHOLE), title=other.title)
    assert 2 == len(unique((known, other)))
    assert 2 == len(unique((other, known)))


@pytest.mark.parametrize("poor", ["", "Dormice sleep well…", "Dormice sleep [...]", "A sentence that tells little."])
def test_the_best_abstract_is_kept(poor: str) -> None:
    """A whole one replaces none, one that was cut short, and a teaser, whichever record comes first."""
    for first, second in ((poor, WHOLE), (WHOLE, poor)):
        merged = merge(record(ARTICLE, abstract=first), record(ARTICLE, abstract=second, dollar_math=second != WHOLE))
        assert WHOLE == merged.abstract


def test_how_dollars_are_read_goes_with_the_abstract() -> None:
    """The abstract of the second record is read as its source writes it."""
    merged = merge(record(ARTICLE, abstract="Short…"), record(ARTICLE, abstract=WHOLE, dollar_math=False))
    assert not merged.dollar_math


IDS = st.sampled_from([ARXIV, PREPRINT, ARTICLE, PMID, FORUM, PaperId.arxiv("2401.00002"), doi("10.1016/j.cell.1")])
RECORDS = st.builds(
    lambda names, title, authors, year, abstract: replace(
        record(*names, year=year), title=title, authors=authors, abstract=abstract
    ),
    st.lists(IDS, min_size=1, max_size=2, unique=True).filter(
        lambda names: sum(name.scheme == "arxiv" for name in names) < 2
    ),
    st.sampled_from([TITLE, "Glaciers around volcanoes shrink faster"]),
    st.sampled_from([PEOPLE, ("Ada Lovelace",), ()]),
    st.sampled_from([2019, 2025, 2026]),
    st.sampled_from(["", "Short…", WHOLE]),
)


@given(st.lists(RECORDS, max_size=6))
def test_no_two_papers_share_an_id_and_no_arxiv_paper_is_lost(found: list[Paper]) -> None:
    """Whatever sources give: two arXiv ids stay two papers, and each paper's ids are its own."""
    papers = unique(tuple(found))
    names = [name for paper in papers for name in paper.names]
    assert len(names) == len(set(names))
    assert all(1 >= sum(name.scheme == "arxiv" for name in paper.names) for paper in papers)
    primary = {paper.id for paper in found if paper.id.scheme == "arxiv"}
    assert primary <= set(names)


@given(st.lists(RECORDS, max_size=5))
def test_making_unique_twice_changes_nothing(found: list[Paper]) -> None:
    """What is one paper is one after the first time."""
    once = unique(tuple(found))
    assert once == unique(once)
