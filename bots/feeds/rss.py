"""Writes a feed as RSS 2.0 (rssboard.org/rss-specification). Pure functions."""

from email.utils import format_datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from bots.feeds.feed import Feed, FeedItem

_SPACES = {
    "xmlns:atom": "http://www.w3.org/2005/Atom",
    # RSS's own `author` must be a mail address.
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
}


def rss(feed: Feed) -> str:
    """Return a feed as an RSS document."""
    root = Element("rss", {"version": "2.0", **_SPACES})
    channel = SubElement(root, "channel")
    _add(channel, "title", feed.title)
    _add(channel, "link", feed.home)
    _add(channel, "description", feed.description)
    _add(channel, "language", "en")
    if feed.items:
        _add(channel, "lastBuildDate", format_datetime(feed.updated, usegmt=True))
    _add(channel, "generator", "Paperwire")
    _add(channel, "docs", "https://www.rssboard.org/rss-specification")
    _link(channel, "self", feed.url)
    if feed.following:
        _link(channel, "next", feed.following)
    for item in feed.items:
        _item(SubElement(channel, "item"), item)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _item(parent: Element, item: FeedItem) -> None:
    _add(parent, "title", item.title)
    if item.url:
        _add(parent, "link", item.url)
    SubElement(parent, "guid", {"isPermaLink": "false"}).text = item.id
    _add(parent, "pubDate", format_datetime(item.updated, usegmt=True))
    for name in item.authors:
        _add(parent, "dc:creator", name)
    for label in item.labels:
        _add(parent, "category", label)
    _add(parent, "description", item.html)


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text


def _link(parent: Element, relation: str, address: str) -> None:
    SubElement(parent, "atom:link", {"rel": relation, "href": address, "type": "application/rss+xml"})
