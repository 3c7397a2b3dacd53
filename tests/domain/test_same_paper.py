"""Which records are one paper: a shared id is needed, and is not enough."""

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.domain.papers import Paper, PaperId
from bots.domain.same_paper import same_paper, unique
from bots.domain.titles import near_titles

VOLUME = PaperId(scheme="doi", value="10.1007/978-3-319-20794-0")


def record(title: str, *names: PaperId, authors: tuple[str, ...] = ()) -> Paper:
    """Return a record with these ids, the first of them its own."""
    return Paper(id=names[0], title=title, abstract="", authors=authors, aliases=frozenset(names[1:]))


def arxiv(number: int) -> PaperId:
    """Return an arXiv id."""
    return PaperId.arxiv(f"2401.{number:05}")


NEAR = [
    ("Attention Is All You Need", "attention is all you need."),
    ("BERT: Pre-training of Deep Bidirectional Transformers", "Pre-training of Deep Bidirectional Transformers"),
    ("Parsing long documents", "Parsing Long Documents: A Small Model"),
    ("{BERT} and $O(n)$ time", "BERT and O(n) time"),
    ("Modelling behaviour of naïve agents in a city", "Modeling behavior of naive agents in a city"),
    ("Text-to-image models", "Text to image models"),
    ("A trial of drug X, part I: design", "A Trial of Drug X: Part I - Design"),
    ("", "Anything"),
    ("Decision-tree analysis of haemoglobin in women", "Decision tree analysis of hemoglobin in women"),
    ("Organisation of tumour cells near the centre", "Organization of Tumor Cells Near the Center"),
    ("Analysing programme catalogues", "Analyzing program catalogs"),
    ("The effect of sleep on mood", "Effect of sleep on mood"),
    ("Cat and rat models of sleep", "Cats and rats: model of sleep"),
    ("The Schrödinger equation on graphs", "The Schroedinger equation on graphs"),
    ("RETRACTED: Drug X in adults", "Drug X in adults"),
    ("Cats in winter", "RETRACTED ARTICLE: Cats in winter"),
    ("[Retracted] Cats", "Cats"),
    ("Drug X in adults (Retracted article. See vol. 12, pg 3, 2010)", "Drug X in adults"),
    ("Cats & rats in winter", "Cats and Rats in Winter"),
    ("A neural network for Alzheimer's disease", "Neural networks for Alzheimer’s disease"),
    ("Pretraining of models on cafés", "Pre-training of models on cafes"),
    (r"Search for $\alpha$ decay of bismuth", "Search for α decay of bismuth"),
    ("Does sleep help cats? A trial in winter", "Does sleep help cats"),
    ("Learning in C++ and C#", "Learning in C++ & C#"),
    ("基于深度学习的方法", "基于深度学习的方法"),
    ("Sleep with <sup>99m</sup>Tc in dormice (<i>Glis glis</i>)", "Sleep with 99mTc in dormice (Glis glis)"),
    ("CO<sub>2</sub> and <jats:italic>E. coli</jats:italic> in winter", "CO2 and E. coli in winter"),
]
FAR = [
    ("Parsing long documents", "Counting stars in images"),
    ("A trial of drug X, part I: design", "A trial of drug X, part II: results"),
    ("A trial of drug X, part I", "A trial of drug X"),
    ("Counting stars in images with a small model", "Counting cells in images with a small model"),
    ("Parsing long documents", "A comment on parsing long documents"),
    ("Parsing long documents", "Reply to: Parsing long documents"),
    ("Parsing long documents", "Correction to: Parsing long documents"),
    ("Results in 2019 of the survey", "Results in 2020 of the survey"),
    ("Preface", "Index"),
    ("The effects of aspirin on cats in winter", "The effects of aspirin on rats in winter"),
    ("Men and depression in later life", "Women and depression in later life"),
    ("A randomised trial of drug A in adults", "A randomised trial of drug B in adults"),
    ("Exercise for chronic back pain in adults", "Exercise for chronic neck pain in adults"),
    ("LLaMA2: open foundation models", "LLaMA3: open foundation models"),
    ("Language models with attention in practice", "Language models without attention in practice"),
    ("Is attention necessary in language models?", "Is attention unnecessary in language models?"),
    ("Salt and hypertension in a cohort of nurses", "Salt and hypotension in a cohort of nurses"),
    ("Report of the ninth meeting on stars", "Report of the tenth meeting on stars"),
    ("Parsing long documents", "Letter to the editor on parsing long documents"),
    ("Parsing long documents", "Letter to the editor: parsing long documents"),
    ("Parsing long documents", "Discussion of parsing long documents"),
    ("Parsing long documents", "Discussion: Parsing long documents"),
    ("Parsing long documents", "Erratum: Parsing long documents"),
    ("Parsing long documents", "Parsing long documents: Protocol"),
    ("The effects of aspirin", "The effects of aspirin on cats"),
    ("Drug X in adults", "Retraction: Drug X in adults"),
    ("Retracted: Cats in winter", "Retracted: Rats in winter"),
    ("Programming in C++", "Programming in C"),
    ("Programming in C++", "Programming in C#"),
    (r"Search for $\alpha$ decay", r"Search for $\beta$ decay"),
    ("Vitamin A in adults", "Vitamin D in adults"),
    ("Deep learning", "Deep learning for stars"),
    ("基于深度学习的方法", "星系的统计"),
]


