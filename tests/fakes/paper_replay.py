"""Recorded responses of Hugging Face and arXiv, replayed by the paper server.

A folder may hold, at any depth, `daily_papers_DAY*.json` and `papers_search_*.json` (Hugging Face), `*.atom.xml`
(arXiv's query API), RSS files (arXiv's feed) and `*CATEGORY_DAY*.html` (arXiv's list page). What lies in a folder
`feeds` or `files` is served as it is, at `/feeds/NAME`.
"""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from datetime import date, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from tests.fakes.index_replay import IndexReplay

#: Status, content type, body, further headers.
Reply = tuple[int, str, bytes, dict[str, str]]

_JSON, _ATOM, _RSS, _HTML = "application/json", "application/atom+xml", "application/rss+xml", "text/html"
_TYPES = {"json": "application/feed+json", "xml": _RSS, "rss": _RSS, "atom": _ATOM, "bib": "application/x-bibtex"}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_ID = re.compile(r"(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?")
_ENTRY = re.compile(r"<entry>.*?</entry>", re.DOTALL)
_ENTRY_ID = re.compile(r"<id>https?://arxiv\.org/abs/(.+?)(v\d+)?</id>")
#: The element that each field of a query is searched in; others are searched in the whole entry.
_TAGS = {"ti": "title", "au": "name", "abs": "summary"}
_FEED = """<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom"
 xmlns="http://www.w3.org/2005/Atom"><id>https://arxiv.org/api/replay</id><title>arXiv Query</title>
<opensearch:itemsPerPage>{size}</opensearch:itemsPerPage><opensearch:totalResults>{total}</opensearch:totalResults>
<opensearch:startIndex>{start}</opensearch:startIndex>{entries}</feed>"""


