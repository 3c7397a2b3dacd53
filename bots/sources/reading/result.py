"""What a parser made of a text from outside: the papers, and what it had to leave out."""

from collections.abc import Sequence
from dataclasses import dataclass

from bots.domain.papers import Paper

# Enough to find the trouble; a note is one sentence, and a page of hostile items must not become a page of notes.
_NAMED = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """The papers of one text, in its order."""

    papers: tuple[Paper, ...] = ()
    #: What was left out, a few words each, such as `item 3 (no title)`.
    skipped: tuple[str, ...] = ()

    @property
    def trouble(self) -> str:
        """One sentence about what was left out; empty when nothing was."""
        return f"{len(self.skipped)} left out as unreadable: {shortly(self.skipped)}." if self.skipped else ""


def shortly(names: Sequence[str]) -> str:
    """Return the first few names and how many more there are."""
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
