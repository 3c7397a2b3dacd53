"""Tests of files as their makers write them: each sample holds the same two invented papers in one maker's form."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bots.domain.errors import SourceRefused
from bots.domain.papers import Paper
from bots.sources.reading.disk import read_text
from bots.sources.reading.formats import parse
from bots.sources.reading.result import Reading
from tests.sources.conftest import SAMPLES

EXPORTS = SAMPLES / "exports"
SMALL = (
    "We present a small model that reads long documents. It keeps a short memory of each page. On ten tasks it is as "
    "good as models of five times its size."
)
TRIAL = (
    "BACKGROUND: Readers forget. METHODS: We asked 240 readers to recall a page after 12 weeks. RESULTS: Recall fell "
    "by 30%. CONCLUSIONS: Notes help."
)
ABSTRACTS = (SMALL, TRIAL)
TITLES = ("A small model for long documents", "Étude of memory in readers: a trial")
DOIS = ("doi:10.5555/small.2024.1", "doi:10.5555/memory.2023.7")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
VENUE = "Journal of Small Models"
FULL = (("Ada Smith", "Bo Li"), ("José Núñez",))
SHORT = (("A. Smith", "B. Li"), ("J. Núñez",))
#: What some makers leave out or shorten. All other samples have full names, DOIs, abstracts, years and the journal.
INITIALS = {"embase.csv": SHORT, "ieee.csv": SHORT, "pubmed.csv": (("A Smith", "B Li"), ("J. Núñez",)),
            "eppireviewer.ris": (("A B Smith", "B Li"), ("J C Núñez",)),
            "list.md": (("Ada Smith", "Bo Li"), ())}  # fmt: skip
NO_ABSTRACT = {"googlescholar.ris", "googlescholar.csv", "pubmed.csv"}
NO_DATE = {"abstrackr.csv", "arxiv_page.txt", "list.md"}
NO_DOI = {"abstrackr.csv", "googlescholar.ris", "googlescholar.csv", "openreview.json", "arxiv_page.txt",
          "arxiv_mail.txt", "list.md", "feed.xml"}  # fmt: skip
NO_VENUE = {"arxiv_page.txt", "arxiv_mail.txt", "list.md", "feed.xml"}
#: These say the day of the first paper, not the year alone.
WITH_DAY = {"cinahl.ris", "zotero.ris", "pubmed.nbib", "embase.csv", "rayyan.csv", "zotero.csv", "csl.json",
            "zotero.json", "openalex.json", "crossref.json", "openreview.json", "semanticscholar.json", "kaggle.jsonl",
            "arxiv_mail.txt", "feed.xml", "biblatex.bib"}  # fmt: skip
SUBTITLED = {"biblatex.bib": "A small model: for long documents"}


def read(name: str) -> Reading:
    """Return what is read of a sample."""
    return parse(read_text(EXPORTS / name), f"file:{name}")


def samples() -> list[str]:
    """Return the names of all samples."""
    return sorted(path.name for path in EXPORTS.iterdir())


@pytest.mark.parametrize("name", samples())
def test_every_makers_file_gives_its_papers(name: str) -> None:
    """Each file yields its two papers with the right title, abstract, authors, date, journal and DOI."""
    papers = read(name).papers
    assert (SUBTITLED.get(name, TITLES[0]), TITLES[1]) == tuple(paper.title for paper in papers)
    assert INITIALS.get(name, FULL) == tuple(paper.authors for paper in papers)
    assert (("", "") if name in NO_ABSTRACT else ABSTRACTS) == tuple(paper.abstract for paper in papers)
    if name not in NO_DATE:
        assert [2024, 2023] == [paper.published.year for paper in papers if paper.published]
    if name in WITH_DAY:
        assert date(2024, 5, 17) == (papers[0].published or EPOCH).date()
    if name not in NO_DOI:
        assert [{doi} for doi in DOIS] == [{str(one) for one in paper.names if one.scheme == "doi"} for paper in papers]
    if name not in NO_VENUE:
        assert [VENUE, VENUE] == [paper.venue for paper in papers]


@pytest.mark.parametrize("name", samples())
def test_nothing_of_a_makers_file_is_left_out(name: str) -> None:
    """Only the replacement of arXiv's mail is left out, and it is named."""
    left_out = {"arxiv_mail.txt": ("arXiv:2401.00009 (a replacement)",)}
    assert left_out.get(name, ()) == read(name).skipped


