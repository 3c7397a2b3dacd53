"""One source's list for one day."""

from dataclasses import dataclass
from enum import StrEnum

from bots.domain.papers import Paper


class Freshness(StrEnum):
    """How current and complete a source's list is."""

    FRESH = "fresh"
    #: The source reports that it listed nothing that day: weekend, holiday.
    EMPTY = "empty"
    #: The source returned an older day's list.
    STALE = "stale"
    #: A part of the requested list is missing.
    PARTIAL = "partial"


@dataclass(frozen=True, kw_only=True, slots=True)
class Harvest:
    """One source's response for one day."""

    #: The spec of the source, such as `arxiv:cs.CL`.
    source: str
    papers: tuple[Paper, ...] = ()
    state: Freshness = Freshness.FRESH
    #: One sentence for the reader if `state` is not fresh.
    note: str = ""
    #: Whether no more papers will come for the day, as on a weekend or a holiday of the source.
    final: bool = False
