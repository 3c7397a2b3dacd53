"""What one source listed for one day."""

from dataclasses import dataclass
from enum import StrEnum

from bots.domain.papers import Paper


class Freshness(StrEnum):
    """What a source's answer is worth."""

    FRESH = "fresh"
    #: The source says that it listed nothing that day: weekend, holiday.
    EMPTY = "empty"
    #: The source answered with an older day's list.
    STALE = "stale"
    #: Some of what was asked did not come.
    PARTIAL = "partial"


@dataclass(frozen=True, kw_only=True, slots=True)
class Harvest:
    """What one source gave for one day."""

    #: The spec that was asked, such as `arxiv:cs.CL`.
    source: str
    papers: tuple[Paper, ...] = ()
    state: Freshness = Freshness.FRESH
    #: One sentence for the reader where `state` is not fresh.
    note: str = ""
    #: Whether nothing more will come for the day, as on a weekend or a holiday of the source.
    final: bool = False
