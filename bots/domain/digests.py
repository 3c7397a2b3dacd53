"""A digest: the papers chosen for one channel and one slot, and the parts it is posted in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from bots.domain.channels import Channel
from bots.domain.papers import Paper, PaperId
from summarizer import Blurb, Style


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One paper as a digest or card shows it."""

    paper: Paper
    #: None when the summarizer failed; then `fallback` stands in, labelled as what it is.
    blurb: Blurb | None = None
    #: The abstract's own first sentence, shown with its label when there is no blurb; may be empty.
    fallback: str = ""
    #: Why there is no blurb, in one sentence.
    trouble: str = ""
    #: Why this paper: "matches *KV cache*, 163 upvotes".
    why: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceNote:
    """A source that gave less than it should have, and why, in one sentence."""

    #: Empty where the note is of the digest itself.
    source: str
    reason: str
    #: True when it failed; False when it honestly had nothing.
    failed: bool = True
    #: Whether the day's list may still come: there is something to wait for.
    pending: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """How many papers were left after each step of the choice."""

    found: int = 0
    #: Already posted in this channel.
    seen: int = 0
    #: Left out by category, query or withdrawal.
    filtered: int = 0
    chosen: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Digest:
    """The papers chosen for one channel and one day, in the order they are shown."""

    channel: Channel
    #: The last day whose list was read.
    day: date
    #: The first of them; None where there is one.
    first_day: date | None = None
    entries: tuple[Entry, ...] = ()
    style: Style = Style.ONE_LINE
    #: Sources that were silent, empty or stale: named, never fatal.
    notes: tuple[SourceNote, ...] = ()
    tally: Tally = Tally()
    #: The best paper that only the query kept out: shows a reader whether the query is too narrow.
    nearest_miss: Paper | None = None
    #: Whether the entries belong in the thread of the first message, where the platform has threads.
    threaded: bool = False
    #: What was asked for, in words, shown in the header: "huggingface · query: agents".
    topic: str = ""

    @property
    def paper_ids(self) -> tuple[PaperId, ...]:
        """The ids of the papers in the order they are shown."""
        return tuple(entry.paper.id for entry in self.entries)


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One message of a digest, ready for its platform: the payload is frozen once planned."""

    channel: Channel
    #: Counts from 1.
    number: int
    total: int
    #: Exactly what the adapter will send, as JSON-compatible values.
    payload: Mapping[str, object] = field(default_factory=dict)
    #: The papers this message shows; they count as seen in the channel once it is confirmed.
    paper_ids: tuple[PaperId, ...] = ()


_Piece = TypeVar("_Piece")


def split_entries(
    entries: Sequence[_Piece], size: Callable[[_Piece], int], budget: int, most: int
) -> tuple[tuple[_Piece, ...], ...]:
    """Return the entries in as few groups, in order, as hold at most `most` of them and measure at most `budget`.

    An entry is never torn: one that is over the budget by itself has a group to itself, and its adapter must have
    cut it before. No entries make no groups.

    Args:
        entries: entries, or whatever pieces a message is made of.
        size: what an entry takes of the budget, in the platform's own unit.
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
