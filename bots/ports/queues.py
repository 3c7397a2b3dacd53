"""The interfaces to workers: somebody else condenses a paper, and how the queues stand."""

from typing import Protocol

from bots.domain.queues import QueueState
from summarizer import Abstract, Blurb, Style


class Condenser(Protocol):
    """Condenses abstracts of public papers in another process."""

    async def condense(self, abstract: Abstract, style: Style, key: str, *, busy: bool = True) -> Blurb | None:
        """Return the blurb; None if nobody else makes it, and then the caller does, at once.

        It never waits for a worker that does not exist, has died, or is too busy to begin.

        Args:
            abstract: a published text; a pasted or private one must not be given.
            style: the form of the blurb.
            key: the key under which the blurb cache has it, so that another engine's blurb is not taken for ours.
            busy: whether the caller makes other blurbs at present; if not, it makes one itself that takes little.

        Raises:
            SummarizerError: the engine refused the abstract there.
            CondensingFailed: the engine failed by a fault of its own, and would here too.
        """
        ...


class Queues(Protocol):
    """Knows how the queues stand."""

    async def states(self) -> tuple[QueueState, ...]:
        """Return how each queue stands now, in the order of `bots.domain.queues.QUEUES`.

        Raises:
            StoreError: the queues cannot be read.
        """
        ...
