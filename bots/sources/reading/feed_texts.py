"""What publishers write around the abstract in the entries of their feeds, told apart from it. Pure functions."""

import re
from dataclasses import dataclass

from bots.sources.reading.authors import names
from bots.sources.reading.html_text import html_text
from bots.sources.reading.values import ABSTRACT_LIMIT

# Nature writes: "Nature, Published online: 12 August 2026; doi:10.1038/s41586-026-00001-1".
_PUBLISHED_ONLINE = re.compile(
    r"^(?P<venue>[^;:]{2,100}), Published online: [^;]{4,40}; doi: ?(?P<doi>10\.\d{4,9}/\S{1,100})\s*"
)
# "Science, Volume 393, Issue 6780, Page 100-105, August 2026.", "PNAS, Ahead of Print.": what Atypon's sites write.
_ISSUE = re.compile(
    r"^(?P<venue>[^.;:]{2,120}?), (?:(?:Volume|Vol\.) [^.]{1,120}|Ahead of Print|Early View|EarlyView)\.\s*"
)
_HEADING = re.compile(r"^(?:Abstract|Summary|ABSTRACT|SUMMARY|Significance)(?:[:.]\s*|\s+|(?=[A-Z]))")
# "Publication date: December 2026 Source: Cell, Volume 1 Author(s): A. Smith, B. Jones": what Elsevier writes.
_ELSEVIER = re.compile(
    r"^Publication date: .{3,80}?Source: (?P<venue>[^,]{2,120}).{0,200}?(?:Author\(s\): (?P<authors>.{1,5000}))?$"
)
# What stands for a text that is elsewhere.
_MORE = re.compile(r"\s*(?:\[(?:…|\.\.\.|&hellip;)\]|(?:Continue reading|Read more|Read the full).{0,120})\s*$")
# The ACL Anthology names authors and volume in place of an abstract.
_IN_VOLUME = re.compile(
    r"^(?P<authors>.{1,5000}?) in (?P<venue>(?:Proceedings|Findings|Transactions|Computational).{3,300})$"
)
_ANTHOLOGY_ID = re.compile(r"\d{4}\.[a-z0-9]+-[a-z0-9]+\.\d+|[A-Z]\d{2}-\d{4,5}")
# PLOS begins the text with the authors, in a paragraph of their own.
_BY = re.compile(r"\s*<p>\s*by\s+(?P<authors>[^<]{2,5000})</p>")
_TAGS_OF_LINES = re.compile(r"<(?:br|/p|/div|/h\d)\b[^<>]*>", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What the text of an entry says; a part that it does not have is empty."""

    abstract: str = ""
    authors: tuple[str, ...] = ()
    venue: str = ""
    doi: str = ""
    #: An address that names the paper better than the entry's own.
    id: str = ""


def said_by(host: str, body: str, guid: str) -> Said:
    """Return what the text of one entry says.

    Args:
        host: the host of the entry's link.
        body: the HTML of the entry.
        guid: the entry's own id.
    """
    by = _BY.match(body)
    plain = html_text(_TAGS_OF_LINES.sub(" ", body[by.end() :] if by else body), ABSTRACT_LIMIT)
    if host.endswith("aclanthology.org"):
        return _anthology(plain, guid)
    if found := _ELSEVIER.match(plain):
        return Said(venue=found["venue"].strip(), authors=names(found["authors"] or ""))
    head = _PUBLISHED_ONLINE.match(plain) or _ISSUE.match(plain)
    rest = _HEADING.sub("", plain[head.end() :] if head else plain)
    named = head.groupdict() if head else {}
    return Said(
        abstract=_MORE.sub("…", rest),
        authors=names(html_text(by["authors"])) if by else (),
        venue=named.get("venue") or "",
        doi=named.get("doi") or "",
    )


def is_news(doi: str) -> bool:
    """Return whether a DOI is that of an item of Nature's magazine, such as news, which is no paper."""
    return doi.lower().removeprefix("doi:").strip().startswith("10.1038/d4")


def _anthology(plain: str, guid: str) -> Said:
    found = _IN_VOLUME.match(plain)
    named = guid if _ANTHOLOGY_ID.fullmatch(guid.strip()) else ""
    address = f"https://aclanthology.org/{named.strip()}/" if named else ""
    if found is None:
        return Said(id=address)
    return Said(authors=names(found["authors"]), venue=found["venue"], id=address)
