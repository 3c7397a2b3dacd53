"""The result of parsing external text: the papers, and a description of the items that were left out."""

from collections.abc import Sequence
from dataclasses import dataclass

from bots.domain.papers import Paper

# A few names are enough to find the problem; a note is one sentence, however many hostile items there are.
_NAMED = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """The papers of one text, in the same order."""

    papers: tuple[Paper, ...] = ()
    #: A few words for each item that was left out, such as `item 3 (no title)`.
    skipped: tuple[str, ...] = ()

    @property
    def trouble(self) -> str:
        """A sentence about the items that were left out; empty if there are none."""
        return f"{len(self.skipped)} left out as unreadable: {shortly(self.skipped)}." if self.skipped else ""


def shortly(names: Sequence[str]) -> str:
    """Return the first few names and the number of the others."""
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
