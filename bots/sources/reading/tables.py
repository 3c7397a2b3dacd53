"""Papers from tables: CSV with any separator and quotes, and the columns of the usual makers."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bots.domain.papers import Paper
from bots.sources.reading.dates import instant
from bots.sources.reading.json_shapes import plain_key
from bots.sources.reading.records import paper_of
from bots.sources.reading.result import Reading, collected
from bots.sources.reading.table_heads import FIELD_HEADS, HEADS, head_of
from bots.translation.speech import gettext_lazy

# What stands below a table, or between its rows.
_REMARK = re.compile(
    r"(?:grand |sub-?)?total\b:?[\s\d.,]*|sum:?|average:?"
    r"|(?:exported|generated|downloaded|printed|created) (?:by|from|on|at)\b.*"
    r"|(?:end of (?:file|list|table|export))|page \d+(?: of \d+)?",
    re.IGNORECASE,
)
# Stands for the rest of a table that cannot be read.
_CUT = ["\n"]
# The line below the head of a table in Markdown.
_RULE = frozenset("-:|= \t")
_LINK = re.compile(r"\[([^\[\]]{1,500})\]\((https?://[^()\s]{1,500})\)")
_ADDRESS = re.compile(r"https?://[^\s<>\"()|]{1,1000}")


def looks_like_table(written: str) -> bool:
    """Return whether one of the first lines is the head of a table of papers."""
    return head_of(written) is not None


def read_table(written: str, source: str) -> Reading:
    """Return the papers of a table; a row without a title, or with more cells than heads, is left out and reported."""
    head = head_of(written)
    if head is None:
        return Reading()
    start, style = head
    rows = _rows(written, start, style)
    first = next(rows, [])
    bar = style["delimiter"] == "|"
    fields = [plain_key(cell) for cell in (first[1:-1] if bar and _is_edged(first) else first)]
    odd = written.count(style["quotechar"], start) % 2 == 1

    def read(number: int, whole: Sequence[str]) -> Paper | str | None:
        row = _unedged(whole, len(fields)) if bar else whole
        if set("".join(row)) <= _RULE:
            return None
        if row == _CUT or (odd and row[-1].endswith("\n")):
            return gettext_lazy("row {place} and what follows it (a quotation mark that is never closed)", place=number)
        if why := _no_paper(row, fields):
            return f"row {number} ({why})"
        paper = paper_of(record_of(_cells(fields, row)), source)
        if paper is None and len(row) == 1 < len(fields):
            return None  # a heading between the rows, as Abstrackr writes it
        return paper or gettext_lazy("row {place} (no title)", place=number)

    return collected(_until_cut(rows, odd=odd), read)


def _until_cut(rows: Iterable[list[str]], *, odd: bool) -> Iterator[list[str]]:
    """Yield the rows up to the one that swallows the others because its quotation mark is never closed."""
    for row in rows:
        yield row
        if row == _CUT or (odd and row and row[-1].endswith("\n")):
            return


def _no_paper(row: Sequence[str], fields: Sequence[str]) -> str:
    """Return why a row is no record of a paper, or nothing."""
    if any(map(str.strip, row[len(fields) :])):
        # A separator in a cell without quotation marks: every cell behind it would stand under a wrong head.
        return gettext_lazy("more cells than the head has")
    if [plain_key(cell) for cell in row] == list(fields):
        return gettext_lazy("the head once more")
    title = next((cell.strip() for head, cell in zip(fields, row, strict=False) if HEADS.get(head) == "title"), "")
    lone = [cell.strip() for cell in row if cell.strip()]
    if _REMARK.fullmatch(title) or (len(lone) == 1 < len(fields) and _REMARK.fullmatch(lone[0])):
        return gettext_lazy("a sum or a remark")
    return ""


def _is_edged(row: Sequence[str]) -> bool:
    return len(row) > 2 and not row[0].strip() and not row[-1].strip()


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
    for field, heads in FIELD_HEADS.items():
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
    """Return the first text that can be read as a date, as exact as the row has it."""
    year, month, of_month = (cells.get(key, "") for key in ("year", "month", "day"))
    exact = f"{year}-{month}{f'-{of_month}' if of_month else ''}" if month.isdigit() else f"{year} {month} {of_month}"
    return next((one for one in ([exact] if month else []) + list(written) if instant(one)), "")
