"""Tests that feeds follow their specifications, whatever the papers say."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import pairwise

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.domain.digests import Entry
from bots.domain.papers import PaperId
from bots.feeds import Feed, FeedFormat, FeedItem, feed_item, written
from bots.feeds.feed import item_id
from tests.feeds.validators import ATOM, checked_atom, checked_json, checked_rss
from tests.support import hostile
from tests.support.factories import NOW, a_blurb, a_paper, five_papers

CHECKS = {FeedFormat.ATOM: checked_atom, FeedFormat.RSS: checked_rss, FeedFormat.JSON: checked_json}


def a_feed(*items: FeedItem, following: str = "https://p.example/feeds/x.atom?page=2") -> Feed:
    """Return a feed of items."""
    return Feed(
        id="urn:uuid:00000000-0000-4000-8000-000000000000",
        title="Papers & more",
        description="What #papers <was> shown",
        home="https://p.example/",
        url="https://p.example/feeds/x.atom",
        following=following,
        items=items,
    )


def items_of(*entries: Entry) -> tuple[FeedItem, ...]:
    """Return entries as items."""
    return tuple(filter(None, (feed_item(entry, NOW) for entry in entries)))


@pytest.mark.parametrize("form", list(FeedFormat))
@hostile.patient
@given(entries=st.lists(hostile.entries, max_size=4, unique_by=lambda entry: entry.paper.id), title=hostile.texts)
def test_any_papers_make_a_valid_feed(form: FeedFormat, entries: list[Entry], title: str) -> None:
    """Papers with any texts make a feed that its specification allows, with every paper in it."""
    from bots.feeds.feed import sound

    text = written(replace(a_feed(*items_of(*entries)), title=sound(title) or "x"), form)
    CHECKS[form](text)
    read = feedparser.parse(io.BytesIO(text.encode())) if form is not FeedFormat.JSON else None
    if read is not None:
        assert not read.bozo
        assert len(entries) == len(read.entries)


class Tags(HTMLParser):
    """Collects the tags of HTML, and the addresses in it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, list[tuple[str, str | None]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Record a tag."""
        self.found.append((tag, attrs))


@hostile.patient
@given(hostile.entries)
def test_no_paper_brings_its_own_html(entry: Entry) -> None:
    """The content has only our own paragraphs and the link to the code, which leads to the web."""
    for item in items_of(entry):
        tags = Tags()
        tags.feed(item.html)
        assert {"p", "strong", "a"} >= {tag for tag, _ in tags.found}
        for tag, attributes in tags.found:
            assert ("a", [("href", item.code)]) == (tag, attributes) or not attributes
        assert not item.code or item.code.startswith(("https://", "http://"))


def test_dates_are_those_of_the_paper_and_of_the_post() -> None:
    """An entry is as old as its appearance in the feed; the day of publication is kept beside it."""
    paper = a_paper(published=datetime(2026, 11, 23, 17, 57, tzinfo=UTC))
    feed = a_feed(*items_of(Entry(paper=paper, blurb=a_blurb())))
    root = checked_atom(written(feed, FeedFormat.ATOM))
    entry = root.find(f"{ATOM}entry")
    assert entry is not None
    assert NOW.strftime("%Y-%m-%dT%H:%M:%SZ") == entry.findtext(f"{ATOM}updated")
    assert "2026-11-23T17:57:00Z" == entry.findtext(f"{ATOM}published")
    assert NOW == datetime.fromisoformat(root.findtext(f"{ATOM}updated") or "")


def test_an_id_lasts() -> None:
    """The id of a paper is the same in every feed and never changes: a reader knows it by that alone."""
    expected = "urn:uuid:f6e952a0-e3e5-5161-bf34-527e3014ab3e"
    assert expected == item_id(PaperId.arxiv("1706.03762"))
    changed = a_paper(title="Another title", abstract="", url="", source="huggingface")
    assert {expected} == {item.id for item in items_of(Entry(paper=a_paper()), Entry(paper=changed))}


def test_a_paper_without_a_date_is_no_news() -> None:
    """A paper whose date nobody knows is left out of a feed that is sorted by date."""
    assert None is feed_item(Entry(paper=a_paper(published=None, announced=None)))


def test_an_empty_feed_is_valid_and_always_the_same() -> None:
    """A feed without items is valid in every format, and has no date of today."""
    for form, check in CHECKS.items():
        check(written(a_feed(following=""), form))
    assert "1970-01-01T00:00:00Z" in written(a_feed(), FeedFormat.ATOM)


def test_what_readers_see() -> None:
    """A feed reader finds title, authors, link, blurb, and the next page."""
    entries = [Entry(paper=paper, blurb=a_blurb(text="It is short & good.")) for paper in five_papers()]
    read = feedparser.parse(io.BytesIO(written(a_feed(*items_of(*entries)), FeedFormat.ATOM).encode()))
    first = read.entries[0]
    assert ("Attention Is All You Need", "https://arxiv.org/abs/1706.03762") == (first.title, first.link)
    assert ["Ashish Vaswani", "Noam Shazeer"] == [author.name for author in first.authors][:2]
    assert "It is short & good." == first.summary
    assert ["https://p.example/feeds/x.atom?page=2"] == [link.href for link in read.feed.links if link.rel == "next"]
    assert all(one.updated >= other.updated for one, other in pairwise(read.entries))
