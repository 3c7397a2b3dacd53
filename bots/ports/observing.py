"""The interface to whoever watches the program: what happened, how often and how long it took, and never a text."""

from contextlib import AbstractContextManager, nullcontext
from enum import StrEnum
from typing import Protocol

from bots.domain.runs import RunState


class PostOutcome(StrEnum):
    """What happened to a part that is to be posted."""

    BEGUN = "begun"
    SENT = "sent"
    #: It had been posted already: the answer to an earlier attempt was lost.
    FOUND = "found"
    REFUSED = "refused"
    #: The platform asked to post later: HTTP 429.
    RATE_LIMITED = "rate_limited"
    #: No answer came; the message is looked up before another attempt.
    UNKNOWN = "unknown"
    SPLIT = "split"
    #: It may or may not have been posted, and nobody can tell: the admin decides.
    HELD = "held"
    DEAD = "dead"
    #: It must not be posted any more: its subscription is paused, or it is too late.
    WITHDRAWN = "withdrawn"


class BlurbOutcome(StrEnum):
    """Where a blurb came from."""

    CACHED = "cached"
    MADE = "made"
    FAILED = "failed"


class Observer(Protocol):
    """Is told what happened; no method may raise or wait, and a span passes on what is raised in it."""

    def posted(self, platform: str, outcome: PostOutcome) -> None:
        """Count what happened to a part."""

    def run_opened(self, late: float) -> None:
        """Record that the run of a slot was opened, and how many seconds after the slot."""

    def run_ended(self, state: RunState, seconds: float) -> None:
        """Record the final state of a run, and the seconds since it was opened."""

    def blurb(self, engine: str, outcome: BlurbOutcome, seconds: float) -> None:
        """Record a blurb, and how many seconds it took."""

    def source_read(self, source: str, *, answered: bool, seconds: float) -> None:
        """Record that a source was asked, by its name without what was asked of it."""

    def permitted(self, limit: str, seconds: float) -> None:
        """Record how many seconds somebody waited for a permit of a rate limit, by the kind of its lane."""

    def span(self, name: str, **facts: str) -> AbstractContextManager[None]:
        """Return a context that records the time of one step, within the step of the task that it is in.

        Args:
            name: the kind of step.
            facts: ids of what it is about; no text.
        """
        ...


class Unobserved:
    """An observer that keeps nothing."""

    def posted(self, platform: str, outcome: PostOutcome) -> None:
        """Do nothing."""

    def run_opened(self, late: float) -> None:
        """Do nothing."""

    def run_ended(self, state: RunState, seconds: float) -> None:
        """Do nothing."""

    def blurb(self, engine: str, outcome: BlurbOutcome, seconds: float) -> None:
        """Do nothing."""

    def source_read(self, source: str, *, answered: bool, seconds: float) -> None:
        """Do nothing."""

    def permitted(self, limit: str, seconds: float) -> None:
        """Do nothing."""

    def span(self, name: str, **facts: str) -> AbstractContextManager[None]:  # noqa: ARG002 - the port's
        """Return a context that does nothing."""
        return nullcontext()
