"""Leases in a dictionary."""

from collections.abc import Collection
from datetime import datetime

from bots.domain.leases import Lease
from bots.store.rules import REMEMBERED, utc


class MemoryLeases:
    """Stores leases; see `bots.ports.Leases`."""

    def __init__(self) -> None:
        super().__init__()
        self._leases: dict[tuple[str, str], Lease] = {}

    async def hold_leases(
        self,
        kind: str,
        names: Collection[str],
        *,
        holder: str,
        now: datetime,
        until: datetime,
        note: str = "",
        instead_of: str = "",
    ) -> frozenset[str]:
        """Take or renew leases, and return the names of those that the holder has now."""
        held = set()
        for name in names:
            there = self._leases.get((kind, name))
            if there is None or there.holder in (holder, instead_of or holder) or there.until <= now:
                self._leases[kind, name] = Lease(name=name, holder=holder, until=utc(until), note=note)
                held.add(name)
        return frozenset(held)

    async def end_leases(self, kind: str, names: Collection[str], *, holder: str) -> None:
        """Give up leases."""
        for name in names:
            there = self._leases.get((kind, name))
            if there is not None and there.holder == holder:
                del self._leases[kind, name]

    async def leases(self, kind: str, *, now: datetime) -> tuple[Lease, ...]:
        """Return the leases of a kind that have not lapsed, ordered by name."""
        there = [held for (of, _), held in self._leases.items() if of == kind and held.until > now]
        return tuple(sorted(there, key=lambda held: held.name))

    async def server_time(self) -> datetime | None:
        """Return None: the data is of one process."""
        return None

    def expire_leases(self, now: datetime) -> int:
        """Delete the leases that have long been over; return how many."""
        over = [key for key, held in self._leases.items() if held.until < utc(now) - REMEMBERED]
        for key in over:
            del self._leases[key]
        return len(over)
