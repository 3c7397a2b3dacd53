"""The merging of several records of one paper."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.domain.papers import Paper, PaperId, Signals, merge
from bots.domain.same_paper import unique

ALCHEMY = PaperId.arxiv("2004.15011")
KDD = PaperId(scheme="doi", value="10.1145/3292500.3330701")


def paper(number: int, *aliases: int) -> Paper:
    """Return a paper with this number and the numbers of its aliases."""
    names = [PaperId(scheme="text", value=str(name)) for name in (number, *aliases)]
    return Paper(id=names[0], title=f"Paper {number}", abstract="", aliases=frozenset(names[1:]))


def test_merging_keeps_the_first_words_and_fills_the_gaps() -> None:
    """The first record's texts win; missing ones come from the second; each count is the larger one."""
    first = Paper(
        id=ALCHEMY,
        title="TLDR",
        abstract="",
        categories=("cs.CL",),
        signals=Signals(upvotes=3),
        announced=date(2026, 5, 1),
    )
    second = Paper(
        id=KDD,
        title="TLDR: Extreme Summarization",
        abstract="We introduce it.",
        authors=("Isabel Cachola",),
        published=datetime(2020, 4, 30, tzinfo=UTC),
        announced=date(2026, 5, 2),
        categories=("cs.AI", "cs.CL"),
        code="https://github.com/allenai/scitldr",
        version=2,
        signals=Signals(upvotes=2, stars=9),
    )
    merged = merge(first, second)
    assert (
        Paper(
            id=ALCHEMY,
            title="TLDR",
            abstract="We introduce it.",
            authors=("Isabel Cachola",),
            published=datetime(2020, 4, 30, tzinfo=UTC),
            announced=date(2026, 5, 2),
            categories=("cs.CL", "cs.AI"),
            code="https://github.com/allenai/scitldr",
            version=2,
            signals=Signals(upvotes=3, stars=9),
            aliases=frozenset({KDD}),
        )
        == merged
    )


def test_a_title_that_is_missing_comes_from_the_other_record() -> None:
    """A record found by id alone gets its title from the record that has one."""
    nameless = Paper(id=ALCHEMY, title="", abstract="")
    assert "Paper 1" == merge(nameless, paper(1)).title
    assert "Paper 1" == merge(paper(1), paper(2)).title


@pytest.mark.parametrize(("first", "expected"), [("Costs $5.", True), ("", False)])
def test_how_dollars_are_read_comes_with_the_abstract(first: str, expected: bool) -> None:
    """The record whose abstract is used determines whether `$` is mathematics."""
    arxiv = Paper(id=ALCHEMY, title="T", abstract=first)
    hugging_face = Paper(id=ALCHEMY, title="T", abstract="It costs $5 or $6.", dollar_math=False)
    assert expected is merge(arxiv, hugging_face).dollar_math


def test_a_paper_withdrawn_anywhere_is_withdrawn() -> None:
    """One record marked as withdrawn is enough, in either order."""
    for pair in permutations((paper(1), replace(paper(1), withdrawn=True))):
        assert merge(*pair).withdrawn


def test_records_linked_by_a_later_one_become_one() -> None:
    """Two records that share no name are one paper if a third has a name of both; it keeps the first one's position."""
    merged = unique((paper(1), paper(2), paper(3), paper(4, 3, 1)))
    assert [{"1", "3", "4"}, {"2"}] == [{name.value for name in one.names} for one in merged]


numbers = st.integers(0, 9)
papers = st.lists(
    st.builds(lambda number, more: paper(number, *more), numbers, st.sets(numbers, max_size=3)), max_size=12
)


def names_of(found: Iterable[Paper]) -> set[frozenset[PaperId]]:
    """Return the sets of names that belong together."""
    return {one.names for one in found}


@given(papers)
def test_making_unique_twice_changes_nothing(found: list[Paper]) -> None:
    """After `unique` no two papers share a name, so a second pass has nothing to merge."""
    once = unique(tuple(found))
    assert once == unique(once)
    assert sum(len(one.names) for one in once) == len({name for one in once for name in one.names})


