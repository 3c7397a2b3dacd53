"""How long the history of runs and the known papers are kept, and what a clean-up deleted."""

from dataclasses import dataclass
from datetime import datetime, timedelta

#: Half a year of history answers what was posted and why; a replay needs the texts of the last quarter only.
RUN_DAYS = 183
#: A year of papers and a month: a search finds what a reader remembers from last year's conference.
PAPER_DAYS = 400
#: Slots are looked back for during a month, so their runs must still be there.
LEAST_DAYS = 35
#: More days are a typing error.
_CENTURY = 36_525


@dataclass(frozen=True, kw_only=True, slots=True)
class Retention:
    """How many days things are kept; 0 keeps them for ever."""

    #: Days that a run and its parts are kept after the run ended.
    run_days: int = RUN_DAYS
    #: Days that a public paper is kept after a source last listed it.
    paper_days: int = PAPER_DAYS

    def runs_before(self, now: datetime) -> datetime | None:
        """Return the instant before which a run must have ended to be deleted; None if none is."""
        return now - timedelta(days=self.run_days) if self.run_days else None

    def papers_before(self, now: datetime) -> datetime | None:
        """Return the instant before which a paper must have been listed last to be deleted; None if none is."""
        return now - timedelta(days=self.paper_days) if self.paper_days else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Pruned:
    """What a clean-up deleted; each number counts rows."""

    runs: int = 0
    parts: int = 0
    papers: int = 0
    #: On which day a source listed a paper.
    listings: int = 0
    #: Subscriptions that had ended, and had no run left.
    subscriptions: int = 0

    def __add__(self, more: "Pruned") -> "Pruned":
        """Return what both deleted."""
        return Pruned(
            runs=self.runs + more.runs,
            parts=self.parts + more.parts,
            papers=self.papers + more.papers,
            listings=self.listings + more.listings,
            subscriptions=self.subscriptions + more.subscriptions,
        )

    @property
    def rows(self) -> int:
        """The number of rows; 0 if nothing was old enough."""
        return self.runs + self.parts + self.papers + self.listings + self.subscriptions


def read_days(value: str) -> int:
    """Read a number of days for which something is kept; 0 is for ever.

    Raises:
        ValueError: it is no number, or fewer days than the schedule looks back.
    """
    days = int(value)
    if days and not LEAST_DAYS <= days <= _CENTURY:
        raise ValueError(f"give {LEAST_DAYS} to {_CENTURY} days, or 0 to keep everything")
    return days
