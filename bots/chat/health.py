"""How a platform stands: findings with the fix if something is wrong, and its connections."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True, slots=True)
class HealthFinding:
    """One result of a health check; `fix` is empty if nothing is to be done."""

    name: str
    says: str
    fix: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ConnectionReport:
    """How the connections that this process keeps open to a platform stand."""

    #: How many it is to keep open, and how many are; a process that stands by for others has none.
    wanted: int = 0
    open: int = 0
    #: Whether all of them have been open at the same time since the start.
    has_been_open: bool = False
    #: Seconds from a sign of life to its answer, by connection.
    latencies: Mapping[str, float] = field(default_factory=dict)
    #: How many more may be opened today; None if the platform sets no limit.
    starts_left: int | None = None
    #: What keeps connections from being opened, as a clause; empty if nothing does.
    problem: str = ""

    @property
    def is_open(self) -> bool:
        """Whether every connection is open."""
        return self.open >= self.wanted and not self.problem
