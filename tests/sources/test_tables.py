"""Tests of tables: what is a table of papers, which rows are papers, and how many papers one file may have."""

import json

import pytest

from bots.domain.errors import SourceRefused
from bots.sources.reading.formats import parse
from bots.sources.reading.result import PAPERS_MOST, collected


def titles(body: str) -> list[str]:
    """Return the titles of a file."""
    return [paper.title for paper in parse(body, "x").papers]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("title,authors,abstract", "the head once more"), ("Title,Authors,Abstract", "the head once more"),
        ("Total,,2", "a sum or a remark"), ("total: 2,,", "a sum or a remark"),
        ("Exported by Ada Smith on 30 Nov 2026,,", "a sum or a remark"),
        (",,Exported from Zotero", "a sum or a remark"),
        ("NaN,NaN,NaN", "no title"), ("null,A Smith,We do.", "no title"), ("-,A Smith,We do.", "no title"),
        ("#N/A,A Smith,We do.", "no title"),
    ],
)  # fmt: skip
def test_a_row_that_is_no_paper_is_named(row: str, why: str) -> None:
    """Repeated heads, sums, remarks and empty values that a program wrote are left out and counted."""
    reading = parse(f"title,authors,abstract\nOne,A Smith,We do.\n{row}\nTwo,B Li,We do.\n", "x")
    assert (["One", "Two"], (f"row 2 ({why})",)) == ([paper.title for paper in reading.papers], reading.skipped)


@pytest.mark.parametrize(
    ("body", "expected", "skipped"),
    [
        ("title,authors,year,abstract\nOne,A Smith,2020,Yes.\nCats, dogs,A Smith,2020,Yes.\n", ["One"],
         ("row 2 (more cells than the head has)",)),
        ("title;abstract\nOne;Yes; no.\nTwo;Yes.\n", ["Two"], ("row 1 (more cells than the head has)",)),
        ("title,abstract\nOne,Yes.,,\nTwo,Yes., \n", ["One", "Two"], ()),
        ("title,abstract,\nOne,Yes.\n", ["One"], ()),
        ("| Title | Abstract |\n|---|---|\n| One | Yes. |\nTwo | Yes.\n| Three | Yes. | no |\n", ["One", "Two"],
         ("row 4 (more cells than the head has)",)),
        ("Title | Abstract\n---|---\n| One | Yes. |\nTwo | Yes.\n", ["One", "Two"], ()),
    ],
)  # fmt: skip
def test_a_row_with_more_cells_than_heads_is_named(body: str, expected: list[str], skipped: tuple[str, ...]) -> None:
    """A separator in a cell without marks moves the cells behind it: the row is named; empty cells do no harm."""
    reading = parse(body, "x")
    assert (expected, skipped) == ([paper.title for paper in reading.papers], reading.skipped)
    assert all("Yes." == paper.abstract for paper in reading.papers)


@pytest.mark.parametrize(
    ("note", "named"),
    [
        ("Comment on arXiv:2601.00001", "text"), ("see arXiv:2601.00001", "text"), ("Reply to 10.5555/x", "text"),
        ("An extended version of https://arxiv.org/abs/2601.00001", "text"), ("arXiv:2601.00001 is refuted", "text"),
        ("arXiv:2601.00001", "arxiv"), ("arXiv:2601.00001 [cs.CL]", "arxiv"), ("10.5555/x", "doi"),
        ("Available at https://arxiv.org/abs/2601.00001", "arxiv"),
    ],
)  # fmt: skip
def test_a_remark_names_the_paper_only_if_it_says_nothing_else(note: str, named: str) -> None:
    """The id of another paper in a remark is not the paper's own, in RIS and in BibTeX."""
    (ris,) = parse(f"TY  - JOUR\nTI  - A Title\nN1  - {note}\nER  - \n", "x").papers
    assert named == ris.id.scheme
    if named != "doi":
        assert named == parse(f"@misc{{a, title={{A Title}}, note={{{note}}}}}", "x").papers[0].id.scheme


@pytest.mark.parametrize("title", ["Total Recall in Readers", "Sum of Squares", "Null Models", "Page Ranking"])
def test_titles_that_look_a_little_like_sums_are_titles(title: str) -> None:
    """A title may begin with the word of a sum or of an empty value."""
    assert [title] == titles(f"title,authors\n{title},A Smith\n")


@pytest.mark.parametrize(
    "head",
    ["title,year,director,genre", "title,year,rating", "Title,URL,Tags,Folder", "title,url",
     "number,title,state,author",
     "title,author,labels,state,created_at", "title,date,amount,balance", "title,artist,album,year",
     "title,year,director,summary", "title;votes;year"],
)  # fmt: skip
def test_a_table_of_something_else_is_refused(head: str) -> None:
    """Films, bookmarks, tasks, songs and accounts have titles too, and are no papers."""
    mark = ";" if ";" in head else ","
    row = mark.join("abcdefgh"[: head.count(mark) + 1])
    with pytest.raises(SourceRefused, match=r"table of something else.*abstract, authors, doi"):
        parse(f"{head}\n{row}\n{row}\n", "x")


@pytest.mark.parametrize(
    "head",
    ["title,abstract", "title,authors,year", "Title,DOI", "title,journal,year", "pmid,title", "arxiv_id,title",
     "Article Title,Author Full Names,Source Title", "title,state,doi"],
)  # fmt: skip
def test_a_table_of_papers_is_read(head: str) -> None:
    """Beside the titles stands a column that papers have: abstract, authors, DOI, journal or another's id."""
    row = ",".join("One" if "title" in cell.lower().split()[:1] + cell.lower().split()[1:2] and "source" not in
                   cell.lower() else "x" for cell in head.split(","))  # fmt: skip
    assert ["One"] == titles(f"{head}\n{row}\n")