def test_arxivs_lists_say_what_arxiv_says() -> None:
    """The copied page and the mail give ids, categories, DOIs and journals; the page also gives the day of its list."""
    for name in ("arxiv_page.txt", "arxiv_mail.txt"):
        first, second = read(name).papers
        assert ["arxiv:2405.00001", "arxiv:2405.00002"] == [str(first.id), str(second.id)]
        assert (("cs.CL", "cs.LG"), ("q-bio.NC", "cs.CL")) == (first.categories, second.categories)
        assert (VENUE, {DOIS[0]}) == (first.venue, {str(one) for one in first.aliases})
    assert {"2024-05-17"} == {str(paper.announced) for paper in read("arxiv_page.txt").papers}


def test_links_in_markdown_name_the_papers() -> None:
    """The link of a heading or an item is the paper's id, and a link to something else is no paper."""
    assert ["arxiv:2405.00001", DOIS[1]] == [str(paper.id) for paper in read("list.md").papers]


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("- **A Title**, [[Paper](https://arxiv.org/abs/2001.00001)] [[Code](https://a.org/b)]", "A Title"),
        ("1. [Re: A Title [v2]](https://arxiv.org/pdf/2001.00001.pdf) [code](https://a.org/c)",
         "Re: A Title [v2]"),
        ("### A Title ([arXiv](https://arxiv.org/abs/2001.00001))", "A Title"),
        ("* __A Title__ [pdf](https://arxiv.org/pdf/2001.00001)", "A Title"),
    ],
)  # fmt: skip
def test_titles_of_lists_of_links(line: str, title: str) -> None:
    """The title is the link's text, or what stands before a link whose text is a label."""
    (paper,) = parse(f"# Papers\n{line}\n", "x").papers
    assert (title, "arxiv:2001.00001", "") == (paper.title, str(paper.id), paper.abstract)


# ── tables ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "body",
    [
        'title,abstract,year\n"A, quoted ""title""",We do.,2020\n',
        'sep=;\ntitle;abstract;year\nA, quoted "title";We do.;2020\n',
        'title|abstract|year\nA, quoted "title"|We do.|2020\n',
        'Title\tAbstract\tYear\nA, quoted "title"\tWe do.\t2020\n',
        "'title','abstract','year'\n'A, quoted \"title\"','We do.','2020'\n",
        'title,abstract,year\n"A, quoted \\"title\\"","We do.","2020"\n',
        'Search: "reading"\n\n2 results\nYEAR, TITLE, ABSTRACT\n2020, "A, quoted ""title""", We do.\n',
        'Titel;Zusammenfassung;Jahr\n"A, quoted ""title""";We do.;2020\n',
        '| Title | Abstract | Year |\n|---|---|---|\n| A, quoted "title" | We do. | 2020 |\n',
    ],
)
def test_a_table_may_be_separated_and_quoted_in_any_way(body: str) -> None:
    """Commas, semicolons, tabs and bars separate cells; quotation marks may be double, single, doubled or escaped."""
    (paper,) = parse(body, "x").papers
    assert ('A, quoted "title"', "We do.") == (paper.title, paper.abstract)
    assert datetime(2020, 1, 1, tzinfo=UTC) == paper.published


