"""Papers from live feeds: RSS, Atom and RDF by feedparser, JSON Feed; the only module that imports feedparser."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit
from xml.sax import SAXException

from bots.domain.errors import SourceRefused
from bots.domain.papers import Paper
from bots.sources.reading.authors import forename_first, listed, names
from bots.sources.reading.feed_texts import Said, is_news, said_by
from bots.sources.reading.html_text import html_text
from bots.sources.reading.json_text import load_json
from bots.sources.reading.records import paper_of
from bots.sources.reading.result import Reading, collected
from bots.sources.reading.values import TITLE_LIMIT
from bots.sources.reading.xml_repair import mended
from bots.translation.speech import gettext_lazy

# The largest feed in use, the ACL Anthology's, has 1,000 entries with some ten tags each; feedparser takes two
# milliseconds for each entry.
_TAGS_MOST = 200_000
_ENTRIES_MOST = 5_000
_JSON_FEED = "https://jsonfeed.org/version/"


@dataclass(frozen=True, kw_only=True, slots=True)
class Feed:
    """The papers of a feed, and what it says of itself."""

    reading: Reading
    title: str = ""
    #: Whether the document is ill-formed in a way that may have lost entries, as one that was cut short.
    damaged: bool = False


def read_feed(body: bytes, source: str, name: str) -> Feed:
    """Return the papers of a feed; an entry without a title is left out and reported.

    Args:
        body: the response as received.
        source: the spec of the source.
        name: the display name of the feed, for messages.

    Raises:
        SourceRefused: it is no feed, or far too large.
    """
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return _read_json_feed(body, source, name)
    parsed = _parsed(body, name)
    entries = parsed.entries[:_ENTRIES_MOST]
    return Feed(
        reading=_papers(map(_record, entries), source),
        title=html_text(str(parsed.feed.get("title", "")), TITLE_LIMIT),
        damaged=_is_damaged(parsed),
    )


def _parsed(body: bytes, name: str) -> Any:
    """Return feedparser's result for a body, mended if stray characters make it ill-formed.

    Raises:
        SourceRefused: it is no feed, or far too large.
    """
    if body.count(b"<") > _TAGS_MOST:
        raise SourceRefused(gettext_lazy("{source} answered with far too many elements.", source=name))
    found = _parse(body, name)
    if _is_damaged(found) and (better := mended(body)) is not None:
        again = _parse(better, name)
        found = again if len(again.entries) > len(found.entries) or not _is_damaged(again) else found
    if not found.get("version") and not found.entries:
        raise SourceRefused(
            gettext_lazy("{source} answered with something else than a feed.", source=name),
            hint=gettext_lazy(
                "Open the address in a browser: it must show RSS, Atom or JSON Feed, and no page or sign-in."
            ),
        )
    return found


def _parse(body: bytes, name: str) -> Any:
    # Imported late: describing a source in help and menus must not load a parser.
    import feedparser

    try:
        return feedparser.parse(body)
    except Exception as error:
        # It is made for whatever a site sends, but promises no single kind of error.
        raise SourceRefused(
            gettext_lazy("{source} answered with something that cannot be read.", source=name)
        ) from error


def _is_damaged(parsed: Any) -> bool:
    """Return whether the document is not well-formed; another encoding than the declared one does no harm."""
    return bool(parsed.bozo) and isinstance(parsed.get("bozo_exception"), SAXException)


def _papers(records: Iterable[Mapping[str, object]], source: str) -> Reading:
    def read(number: int, record: Mapping[str, object]) -> Paper | str | None:
        if is_news(str(record["doi"])):
            return None
        # The day on which a feed first had an entry is not in the feed.
        paper = paper_of(record, source)
        return replace(paper, announced=None) if paper else gettext_lazy("entry {place} (no title)", place=number)

    return collected(records, read)


def _record(entry: Any) -> dict[str, object]:
    """Return one entry of feedparser as a record with the keys of `records.paper_of`."""
    link = secure(_link(entry))
    said = said_by(urlsplit(link).hostname or "", _body(entry), str(entry.get("id") or ""))
    return {
        "title": html_text(str(entry.get("title", "")), TITLE_LIMIT),
        "abstract": said.abstract,
        "authors": _people(entry, said),
        # The day of publication; the day of the last change only where there is no other.
        "published": _first(entry, "published", "created", "dc_date", "prism_publicationdate", "updated"),
        "doi": _doi(entry) or said.doi,
        "id": said.id or link or str(entry.get("id", "")),
        "url": link,
        "venue": html_text(_first(entry, "prism_publicationname") or said.venue, TITLE_LIMIT),
        "keywords": [str(tag.get("term") or "") for tag in entry.get("tags", [])],
    }


def _first(entry: Any, *keys: str) -> str:
    return next((value for key in keys if isinstance(value := entry.get(key), str) and value.strip()), "")


def _body(entry: Any) -> str:
    """Return the longest text of an entry: some feeds have the abstract in `content` and a teaser in `summary`."""
    texts = [str(entry.get("summary", "")), *(str(each.get("value", "")) for each in entry.get("content", []))]
    return max(texts, key=lambda text: len(html_text(text)))


def _link(entry: Any) -> str:
    link = str(entry.get("link") or entry.get("prism_url") or "")
    return link or (str(entry.get("id", "")) if str(entry.get("id", "")).startswith("http") else "")


def secure(address: str) -> str:
    """Return an address with https in place of http: readers are sent nowhere else."""
    return f"https://{address[7:]}" if address.lower().startswith("http://") else address


def _people(entry: Any, said: Said) -> tuple[str, ...]:
    """Return the authors: each in an element of its own, or all of them in one."""
    found = [html_text(str(each.get("name", ""))) for each in entry.get("authors", [])]
    found = [name for name in found if name]
    if len(said.authors) > len(found):
        return said.authors
    if len(found) > 1:
        return listed(map(forename_first, found))
    return names(found[0]) if found else ()


def _doi(entry: Any) -> str:
    said = (_first(entry, key) for key in ("prism_doi", "dc_identifier", "doi", "citation_doi"))
    return next((text for text in said if "10." in text), "")


def _read_json_feed(body: bytes, source: str, name: str) -> Feed:
    """Return the papers of a JSON Feed (jsonfeed.org/version/1.1)."""
    try:
        value = load_json(body)
    except ValueError as error:
        raise SourceRefused(
            gettext_lazy("{source} answered with unreadable JSON.", source=name),
            hint=gettext_lazy("It may be damaged for now."),
        ) from error
    items = value.get("items") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(items, list):
        raise SourceRefused(gettext_lazy("{source} answered with JSON that is no JSON Feed.", source=name))
    whole = str(value.get("version", "")).startswith(_JSON_FEED)
    reading = _papers(map(_json_record, _objects(items)), source)
    return Feed(reading=reading, title=html_text(str(value.get("title", "")), TITLE_LIMIT), damaged=not whole)


def _objects(items: Sequence[object]) -> list[Mapping[str, object]]:
    return [item if isinstance(item, Mapping) else {} for item in items[:_ENTRIES_MOST]]


def _json_record(item: Mapping[str, object]) -> dict[str, object]:
    link = secure(_string(item, "url") or _string(item, "external_url"))
    texts = [_string(item, key) for key in ("content_text", "content_html", "summary")]
    said = said_by(urlsplit(link).hostname or "", max(texts, key=len), _string(item, "id"))
    people = item.get("authors") if isinstance(item.get("authors"), list) else [item.get("author")]
    return {
        "title": html_text(_string(item, "title"), TITLE_LIMIT),
        "abstract": said.abstract,
        "authors": names(people) or said.authors,
        "published": _string(item, "date_published") or _string(item, "date_modified"),
        "doi": said.doi,
        # The page that the entry is about, such as a paper's at arXiv, names the paper; the entry's own may not.
        "id": said.id or _string(item, "external_url") or link or _string(item, "id"),
        "url": link,
        "venue": said.venue,
        "keywords": item.get("tags"),
    }


def _string(item: Mapping[str, object], key: str) -> str:
    value = item.get(key)
    return value if isinstance(value, str) else ""