@pytest.mark.parametrize(("first", "second"), NEAR)
def test_spellings_of_one_title_are_near(first: str, second: str) -> None:
    """Case, markup, spelling and a missing subtitle make no other paper."""
    assert near_titles(first, second)
    assert near_titles(second, first)


@pytest.mark.parametrize(("first", "second"), FAR)
def test_titles_of_two_papers_are_not_near(first: str, second: str) -> None:
    """Other words, numbers and parts, and papers about a paper, are other papers."""
    assert not near_titles(first, second)
    assert not near_titles(second, first)


@pytest.mark.parametrize(("first", "second"), NEAR)
def test_a_shared_doi_and_near_titles_are_one_paper(first: str, second: str) -> None:
    """A preprint and its journal record, or two records with one DOI, are one paper."""
    assert 1 == len(unique((record(first, VOLUME), record(second, VOLUME))))
    assert 1 == len(unique((record(first, arxiv(1), VOLUME), record(second, VOLUME))))


@pytest.mark.parametrize(("first", "second"), FAR)
def test_a_shared_doi_and_other_titles_are_two_papers(first: str, second: str) -> None:
    """A volume's DOI does not make one paper of its chapters, and the second gets an id of its own."""
    one, two = unique((record(first, VOLUME), record(second, VOLUME)))
    assert (first, VOLUME) == (one.title, one.id)
    assert (second, PaperId.titled(second)) == (two.title, two.id)
    assert one.names.isdisjoint(two.names)


def plain(title: str, *authors: str, year: int = 0, abstract: str = "") -> Paper:
    """Return a record without any id but the one of its title."""
    when = datetime(year, 1, 1, tzinfo=UTC) if year else None
    return Paper(id=PaperId.titled(title), title=title, abstract=abstract, authors=authors, published=when)


SPANS = "Winter sleep helps every tired animal", "Glaciers around volcanoes shrink faster recently"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (plain("Introduction", "Ada Smith"), plain("Introduction", "Bo Li")),
        (plain("Introduction", "Ada Smith", year=2020), plain("Introduction", "Ada Smith", year=2024)),
        (plain("Introduction", year=2020), plain("Introduction", year=2024)),
        (plain("A long title of a paper", "Ada Smith"), plain("A long title of a paper", "Bo Li")),
        (plain("Introduction", abstract=SPANS[0]), plain("Introduction", abstract=SPANS[1])),
        (plain("C++"), plain("C")),
        (plain("C++"), plain("C#")),
    ],
)
def test_one_title_by_two_authors_or_of_two_years_is_two_papers(first: Paper, second: Paper) -> None:
    """A title is no id where authors, years or abstracts contradict it; a later record finds its own paper."""
    one, two = unique((first, second))
    assert (first, second.title) == (one, two.title)
    assert one.names.isdisjoint(two.names)
    assert (one, two) == unique((first, second, first, second))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (plain("Introduction", "Ada Smith"), plain("INTRODUCTION.", "A. Smith")),
        (plain("Introduction"), plain("Introduction")),
        (plain("Introduction", "Ada Smith"), plain("Introduction")),
        (plain("Sleep of cats in winter", "Ada Smith", year=2020), plain("Sleep of cats in winter", year=2021)),
        (plain("Introduction", abstract=SPANS[0]), plain("Introduction", abstract=SPANS[0][:20])),
    ],
)
def test_one_title_that_nothing_contradicts_is_one_paper(first: Paper, second: Paper) -> None:
    """Records without ids are merged by their titles, in any spelling, if nothing else speaks against it."""
    assert 1 == len(unique((first, second)))


def test_many_papers_with_one_title_are_kept() -> None:
    """512 introductions by authors of their own are 512 papers, each twice in the list."""
    names = ("".join(letters) for letters in product("abcdefgh", repeat=3))
    many = tuple(plain("Introduction", name) for name in names)
    assert 512 == len(unique(many + many))