def test_labels_are_bare() -> None:
    """A star before a main subject, and the brackets and marks of a list in a cell, are no part of a label."""
    body = "title,authors,keywords,categories\nOne,A Smith,\"*Reading; Memory\",\"['cs.CV', 'cs.LG']\"\n"
    (paper,) = parse(body, "x").papers
    assert (("Reading", "Memory"), ("cs.CV", "cs.LG")) == (paper.keywords, paper.categories)


@pytest.mark.parametrize("tail", ["", "x" * 200_000 + "\n"])
def test_a_quotation_mark_that_is_never_closed_is_named(tail: str) -> None:
    """The row that swallows the rest of a table is left out and named, and the rows before it are kept."""
    reading = parse(f'title,abstract\nOne,ok\nTwo,"open\nThree,y\n{tail}', "x")
    assert ["One"] == [paper.title for paper in reading.papers]
    assert ("row 2 and what follows it (a quotation mark that is never closed)",) == reading.skipped


def test_a_row_without_a_title_is_named() -> None:
    """A row without a title is left out and named; a heading between rows and an empty row are no rows."""
    reading = parse("title,abstract\n,We do.\n\nnot yet labelled\n,\nOne,x\n", "x")
    assert (["not yet labelled", "One"], ("row 1 (no title)",)) == (
        [one.title for one in reading.papers],
        reading.skipped,
    )


# ── labelled fields ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_papers_page_on_arxiv_is_read() -> None:
    """The fields of a page with one paper are read, and a word before a colon inside an abstract is no label."""
    page = (
        "Title:A small model\nAuthors:Ada Smith, Bo Li\nAbstract:We present a model.\nResults: It works.\n"
        "Comments:\t12 pages\nSubjects:\tComputation and Language (cs.CL)\nCite as:\tarXiv:2405.00001v2 [cs.CL]\n"
        "(or arXiv:2405.00001v2 [cs.CL] for this version)\n"
    )
    (paper,) = parse(page, "x").papers
    assert ("A small model", "We present a model. Results: It works.") == (paper.title, paper.abstract)
    assert (("Ada Smith", "Bo Li"), "arxiv:2405.00001") == (paper.authors, str(paper.id))


