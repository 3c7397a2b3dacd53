"""Parses arXiv's page of a category's new papers, which states its own day and counts. Pure functions.

The page is split at the few marks that are needed and not parsed as HTML: Python's own HTML parser takes minutes
for 100 KB of unfinished tags, and every step here is linear in the size of the page.
"""

import re
from collections.abc import Iterator
from datetime import date

from bots.domain.papers import Paper
from bots.sources._arxiv_feed import Announced
from bots.sources.reading.authors import listed
from bots.sources.reading.html_text import html_text
from bots.sources.reading.ids import page_url, ref
from bots.sources.reading.values import TITLE_LIMIT
from bots.sources.reading.withdrawal import is_withdrawn
from bots.translation.speech import gettext_lazy

_DAY = re.compile(r"listings for [A-Z][a-z]{2,9}, (\d{1,2}) ([A-Z][a-z]{2,9}) (\d{4})")
_COUNTS = re.compile(r"\(showing (\d{1,5}) of (?:total )?(\d{1,5}) entries")
_CATEGORY = re.compile(r"\(([a-z-]{2,20}(?:\.[A-Za-z-]{2,20})?)\)")
_MONTHS = "January February March April May June July August September October November December".split()
_ID = re.compile(r"href ?= ?[\"'](/abs/[^\"'<>\s]{1,40})[\"']")
_ABSTRACT = re.compile(r"<p [^<>]{0,80}mathjax[^<>]{0,80}>")
_HEADING_LIMIT = 300
# The longest real item, with 3,000 authors and their links, has 400 KB.
_ITEM_LIMIT = 500_000


def read_page(body: bytes, source: str) -> Announced:
    """Return the new and cross-listed papers of a page; for any other page, a result without day and papers."""
    day: date | None = None
    missing, items = 0, 0
    papers: list[Paper] = []
    for heading, rest in _sections(body.decode("utf-8", errors="replace")):
        day = day or _day(heading)
        if "replacement" in heading.lower():
            continue
        missing += _missing(heading)
        for item in rest.split("<dt>")[1:]:
            items += 1
            if paper := _paper(item[:_ITEM_LIMIT], source, day):
                papers.append(paper)
    return Announced(
        day=day,
        papers=tuple(papers),
        new=frozenset(paper.id for paper in papers),
        missing=missing,
        skipped=(gettext_lazy("an item of the list page"),) * (items - len(papers)),
    )


def _sections(page: str) -> Iterator[tuple[str, str]]:
    """Yield every heading and the text that follows it."""
    for section in page.split("<h3")[1:]:
        heading, _, rest = section.partition("</h3>")
        yield html_text(f"<h3{heading[:_HEADING_LIMIT]}"), rest


def _day(heading: str) -> date | None:
    found = _DAY.search(heading)
    if found is None or found[2] not in _MONTHS:
        return None
    try:
        return date(int(found[3]), _MONTHS.index(found[2]) + 1, int(found[1]))
    except ValueError:
        return None


def _missing(heading: str) -> int:
    found = _COUNTS.search(heading)
    return max(0, int(found[2]) - int(found[1])) if found else 0


def _paper(item: str, source: str, day: date | None) -> Paper | None:
    link = _ID.search(item)
    named = ref(f"https://arxiv.org{link[1]}") if link else None
    title = html_text(_block(item, "list-title")).removeprefix("Title:").strip()[:TITLE_LIMIT].rstrip()
    if named is None or not title:
        return None
    abstract = html_text(_after(item, _ABSTRACT, "</p>"))
    comments = html_text(_block(item, "list-comments")).removeprefix("Comments:").strip()
    return Paper(
        id=named.id,
        title=title,
        abstract=abstract,
        authors=listed(_linked(_block(item, "list-authors"))),
        announced=day,
        url=page_url(named.id),
        source=source,
        categories=tuple(dict.fromkeys(_CATEGORY.findall(html_text(_block(item, "list-subjects"))))),
        version=named.version,
        withdrawn=is_withdrawn(title=title, comment=comments, abstract=abstract),
    )


def _block(item: str, name: str) -> str:
    """Return the content of the `div` with a class."""
    return item.partition(name)[2].partition(">")[2].partition("</div>")[0]


def _linked(part: str) -> Iterator[str]:
    """Yield the text of every link: each author is a link, and only a comma separates two authors."""
    for link in part.split("<a ")[1:]:
        yield html_text(f"<a {link.partition('</a>')[0]}")


def _after(item: str, mark: re.Pattern[str], end: str) -> str:
    found = mark.search(item)
    return item[found.end() :].partition(end)[0] if found else ""