class Replay:
    """The recordings of one folder, by the requests that they answer."""

    def __init__(self, folder: Path) -> None:
        self.lists: dict[date, list[Any]] = {}
        self.found: list[Any] = []
        #: arXiv entries as recorded, by id without version.
        self.entries: dict[str, str] = {}
        self.bad_id = b""
        #: Feeds by category, oldest first, and list pages by category; the newest feed with entries is served.
        self.feeds: dict[str, list[tuple[datetime, bytes]]] = {}
        self.pages: dict[str, bytes] = {}
        #: Feeds of journals, and bibliographies, by their names: `/feeds/acl.xml`.
        self.files: dict[str, bytes] = {}
        self.indexes = IndexReplay()
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            self._take(path)

    def answer(
        self, path: str, params: Mapping[str, str], headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Reply:
        """Return the recorded response to a request, or the error that the real service would send."""
        from_index = self.indexes.answer(path, params, headers or {}, body)
        if from_index is not None:
            return from_index
        known = {
            "/api/daily_papers": self._daily,
            "/api/papers/search": self._search,
            "/api/query": self._query,
        }
        if path in known:
            return known[path](params)
        if path.startswith("/api/papers/"):
            return self._one(path.removeprefix("/api/papers/"))
        if path.startswith("/rss/"):
            return self._feed(path.removeprefix("/rss/"))
        if path.startswith("/feeds/") and path.removeprefix("/feeds/") in self.files:
            name = path.removeprefix("/feeds/")
            return 200, _TYPES.get(name.rpartition(".")[2], "text/plain"), self.files[name], {}
        if (shown := re.fullmatch(r"/list/([\w.-]+)/new", path)) and shown[1] in self.pages:
            return 200, _HTML, self.pages[shown[1]], {}
        return 404, "text/plain", b"Not found", {}

    # ── recorded answers ─────────────────────────────────────────────────────────────────────────────────────────────

    def _take(self, path: Path) -> None:
        body = path.read_bytes()
        day = _DAY.search(path.name)
        if path.parent.name == "indexes":
            self.indexes.take(path)
        elif path.parent.name in ("feeds", "files"):
            self.files[path.name] = body
        elif path.name.startswith("daily_papers_") and day:
            self.lists[date.fromisoformat(day[0])] = json.loads(body)
        elif path.name.startswith("papers_search_"):
            self.found += json.loads(body)
        elif path.suffix == ".html" and (named := re.search(r"([a-z-]+\.[A-Za-z-]+)_\d{4}", path.name)):
            self.pages[named[1]] = body
        elif path.name.endswith(".atom.xml"):
            self._take_entries(body)
        elif path.suffix == ".xml" and b"updates on arXiv.org" in body[:1000]:
            self._take_feed(body)

    def _take_entries(self, body: bytes) -> None:
        if b"/api/errors#incorrect_id_format" in body:
            self.bad_id = self.bad_id or body
        for entry in _ENTRY.findall(body.decode()):
            if named := _ENTRY_ID.search(entry):
                self.entries.setdefault(named[1], entry)

    def _take_feed(self, body: bytes) -> None:
        channel = ET.fromstring(body).find("channel")  # noqa: S314 - our own recordings
        assert channel is not None
        category = (channel.findtext("title") or "").split(" ")[0]
        built = datetime.strptime(channel.findtext("pubDate") or "", "%a, %d %b %Y %H:%M:%S %z")
        self.feeds.setdefault(category, []).append((built, body))
        self.feeds[category].sort(key=lambda feed: feed[0])

    # ── Hugging Face ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _daily(self, params: Mapping[str, str]) -> Reply:
        try:
            items = self._listed(params)
        except ValueError:
            return 400, _JSON, b'{"error":"Invalid date"}', {}
        size, page = int(params.get("limit", "50")), int(params.get("p", "0"))
        shown = items[page * size : (page + 1) * size]
        more = {"Link": f'</api/daily_papers?p={page + 1}>; rel="next"'} if len(items) > (page + 1) * size else {}
        return 200, _JSON, json.dumps(shown).encode(), more

    def _listed(self, params: Mapping[str, str]) -> list[Any]:
        if "date" in params:
            return self.lists.get(date.fromisoformat(params["date"]), [])
        if "week" in params:
            monday = date.fromisoformat(f"{params['week']}-1")
            days = [day for day in self.lists if day.isocalendar()[:2] == monday.isocalendar()[:2]]
        elif "month" in params:
            days = [day for day in self.lists if f"{day:%Y-%m}" == params["month"]]
        else:
            days = list(self.lists)
        items = [item for day in sorted(days) for item in self.lists[day]]
        return sorted(items, key=lambda item: -int(item["paper"].get("upvotes", 0)))

    def _search(self, params: Mapping[str, str]) -> Reply:
        words = params.get("q", "").lower().split()
        texts = [(f"{x['paper']['title']} {x['paper'].get('summary', '')}".lower(), x) for x in self._all()]
        hits = [item for text, item in texts if all(word in text for word in words)]
        return 200, _JSON, json.dumps(hits[: int(params.get("limit", "20"))]).encode(), {}

    def _one(self, asked: str) -> Reply:
        for item in self._all():
            if item["paper"]["id"] == asked:
                return 200, _JSON, json.dumps(item["paper"]).encode(), {}
        return 404, _JSON, b'{"error":"Paper not found"}', {}

    def _all(self) -> list[Any]:
        return [*(item for items in self.lists.values() for item in items), *self.found]

    # ── arXiv ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _feed(self, category: str) -> Reply:
        if category not in self.feeds:
            error = f"<rss version='2.0'><channel><title>Feed error for query: {category}</title></channel></rss>"
            return 400, _RSS, error.encode(), {}
        busy = [body for _, body in self.feeds[category] if b"<item>" in body]
        return 200, _RSS, (busy or [self.feeds[category][-1][1]])[-1], {}

    def _query(self, params: Mapping[str, str]) -> Reply:
        ids = [one for one in params.get("id_list", "").split(",") if one]
        if any(not _ID.fullmatch(one) for one in ids):
            return 400, _ATOM, self.bad_id, {}
        terms = [term for term in params.get("search_query", "").split(" AND ") if term]
        entries = [self.entries[bare] for one in ids if (bare := re.sub(r"v\d+$", "", one)) in self.entries]
        if not ids:
            entries = [entry for entry in self.entries.values() if all(_matches(entry, term) for term in terms)]
        start, size = int(params.get("start", "0")), int(params.get("max_results", "10"))
        shown = "".join(entries[start : start + size])
        return 200, _ATOM, _FEED.format(size=size, total=len(entries), start=start, entries=shown).encode(), {}


def _matches(entry: str, term: str) -> bool:
    if term.startswith("("):
        return any(_matches(entry, each) for each in term.strip("()").split(" OR "))
    name, _, value = term.partition(":")
    if name == "cat":
        return any(fnmatchcase(category, value) for category in re.findall(r'term="([^"]*)"', entry))
    if name == "submittedDate":
        first, last = value.strip("[]").split(" TO ")
        published = re.sub(r"\D", "", re.findall(r"<published>(.*?)</published>", entry)[0])[:12]
        return first <= published <= last
    tag = _TAGS.get(name)
    texts = re.findall(rf"<{tag}(?: [^>]*)?>(.*?)</{tag}>", entry, re.DOTALL) if tag else [entry]
    # The words of one name are those of one author, and a word is found by its beginning, as stems are.
    return any(_row(value) in _row(text) for text in texts)


def _row(text: str) -> str:
    return " " + " ".join(re.findall(r"[^\W_]+", text.lower()))
