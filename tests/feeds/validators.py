"""Strict validators of feeds, written from the specifications: RFC 4287, RSS 2.0, JSON Feed 1.1.

Each raises AssertionError at the first thing that the specification does not allow.
"""

import json
import re
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
#: RFC 3339, as RFC 4287, section 3.3 requires it: upper-case T, and Z or an offset.
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
#: RFC 822 with the four-digit year that RSS prefers.
_RFC822 = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} "
    r"\d\d:\d\d:\d\d GMT"
)
_NO_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def checked_atom(text: str) -> Element:
    """Return the root of an Atom document that follows RFC 4287."""
    assert _NO_XML.search(text) is None
    root: Element = fromstring(text.encode("utf-8"))
    assert f"{ATOM}feed" == root.tag
    # 4.1.1: these exactly once, and these at most once.
    _once(root, "id", "title", "updated")
    _at_most_once(root, "generator", "icon", "logo", "rights", "subtitle")
    known = {"author", "category", "contributor", "generator", "icon", "id", "link", "logo", "rights", "subtitle"}
    assert known | {"title", "updated", "entry"} >= {_name(each) for each in root}
    _check_common(root)
    entries = root.findall(f"{ATOM}entry")
    for entry in entries:
        _check_entry(entry, feed_has_author=root.find(f"{ATOM}author") is not None)
    # 4.1.1: no two entries with the same id and the same `updated`.
    said = [(entry.findtext(f"{ATOM}id"), entry.findtext(f"{ATOM}updated")) for entry in entries]
    assert len(said) == len(set(said))
    # A feed should have a link to itself.
    assert 1 == len([link for link in root.findall(f"{ATOM}link") if link.get("rel") == "self"])
    return root


def _check_entry(entry: Element, *, feed_has_author: bool) -> None:
    """Check section 4.1.2."""
    _once(entry, "id", "title", "updated")
    _at_most_once(entry, "content", "published", "rights", "source", "summary")
    known = {"author", "category", "content", "contributor", "id", "link", "published", "rights", "source", "summary"}
    assert known | {"title", "updated"} >= {_name(each) for each in entry}
    assert feed_has_author or entry.find(f"{ATOM}author") is not None
    alternates = [each for each in entry.findall(f"{ATOM}link") if each.get("rel", "alternate") == "alternate"]
    assert len(alternates) <= 1
    # Without content there must be such a link.
    assert entry.find(f"{ATOM}content") is not None or alternates
    _check_common(entry)


def _check_common(parent: Element) -> None:
    for each in parent:
        name = _name(each)
        if name in ("updated", "published"):
            assert _RFC3339.fullmatch(each.text or ""), each.text
        elif name == "id":
            # 4.2.6: an absolute IRI.
            assert urlsplit(each.text or "").scheme
            assert not re.search(r"\s", each.text or "")
        elif name == "link":
            assert urlsplit(each.get("href", "")).scheme in ("http", "https")
            assert {"rel", "href", "type", "hreflang", "title", "length"} >= set(each.attrib)
        elif name in ("title", "subtitle", "summary", "rights", "content"):
            assert each.get("type", "text") in ("text", "html", "xhtml")
            assert not len(each)
        elif name in ("author", "contributor"):
            _once(each, "name")
            assert (each.findtext(f"{ATOM}name") or "").strip()
        elif name == "category":
            assert each.get("term")


def checked_rss(text: str) -> Element:
    """Return the channel of an RSS document that follows RSS 2.0."""
    assert _NO_XML.search(text) is None
    root: Element = fromstring(text.encode("utf-8"))
    assert ("rss", "2.0") == (root.tag, root.get("version"))
    (channel,) = root
    for name in ("title", "link", "description"):
        (found,) = channel.findall(name)
        assert (found.text or "").strip()
    known = {"title", "link", "description", "language", "pubDate", "lastBuildDate", "category", "generator", "docs"}
    assert known | {"item", f"{ATOM}link"} >= {each.tag for each in channel}
    for name in ("language", "lastBuildDate", "generator", "docs"):
        assert len(channel.findall(name)) <= 1
    for each in channel.findall("lastBuildDate"):
        _check_mail_date(each.text)
    for item in channel.findall("item"):
        _check_item(item)
    guids = [item.findtext("guid") for item in channel.findall("item")]
    assert len(guids) == len(set(guids))
    return channel


def _check_item(item: Element) -> None:
    assert {"title", "link", "description", "category", "guid", "pubDate", f"{DC}creator"} >= {
        each.tag for each in item
    }
    for name in ("title", "link", "description", "guid", "pubDate"):
        assert len(item.findall(name)) <= 1
    # At least one of the two must be there.
    assert item.findtext("title") or item.findtext("description")
    _check_mail_date(item.findtext("pubDate"))
    (guid,) = item.findall("guid")
    assert guid.text
    assert "false" == guid.get("isPermaLink") or urlsplit(guid.text).scheme in ("http", "https")
    assert "link" not in {each.tag for each in item} or urlsplit(item.findtext("link") or "").scheme in (
        "http",
        "https",
    )


def _check_mail_date(said: str | None) -> None:
    assert _RFC822.fullmatch(said or ""), said
    # The weekday must be that of the day.
    assert parsedate_to_datetime(said or "").strftime("%a") == (said or "")[:3]


def checked_json(text: str) -> dict[str, Any]:
    """Return a document that follows JSON Feed 1.1."""
    feed: dict[str, Any] = json.loads(text)
    assert "https://jsonfeed.org/version/1.1" == feed["version"]
    assert isinstance(feed["title"], str)
    assert isinstance(feed["items"], list)
    texts = {
        "version",
        "title",
        "home_page_url",
        "feed_url",
        "description",
        "user_comment",
        "next_url",
        "icon",
        "language",
    }
    assert texts | {"authors", "items", "expired", "hubs"} >= set(feed)
    assert all(isinstance(feed[name], str) for name in texts & set(feed))
    for name in {"home_page_url", "feed_url", "next_url"} & set(feed):
        assert urlsplit(feed[name]).scheme in ("http", "https")
    assert feed.get("next_url") != feed["feed_url"]
    for item in feed["items"]:
        _check_json_item(item)
    ids = [item["id"] for item in feed["items"]]
    assert len(ids) == len(set(ids))
    return feed


def _check_json_item(item: dict[str, Any]) -> None:
    texts = {
        "id", "url", "external_url", "title", "content_html", "content_text", "summary", "image", "banner_image",
        "date_published", "date_modified", "language",
    }  # fmt: skip
    assert texts | {"authors", "tags", "attachments"} >= set(item)
    assert all(isinstance(item[name], str) for name in texts & set(item))
    assert item["id"]
    assert "content_html" in item or "content_text" in item
    for name in {"date_published", "date_modified"} & set(item):
        assert _RFC3339.fullmatch(item[name])
    for author in item.get("authors", ()):
        assert {"name", "url", "avatar"} >= set(author)
        assert any(author.values())
    assert all(isinstance(tag, str) for tag in item.get("tags", ()))


def _once(parent: Element, *names: str) -> None:
    for name in names:
        assert 1 == len(parent.findall(f"{ATOM}{name}")), name


def _at_most_once(parent: Element, *names: str) -> None:
    for name in names:
        assert len(parent.findall(f"{ATOM}{name}")) <= 1, name


def _name(element: Element) -> str:
    assert element.tag.startswith(ATOM), element.tag
    return element.tag.removeprefix(ATOM)
