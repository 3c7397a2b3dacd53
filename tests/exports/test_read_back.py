"""Tests that exported papers are read back equal: by our own sources, and by the standard library."""

import csv
import io
import json
import string
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.domain.export_formats import ExportFormat
from bots.domain.papers import Paper, PaperId, Signals
from bots.domain.replies import Citation
from bots.exports import exported, file_name
from bots.presentation.cited_facts import abstract_of, arxiv_of, date_of, doi_of, labels_of, venue_of
from bots.presentation.digest_text import citation_headline, title_of
from bots.sources.reading.formats import parse
from tests.support import hostile
from tests.support.factories import a_paper, five_papers

READ = (ExportFormat.BIBTEX, ExportFormat.RIS, ExportFormat.CSL_JSON, ExportFormat.CSV)

#: Words of titles and abstracts as authors write them, with the signs that each format must escape.
_WORDS = st.sampled_from(
    """
    Attention Größe naïve 注意力 model 50% R&D #1 a_b x^2 "quoted" 'tis C++ {braced} back\\slash semi;colon comma,
    colon: (in brackets) [square] <angle> =1+1 @home -survey +plus ~tilde | pipe L2 BERT FlashAttention-2 α→β é end.
    """.split()
)
sentences = st.lists(_WORDS, min_size=1, max_size=12).map(lambda words: "On " + " ".join(words) + " we report")
#: Longer than what means something behind a comma: “Jr” ends a name, and “Ag” one of a company. “Others” are left out.
_letters = (
    st.text("abcdefghijklmnopqrstuvwxyzäéñ", min_size=5, max_size=9)
    .filter(lambda name: name != "others")
    .map(str.capitalize)
)
people = st.one_of(
    st.tuples(_letters, _letters).map(" ".join),
    st.tuples(_letters, st.sampled_from(string.ascii_uppercase).map(lambda one: f"{one}."), _letters).map(" ".join),
    st.tuples(_letters, st.sampled_from(("van der", "de", "von")), _letters).map(" ".join),
    st.tuples(_letters, _letters, st.sampled_from(("Jr.", "III"))).map(" ".join),
    st.sampled_from(("OpenAI", "The ATLAS Collaboration", "李明")),
)
days = st.dates(datetime(1992, 1, 2, tzinfo=UTC).date(), datetime(2030, 12, 31, tzinfo=UTC).date()).filter(
    lambda day: day.day > 1
)
papers = st.builds(
    a_paper,
    id=st.one_of(
        st.integers(1, 99_999).map(lambda number: PaperId.arxiv(f"2611.{number:05}")),
        st.integers(1, 10**6).map(lambda number: PaperId(scheme="doi", value=f"10.1145/{number}.a_b")),
    ),
    title=sentences,
    abstract=sentences,
    authors=st.lists(people, min_size=1, max_size=5, unique=True).map(tuple),
    published=days.map(lambda day: datetime(day.year, day.month, day.day, 12, tzinfo=UTC)),
    venue=st.sampled_from(("", "NeurIPS 2026", "Journal of R&D", "Größe: 100%")),
    keywords=st.lists(st.sampled_from(("nlp", "R&D", "large models", "50%", "x_y")), max_size=3, unique=True).map(
        tuple
    ),
    url=st.just("https://example.org/p?a=1&b=2"),
)


def facts(paper: Paper) -> dict[str, Any]:
    """Return what every format keeps of a paper, as it is displayed."""
    return {
        "title": title_of(paper),
        "abstract": abstract_of(paper),
        "authors": paper.authors,
        "date": date_of(paper),
        "venue": venue_of(paper),
        "doi": doi_of(paper),
        "arxiv": arxiv_of(paper),
        "keywords": labels_of(paper),
    }


@pytest.mark.parametrize("form", READ)
@settings(max_examples=60, deadline=None)
@given(written=st.lists(papers, min_size=1, max_size=4, unique_by=lambda paper: paper.id))
def test_our_own_sources_read_a_file_back(form: ExportFormat, written: list[Paper]) -> None:
    """A file that was exported and is read by our own source has the same papers, as they are displayed."""
    reading = parse(exported(written, form), file_name(form))
    assert () == reading.skipped
    assert [facts(paper) for paper in written] == [facts(paper) for paper in reading.papers]


