"""The facts of a paper that a reference list needs: its ids, venue and date, as plain text. Pure functions."""

import re
from datetime import time

from bots.chat.phrases import clean, cut
from bots.domain.errors import BadPaperId
from bots.domain.papers import Paper, PaperId, read_ref
from bots.presentation.digest_text import MAX_VENUE
from summarizer.text.plain import to_plain

_SEPARATORS = re.compile("[,;]")
_ARXIV = re.compile(r"(?P<year>\d{2})\d{2}\.\d{4,5}|[a-z-]+/(?P<old>\d{2})\d{5}")


def venue_of(paper: Paper) -> str:
    """Return where a paper appeared, as plain text; may be empty."""
    return cut(clean(to_plain(paper.venue)), MAX_VENUE)


def arxiv_of(paper: Paper) -> str:
    """Return a paper's arXiv id without its version; empty if it has none that is well formed."""
    return next((name.value for name in _names(paper, "arxiv") if _ARXIV.fullmatch(name.value)), "")


def doi_of(paper: Paper) -> str:
    """Return a paper's DOI; empty if it has none that is well formed."""
    return next((name.value for name in _names(paper, "doi") if _is_doi(name)), "")


def abstract_of(paper: Paper) -> str:
    """Return the abstract as plain text; may be empty."""
    return clean(to_plain(paper.abstract, dollar_math=paper.dollar_math))


def labels_of(paper: Paper) -> tuple[str, ...]:
    """Return the keywords as plain text, each without the signs that separate keywords in a list."""
    said = (_SEPARATORS.sub(" ", clean(to_plain(label))) for label in paper.keywords)
    return tuple(dict.fromkeys(filter(None, map(clean, said))))


def year_of(paper: Paper) -> str:
    """Return the year of a paper, from its date or else from its arXiv id; may be empty."""
    day = paper.published or paper.announced
    if day is not None:
        return f"{day.year:04}"
    found = _ARXIV.fullmatch(arxiv_of(paper))
    if found is None:
        return ""
    # arXiv began in 1991; since April 2007 its ids begin with the year.
    short = int(found["year"] or found["old"])
    return str(1900 + short if short > 90 else 2000 + short)


def date_of(paper: Paper) -> tuple[int, ...]:
    """Return year, month and day of publication, without those that the source does not know; may be empty."""
    if paper.published is None:
        day = paper.announced
        year = year_of(paper)
        return (day.year, day.month, day.day) if day else (int(year),) if year else ()
    day = paper.published.date()
    if paper.day_known or day.day > 1 or paper.published.time() != time.min:
        return (day.year, day.month, day.day)
    return (day.year, day.month) if day.month > 1 else (day.year,)


def _is_doi(name: PaperId) -> bool:
    try:
        return read_ref(str(name)).id == name
    except BadPaperId:
        return False


def _names(paper: Paper, scheme: str) -> list[PaperId]:
    """Return a paper's ids with the given scheme, its primary id first."""
    return sorted((name for name in paper.names if name.scheme == scheme), key=lambda name: (name != paper.id, name))
