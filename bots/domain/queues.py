"""The queues of work for workers: their names, and how each stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from bots.domain.errors import BadCommand

#: Digests that are due.
DIGESTS = "digests"
#: Blurbs of papers that a person waits for.
SUMMARIES = "summaries"
#: Work that nobody waits for: papers are indexed for search, and condensed ahead.
INDEXING = "indexing"
#: Every queue; a person's is first.
QUEUES = (SUMMARIES, DIGESTS, INDEXING)


@dataclass(frozen=True, kw_only=True, slots=True)
class QueueState:
    """How a queue stands at an instant."""

    name: str
    #: Jobs that are due and that no worker has taken.
    waiting: int = 0
    #: Seconds since the first of them was due.
    oldest: float = 0.0
    #: Jobs under way.
    running: int = 0
    #: Workers that showed recently that they are alive.
    workers: int = 0


def check_queues(names: Sequence[str]) -> None:
    """Raise if a queue does not exist.

    Raises:
        BadCommand: one does not; the hint names those that do.
    """
    wrong = [name for name in names if name not in QUEUES]
    if wrong:
        raise BadCommand(f"{wrong[0]!r} is no queue.", hint=f"The queues are {', '.join(QUEUES)}.")
