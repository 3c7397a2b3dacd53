"""The interface of a kind of work that workers do."""

from collections.abc import Mapping
from typing import Any, Protocol

from bots.ports import JobOutcome


class Work(Protocol):
    """One kind of job."""

    @property
    def task(self) -> str:
        """The name of its jobs."""
        ...

    @property
    def form(self) -> int:
        """The newest form of their arguments that it understands; see `bots.scheduling.known_jobs.FORM`."""
        ...

    async def perform(self, **asked: Any) -> JobOutcome:
        """Do a job, given its arguments; no failure of it may be raised."""
        ...

    async def rescued(self, asked: Mapping[str, Any], attempts: int, why: str) -> bool:
        """Prepare a job that nobody carries out for another worker; return False if it is not to be repeated.

        Args:
            asked: its arguments.
            attempts: how often it was put back already.
            why: why nobody carries it out, as a note.
        """
        ...
