"""The interface to adapters whose messages mention members."""

from collections.abc import Collection
from typing import Protocol, runtime_checkable

from bots.domain.digests import Part


@runtime_checkable
class TakesBackMentions(Protocol):
    """The optional methods of an adapter that mentions members: a part may be posted long after it was composed."""

    def mentioned(self, part: Part) -> frozenset[str]:
        """Return the ids of the people whom a part mentions, as in `Entry.care`."""
        ...

    def without_mentions(self, part: Part, users: Collection[str]) -> Part:
        """Return a part that mentions these people no more, and is the same otherwise."""
        ...
