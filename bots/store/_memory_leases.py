"""The leases of pieces of work, in a dictionary."""

from datetime import datetime

from bots.store.rules import REMEMBERED, utc


class MemoryLeases:
    """Lends pieces of work; see `bots.ports.Leases`."""

    def __init__(self) -> None:
        super().__init__()
        #: The holder of each piece of work, and until when.
        self._leases: dict[str, tuple[str, datetime]] = {}

    async def take_lease(self, name: str, holder: str, *, now: datetime, until: datetime) -> bool:
        """Lease a piece of work that is free, over, or the holder's already."""
        theirs, end = self._leases.get(name, (holder, now))
        if theirs != holder and end > utc(now):
            return False
        self._leases[name] = (holder, utc(until))
        return True

    async def end_lease(self, name: str, holder: str) -> None:
        """Give a lease back, if it is still the holder's."""
        if self._leases.get(name, ("",))[0] == holder:
            del self._leases[name]

    def expire_leases(self, now: datetime) -> int:
        """Delete the leases that have long been over; return how many."""
        over = [name for name, (_, until) in self._leases.items() if until < utc(now) - REMEMBERED]
        for name in over:
            del self._leases[name]
        return len(over)
