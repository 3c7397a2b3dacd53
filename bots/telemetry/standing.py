"""How the program stands at an instant, for those who watch it: whether it can work, and what waits."""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bots.chat.health import ConnectionReport
from bots.domain.errors import StoreError
from bots.domain.queues import QueueState
from bots.domain.runs import Tally
from bots.ports import Clock, Ledger, Queues

_log = logging.getLogger(__name__)

#: Seconds. Probes wait one second by default in Kubernetes, and five in ours; a database that takes longer than this
#: is not one to send work to.
_PATIENCE = 2.0
#: Counting the rows of a year takes some ten milliseconds, which several watchers must not cost every second.
_KEPT = timedelta(seconds=5)


@dataclass(frozen=True, kw_only=True, slots=True)
class Usage:
    """What an engine with a price used today, which ends at midnight UTC."""

    requests: int
    prompt_tokens: int
    completion_tokens: int
    #: What the tokens cost, in the currency of the prices in the settings; 0 if no price is set.
    cost: float = 0.0


class Phase(StrEnum):
    """Where the program is between its start and its end."""

    STARTING = "starting"
    UP = "up"
    ENDING = "ending"


@dataclass(frozen=True, kw_only=True, slots=True)
class Readiness:
    """Whether the program can do its work."""

    database: bool
    #: Each platform that is set up, and whether it is connected.
    platforms: Mapping[str, bool]
    #: How the connections stand that a platform needs.
    connections: Mapping[str, ConnectionReport] = field(default_factory=dict)
    #: Whether this machine's clock agrees with that of the database's server.
    clock: bool = True
    phase: Phase = Phase.UP

    @property
    def is_ready(self) -> bool:
        """Whether it is up, database and clock are usable and, if platforms are set up, one is connected at least.

        Until the connections of a platform have been open once, the program is not ready at all: a rolling update would
        go on before the new process can replace the old one. Later an outage of one platform must not take the program
        away from the others.
        """
        begun = all(each.has_been_open for each in self.connections.values())
        usable = self.phase is Phase.UP and self.database and self.clock
        return usable and begun and (not self.platforms or any(self.platforms.values()))


@dataclass(kw_only=True, slots=True)
class NotUp:
    """How a program stands that is not up yet, or not any more; it has the methods of `Standing`."""

    clock: Clock
    phase: Phase = Phase.STARTING
    #: Whether the database's server can be used, as far as is known.
    database: bool = True

    async def readiness(self) -> Readiness:
        """Return that it cannot work."""
        return Readiness(database=self.database, platforms={}, phase=self.phase)

    async def tally(self) -> None:
        """Return nothing: the ledger is not open."""

    async def queue_states(self) -> tuple[QueueState, ...]:
        """Return nothing: the queues are not open."""
        return ()

    def usage(self) -> Mapping[str, Usage]:
        """Return nothing: no engine is open."""
        return {}

    def clock_stands(self) -> tuple[bool, float | None]:
        """Return that nothing is known of the clock."""
        return True, None


def _unwatched() -> tuple[bool, float | None]:
    """Take the clock for right."""
    return True, None


@dataclass(kw_only=True, slots=True)
class Standing:
    """Reads how the program stands."""

    ledger: Ledger
    clock: Clock
    #: The connected platforms, and those that are set up and not connected, as they are now.
    connected: Callable[[], Collection[str]]
    absent: Callable[[], Collection[str]]
    #: What each engine with a price used today, by its name.
    usage: Callable[[], Mapping[str, Usage]]
    #: How the connections stand of each platform that keeps some open.
    connections: Callable[[], Mapping[str, ConnectionReport]] = dict
    #: The queues of workers; None if there are none.
    queues: Queues | None = None
    #: Whether the clock is right, and by how many seconds it is ahead of the server's; None if that is not known.
    clock_stands: Callable[[], tuple[bool, float | None]] = _unwatched
    _last: tuple[datetime, Tally] | None = field(default=None)
    _last_queues: tuple[datetime, tuple[QueueState, ...]] | None = field(default=None)
    #: Whether the database did not answer the last time.
    _silent: bool = False

    async def readiness(self) -> Readiness:
        """Return whether the program can work now."""
        reports = self.connections()
        there = {name: name not in reports or reports[name].is_open for name in self.connected()}
        platforms = {**dict.fromkeys(self.absent(), False), **there}
        database = await self.tally() is not None
        right, _ = self.clock_stands()
        return Readiness(database=database, platforms=platforms, connections=reports, clock=right)

    async def tally(self) -> Tally | None:
        """Return the ledger's counts, at most some seconds old; None if the database does not answer."""
        now = self.clock()
        if self._last and abs(now - self._last[0]) < _KEPT:
            return self._last[1]
        try:
            async with asyncio.timeout(_PATIENCE):
                tally = await self.ledger.tally(now)
        except (StoreError, TimeoutError) as error:
            self._last = None
            # Probes ask every ten seconds; what they see is told once.
            level = logging.DEBUG if self._silent else logging.WARNING
            _log.log(level, "the database does not answer", extra={"error": str(error) or type(error).__name__})
            self._silent = True
            return None
        if self._silent:
            _log.info("the database answers again")
        self._silent = False
        self._last = (now, tally)
        return tally

    async def queue_states(self) -> tuple[QueueState, ...]:
        """Return how the queues stand, at most some seconds old; empty if there are none or nobody can tell."""
        now = self.clock()
        if self.queues is None:
            return ()
        if self._last_queues and abs(now - self._last_queues[0]) < _KEPT:
            return self._last_queues[1]
        try:
            async with asyncio.timeout(_PATIENCE):
                found = await self.queues.states()
        except (StoreError, TimeoutError) as error:
            _log.warning("the queues cannot be read", extra={"error": str(error) or type(error).__name__})
            return ()
        self._last_queues = (now, found)
        return found
