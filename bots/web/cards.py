"""A paper as the pages show it: clean texts and safe addresses. Pure functions.

No text here is markup: TeX has become Unicode, and characters that hide or reorder others are gone. The templates
escape what is left.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from bots.chat.phrases import clean, cut, safe_url
from bots.domain.digests import Entry
from bots.domain.papers import Paper
from bots.presentation import digest_text
from bots.presentation.fact_text import appeared, popularity
from bots.presentation.source_text import source_text
from bots.web.addresses import paper_address
from summarizer.text.plain import to_plain

#: Characters of an abstract in a list: nine in ten abstracts have fewer than 2,000, and a page of a list stays small.
_LISTED = 2400
#: A name is shown in full up to this number of authors; large collaborations have thousands.
_MOST_NAMES = 40
_SITES: Mapping[str, str] = {
    "arxiv.org": "arXiv",
    "huggingface.co": "Hugging Face",
    "openreview.net": "OpenReview",
    "biorxiv.org": "bioRxiv",
    "medrxiv.org": "medRxiv",
    "pubmed.ncbi.nlm.nih.gov": "PubMed",
    "semanticscholar.org": "Semantic Scholar",
    "doi.org": "DOI",
    "github.com": "GitHub",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A link to another site, with its name."""

    name: str
    address: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """One paper of a list."""

    id: str
    #: Its page on this site.
    address: str
    title: str
    authors: str
    #: The day it appeared, in words and as a date; empty and None if no source knows it.
    day: str
    date: date | None
    #: Where it appeared, or who listed it.
    place: str
    #: Citations and stars; upvotes are apart.
    popularity: tuple[str, ...]
    upvotes: int | None
    withdrawn: bool
    links: tuple[Link, ...]
    abstract: str
    #: Whether the abstract is longer than what is shown.
    is_cut: bool = False
    blurb: tuple[str, ...] = ()
    #: Says why there is no blurb, or what to know about it.
    notes: tuple[str, ...] = ()


def card(entry: Entry) -> Card:
    """Return a paper as a list shows it."""
    paper = entry.paper
    whole = abstract_of(paper)
    shown = cut(whole, _LISTED)
    has_blurb = digest_text.has_blurb(entry)
    return Card(
        id=digest_text.id_of(paper),
        address=paper_address(paper.id),
        title=digest_text.title_of(paper),
        authors=digest_text.authors_line(paper, 4),
        day=appeared(paper),
        date=paper.published.date() if paper.published else paper.announced,
        place=place_of(paper),
        popularity=tuple(said for said in popularity(paper.signals) if "upvote" not in said),
        upvotes=paper.signals.upvotes or None,
        withdrawn=paper.withdrawn,
        links=links_of(paper),
        abstract=shown,
        is_cut=shown != whole,
        blurb=digest_text.blurb_lines(entry) if has_blurb else (),
        notes=_notes(entry, has_blurb=has_blurb),
    )


def _notes(entry: Entry, *, has_blurb: bool) -> tuple[str, ...]:
    if has_blurb and entry.blurb:
        return digest_text.warning_lines(entry.blurb)
    # A list without blurbs was asked for so; one whose blurb failed says why.
    return digest_text.blurb_lines(entry) if entry.trouble else ()


def abstract_of(paper: Paper) -> str:
    """Return the whole abstract as plain text; empty if its source gives none."""
    return clean(to_plain(paper.abstract, dollar_math=paper.dollar_math))


def place_of(paper: Paper) -> str:
    """Return the venue, or the name of the source."""
    return cut(clean(to_plain(paper.venue)), digest_text.MAX_VENUE) or source_text(paper.source)


def authors_of(paper: Paper) -> str:
    """Return all authors, or the first of a large collaboration and the number of the others."""
    return digest_text.authors_line(paper, _MOST_NAMES)


def links_of(paper: Paper) -> tuple[Link, ...]:
    """Return where a paper and its code are."""
    url, code = safe_url(paper.url), safe_url(paper.code)
    found = [Link(name=site_of(url), address=url)] if url else []
    if paper.id.scheme == "arxiv":
        found.append(Link(name="PDF", address=f"https://arxiv.org/pdf/{paper.id.value}"))
    if code:
        found.append(Link(name="Code", address=code))
    return tuple(found)


def site_of(url: str) -> str:
    """Return the name of the site that an address leads to, or its host; empty without an address."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    known = (name for site, name in _SITES.items() if host == site or host.endswith(f".{site}"))
    return next(known, cut(host, 40))