# ── what is refused by name ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b"PK\x03\x04..xl/workbook.xml", r"Excel workbook \(\.xlsx\).*CSV"),
        (b"PK\x03\x04..word/document.xml", "Word document"),
        (b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "OpenDocument file"),
        (b"PK\x03\x04..papers.bib", "zip archive.*Unpack"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old version of Office"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "a PDF"),
        (b"SQLite format 3\0", "SQLite"),
        (b"<!DOCTYPE html>\n<html><body><h1>Papers</h1></body></html>", "web page"),
        (b"<html>\n<p>" + b"We show that it works. " * 20, "web page"),
        (b'<?xml version="1.0"?><PubmedArticleSet/>', "PubMed's XML"),
        (b'<?xml version="1.0"?><!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD"><PubmedArticleSet/>', "PubMed's XML"),
        (b'<?xml version="1.0"?><library/>', "an XML file"),
        (b"\\documentclass{article}\n\\begin{document}", "LaTeX document"),
        (b"https://arxiv.org/abs/2611.00001\n2611.00003\n", "list of ids.*lookup"),
        (b"- title: A Paper\n  author: Ada Smith\n", "YAML"),
        (b"[PDF] A model\nA Smith - Nature, 2026\n" + b"We present a method. " * 3 + b"...\n", "Google Scholar"),
        (b"name;year;journal\nx;2024;y\n", "without a column `title`"),
        (b"Authors,Year,Abstract\nx,2024,y\n", "without a column `title`"),
        (b"A1 Smith, Ada\nT1 A Title\nYR 2024\nAB We show it.\n", "tags and values"),
        (b"AU  - Smith, Ada\nPY  - 2024\nAB  - We show it.\n", "tags and values"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_read_is_refused_by_name(tmp_path: Path, body: bytes, name: str) -> None:
    """The error says what the file looks like and what to do, and its hint names the formats that are read."""
    path = tmp_path / "papers.txt"
    path.write_bytes(body)
    with pytest.raises(SourceRefused, match=f"looks like .*{name}") as refused:
        parse(read_text(path), "file:papers.txt")
    assert "RIS" in refused.value.hint


# ── nothing that is no paper ─────────────────────────────────────────────────────────────────────────────────────────

LONG = ABSTRACTS[0] + " " + ABSTRACTS[0]


@pytest.mark.parametrize(
    "lines",
    [
        ["A Title", "AU  - Li, Bo", LONG],
        ["A Title", "Comments: 12 pages, 3 figures", "Subjects: Computation and Language (cs.CL)", LONG],
        ["A Title", "DOI: 10.5555/x", "Journal-ref: Phys. Rev.", f"Abstract: {LONG}"],
        ["Title: A Title", "Authors: Ada Smith, Bo Li", LONG],
    ],
)
def test_a_field_is_never_a_title(lines: list[str]) -> None:
    """Lines of tags and labelled fields between a title and its abstract are neither."""
    (paper,) = parse("\n".join(lines), "x").papers
    assert "A Title" == paper.title
    assert paper.abstract.startswith("We present")


@pytest.mark.parametrize(
    "title", ["AI - A Survey", "Title Generation for Papers", "Comments on a Theorem", "BERT, GPT, T5", "[Re] A Study",
              "Date and Time in Language", "URL-based Detection"]
)  # fmt: skip
def test_titles_that_look_a_little_like_fields_are_titles(title: str) -> None:
    """A title may begin with an abbreviation and a hyphen, with a bracket, or with the name of a field."""
    assert [title] == [paper.title for paper in parse(f"{title}\n{LONG}\n", "x").papers]


# ── the exports of real databases ────────────────────────────────────────────────────────────────────────────────────

COUNTS = {"ris_baseline_cinahl.ris": 9, "ris_baseline_cochrane_procite.ris": 3, "csv_baseline_cochrane.csv": 3}


def test_real_exports_are_read(shared: Path) -> None:
    """Every real export gives its papers with titles, authors and journals, and the workbook is refused by name."""
    for path in sorted((shared / "data/exports").iterdir()):
        if path.suffix == ".xlsx":
            with pytest.raises(SourceRefused, match=r"looks like an Excel workbook.*Save it as CSV"):
                read_text(path)
            continue
        papers = parse(read_text(path), "x").papers
        assert COUNTS.get(path.name, 10) == len(papers), path.name
        assert all(is_whole(paper) for paper in papers), path.name
        if "googlescholar" not in path.name:
            assert sum(bool(paper.abstract) for paper in papers) >= len(papers) * 0.7, path.name
        if "googlescholar" not in path.name and "abstrackr" not in path.name:
            assert sum(paper.id.scheme == "doi" for paper in papers) >= len(papers) * 0.8, path.name
        if "abstrackr" not in path.name:
            assert all(paper.published for paper in papers), path.name


def is_whole(paper: Paper) -> bool:
    """Return whether a paper has a title, authors and a journal, and none of them is a piece of the file's syntax."""
    fields = (paper.title, paper.venue, *paper.authors)
    return bool(paper.authors) and all(len(one) > 2 and "  -" not in one and '"' != one[0] for one in fields)


def test_strangers_files_are_read(shared: Path) -> None:
    """The files that strangers reported give their papers."""
    folder = shared / "cases/15-files"
    expected = {"arxivlist.txt": 2, "arxivmail.txt": 2, "endnote.xml": 1, "feed.xml": 1, "md.md": 2, "papers.csv": 2,
                "pubmed.nbib": 1, "zotero.ris": 2}  # fmt: skip
    assert expected == {name: len(parse(read_text(folder / name), "x").papers) for name in expected}
    for name in ("ids.txt", "scholaralert.txt"):
        with pytest.raises(SourceRefused, match="looks like"):
            parse(read_text(folder / name), "x")
