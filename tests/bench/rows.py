"""The result of a measurement: our figure, the peer's, and their ratio."""

import time
from collections.abc import Callable
from dataclasses import dataclass


class LeftOut(Exception):
    """A measurement cannot be made here; the message says what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One of our figures next to a peer's."""

    what: str
    ours: float
    unit: str
    peer: str
    theirs: float
    more_is_better: bool = False

    def __str__(self) -> str:
        """Return the row as printed; a ratio above 1 means that ours is better by that factor."""
        better, worse = (self.ours, self.theirs) if self.more_is_better else (self.theirs, self.ours)
        ratio = f"x{better / worse:.2f}" if worse else "-"
        return f"{self.what:<44} {self.ours:9.2f} {self.unit:<4} | {self.peer:<28} {self.theirs:9.2f} | {ratio}"


def best_of(rounds: int, work: Callable[[], object]) -> float:
    """Return the shortest time of several rounds, in milliseconds: the one least disturbed by the machine."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times) * 1000