@given(papers.flatmap(lambda found: st.tuples(st.just(found), st.permutations(found))))
def test_which_records_are_one_paper_does_not_depend_on_their_order(pair: tuple[list[Paper], list[Paper]]) -> None:
    """The same names belong together in any order of the records, and no name is lost."""
    given_order, shuffled = (unique(tuple(found)) for found in pair)
    assert names_of(given_order) == names_of(shuffled)
    assert {name for one in pair[0] for name in one.names} == {name for one in given_order for name in one.names}


@given(papers)
def test_unique_papers_stand_where_they_were_first_met(found: list[Paper]) -> None:
    """Papers keep the order of their first records."""
    firsts = [next(place for place, one in enumerate(found) if one.names & kept.names) for kept in unique(tuple(found))]
    assert sorted(firsts) == firsts


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_the_abstract_is_that_of_the_version_that_is_kept(order: tuple[int, int]) -> None:
    """Of two versions the later one's texts remain, under one id, in either order."""
    first, second = (
        Paper(id=ALCHEMY, title=f"Title {number}", abstract=f"Text {number}.", version=number) for number in order
    )
    merged = merge(first, second)
    assert (2, "Title 2", "Text 2.") == (merged.version, merged.title, merged.abstract)
    assert merged == unique((first, second))[0]


@pytest.mark.parametrize(("version", "abstract"), [(None, "Text 2."), (1, "Text 2."), (2, "")])
def test_no_later_version_changes_no_text(version: int | None, abstract: str) -> None:
    """An unknown or equal version, or one without an abstract, replaces nothing."""
    first = Paper(id=ALCHEMY, title="Title", abstract="Text 1.", version=1)
    second = Paper(id=ALCHEMY, title="Another", abstract=abstract, version=version)
    assert ("Title", "Text 1.") == (merge(first, second).title, merge(first, second).abstract)


def test_a_later_version_does_not_change_the_id() -> None:
    """The first record's id stays the paper's id."""
    merged = merge(
        Paper(id=KDD, title="T", abstract="One.", version=1), Paper(id=ALCHEMY, title="T", abstract="Two.", version=2)
    )
    assert (KDD, frozenset({ALCHEMY}), "Two.") == (merged.id, merged.aliases, merged.abstract)


class Counted(str):
    """A label that counts how often it is hashed."""

    __slots__ = ()

    def __hash__(self) -> int:
        hashes.append(1)
        return super().__hash__()

    __eq__ = str.__eq__


hashes: list[int] = []


def cost(rows: int) -> int:
    """Return how many labels are hashed when so many records with new labels are merged."""
    hashes.clear()
    found = unique(
        tuple(
            Paper(
                id=ALCHEMY,
                title="One title",
                abstract="",
                keywords=tuple(Counted(f"{row} {number}") for number in range(5)),
                categories=(Counted(f"{row}"),),
                aliases=frozenset({PaperId(scheme="doi", value=Counted(f"10.1000/{row}"))}),
            )
            for row in range(rows)
        )
    )
    assert [(50, 50, 50)] == [(len(one.keywords), len(one.categories), len(one.aliases)) for one in found]
    return len(hashes)


def test_many_records_of_one_paper_take_linear_time() -> None:
    """Twice the records cost twice the work: labels and ids beyond fifty are dropped."""
    assert cost(400) < 2.2 * cost(200)


def test_few_labels_are_all_kept() -> None:
    """Labels and ids below the limit stay, the first record's first."""
    first = Paper(id=ALCHEMY, title="T", abstract="", keywords=("a", "b"), categories=("x",))
    second = Paper(id=ALCHEMY, title="T", abstract="", keywords=("c", "a"), aliases=frozenset({KDD}))
    merged = merge(first, second)
    assert (("a", "b", "c"), ("x",), frozenset({KDD})) == (merged.keywords, merged.categories, merged.aliases)
