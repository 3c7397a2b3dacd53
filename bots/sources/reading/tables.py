"""Papers from tables: CSV with any separator and quotes, and the columns of the usual makers."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence

from bots.domain.papers import Paper
from bots.sources.reading.dates import instant
from bots.sources.reading.json_shapes import plain_key
from bots.sources.reading.records import paper_of
from bots.sources.reading.result import Reading

# The heads of the columns of each field, without spaces and punctuation, the best first. Seen in exports of Zotero,
# Scopus, Embase, Cochrane, PubMed, IEEE, Springer, Dimensions, Lens, Rayyan, Covidence, Publish or Perish, Google
# Scholar; the heads of two letters are those of Web of Science.
_HEADS: Mapping[str, Sequence[str]] = {
    "title": ("title", "articletitle", "papertitle", "documenttitle", "primarytitle", "itemtitle", "titles", "ti",
              "titel", "titre", "titulo", "papername"),
    "abstract": ("abstract", "abstractnote", "abstracttext", "abstracts", "summary", "summaries", "ab",
                 "zusammenfassung"),
    "authors": ("authorfullnames", "authors", "author", "authornames", "authorlist", "af", "au", "creators", "autoren",
                "auteurs", "itemauthors"),
    "published": ("publicationdate", "dateofpublication", "publisheddate", "datepublished", "published", "date",
                  "coverdate", "publicationyear", "publishedyear", "pubyear", "year", "py", "jahr", "annee"),
    "venue": ("journal", "sourcetitle", "journalbook", "publicationtitle", "containertitle", "journaltitle",
              "journalname", "booktitle", "publication", "conference", "conferencename", "venue", "so", "source"),
    "doi": ("doi", "itemdoi", "di", "doilink"),
    "arxiv": ("arxivid", "arxiv", "eprint", "entryid"),
    "url": ("url", "link", "articleurl", "itemurl", "sourceurl", "paperurl", "links", "fulltextlink", "pdflink",
            "pdfurl"),
    "id": ("id", "key"),
    "keywords": ("keywords", "authorkeywords", "manualtags", "tags", "de"),
    "categories": ("categories", "category", "subjects", "terms", "primarycategory"),
    "citations": ("citations", "citationcount", "citedby", "cites", "timescited"),
    "upvotes": ("upvotes", "likes", "votes"),
    "code": ("code", "github", "repository"),
}  # fmt: skip
#: The field of each head.
HEADS = {head: field for field, heads in _HEADS.items() for head in heads}
# A list of papers has a column of titles and at least one other that we know.
_KNOWN_LEAST = 2
# Above the head stand at most the search and a notice: Embase's three lines, Dimensions' one.
_LINES_ABOVE = 40
_SEPARATORS = ",;\t|"
# Stands for the rest of a table that cannot be read.
_CUT = ["\n"]
# The line below the head of a table in Markdown.
_RULE = frozenset("-:|= \t")
_LINK = re.compile(r"\[([^\[\]]{1,500})\]\((https?://[^()\s]{1,500})\)")
_ADDRESS = re.compile(r"https?://[^\s<>\"()|]{1,1000}")


def looks_like_table(written: str) -> bool:
    """Return whether one of the first lines is the head of a table of papers."""
    return _head(written) is not None


def looks_untitled(written: str) -> bool:
    """Return whether a text begins like a table that has no column of titles."""
    lines = [line for line in written.split("\n", 10)[:10] if line.strip()][:3]
    for separator in _SEPARATORS if lines else "":
        cells = [plain_key(cell) for cell in lines[0].split(separator)]
        known = {HEADS[cell] for cell in cells if cell in HEADS}
        same = len({line.count(separator) for line in lines}) == 1 and len(lines) == 3
        if len(cells) > 2 and (len(known) >= _KNOWN_LEAST or (same and separator != ",")):
            return True
    return False


def read_table(written: str, source: str) -> Reading:
    """Return the papers of a table; a row without a title is left out and reported."""
    head = _head(written)
    if head is None:
        return Reading()
    start, style = head
    rows = _rows(written, start, style)
    fields = [plain_key(cell) for cell in next(rows, [])]
    edged = style["delimiter"] == "|" and len(fields) > 2 and not fields[0] and not fields[-1]
    fields = fields[1:-1] if edged else fields
    papers: list[Paper] = []
    skipped: list[str] = []
    odd = written.count(style["quotechar"], start) % 2 == 1
    for number, row in enumerate(rows, start=1):
        if set("".join(row)) <= _RULE:
            continue
        if row == _CUT or (odd and row[-1].endswith("\n")):
            skipped.append(f"row {number} and what follows it (a quotation mark that is never closed)")
            break
        if style["delimiter"] == "|":
            row = _unedged(row, len(fields))
        if any(map(str.strip, row[len(fields) :])):
            # A separator in a cell without quotation marks: every cell behind it would stand under a wrong head.
            skipped.append(f"row {number} (more cells than the head has)")
            continue
        paper = paper_of(record_of(_cells(fields, row)), source)
        if paper is None and len(row) == 1 < len(fields):
            continue  # a heading between the rows, as Abstrackr writes it
        if paper is None:
            skipped.append(f"row {number} (no title)")
        else:
            papers.append(paper)
    return Reading(papers=tuple(papers), skipped=tuple(skipped))


def _head(written: str) -> tuple[int, dict[str, str]] | None:
    """Return the position of the table's head and the manner in which its cells are separated and quoted."""
    start = 0
    for _ in range(_LINES_ABOVE):
        end = written.find("\n", start)
        line = written[start : end if end >= 0 else len(written)]
        for separator in _SEPARATORS if len(line) < 10_000 else "":
            quote = "'" if line.lstrip().startswith("'") else '"'
            cells = [plain_key(cell.strip().strip(quote)) for cell in line.split(separator)]
            known = {HEADS[cell] for cell in cells if cell in HEADS}
            if "title" in known and len(known) >= _KNOWN_LEAST:
                return start, {"delimiter": separator, "quotechar": quote}
        if end < 0:
            break
        start = end + 1
    return None


