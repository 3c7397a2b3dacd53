"""Identifies the paper that an external id, address, DOI or title names, and returns its page for readers."""

import re
from urllib.parse import quote

from bots.domain.errors import BadPaperId
from bots.domain.paper_ids import PaperId, PaperRef, read_ref, refs_in
from bots.domain.site_ids import page_of
from bots.sources.reading.values import URL_LIMIT


def ref(value: object) -> PaperRef | None:
    """Return the paper that an id, address or DOI names; None if it names no paper."""
    if not isinstance(value, str) or len(value) > URL_LIMIT:
        return None
    try:
        return read_ref(value)
    except BadPaperId:
        return None


def ids_in(value: str) -> frozenset[PaperId]:
    """Return every id in a field that holds one or several: arXiv's field for a DOI sometimes holds two."""
    return frozenset(each.id for each in refs_in(value[:URL_LIMIT]))


ARXIV_ID = r"(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d{1,4})?"
# A note names the paper itself if it says nothing else; "an extended version of arXiv:..." is another paper.
_NOTE = re.compile(
    r"\W*(?:e-?prints?|preprint|available at|url|arxiv(?: e-?prints?| preprint)?)?"
    r"\W*(?:arxiv\s{0,3}:|(?:https?:\W*)?arxiv\.org/)"
    rf"\s{{0,3}}(?:abs/|pdf/)?{ARXIV_ID}(?:\.pdf)?\W*(?:\[?[a-z-]+(?:\.[a-z]{{2}})?\]?)?\W*(?:(?:19|20)\d\d)?\W*",
    re.IGNORECASE,
)
_NOTE_MOST = 200
_TEX_SIGN = re.compile(r"\\([_%&#$~^{}])")


def note_names(note: str) -> bool:
    """Return whether a note names the arXiv id of the paper itself: it holds that id and says nothing else."""
    return len(note) <= _NOTE_MOST and _NOTE.fullmatch(note) is not None


def title_id(title: str) -> PaperId:
    """Return the id of a paper known only by its title; case, spaces and punctuation make no difference."""
    return PaperId.titled(title)


def page_url(paper_id: PaperId) -> str:
    """Return the address of a paper's page for readers; empty for a paper known only by its title."""
    if paper_id.scheme == "arxiv":
        return f"https://arxiv.org/abs/{quote(paper_id.value, safe='/.')}"
    if paper_id.scheme == "doi":
        return f"https://doi.org/{quote(paper_id.value, safe='/.:;()')}"
    return page_of(paper_id.scheme, quote(paper_id.value, safe="/.:-_"))


def is_sound(value: str) -> bool:
    """Return whether a text has no backslash except those that TeX writes before a sign."""
    return "\\" not in _TEX_SIGN.sub("", value)


def doi_ref(value: object) -> PaperRef | None:
    """Return the DOI at the beginning of a text; exports put links and other fields behind it.

    TeX writes a backslash before some signs. Any other backslash is a fault in the DOI, which then names no paper.
    """
    if not isinstance(value, str):
        return None
    words = _TEX_SIGN.sub(r"\1", value[:URL_LIMIT]).replace("{", "").replace("}", "").split()
    if not is_sound(" ".join(words[:2])):
        return None
    joined = "".join(words[:2]) if words and words[0].lower().rstrip(":") == "doi" else "".join(words[:1])
    return ref(joined.strip(",;"))
