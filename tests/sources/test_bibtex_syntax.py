"""Tests of BibTeX's syntax with any input, and of the libraries that strangers reported."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.domain.errors import SourceRefused
from bots.sources.reading.bibtex import read_bibtex
from bots.sources.reading.bibtex_values import Macros, fields_of


def test_a_circle_of_macros_ends() -> None:
    """A macro that names itself ends as its name, and one that doubles another ten times is replaced whole."""
    assert "a" == Macros({"a": "a"}).value("a")
    assert "xx" * 1024 == Macros(doubling(10)).value("m10")


def test_macros_that_double_each_other_many_times_are_refused() -> None:
    """No value grows beyond a hundred thousand characters, and sixty doublings are no library."""
    assert 100_000 == len(Macros(doubling(20)).value("m20"))
    with pytest.raises(SourceRefused, match="far too long"):
        Macros(doubling(60))


def doubling(times: int) -> dict[str, str]:
    """Return macros of which each is the one before it, twice."""
    return {"m0": '"xx"'} | {f"m{number}": f"m{number - 1} # m{number - 1}" for number in range(1, times + 1)}


PIECES = st.sampled_from(
    '@article{k, |@comment{|@string{a = |title = |{|}|"|#|,|=|\n|%|and|\\emph|x|author = |\\|a # a'.split("|")
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_pieces_of_bibtex_are_read(written: str) -> None:
    """Any order of BibTeX's own signs yields papers with titles, or none."""
    assert all(paper.title for paper in read_bibtex(written, "x").papers)


@given(st.lists(st.tuples(st.text(max_size=10), st.text(max_size=60)), max_size=5))
def test_any_values_are_evaluated(raw: list[tuple[str, str]]) -> None:
    """Any value of any field yields strings."""
    assert all(isinstance(value, str) for value in fields_of(raw, Macros({})).values())


def test_strangers_libraries_are_read(shared: Path) -> None:
    """The libraries that strangers reported give all their papers; only what is none is left out, and named."""
    left_out = {
        "e_spacekey.bib": ("entry “Ng:2020” (no title)",),
        "j_misc.bib": ("entry “vol1” (a proceedings, no paper)",),
    }
    counts = {"a_strings.bib": 3, "b_email.bib": 2, "c_missingcomma.bib": 2, "d_nokey.bib": 3, "e_spacekey.bib": 8,
              "f_dup.bib": 3, "g_jabref.bib": 2, "h_ads.bib": 1, "i_scholar.bib": 13, "k_biblatex.bib": 10}  # fmt: skip
    for path in sorted((shared / "cases/02-bib").iterdir()):
        reading = read_bibtex(path.read_text(encoding="utf-8"), "x")
        assert left_out.get(path.name, ()) == reading.skipped
        assert counts.get(path.name, len(reading.papers)) == len(reading.papers)
