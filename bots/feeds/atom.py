"""Writes a feed as Atom 1.0 (RFC 4287), with the links of pages that RFC 5005 defines. Pure functions."""

from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from bots.feeds.feed import Feed, FeedItem

_SPACE = "http://www.w3.org/2005/Atom"


def atom(feed: Feed) -> str:
    """Return a feed as an Atom document."""
    root = Element("feed", {"xmlns": _SPACE, "xml:lang": "en"})
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "subtitle", feed.description)
    _add(root, "updated", _instant(feed.updated))
    _add(root, "generator", "Paperwire")
    _link(root, "self", feed.url, "application/atom+xml")
    _link(root, "alternate", feed.home, "text/html")
    if feed.following:
        _link(root, "next", feed.following, "application/atom+xml")
    # RFC 4287, 4.1.1: an entry without an author needs one in its feed.
    _add(SubElement(root, "author"), "name", "Paperwire")
    for item in feed.items:
        _entry(SubElement(root, "entry"), item)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _entry(entry: Element, item: FeedItem) -> None:
    _add(entry, "id", item.id)
    _add(entry, "title", item.title)
    _add(entry, "updated", _instant(item.updated))
    if item.published:
        _add(entry, "published", _instant(item.published))
    if item.url:
        _link(entry, "alternate", item.url, "")
    for name in item.authors:
        _add(SubElement(entry, "author"), "name", name)
    for label in item.labels:
        SubElement(entry, "category", {"term": label})
    if item.summary:
        _add(entry, "summary", item.summary)
    _add(entry, "content", item.html, type="html")


def _add(parent: Element, name: str, text: str, **attributes: str) -> None:
    SubElement(parent, name, attributes).text = text


def _link(parent: Element, relation: str, address: str, media_type: str) -> None:
    SubElement(parent, "link", {"rel": relation, "href": address, **({"type": media_type} if media_type else {})})


def _instant(at: datetime) -> str:
    return at.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
