"""A feed and its items, as plain text and addresses that every format can hold. Pure functions."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time
from enum import StrEnum
from html import escape
from uuid import UUID, uuid5

from bots.chat.phrases import clean, cut, safe_url
from bots.domain.digests import Entry
from bots.domain.papers import Paper, PaperId
from bots.presentation import digest_text
from bots.presentation.bibtex_names import known_authors
from bots.presentation.cited_facts import abstract_of

#: The space of the ids of papers in feeds, drawn at random once. It must never change: a reader would show every paper
#: again as new.
_SPACE = UUID("5f0c8a52-6d0a-4a5c-9d0e-6b7c1f5a3e21")
#: The characters that XML 1.0 can hold (section 2.2), less the noncharacters that JSON readers choke on.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]")
_MOST_AUTHORS, _MOST_LABELS = 50, 20
#: Characters; the longest abstracts of arXiv have 1,920.
_MOST_TEXT = 10_000


class FeedFormat(StrEnum):
    """A format of feeds, by the end of its address."""

    ATOM = "atom"
    RSS = "rss"
    JSON = "json"

    @property
    def media_type(self) -> str:
        """The media type, as HTTP names it."""
        return {
            FeedFormat.ATOM: "application/atom+xml",
            FeedFormat.RSS: "application/rss+xml",
            FeedFormat.JSON: "application/feed+json",
        }[self]


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedItem:
    """One paper in a feed; all texts are plain and can be written as XML."""

    #: The same for a paper in every feed of every installation, and for ever.
    id: str
    title: str
    #: The paper's page; empty if it has none.
    url: str
    authors: tuple[str, ...]
    labels: tuple[str, ...]
    #: The blurb, or the beginning of the abstract.
    summary: str
    abstract: str
    #: When it appeared in this feed.
    updated: datetime
    #: When the paper was published; None if its source does not say.
    published: datetime | None = None
    code: str = ""

    @property
    def html(self) -> str:
        """The content as HTML, with all text escaped."""
        facts = f"<p>{escape(', '.join(self.authors))}</p>" if self.authors else ""
        blurb = f"<p><strong>{escape(self.summary)}</strong></p>" if self.summary else ""
        abstract = f"<p>{escape(self.abstract)}</p>" if self.abstract and self.abstract != self.summary else ""
        code = f'<p><a href="{escape(self.code)}">Code</a></p>' if self.code else ""
        return f"{facts}{blurb}{abstract}{code}" or f"<p>{escape(self.title)}</p>"

    @property
    def text(self) -> str:
        """The content as plain text."""
        return "\n\n".join(filter(None, (self.summary, self.abstract if self.abstract != self.summary else "")))


@dataclass(frozen=True, kw_only=True, slots=True)
class Feed:
    """A page of a feed, its latest item first."""

    #: An address that stands for the feed and never changes.
    id: str
    title: str
    description: str
    #: The page that people read.
    home: str
    #: The address of this page of the feed.
    url: str
    #: The address of the next page, with earlier items; empty on the last one.
    following: str = ""
    items: tuple[FeedItem, ...] = ()

    @property
    def updated(self) -> datetime:
        """The instant of the latest item; the beginning of time for an empty feed, so that it is always the same."""
        return max((item.updated for item in self.items), default=datetime(1970, 1, 1, tzinfo=UTC))


def feed_item(entry: Entry, at: datetime | None = None) -> FeedItem | None:
    """Return a paper as an item of a feed; None if no instant is known for it.

    Args:
        entry: the paper, with or without a blurb.
        at: when it appeared in the feed; None for the day on which its source listed or published it.
    """
    paper = entry.paper
    updated = at or _appeared(paper)
    if updated is None:
        return None
    said = digest_text.blurb_lines(entry) if digest_text.has_blurb(entry) else ()
    abstract = sound(abstract_of(paper))
    return FeedItem(
        id=item_id(paper.id),
        title=sound(digest_text.title_of(paper)),
        url=safe_url(paper.url),
        authors=tuple(filter(None, map(sound, known_authors(paper.authors[:_MOST_AUTHORS])))),
        labels=tuple(dict.fromkeys(filter(None, map(sound, (*paper.categories, *paper.keywords)))))[:_MOST_LABELS],
        summary=sound(" ".join(said)) or cut(abstract, 300),
        abstract=abstract,
        updated=updated.astimezone(UTC),
        published=paper.published.astimezone(UTC) if paper.published else None,
        code=safe_url(paper.code),
    )


def item_id(paper_id: PaperId) -> str:
    """Return the id of a paper in every feed: it depends on the paper's canonical id only."""
    return f"urn:uuid:{uuid5(_SPACE, clean(str(paper_id)))}"


def sound(text: str) -> str:
    """Return text on one line with only characters that XML can hold."""
    return cut(clean(_NO_XML.sub("", text)), _MOST_TEXT)


def _appeared(paper: Paper) -> datetime | None:
    listed = datetime.combine(paper.announced, time.min, UTC) if paper.announced else None
    return max(filter(None, (paper.published, listed)), default=None)
