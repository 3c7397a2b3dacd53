"""Sorts papers by votes or by date."""

from calendar import timegm
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from bots.domain.papers import Paper
from bots.domain.subscriptions import SortBy

_NO_SIGNALS = (None, None, None)
#: The sort key of a paper without a publication date: after every dated paper, back to the year 1.
_OLDEST = -timegm((1, 1, 1, 0, 0, 0)) + 1


def sort_papers(papers: Iterable[Paper], sort_by: SortBy) -> tuple[Paper, ...]:
    """Return the papers sorted, best first.

    TRENDING sorts by upvotes, then comments, stars and date, newest first; papers without any signal come last, in
    their source's order. NEWEST sorts by the day a paper was listed, then by the instant it was published. Ties are
    sorted by the position in the source's own list, so that two sources without signals alternate, and then by the
    given order.
    """
    places = _places(papers := tuple(papers))
    key = _trending if sort_by is SortBy.TRENDING else _newest
    ranked = sorted(range(len(papers)), key=lambda number: (*key(papers[number]), places[number]))
    return tuple(papers[number] for number in ranked)


def _places(papers: tuple[Paper, ...]) -> list[int]:
    """Return for each paper the number of papers of its source that precede it."""
    listed: Counter[str] = Counter()
    places = []
    for paper in papers:
        places.append(listed[paper.source])
        listed[paper.source] += 1
    return places


def _trending(paper: Paper) -> tuple[int, ...]:
    signals = paper.signals
    # The age of a paper that cannot be voted for is not a signal: a plain listing keeps its order.
    counts = (signals.upvotes, signals.comments, signals.stars)
    age = (0, 0) if counts == _NO_SIGNALS else _newest(paper)
    return (*(-(count or 0) for count in counts), *age)


def _newest(paper: Paper) -> tuple[int, ...]:
    """Return a sort key by the day the paper was listed: an old paper that is listed today is new to the reader."""
    published = _utc(paper.published) if paper.published else None
    day = paper.announced or published
    return (-day.toordinal() if day else 0, -timegm(published.timetuple()) if published else _OLDEST)


def _utc(instant: datetime) -> datetime:
    """Return the instant as naive UTC, or its local time if UTC would be outside the calendar's range."""
    wall = instant.replace(tzinfo=None)
    try:
        return wall - (instant.utcoffset() or timedelta())
    except OverflowError:
        return wall
