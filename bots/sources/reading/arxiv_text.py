"""Papers from arXiv's lists as text: the page as a browser copies it, and the mail to subscribers."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise

from bots.domain.papers import Paper
from bots.sources.reading.authors import split_direct
from bots.sources.reading.dates import day
from bots.sources.reading.records import paper_of
from bots.sources.reading.result import Reading
from bots.sources.reading.values import text

_ENTRY = re.compile(r"\[\d{1,4}\]\s*(arXiv:\S{4,40})", re.IGNORECASE)
_LABEL = re.compile(
    r"\s{0,8}(Title|Authors?|Comments?|Subjects?|Journal-ref|Report-no|MSC-class|ACM-class"
    r"|(?:Related )?DOI|Categories|Date|License|Abstract)"
    r"\s{0,2}(?:\([^()]{0,20}\))?:\s*(.*)$",
    re.IGNORECASE,
)
_DAY = re.compile(r"(?:new )?listings? for\s+(?:[A-Z]\w+,?\s+)?(\d{1,2} [A-Z]\w+ \d{4})", re.IGNORECASE)
_HEADED = re.compile(r"^(?:[A-Z][a-z]{2}, )?(\d{1,2} [A-Z][a-z]{2} \d{4})(?: \(|$)")
# Lines of the page between the papers.
_PAGE = re.compile(
    r"(?:New|Cross|Replacement) submissions\b|Cross-lists\b|Replacements\b|Showing \S+ |Total of \d+|See today's"
    r"|\[ ?total of "
)
# A longer line is an abstract, though the subjects, which stand before it, were not copied.
_AUTHORS_LINE = 1_000
_CATEGORY = re.compile(r"\(([a-z-]+(?:\.[A-Za-z-]{2,8})?)\)")
_MAIL_RULE = re.compile(r"\\\\(?:\s|$)")
_MAIL_ID = re.compile(r"arXiv:(\S{4,40})")


def looks_like_page(written: str) -> bool:
    """Return whether a text is a list copied from arXiv's page: `[1] arXiv:2611.00001 [pdf, html, other]`."""
    return any(_ENTRY.match(line) for line in written.split("\n", 200)[:200])


def looks_like_mail(written: str) -> bool:
    r"""Return whether a text is arXiv's mail: between lines of `\\` an id, then labelled fields."""
    lines = written.split("\n", 400)[:400]
    return any(_MAIL_RULE.match(one) and _MAIL_ID.match(two) for one, two in pairwise(lines))


def read_arxiv_page(written: str, source: str) -> Reading:
    """Return the papers of a copied list; they were announced on the day in its heading, if it has one."""
    found = _DAY.search(written[:20_000])
    announced = day(found[1]) if found else None
    return _read(_page_entries(written, announced), source)


def read_arxiv_mail(written: str, source: str) -> Reading:
    """Return the new papers of a mail; replacements, which have no abstract there, are left out and reported."""
    return _read(_mail_entries(written), source)


def _read(entries: Iterator[dict[str, object]], source: str) -> Reading:
    papers: list[Paper] = []
    skipped: list[str] = []
    for entry in entries:
        paper = None if entry.get("replaced") else paper_of(entry, source)
        if paper is None:
            skipped.append(f"{text(entry['id'], 40)} ({'a replacement' if entry.get('replaced') else 'no title'})")
        else:
            papers.append(paper)
    return Reading(papers=tuple(papers), skipped=tuple(skipped))


def _page_entries(written: str, announced: date | None) -> Iterator[dict[str, object]]:
    block: list[str] = []
    today = announced
    for line in [*written.split("\n"), "[0] arXiv:end."]:
        headed = _HEADED.match(line.strip())
        if _ENTRY.match(line) or _PAGE.match(line.strip()) or headed:
            if block:
                yield _page_entry(block, today)
            block = [line] if _ENTRY.match(line) else []
            today = day(headed[1]) if headed else today
        elif block:
            block.append(line)


def _page_entry(block: list[str], announced: date | None) -> dict[str, object]:
    found = _ENTRY.match(block[0])
    fields: dict[str, str] = {}
    people: list[str] = []
    abstract: list[str] = []
    for line in filter(str.strip, block[1:]):
        label = _LABEL.match(line)
        if label and label[1].lower() != "abstract":
            fields.setdefault(_plain_label(label[1]), label[2].strip())
        elif label or "subject" in fields or len(line) > _AUTHORS_LINE:
            abstract.append(label[2] if label else line.strip())
        else:
            people.append(line.strip())
    return {
        "id": (found[1] if found else "").rstrip("[,;"),
        **_record(fields),
        "authors": split_direct(fields.get("author") or " ".join(people)),
        "abstract": " ".join(abstract),
        "announced": announced.isoformat() if announced else "",
    }


def _mail_entries(written: str) -> Iterator[dict[str, object]]:
    blocks = re.split(r"^\\\\.*$", written, flags=re.MULTILINE)
    for place, block in enumerate(blocks):
        found = _MAIL_ID.match(block.strip())
        if found is None:
            continue
        fields = _mail_fields(block)
        abstract = blocks[place + 1] if place + 1 < len(blocks) else ""
        replaced = "replaced with revised version" in block or _MAIL_ID.match(abstract.strip()) is not None
        # A replacement has no abstract: behind it stands the rule of the next paper, or the end.
        yield {
            "id": f"arXiv:{found[1]}",
            **_record(fields),
            "published": fields.get("date", "").partition("(")[0].strip(),
            "authors": split_direct(fields.get("author", "")),
            "abstract": "" if replaced or set(abstract.strip()) <= set("-% ") else abstract,
            "replaced": replaced,
        }


def _mail_fields(block: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    last = ""
    for line in block.split("\n"):
        label = _LABEL.match(line)
        if label:
            last = _plain_label(label[1])
            fields.setdefault(last, label[2].strip())
        elif last and line.startswith("  "):
            fields[last] = f"{fields[last]} {line.strip()}"[:50_000]
        else:
            last = ""
    return fields


def _plain_label(label: str) -> str:
    return label.lower().removesuffix("s").removeprefix("related ")


def _record(fields: Mapping[str, str]) -> dict[str, object]:
    categories = fields.get("categorie", "").split() or _CATEGORY.findall(fields.get("subject", ""))
    return {
        "title": fields.get("title", ""),
        "categories": categories,
        "venue": fields.get("journal-ref", ""),
        "doi": fields.get("doi", ""),
        "comments": fields.get("comment", ""),
    }
