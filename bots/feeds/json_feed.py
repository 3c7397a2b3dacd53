"""Writes a feed as JSON Feed 1.1 (jsonfeed.org/version/1.1). Pure functions."""

import json
from datetime import datetime

from bots.feeds.feed import Feed, FeedItem

Json = dict[str, object]


def json_feed(feed: Feed) -> str:
    """Return a feed as a JSON Feed document."""
    whole: Json = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.description,
        "home_page_url": feed.home,
        "feed_url": feed.url,
        "next_url": feed.following,
        "language": "en",
    }
    known = {name: value for name, value in whole.items() if value}
    return json.dumps({**known, "items": list(map(_item, feed.items))}, ensure_ascii=False, indent=1) + "\n"


def _item(item: FeedItem) -> Json:
    whole: Json = {
        "id": item.id,
        "url": item.url,
        "title": item.title,
        "content_html": item.html,
        "content_text": item.text,
        "summary": item.summary,
        "date_published": _instant(item.updated),
        "authors": [{"name": name} for name in item.authors],
        "tags": list(item.labels),
    }
    return {name: value for name, value in whole.items() if value}


def _instant(at: datetime) -> str:
    return at.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
