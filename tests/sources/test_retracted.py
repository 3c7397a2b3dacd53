"""Papers that a file marks as retracted, in a field of its own or in a note."""

import pytest

from bots.sources.reading.bibtex import read_bibtex
from bots.sources.reading.records import paper_of
from bots.sources.reading.tagged import read_endnote, read_nbib, read_ris, read_web_of_science


@pytest.mark.parametrize(
    "field",
    [
        {"is_retracted": True},
        {"is_retracted": "True"},
        {"retracted": True},
        {"withdrawn": True},
        {"updated-by": [{"type": "correction"}, {"type": "retraction", "DOI": "10.1000/r"}]},
        {"update-to": [{"type": "Retraction"}]},
        {"updated-by": [{"type": "withdrawal"}]},
        {"keywords": ["drugs", "Retracted"]},
        {"keywords": "drugs; retracted article"},
        {"publicationTypes": ["Journal Article", "Retracted Publication"]},
        {"Document Type": "Retracted"},
        {"title": "Drug X in adults (Retracted article. See vol. 12, pg 3, 2010)"},
        {"title": "RETRACTED: Drug X in adults"},
        {"comments": "This article has been retracted"},
    ],
)
def test_a_record_that_says_so_is_withdrawn(field: dict[str, object]) -> None:
    """OpenAlex, Crossref, PubMed and Scopus mark retracted papers by fields of their own."""
    paper = paper_of({"title": "Drug X in adults", **field}, "x")
    assert paper is not None
    assert paper.withdrawn


@pytest.mark.parametrize(
    "field",
    [
        {},
        {"is_retracted": False},
        {"is_retracted": "false"},
        {"is_retracted": None},
        {"updated-by": [{"type": "correction"}]},
        {"update-to": [{"type": "new_version"}, "retraction", None]},
        {"update-to": {"type": 3}},
        {"keywords": ["retraction", "retracted papers"]},
        {"publicationTypes": ["Journal Article", "Retraction of Publication"]},
        {"comments": 12},
    ],
)
def test_another_record_is_not(field: dict[str, object]) -> None:
    """A correction, another version and a subject leave a paper as it is, and broken fields do no harm."""
    paper = paper_of({"title": "Drug X in adults", **field}, "x")
    assert paper is not None
    assert not paper.withdrawn


@pytest.mark.parametrize(
    ("withdrawn", "line"),
    [
        (True, "N1  - This article has been retracted"),
        (True, "N1  - Seen in May. This article has been retracted."),
        (True, "KW  - Retracted"),
        (True, "M3  - Retracted Publication"),
        (False, "N1  - Cites papers that have been retracted"),
        (False, "KW  - Retraction"),
        (False, "M3  - Article"),
    ],
)
def test_a_note_or_a_kind_in_ris_counts(withdrawn: bool, line: str) -> None:
    """A note, a keyword or the kind of work marks a paper; a note about other papers does not."""
    (paper,) = read_ris(f"TY  - JOUR\nTI  - Drug X in adults\n{line}\nER  - \n", "x").papers
    assert withdrawn is paper.withdrawn


@pytest.mark.parametrize(("withdrawn", "kind"), [(True, "Retracted Publication"), (False, "Retraction of Publication")])
def test_the_kind_of_a_publication_counts(withdrawn: bool, kind: str) -> None:
    """PubMed's, EndNote's and Web of Science's kinds mark a retracted paper, also beside other kinds."""
    (nbib,) = read_nbib(f"PMID- 1\nTI  - Drug X in adults\nPT  - Journal Article\nPT  - {kind}\n", "x").papers
    (enw,) = read_endnote(f"%0 Journal Article\n%T Drug X in adults\n%9 {kind}\n", "x").papers
    (wos,) = read_web_of_science(f"PT J\nTI Drug X in adults\nDT Article; {kind}\nER\n", "x").papers
    assert [withdrawn] * 3 == [nbib.withdrawn, enw.withdrawn, wos.withdrawn]


@pytest.mark.parametrize(
    ("withdrawn", "field"),
    [
        (True, "keywords = {retracted}"),
        (True, "keywords = {drugs, Retracted Publication}"),
        (True, "note = {This article has been retracted}"),
        (False, "keywords = {retraction, drugs}"),
        (False, "note = {About retracted articles}"),
    ],
)
def test_a_keyword_or_a_note_in_bibtex_counts(withdrawn: bool, field: str) -> None:
    """A keyword of its own or a note marks a paper; a subject does not."""
    (paper,) = read_bibtex(f"@article{{k, title = {{Drug X in adults}}, {field}}}", "x").papers
    assert withdrawn is paper.withdrawn
