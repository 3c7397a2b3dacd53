"""Says where and when a paper was posted. Plain text, as in `digest_text.py`; each platform writes its channels."""

from collections.abc import Sequence

from bots.chat.phrases import listed, sentence
from bots.domain.digests import Posting
from bots.presentation.subscription_text import PLACE
from bots.translation.formats import short_day
from bots.translation.speech import gettext, ngettext

__all__ = ["PLACE", "named_in", "posted_line", "posted_text"]

#: Channels that are named; more would be longer than the facts of the paper.
MOST_NAMED = 3


def posted_line(postings: Sequence[Posting]) -> str:
    """Return "Posted in ￼ on 3 May and in ￼ on 2 May", with `PLACE` for each channel named; empty if it was not."""
    named = [gettext("in {place} on {day}", place=PLACE, day=short_day(each.at.date())) for each in named_in(postings)]
    left = len(postings) - len(named)
    more = [ngettext("in {number} more channel", "in {number} more channels", left)] if left else []
    return sentence(gettext("Posted {places}", places=listed([*named, *more]))) if named else ""


def named_in(postings: Sequence[Posting]) -> Sequence[Posting]:
    """Return the postings whose channels are named, in the order of their places in the line."""
    return postings[:MOST_NAMED]


def posted_text(postings: Sequence[Posting]) -> str:
    """Return the line with the ids of channels, for where no platform writes them."""
    line = posted_line(postings)
    for each in named_in(postings):
        line = line.replace(PLACE, str(each.channel), 1)
    return line