def test_two_arxiv_ids_are_two_papers_whatever_they_share() -> None:
    """Papers with arXiv ids of their own are two, even with one DOI and one title; each keeps its arXiv id."""
    one, two = unique((record("Parts", arxiv(1), VOLUME), record("Parts", arxiv(2), VOLUME)))
    assert (arxiv(1), arxiv(2)) == (one.id, two.id)


def test_an_arxiv_id_is_one_paper_though_its_title_changed() -> None:
    """Another title with an author in common, or without known authors, is another version of the paper."""
    authors = ("Ada Smith", "Bo Li")
    assert same_paper(record("First", arxiv(1), authors=authors), record("Second", arxiv(1), authors=("A. Smith",)))
    assert same_paper(record("First", arxiv(1), authors=authors), record("Second", arxiv(1)))
    assert same_paper(record("First", arxiv(1), authors=authors), record("First", arxiv(1), authors=("Cy Ng",)))


def test_a_borrowed_address_is_no_id() -> None:
    """Records with one arXiv address, but other titles and other authors, are two papers: one comments on the other."""
    first = record("First report", arxiv(1), authors=("Ada Smith",))
    second = record("Second thing, comment on the first", arxiv(1), authors=("Bo Li",))
    assert [first.title, second.title] == [paper.title for paper in unique((first, second))]


def test_a_third_chapter_and_a_second_record_find_their_place() -> None:
    """Of three chapters with one DOI none is lost, and a second record of one joins it."""
    titles = ("Parsing long documents", "Counting stars in images", "Folding laundry")
    found = unique(tuple(record(title, VOLUME) for title in (*titles, titles[1], titles[0])))
    assert titles == tuple(paper.title for paper in found)


def test_a_record_does_not_join_two_papers() -> None:
    """A record with the ids of two arXiv papers' DOIs joins one and leaves the other by itself."""
    other = PaperId(scheme="doi", value="10.1000/other")
    found = unique((record("T", arxiv(1), VOLUME), record("T", arxiv(2), other), record("T", VOLUME, other)))
    assert [{arxiv(1), VOLUME}, {arxiv(2), other}] == [set(paper.names) for paper in found]


names = st.one_of(
    st.integers(0, 3).map(arxiv),
    st.integers(0, 3).map(lambda number: PaperId(scheme="doi", value=f"10.1000/{number}")),
)
records = st.builds(
    lambda title, own, aliases, authors: record(title, own, *aliases, authors=authors),
    st.sampled_from(("", "Parsing long documents", "Counting stars in images", "Folding laundry, part I")),
    names,
    st.sets(st.integers(0, 3).map(lambda number: PaperId(scheme="doi", value=f"10.1000/{number}")), max_size=2),
    st.sampled_from(((), ("Ada Smith",), ("Bo Li", "Ada Smith"), ("Cy Ng",))),
)


def arxiv_ids(papers: Iterable[Paper]) -> list[int]:
    """Return how many arXiv ids each paper has."""
    return [sum(name.scheme == "arxiv" for name in paper.names) for paper in papers]


@given(st.lists(records, max_size=10))
def test_no_paper_is_lost_and_no_two_become_one(found: list[Paper]) -> None:
    """No two papers share an id, none has two arXiv ids, each arXiv id and each title is still there."""
    merged = unique(tuple(found))
    assert sum(len(paper.names) for paper in merged) == len({name for paper in merged for name in paper.names})
    assert all(count <= 1 for count in arxiv_ids(merged))
    wanted = {name for paper in found for name in paper.names if name.scheme == "arxiv"}
    assert wanted == {name for paper in merged for name in paper.names if name.scheme == "arxiv"}
    assert merged == unique(merged)


@given(st.lists(records, max_size=10))
def test_each_title_under_a_doi_stays(found: list[Paper]) -> None:
    """Records known by DOIs alone keep every title, because none of these titles is near to another."""
    by_doi = tuple(paper for paper in found if paper.title and all(name.scheme == "doi" for name in paper.names))
    assert {paper.title for paper in by_doi} == {paper.title for paper in unique(by_doi)}


@given(records, records)
def test_the_rule_does_not_depend_on_the_order(first: Paper, second: Paper) -> None:
    """Two records are one paper in either order, and a record is itself."""
    assert same_paper(first, second) is same_paper(second, first)
    assert same_paper(first, first)


@given(st.text(max_size=100), st.text(max_size=100))
def test_any_titles_are_compared(first: str, second: str) -> None:
    """Any two titles are near or not, in either order, and a title is near to itself."""
    assert near_titles(first, second) is near_titles(second, first)
    assert near_titles(first, first)


def test_a_day_of_records_with_one_doi_takes_no_longer_for_each() -> None:
    """Two thousand chapters of one volume are compared with its owner only, and all are kept."""
    many = tuple(record(f"Chapter on subject {number}", VOLUME) for number in range(2000))
    assert 2000 == len(unique(many))