@hostile.patient
@given(st.lists(hostile.papers, max_size=4))
def test_a_table_has_a_cell_for_each_value_and_no_formula(written: list[Paper]) -> None:
    """Any text stays in its cell, no cell begins as a formula does, and without the apostrophe it is the value."""
    text = exported(written, ExportFormat.CSV)
    text.encode("utf-8")
    head, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    assert len(written) == len(rows)
    assert all(len(head) == len(row) for row in rows)
    assert not [cell for row in rows for cell in row if cell.startswith(tuple("=+-@＝＋－＠\t\r"))]
    read = [{name: cell.removeprefix("'") for name, cell in zip(head, row, strict=True)} for row in rows]
    assert [(title_of(paper), abstract_of(paper)) for paper in written] == [
        (each["title"], each["abstract"]) for each in read
    ]


@pytest.mark.parametrize("start", "=+-@＝'")
def test_a_formula_is_text(start: str) -> None:
    """A title that a spreadsheet would run, or one with our own mark, begins with one apostrophe more."""
    title = f'{start}HYPERLINK("https://evil.example","x")'
    _, row = csv.reader(io.StringIO(exported([a_paper(title=title)], ExportFormat.CSV), newline=""))
    assert f"'{title}" == row[0]


@hostile.patient
@given(st.lists(hostile.papers, max_size=4))
def test_any_text_stays_in_its_field(written: list[Paper]) -> None:
    """Any papers are the same number of records in each format, whose lines begin with known tags only."""
    items = json.loads(exported(written, ExportFormat.CSL_JSON))
    assert [title_of(paper) for paper in written] == [item["title"] for item in items]
    assert len(items) == len({item["id"] for item in items})
    text = exported(written, ExportFormat.RIS)
    text.encode("utf-8")
    tags = [line[:6] for line in text.split("\r\n") if line]
    assert {"TY  - ", "ER  - "} >= {tag for tag in tags if tag in ("TY  - ", "ER  - ")}
    known = {f"{tag}  - " for tag in "TY TI AU PY DA T2 DO AN UR KW AB N1 ER".split()}
    assert known >= set(tags)
    assert len(written) == tags.count("TY  - ") == tags.count("ER  - ")
    assert "\n" not in text.replace("\r\n", "")


@pytest.mark.parametrize("form", list(ExportFormat))
def test_no_papers_are_an_empty_list(form: ExportFormat) -> None:
    """Without papers a file is empty, has only its head, or is an empty list."""
    text = exported([], form)
    assert {ExportFormat.CSL_JSON: "[]"}.get(form, "") == text.strip() or text.startswith('\ufeff"title"')


def test_markdown_lists_papers_with_links() -> None:
    """A list in Markdown has title, facts and abstract of each paper, and our own source reads it back."""
    text = exported(five_papers(), ExportFormat.MARKDOWN)
    first = text.split("\n")[0]
    assert "- [**Attention Is All You Need**](<https://arxiv.org/abs/1706.03762>)  " == first
    reading = parse(text, "papers.md")
    assert [(paper.id, title_of(paper)) for paper in five_papers()] == [
        (paper.id, title_of(paper)) for paper in reading.papers
    ]


def test_markdown_is_not_fooled() -> None:
    """A title and an abstract cannot make a link, an image, a heading, HTML or a mention."""
    text = exported(
        [
            a_paper(
                title="[x](javascript:alert(1)) <script> @everyone",
                abstract="![i](https://evil.example/p.png) https://evil.example www.evil.example &lt;b&gt; `c` # d",
                url="javascript:alert(1)",
                code="",
                authors=("# Ada",),
            )
        ],
        ExportFormat.MARKDOWN,
    )
    assert "](" not in text.replace("\\](", "").replace("\\]\\(", "")
    assert "<script" not in text.replace("\\<", "")
    assert "@everyone" not in text
    assert "https://evil" not in text
    assert "www.evil" not in text


def test_signals_and_state_are_columns() -> None:
    """Counts and withdrawal are columns; an unknown count is empty."""
    paper = a_paper(signals=Signals(upvotes=3, citations=0), withdrawn=True)
    (row,) = csv.DictReader(io.StringIO(exported([paper], ExportFormat.CSV).removeprefix("\ufeff"), newline=""))
    assert ("3", "0", "", "true") == (row["upvotes"], row["citations"], row["stars"], row["withdrawn"])


def test_a_reply_names_its_format() -> None:
    """A reply in a chat says how many papers it has, and in which format."""
    reply = Citation(text="TY  - UNPB\r\nER  - \r\n", papers=2, form=ExportFormat.RIS)
    assert "2 papers as RIS" == citation_headline(reply)
