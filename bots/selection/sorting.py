"""What comes first: what people vote for, or what is new."""

from calendar import timegm
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from bots.domain.papers import Paper
from bots.domain.subscriptions import SortBy

_NO_SIGNALS = (None, None, None)
#: The sort key of a paper that does not say when it was published: behind all that do, back to the year 1.
_OLDEST = -timegm((1, 1, 1, 0, 0, 0)) + 1


def sort_papers(papers: Iterable[Paper], sort_by: SortBy) -> tuple[Paper, ...]:
    """Return the papers, first things first.

    TRENDING goes by upvotes, then comments, stars and age; papers without any signal come last, as their source listed
    them. NEWEST goes by the day a paper was listed, then the instant it was published. Ties go by the place in the
    source's own list, so that of two silent sources neither is pushed behind the other, and then by the order given.
    """
    places = _places(papers := tuple(papers))
    key = _trending if sort_by is SortBy.TRENDING else _newest
    ranked = sorted(range(len(papers)), key=lambda number: (*key(papers[number]), places[number]))
    return tuple(papers[number] for number in ranked)


def _places(papers: tuple[Paper, ...]) -> list[int]:
    """Return for each paper how many of its source come before it."""
    listed: Counter[str] = Counter()
    places = []
    for paper in papers:
        places.append(listed[paper.source])
        listed[paper.source] += 1
    return places


def _trending(paper: Paper) -> tuple[int, ...]:
    signals = paper.signals
    # A paper nobody can vote for says nothing by its age: a plain listing keeps its order.
    counts = (signals.upvotes, signals.comments, signals.stars)
    age = (0, 0) if counts == _NO_SIGNALS else _newest(paper)
    return (*(-(count or 0) for count in counts), *age)


def _newest(paper: Paper) -> tuple[int, ...]:
    """Return a key by the day the paper came up: an old paper that is listed today is new to the reader."""
    published = _utc(paper.published) if paper.published else None
    day = paper.announced or published
    return (-day.toordinal() if day else 0, -timegm(published.timetuple()) if published else _OLDEST)


def _utc(instant: datetime) -> datetime:
    """Return the instant as naive UTC; one that would fall off the calendar's end stays as it is."""
    wall = instant.replace(tzinfo=None)
    try:
        return wall - (instant.utcoffset() or timedelta())
    except OverflowError:
        return wall
