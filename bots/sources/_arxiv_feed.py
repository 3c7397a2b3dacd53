"""Parses arXiv's daily feed (RSS 2.0) into the papers it announces. Pure functions."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from xml.etree.ElementTree import Element

from bots.domain.errors import SourceRefused
from bots.domain.papers import Paper, PaperId
from bots.sources._arxiv_calendar import NEW_YORK
from bots.sources.reading.authors import listed, split_direct
from bots.sources.reading.dates import mail_instant
from bots.sources.reading.ids import ids_in, page_url, ref
from bots.sources.reading.values import TITLE_LIMIT, text, texts
from bots.sources.reading.withdrawal import is_withdrawn
from bots.sources.reading.xml_tree import DUBLIN_CORE, inner, read_xml
from bots.translation.speech import gettext_lazy

ARXIV = "{http://arxiv.org/schemas/atom}"
_KIND = re.compile(r"\s*arXiv:\S+\s+Announce Type:\s*(\S+)")
# A description begins with the id, the type of announcement and, on a separate line, the word Abstract.
_PREFIX = re.compile(r"^\s*arXiv:\S+\s+Announce Type:\s*\S+\s*(?:Abstract:\s*)?")


@dataclass(frozen=True, kw_only=True, slots=True)
class Announced:
    """One category's list for one day, without replacements."""

    #: None if the list states no day.
    day: date | None
    papers: tuple[Paper, ...] = ()
    #: Papers announced for the first time, in this category or another.
    new: frozenset[PaperId] = frozenset()
    #: The number of papers that the list claims to have beyond those it contains.
    missing: int = 0
    skipped: tuple[str, ...] = ()

    def only_new(self, category: str) -> "Announced":
        """Return the list without the papers whose primary category is another one."""
        return replace(self, papers=tuple(paper for paper in self.papers if paper.categories[:1] == (category,)))


def read_feed(body: bytes, source: str) -> Announced:
    """Return the papers that a feed announces as new or cross-listed.

    Raises:
        SourceRefused: the document is not a feed.
    """
    channel = read_xml(body, "arXiv").find("channel")
    if channel is None:
        raise SourceRefused(
            gettext_lazy("arXiv's feed has an unknown format."), hint=gettext_lazy("Paperwire may need an update.")
        )
    day = _day(channel)
    papers: list[Paper] = []
    skipped: list[str] = []
    for number, item in enumerate(channel.iterfind("item"), start=1):
        kind = _kind(item)
        if kind.startswith("replace"):
            continue
        paper = _paper(item, source, day)
        if not kind:
            skipped.append(gettext_lazy("item {place} (neither new nor a replacement)", place=number))
        elif paper is None:
            skipped.append(gettext_lazy("item {place} (no id or title)", place=number))
        else:
            papers.append(paper)
    return Announced(day=day, papers=tuple(papers), new=_ids(papers), skipped=tuple(skipped))


def _ids(papers: Iterable[Paper]) -> frozenset[PaperId]:
    return frozenset(paper.id for paper in papers)


def _day(channel: Element) -> date | None:
    """Return the list's date in New York: the day after the evening on which it was announced."""
    for name in ("pubDate", "lastBuildDate"):
        if read := mail_instant(inner(channel, name)):
            return read.astimezone(NEW_YORK).date()
    return None


def _kind(item: Element) -> str:
    """Return what kind of announcement an item is: `new`, `cross`, `replace`, `replace-cross`, or one of later days."""
    stated = inner(item, f"{ARXIV}announce_type").strip()
    said = _KIND.match(inner(item, "description"))
    return (stated or (said[1] if said else "")).lower()


def _paper(item: Element, source: str, day: date | None) -> Paper | None:
    named = ref(inner(item, "guid").strip()) or ref(inner(item, "link").strip())
    title = text(inner(item, "title"), TITLE_LIMIT)
    if named is None or named.id.scheme != "arxiv" or not title:
        return None
    abstract = text(_PREFIX.sub("", inner(item, "description")))
    return Paper(
        id=named.id,
        title=title,
        abstract=abstract,
        authors=listed(split_direct(inner(item, f"{DUBLIN_CORE}creator"))),
        announced=day,
        url=page_url(named.id),
        source=source,
        categories=texts([one.text for one in item.iterfind("category")]),
        venue=text(inner(item, f"{ARXIV}journal_reference"), TITLE_LIMIT),
        version=named.version,
        withdrawn=is_withdrawn(title=title, abstract=abstract),
        aliases=ids_in(inner(item, f"{ARXIV}DOI")) - {named.id},
    )