def test_a_reading_list_is_read_by_its_addresses() -> None:
    """A table of titles and addresses is a list of papers if the addresses are those of papers."""
    assert ["One", "Two"] == titles("title,url\nOne,https://arxiv.org/abs/2601.00001\nTwo,https://doi.org/10.5555/x\n")


def test_a_sentence_is_no_head() -> None:
    """A line of a text that has the word `title` between commas is not the head of a table."""
    with pytest.raises(SourceRefused):
        parse("We left our names, title, authors, and everything else at home. We went out.\nIt rained, a lot.\n", "x")


@pytest.mark.parametrize(
    "record",
    [{"title": "Too Many Requests", "status": 429}, {"title": "Not Found", "status": 404, "detail": "x"},
     {"type": "about:blank", "title": "Forbidden", "status": 403, "description": "You may not."}],
)  # fmt: skip
def test_the_answer_of_a_server_is_no_paper(record: dict[str, object]) -> None:
    """One object with a title and nothing that papers have is refused; one with an abstract is a paper."""
    with pytest.raises(SourceRefused, match="one JSON object, which is no paper"):
        parse(json.dumps(record), "x")
    assert [record["title"]] == titles(json.dumps({**record, "authors": ["Ada Smith"]}))
    assert ["One"] == titles('{"title": "One", "abstract": "We do."}')


@pytest.mark.parametrize(
    "line",
    ["- Read it [here](https://arxiv.org/abs/2601.00002)", "- See [this paper](https://arxiv.org/abs/2601.00002)",
     "- [1](https://arxiv.org/abs/2601.00002)", "- [[1]](https://arxiv.org/abs/2601.00002)",
     "- [here](https://arxiv.org/abs/2601.00002)", "- as in [the paper](https://arxiv.org/abs/2601.00002)"],
)  # fmt: skip
def test_a_pointer_is_no_title(line: str) -> None:
    """The text of a link that only points is no title, nor is the beginning of its sentence."""
    assert ["A Title"] == titles(f"- [A Title](https://arxiv.org/abs/2601.00001)\n{line}\n")


def test_a_title_before_a_pointer_is_kept() -> None:
    """A title may stand before a link whose text only points."""
    assert ["Cats and their Habits"] == titles("- Cats and their Habits, [here](https://arxiv.org/abs/2601.00001)\n")


# ── what exports add ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("doi", "named"),
    [("10.5555/a\\b", "text"), ("10.5555\\/ab", "text"), ("10.5555/a\\_b", "doi:10.5555/a_b"),
     ("10.5555/ab", "doi:10.5555/ab")],
)  # fmt: skip
def test_a_doi_is_left_out_rather_than_changed(doi: str, named: str) -> None:
    """A backslash before a sign of TeX is TeX's; with any other one the DOI names no paper."""
    for body in (f"title,doi\nOne,{doi}\n", f"TY  - JOUR\nTI  - One\nDO  - {doi}\nER  - \n"):
        assert str(parse(body, "x").papers[0].id).startswith(named)


@pytest.mark.parametrize(
    "tail", [" View PDF", "\nView PDF", " View PDF\nHTML (experimental)", "\nView a PDF of the paper"]
)
def test_the_buttons_of_a_page_are_no_authors(tail: str) -> None:
    """The links behind the authors on a paper's page on arXiv are no part of the last name."""
    (paper,) = parse(f"Title:A Title\nAuthors:Ada Smith, Bo Jones{tail}\nAbstract:We view PDF files.\n", "x").papers
    assert (("Ada Smith", "Bo Jones"), "We view PDF files.") == (paper.authors, paper.abstract)


@pytest.mark.parametrize(
    ("written", "title"),
    [("Cats. (arXiv:2601.00001v1 [cs.CL])", "Cats"), ("Cats (arXiv:2601.00001v2 [cs.CL] UPDATED)", "Cats"),
     ("Cats (arXiv:math/0601001v1 [math.AG])", "Cats"), ("On arXiv:2601.00001", "On arXiv:2601.00001"),
     ("Cats (and arXiv)", "Cats (and arXiv)")],
)  # fmt: skip
def test_the_id_behind_a_title_in_a_feed_goes(written: str, title: str) -> None:
    """The title of an entry in arXiv's former feed is followed by its id, which is no part of it."""
    assert [title] == titles(f"<rss><channel><item><title>{written}</title></item></channel></rss>")


# ── how many ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_has_at_most_so_many_papers() -> None:
    """Records behind the last paper are counted, not read, and the note says so."""
    asked: list[int] = []

    def read(number: int, _: str) -> str:
        asked.append(number)
        return f"row {number}"

    reading = collected(["x"] * (PAPERS_MOST + 5), read)
    assert (20_000, 5, 20_000) == (len(asked), reading.beyond, PAPERS_MOST)
    assert reading.trouble.endswith("Only the first 20,000 papers are read; 5 more are left out.")


@pytest.mark.parametrize(
    "body",
    ["title,authors\n" + "a,\n" * (PAPERS_MOST + 5), '{"title": "a", "doi": "10.5555/x"}\n' * (PAPERS_MOST + 5),
     "TY  - JOUR\nTI  - a\nER  - \n" * (PAPERS_MOST + 5)],
)  # fmt: skip
def test_a_large_file_says_what_it_leaves_out(body: str) -> None:
    """Every format ends at the most papers of a file."""
    reading = parse(body, "x")
    assert (PAPERS_MOST, 5) == (len(reading.papers), reading.beyond)
