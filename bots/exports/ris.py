"""Writes papers as RIS, which reference managers import. Pure functions.

Each value is one line, so no outside text can begin a tag. Lines end with CR and LF, as the format requires.
"""

from collections.abc import Iterator, Sequence

from bots.chat.phrases import safe_url
from bots.domain.papers import Paper
from bots.presentation.bibtex_names import is_suffix, known_authors, split_name
from bots.presentation.cited_facts import abstract_of, arxiv_of, date_of, doi_of, labels_of, venue_of
from bots.presentation.digest_text import title_of


def ris(papers: Sequence[Paper]) -> str:
    """Return the papers as RIS records, or an empty text if there are none."""
    return "".join(f"{_record(paper)}\r\n" for paper in papers)


def _record(paper: Paper) -> str:
    return "".join(f"{tag}  - {value}\r\n" for tag, value in (*_fields(paper), ("ER", "")) if value or tag == "ER")


def _fields(paper: Paper) -> Iterator[tuple[str, str]]:
    # UNPB is an unpublished work, as which reference managers write a preprint.
    yield "TY", "JOUR" if venue_of(paper) or doi_of(paper) else "UNPB"
    yield "TI", title_of(paper)
    yield from (("AU", _author(name)) for name in known_authors(paper.authors))
    date = date_of(paper)
    yield "PY", f"{date[0]:04}" if date else ""
    # Year, month and day, each followed by a slash unless it is the last part; an unknown part is empty.
    yield (
        "DA",
        "/".join((f"{date[0]:04}", *(f"{part:02}" for part in date[1:]), *[""] * (4 - len(date)))) if date else "",
    )
    yield "T2", venue_of(paper)
    yield "DO", doi_of(paper)
    yield "AN", f"arXiv:{arxiv_of(paper)}" if arxiv_of(paper) else ""
    yield "UR", safe_url(paper.url)
    yield from (("KW", label) for label in labels_of(paper))
    yield "AB", abstract_of(paper)
    yield "N1", "Withdrawn" if paper.withdrawn else ""


def _author(name: str) -> str:
    parts = split_name(name)
    if parts is None:
        return name
    family, given, suffix = parts
    if is_suffix(given):
        # “Aa, Jr” would be read as “Aa Jr”.
        return name
    return ", ".join(filter(None, (family, given, suffix)))
