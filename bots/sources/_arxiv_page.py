"""arXiv's page of a category's new papers, which states its own day and counts, into papers: pure."""

import re
from collections.abc import Mapping
from datetime import date
from html.parser import HTMLParser

from bots.papers import Paper
from bots.sources._arxiv_feed import Announced, is_withdrawn
from bots.sources._names import listed
from bots.sources._values import TITLE_LIMIT, page_url, ref, text

_DAY = re.compile(r"listings for \w+, (\d{1,2}) ([A-Z][a-z]+) (\d{4})")
_COUNTS = re.compile(r"\(\s*showing (\d{1,5}) of (?:total )?(\d{1,5}) entries")
_CATEGORY = re.compile(r"\(([a-z-]+(?:\.[A-Za-z-]+)?)\)")
_MONTHS = "January February March April May June July August September October November December".split()
# Which element holds which field: the class of a `div`, or the abstract's paragraph.
_FIELDS: Mapping[str, str] = {
    "list-title": "title",
    "list-authors": "authors",
    "list-comments": "comments",
    "list-subjects": "subjects",
}


class _Page(HTMLParser):
    """Collects the fields of each `dt`/`dd` pair up to the replacements."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.items: list[dict[str, str]] = []
        self.headings: list[str] = []
        self._field = ""
        self._tag = ""
        self._over = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a heading, an item or a field of one."""
        known = {name: value or "" for name, value in attrs}
        if tag == "h3":
            self._begin("heading", tag)
            self.headings.append("")
        elif tag == "dt" and not self._over:
            self.items.append({})
        elif tag == "a" and self.items and known.get("href", "").startswith("/abs/"):
            self.items[-1].setdefault("id", known["href"])
        elif tag == "a" and self._field == "authors":
            # Between two links stands only a comma; a line feed cannot be part of a name.
            self._add("\n")
        elif tag in ("div", "p"):
            names = known.get("class", "").split()
            field = next((_FIELDS[name] for name in names if name in _FIELDS), "")
            if field or (tag == "p" and "mathjax" in names):
                self._begin(field or "abstract", tag)

    def handle_endtag(self, tag: str) -> None:
        """End the field that began with this tag."""
        if self._field and tag == self._tag:
            if self._field == "heading" and "replacement" in self.headings[-1].lower():
                self._over = True
            self._field = self._tag = ""

    def handle_data(self, data: str) -> None:
        """Add to the field that is open."""
        self._add(data)

    def _begin(self, field: str, tag: str) -> None:
        self._field, self._tag = field, tag

    def _add(self, data: str) -> None:
        if self._field == "heading":
            self.headings[-1] += data
        elif self._field and self.items and not self._over:
            self.items[-1][self._field] = self.items[-1].get(self._field, "") + data


def read_page(body: bytes, source: str) -> Announced:
    """Return the new and cross-listed papers of a page; of a page that is something else, no day and no papers."""
    page = _Page()
    page.feed(body.decode("utf-8", errors="replace"))
    page.close()
    day = next((found for heading in page.headings if (found := _day(heading))), None)
    papers = tuple(paper for item in page.items if (paper := _paper(item, source, day)))
    return Announced(
        day=day,
        papers=papers,
        new=frozenset(paper.id for paper in papers),
        missing=sum(_missing(heading) for heading in page.headings),
        skipped=tuple(["an item of the list page"] * (len(page.items) - len(papers))),
    )


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
    if found is None or "replacement" in heading.lower():
        return 0
    return max(0, int(found[2]) - int(found[1]))


def _paper(item: Mapping[str, str], source: str, day: date | None) -> Paper | None:
    named = ref(f"https://arxiv.org{item.get('id', '')}")
    title = _field(item, "title", "Title:")[:TITLE_LIMIT]
    if named is None or not title:
        return None
    abstract = _field(item, "abstract", "")
    return Paper(
        id=named.id,
        title=title,
        abstract=abstract,
        authors=listed(name.strip(" ,\t") for name in item.get("authors", "").split("\n")),
        announced=day,
        url=page_url(named.id),
        source=source,
        categories=tuple(dict.fromkeys(_CATEGORY.findall(item.get("subjects", "")))),
        version=named.version,
        withdrawn=is_withdrawn(_field(item, "comments", "Comments:"), abstract),
    )


def _field(item: Mapping[str, str], name: str, label: str) -> str:
    return text(item.get(name, "")).removeprefix(label).strip()
