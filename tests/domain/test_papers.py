"""The ids of papers, and the merging of several records of one paper."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.domain.errors import BadPaperId
from bots.domain.papers import Paper, PaperId, PaperRef, Signals, merge, read_ref, unique

ALCHEMY = PaperId(scheme="arxiv", value="2004.15011")
OLD = PaperId(scheme="arxiv", value="math/0309136")
KDD = PaperId(scheme="doi", value="10.1145/3292500.3330701")

REFS = [
    ("2004.15011", ALCHEMY, None),
    ("2004.15011v3", ALCHEMY, 3),
    ("0704.0001", PaperId.arxiv("0704.0001"), None),
    ("  2004.15011\n", ALCHEMY, None),
    ("2004.15011.", ALCHEMY, None),
    ("2004.15011v2?", ALCHEMY, 2),
    ("arXiv:2004.15011", ALCHEMY, None),
    ("ARXIV: 2004.15011v2", ALCHEMY, 2),
    ("arXiv:2004.15011v3 [cs.CL]", ALCHEMY, 3),
    ("oai:arXiv.org:2004.15011v1", ALCHEMY, 1),
    ("10.48550/arXiv.2004.15011", ALCHEMY, None),
    ("10.48550/ARXIV.2004.15011v2", ALCHEMY, 2),
    ("doi:10.48550/arXiv.2004.15011", ALCHEMY, None),
    ("https://doi.org/10.48550/arXiv.2004.15011", ALCHEMY, None),
    ("http://arxiv.org/abs/2004.15011v1", ALCHEMY, 1),
    ("https://arxiv.org/abs/2004.15011", ALCHEMY, None),
    ("https://www.arxiv.org/abs/2004.15011/", ALCHEMY, None),
    ("https://export.arxiv.org/abs/2004.15011", ALCHEMY, None),
    ("arxiv.org/abs/2004.15011", ALCHEMY, None),
    ("https://arxiv.org/pdf/2004.15011v2.pdf", ALCHEMY, 2),
    ("https://arxiv.org/pdf/2004.15011", ALCHEMY, None),
    ("https://arxiv.org/html/2004.15011v2#S3.F1", ALCHEMY, 2),
    ("https://arxiv.org/abs/2004.15011?context=cs.CL", ALCHEMY, None),
    ("HTTPS://ARXIV.ORG/ABS/2004.15011", ALCHEMY, None),
    ("https://huggingface.co/papers/2004.15011", ALCHEMY, None),
    ("https://huggingface.co/papers/2004.15011.md", ALCHEMY, None),
    ("hf.co/papers/2004.15011", ALCHEMY, None),
    ("https://www.alphaxiv.org/abs/2004.15011v2", ALCHEMY, 2),
    ("https://ar5iv.labs.arxiv.org/html/2004.15011", ALCHEMY, None),
    ("<https://arxiv.org/abs/2004.15011>", ALCHEMY, None),
    ("<https://arxiv.org/abs/2004.15011v2|arxiv.org/abs/2004.15011v2>", ALCHEMY, 2),
    ("math/0309136", OLD, None),
    ("math.GT/0309136v1", OLD, 1),
    ("https://arxiv.org/abs/math.GT/0309136", OLD, None),
    ("https://arxiv.org/abs/math%2F0309136", OLD, None),
    ("arXiv:hep-th/9901001", PaperId.arxiv("hep-th/9901001"), None),
    ("cond-mat/9901001v2", PaperId.arxiv("cond-mat/9901001"), 2),
    ("10.1145/3292500.3330701", KDD, None),
    ("doi: 10.1145/3292500.3330701.", KDD, None),
    ("https://doi.org/10.1145/3292500.3330701", KDD, None),
    ("https://dx.doi.org/10.1145%2F3292500.3330701?ref=rss", KDD, None),
    ("10.64898/2026.01.02.123456", PaperId(scheme="doi", value="10.64898/2026.01.02.123456"), None),
    (
        "10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2",
        PaperId(scheme="doi", value="10.1002/(sici)1097-0258(19980815/30)17:15/16<1661::aid-sim968>3.0.co;2-2"),
        None,
    ),
]

NOT_REFS = [
    "",
    "   ",
    "attention is all you need",
    "2004.150",
    "2004.1501199",
    "2004.15011v",
    "2004.15011v" + "9" * 5000,
    "٢٠٠٤.١٥٠١١",
    "https://arxiv.org/list/cs.CL/new",
    "https://example.org/abs/2004.15011",
    "https://arxiv.org.example.org/abs/2004.15011",
    "<https://example.org|2004.15011>",
    "10.1145/",
    "doi:",
    "12.1145/3292500",
]


@pytest.mark.parametrize(("text", "paper_id", "version"), REFS)
def test_a_paper_is_known_by_every_form_of_its_name(text: str, paper_id: PaperId, version: int | None) -> None:
    """Ids, addresses and DOIs in the forms people paste identify the paper, and a given version is preserved."""
    assert PaperRef(id=paper_id, version=version) == read_ref(text)


@pytest.mark.parametrize("text", NOT_REFS)
def test_what_names_no_paper_is_refused_with_the_forms_that_do(text: str) -> None:
    """Text that is not an id raises an error that shows an id, a DOI and an address."""
    with pytest.raises(BadPaperId) as caught:
        read_ref(text)
    assert "2004.15011" in caught.value.hint


@given(st.text(max_size=300))
def test_any_text_is_a_paper_or_a_named_error(text: str) -> None:
    """Reading any text returns a paper or raises a named error, and the paper's id can be written and read again."""
    try:
        ref = read_ref(text)
    except BadPaperId:
        return
    assert ref.id == PaperId.parse(str(ref.id))


@given(st.from_regex(r"[0-9]{4}\.[0-9]{4,5}|[a-z]{2,8}(-[a-z]{2,4})?(\.[A-Z]{2})?/[0-9]{7}", fullmatch=True))
def test_an_arxiv_id_reads_the_same_bare_and_as_its_page(value: str) -> None:
    """The page and the DOI of an arXiv paper identify the same paper as the bare id."""
    bare = read_ref(value)
    assert bare == read_ref(f"https://arxiv.org/abs/{value}")
    assert bare == read_ref(f"https://doi.org/10.48550/arXiv.{value}")


def test_an_id_that_was_written_reads_back() -> None:
    """`parse` reads what `str` wrote, even with colons in the value."""
    odd = PaperId(scheme="doi", value="10.1002/17:15")
    assert odd == PaperId.parse("doi:10.1002/17:15")
    assert "doi:10.1002/17:15" == str(odd)


@pytest.mark.parametrize("text", ["2004.15011", "arxiv:", ":2004.15011", ""])
def test_an_id_without_scheme_or_value_is_refused(text: str) -> None:
    """A canonical id needs a scheme and a value."""
    with pytest.raises(BadPaperId):
        PaperId.parse(text)


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