def _rows(written: str, start: int, style: Mapping[str, str]) -> Iterator[list[str]]:
    """Yield the rows from the head on, as far as they can be read."""
    # A backslash before a quotation mark is an escape only where no mark is doubled.
    sample = written[start : start + 100_000]
    escape = "\\" if _is_escaped(sample, style) else None
    lines = (f"{line}\n" for line in written[start:].split("\n"))
    try:
        # Cells of Web of Science are not quoted, and a mark in one is a mark.
        bare = style["delimiter"] == "\t" and '\t"' not in sample
        yield from csv.reader(
            lines, delimiter=style["delimiter"], quotechar=style["quotechar"], escapechar=escape,
            quoting=csv.QUOTE_NONE if bare else csv.QUOTE_MINIMAL,
            skipinitialspace=True,
        )  # fmt: skip
    except csv.Error:  # a cell of more than 128 KB: its quotation mark is never closed
        yield _CUT


def _is_escaped(sample: str, style: Mapping[str, str]) -> bool:
    """Return whether a mark inside a cell has a backslash before it, and none is doubled."""
    quote, between = style["quotechar"], re.escape(style["delimiter"])
    bare = sample.replace(f"\\{quote}", "")
    return bare != sample and not re.search(rf"[^{between}\n]{quote}{quote}[^{between}\n]", bare)


def _unedged(row: Sequence[str], width: int) -> Sequence[str]:
    """Return a row of a table in Markdown without the empty cells at its edges, of which either may be missing."""
    if len(row) > width and not row[0].strip():
        row = row[1:]
    return row[:-1] if len(row) > width and not row[-1].strip() else row


def _cells(fields: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    return {head: cell.strip() for head, cell in zip(fields, row, strict=False) if cell.strip()}


def record_of(cells: Mapping[str, str]) -> dict[str, object]:
    """Return the record of a row or of labelled fields, by their heads without spaces and punctuation."""
    record: dict[str, object] = {}
    for field, heads in _HEADS.items():
        found = [cells[head] for head in heads if head in cells]
        if field == "published":
            record[field] = _date(cells, found)
        elif found:
            record[field] = found[0]
    link = _LINK.fullmatch(cells.get("title", ""))
    address = _ADDRESS.search(link[2] if link else str(record.get("url", "")))
    record |= {"title": link[1] if link else record.get("title", ""), "url": address[0] if address else ""}
    day = cells.get("announced") or cells.get("day", "")
    # The column `day` of Rayyan and of calendars is the day of a month.
    return {**record, "announced": day if len(day) > 2 else ""}


def _date(cells: Mapping[str, str], written: Sequence[str]) -> str:
    year, month, of_month = (cells.get(key, "") for key in ("year", "month", "day"))
    exact = f"{year}-{month}-{of_month or 1}" if month.isdigit() else f"{year} {month} {of_month}"
    read = next((read for one in ([exact] if month else []) + list(written) if (read := instant(one))), None)
    return read.isoformat() if read else ""
