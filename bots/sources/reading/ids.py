"""Identifies the paper that an external id, address, DOI or title names, and returns its page for readers."""

from urllib.parse import quote

from bots.domain.errors import BadPaperId
from bots.domain.paper_ids import PaperId, PaperRef, read_ref, refs_in
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


def title_id(title: str) -> PaperId:
    """Return the id of a paper known only by its title; case, spaces and punctuation make no difference."""
    return PaperId.titled(title)


def page_url(paper_id: PaperId) -> str:
    """Return the address of a paper's page for readers; empty for a paper known only by its title."""
    if paper_id.scheme == "arxiv":
        return f"https://arxiv.org/abs/{quote(paper_id.value, safe='/.')}"
    if paper_id.scheme == "doi":
        return f"https://doi.org/{quote(paper_id.value, safe='/.:;()')}"
    return ""


def doi_ref(value: object) -> PaperRef | None:
    """Return the DOI at the beginning of a text; exports put links and other fields behind it."""
    if not isinstance(value, str):
        return None
    words = value[:URL_LIMIT].replace("\\", "").replace("{", "").replace("}", "").split()
    joined = "".join(words[:2]) if words and words[0].lower().rstrip(":") == "doi" else "".join(words[:1])
    return ref(joined.strip(",;"))
