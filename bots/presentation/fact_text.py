"""Single facts of a paper, as every adapter shows them."""

from datetime import time

from bots.chat.phrases import short_day
from bots.domain.papers import Paper, Signals
from bots.translation.formats import month_text
from bots.translation.speech import ngettext


def appeared(paper: Paper) -> str:
    """Return the day a paper appeared, only as precisely as its source knows it; may be empty."""
    if paper.published is None:
        return short_day(paper.announced) if paper.announced else ""
    day = paper.published.date()
    # A source that knows only the year or month is parsed as its first midnight: showing "1 Jan" would invent a day.
    if paper.day_known or day.day > 1 or paper.published.time() != time.min:
        return short_day(day)
    return month_text(day) if day.month > 1 else str(day.year)


def popularity(signals: Signals) -> tuple[str, ...]:
    """Return what is known of a paper's popularity, in words; a figure of zero is left out."""
    counts = (
        (signals.upvotes, ngettext("{number} upvote", "{number} upvotes", signals.upvotes or 0)),
        (signals.citations, ngettext("{number} citation", "{number} citations", signals.citations or 0)),
        (signals.stars, ngettext("{number} star", "{number} stars", signals.stars or 0)),
    )
    return tuple(said for number, said in counts if number)
