"""A digest: the papers chosen for one channel and one slot, and the parts it is posted in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from bots.domain.channels import Channel
from bots.domain.papers import Paper, PaperId
from bots.domain.subscriptions import MOST_CARDS, Look
from summarizer import Blurb, Style


@dataclass(frozen=True, kw_only=True, slots=True)
class Posting:
    """States where and when a paper was posted."""

    channel: Channel
    #: An aware instant.
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One paper as a digest or card shows it."""

    paper: Paper
    #: None if the summarizer failed; then `fallback` is shown instead, with a label.
    blurb: Blurb | None = None
    #: The first sentence of the abstract, shown with a label if there is no blurb; may be empty.
    fallback: str = ""
    #: Why there is no blurb, in one sentence.
    trouble: str = ""
    #: Why this paper was chosen: "matches *KV cache*, 163 upvotes".
    why: str = ""
    #: Where it was posted, as far as whoever asks may know; the latest first. Only replies to requests have it.
    posted: tuple[Posting, ...] = ()
    #: The platform's ids of members who agreed to be mentioned, and whom the paper might interest.
    care: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceNote:
    """States in one sentence why a source returned less than it should have."""

    #: Empty if the note is about the digest itself.
    source: str
    reason: str
    #: True if the source failed; False if it had nothing to list.
    failed: bool = True
    #: Whether the day's list may still appear, so that a digest can wait for it.
    pending: bool = False
    #: Whether the source listed papers all the same, such as those of an earlier day.
    listed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """How many papers each step of the selection found, left out or chose."""

    found: int = 0
    #: Already posted in this channel.
    seen: int = 0
    #: Left out by category or query, or without a title.
    filtered: int = 0
    #: Withdrawn by their authors or their publisher, and otherwise fitting.
    withdrawn: int = 0
    #: Too far from the channel's interests.
    far: int = 0
    chosen: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Digest:
    """The papers chosen for one channel and one day, in the order they are shown."""

    channel: Channel
    #: The last day whose list was read.
    day: date
    #: The first day whose list was read; None if only one was.
    first_day: date | None = None
    entries: tuple[Entry, ...] = ()
    style: Style = Style.ONE_LINE
    #: Sources that failed, were empty or stale; they are named and do not stop the digest.
    notes: tuple[SourceNote, ...] = ()
    tally: Tally = Tally()
    #: The best paper that only the query excluded; it shows a reader whether the query is too narrow.
    nearest_miss: Paper | None = None
    #: The withdrawn papers that would have fitted; the operator is told their titles.
    withdrawn: tuple[Paper, ...] = ()
    #: Whether the entries belong in the thread of the first message, where the platform has threads.
    threaded: bool = False
    #: The sources and filters in words, shown in the header: "huggingface · query: agents".
    topic: str = ""
    look: Look = Look.AUTO

    @property
    def compact(self) -> bool:
        """Whether the papers are shown in the compact look rather than as cards."""
        return self.look is Look.COMPACT or (self.look is Look.AUTO and len(self.entries) > MOST_CARDS)

    @property
    def paper_ids(self) -> tuple[PaperId, ...]:
        """The ids of the papers in the order they are shown."""
        return tuple(entry.paper.id for entry in self.entries)


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One message of a digest in its platform's format; the payload is frozen once planned."""

    channel: Channel
    #: Counted from 1.
    number: int
    total: int
    #: Exactly the data that the adapter sends, as JSON-compatible values.
    payload: Mapping[str, object] = field(default_factory=dict)
    #: The papers this message shows; they count as seen in the channel once it is confirmed.
    paper_ids: tuple[PaperId, ...] = ()


_Piece = TypeVar("_Piece")


def split_entries(
    entries: Sequence[_Piece], size: Callable[[_Piece], int], budget: int, most: int
) -> tuple[tuple[_Piece, ...], ...]:
    """Split entries, in order, into as few groups as possible of at most `most` entries and `budget` size.

    An entry is never split: one that exceeds the budget by itself gets its own group, and its adapter must have cut it
    before. Without entries there are no groups.

    Args:
        entries: entries, or any other pieces of a message.
        size: returns how much of the budget an entry uses, in the platform's own unit.
        budget: how much a message holds.
        most: how many entries a message holds; at least 1.
    """
    groups: list[list[_Piece]] = []
    room = 0
    for entry in entries:
        needed = size(entry)
        if not groups or needed > room or len(groups[-1]) >= most:
            groups.append([])
            room = budget
        groups[-1].append(entry)
        room -= needed
    return tuple(map(tuple, groups))
