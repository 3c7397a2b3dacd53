"""Tests of BibTeX: the right fields, unique keys, and text that cannot leave its field."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from bibtexparser.entrypoint import parse_string
from hypothesis import given
from hypothesis import strategies as st

from bots.domain.papers import Paper, PaperId
from bots.presentation.bibtex import bibtex, escaped
from tests.support import hostile
from tests.support.factories import a_paper, five_papers

IN_2017 = datetime(2017, 6, 12, tzinfo=UTC)
DOI = PaperId(scheme="doi", value="10.5555/3295222.3295349")


def cited(**changes: Any) -> str:
    """Return one paper as BibTeX; `changes` are its fields."""
    return bibtex([a_paper(published=IN_2017, **changes)])


def test_a_preprint_is_cited_as_arxiv_asks() -> None:
    """A preprint is a `misc` entry with its arXiv id and class, and each field is on its own line."""
    expected = """\
@misc{vaswani2017attention,
  title = {Attention Is All You Need},
  author = {Ashish Vaswani and Noam Shazeer},
  year = {2017},
  eprint = {1706.03762},
  archivePrefix = {arXiv},
  primaryClass = {cs.CL},
  url = {https://arxiv.org/abs/1706.03762},
}
"""
    assert expected == cited(authors=("Ashish Vaswani", "Noam Shazeer"))


def test_a_published_paper_is_an_article() -> None:
    """A published paper is an `article` entry with journal, DOI and the preprint's arXiv id."""
    whole = cited(aliases=frozenset({DOI}), venue="NeurIPS  2017")
    for line in ("@article{", "journal = {NeurIPS 2017}", f"doi = {{{DOI.value}}}", "eprint = {1706.03762}"):
        assert line in whole


def test_what_is_not_known_is_left_out() -> None:
    """Unknown fields are left out, but an entry always has a title."""
    bare = Paper(id=PaperId(scheme="text", value="0123456789abcdef"), title="", abstract="")
    assert "@misc{anonuntitled,\n  title = {Untitled paper text:0123456789abcdef},\n}\n" == bibtex([bare])


def test_nothing_is_cited_as_nothing() -> None:
    """Without papers the text is empty."""
    assert "" == bibtex([])


@pytest.mark.parametrize(
    ("number", "year"),
    [("1706.03762", "2017"), ("0704.0001", "2007"), ("hep-th/9711200", "1997"), ("math/0211159", "2002")],
)
def test_the_year_is_in_the_number(number: str, year: str) -> None:
    """If no source names a date, the year is read from the preprint's id."""
    paper = a_paper(id=PaperId.arxiv(number), published=None, announced=None)
    assert f"year = {{{year}}}" in bibtex([paper])


def test_names_in_a_title_keep_their_capitals() -> None:
    """Title words with a capital inside are in braces, without the surrounding punctuation."""
    assert "title = {({BERT}): Deep {FlashAttention}}" in cited(title="(BERT): Deep FlashAttention")


def test_signs_of_tex_are_written_as_signs() -> None:
    """Special characters of TeX are escaped, and the result contains only balanced braces."""
    assert r"5\% \& \#1 a\_b \textasciitilde{} \textasciicircum{} \$ \textbackslash{}" == escaped(
        "5% & #1 a_b ~ ^ $ \\"
    )
    assert r"\textbraceright{}\textbraceleft{}" == escaped("}{")


def test_equal_keys_are_told_apart() -> None:
    """Equal keys get a suffix of letters, also if there are more of them than letters."""
    keys = re.findall(r"@misc\{(.*),", bibtex([a_paper(published=IN_2017)] * 29))
    assert ["vaswani2017attention" + end for end in ("", "a", "b")] == keys[:3]
    assert ["vaswani2017attention" + end for end in ("z", "aa", "ab")] == keys[26:29]


identifiers = st.one_of(
    st.builds(PaperId, scheme=st.sampled_from(("arxiv", "doi", "text")), value=hostile.texts),
    st.integers(0, 99_999).map(lambda number: PaperId.arxiv(f"2611.{number:05}")),
    st.just(PaperId(scheme="doi", value="10.1000/a}b")),
)
papers = st.builds(
    a_paper, id=identifiers, aliases=st.frozensets(identifiers, max_size=2), title=hostile.texts,
    authors=st.lists(hostile.texts, max_size=4).map(tuple), venue=hostile.texts, url=hostile.urls,
    categories=st.lists(hostile.texts, max_size=2).map(tuple), published=st.none() | st.just(IN_2017),
)  # fmt: skip


@hostile.patient
@given(st.lists(papers, max_size=4))
def test_no_text_leaves_its_field(papers: list[Paper]) -> None:
    """Any papers are parsed back as the same number of entries, with only known fields and unique keys."""
    text = bibtex(papers)
    read = parse_string(text)
    assert (len(papers), []) == (len(read.entries), read.failed_blocks)
    assert [] == [block for block in read.blocks if block not in read.entries]
    assert len(papers) == len({entry.key for entry in read.entries})
    known = {"title", "author", "year", "journal", "doi", "eprint", "archivePrefix", "primaryClass", "url", "note"}
    for entry in read.entries:
        assert "{others}" not in str(entry.fields_dict.get("author", ""))
        assert re.fullmatch("[a-z0-9]+", entry.key)
        assert known >= {field.key for field in entry.fields}
    assert text.count("{") == text.count("}")
    # Outside text never begins a line.
    assert all(re.match(r"@(misc|article)\{|  [a-zA-Z]+ = \{.*\},$|\}$|$", line) for line in text.split("\n"))


@given(st.lists(st.sampled_from(five_papers()), max_size=12))
def test_every_key_is_there_once(papers: list[Paper]) -> None:
    """Keys are unique, even if a paper is cited several times."""
    keys = re.findall(r"@misc\{(.*),", bibtex(papers))
    assert len(papers) == len(set(keys))
