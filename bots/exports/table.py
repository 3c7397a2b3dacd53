"""Writes papers as CSV that a spreadsheet opens without running anything in it. Pure functions.

A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula, which may send data away or start a
program. Such a cell gets an apostrophe in front, which spreadsheets take for "this is text". A cell that begins with an
apostrophe gets another one, so that a program undoes this by dropping one apostrophe from the beginning of a cell.
"""

import csv
import io
from collections.abc import Callable, Mapping, Sequence

from bots.chat.phrases import clean, safe_url
from bots.domain.papers import Paper
from bots.presentation.bibtex_names import known_authors
from bots.presentation.cited_facts import abstract_of, arxiv_of, date_of, doi_of, labels_of, venue_of
from bots.presentation.digest_text import title_of

#: What begins a formula, in full width too, which spreadsheets set to Japanese or Chinese accept; and our own mark.
_STARTS = tuple("=+-@'＝＋－＠\t\r\n|%")
_COLUMNS: Mapping[str, Callable[[Paper], str]] = {
    "title": title_of,
    "authors": lambda paper: "; ".join(name.replace(";", ",") for name in known_authors(paper.authors)),
    "published": lambda paper: "-".join(
        (f"{part:04}" if place == 0 else f"{part:02}") for place, part in enumerate(date_of(paper))
    ),
    "venue": venue_of,
    "doi": doi_of,
    "arxiv_id": arxiv_of,
    "url": lambda paper: safe_url(paper.url),
    "code": lambda paper: safe_url(paper.code),
    "categories": lambda paper: "; ".join(filter(None, map(clean, paper.categories))),
    "keywords": lambda paper: "; ".join(labels_of(paper)),
    "upvotes": lambda paper: _count(paper.signals.upvotes),
    "comments": lambda paper: _count(paper.signals.comments),
    "stars": lambda paper: _count(paper.signals.stars),
    "citations": lambda paper: _count(paper.signals.citations),
    "abstract": abstract_of,
    "withdrawn": lambda paper: "true" if paper.withdrawn else "",
}


def table(papers: Sequence[Paper]) -> str:
    """Return the papers as CSV (RFC 4180) with a head line.

    It begins with a byte order mark: without one, Excel takes the text for its own 8-bit encoding.
    """
    written = io.StringIO(newline="")
    writer = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    writer.writerows([_cell(read(paper)) for read in _COLUMNS.values()] for paper in papers)
    return "\ufeff" + written.getvalue()


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_STARTS) else text


def _count(count: int | None) -> str:
    return "" if count is None else str(count)
