"""Writes lists of papers as feeds: Atom 1.0, RSS 2.0 and JSON Feed 1.1. Pure functions."""

from collections.abc import Callable, Mapping

from bots.feeds.atom import atom
from bots.feeds.feed import Feed, FeedFormat, FeedItem, feed_item
from bots.feeds.json_feed import json_feed
from bots.feeds.rss import rss

__all__ = ["Feed", "FeedFormat", "FeedItem", "feed_item", "written"]

_WRITERS: Mapping[FeedFormat, Callable[[Feed], str]] = {
    FeedFormat.ATOM: atom,
    FeedFormat.RSS: rss,
    FeedFormat.JSON: json_feed,
}


def written(feed: Feed, form: FeedFormat) -> str:
    """Return a feed as the text of a file, which is UTF-8 when encoded; the same feed is always the same text."""
    return _WRITERS[form](feed)
