"""The interface to leases: of all processes with one database, one at a time may do a piece of work."""

from datetime import datetime
from typing import Protocol


class Leases(Protocol):
    """Lends pieces of work, such as the making of one blurb, to one process at a time."""

    async def take_lease(self, name: str, holder: str, *, now: datetime, until: datetime) -> bool:
        """Lease a piece of work that is free, whose lease has expired, or that is the holder's already.

        Return True for exactly one holder at a time, however many call at once; for others False. A process that ended
        without giving its lease back blocks nobody once the lease has expired.

        Args:
            name: the piece of work.
            holder: who takes it; a name that no other process has.
            now: this machine's time.
            until: when the lease expires, unless the same holder takes it again before.
        """
        ...

    async def end_lease(self, name: str, holder: str) -> None:
        """Give a lease back; nothing happens if another holder has taken it since."""
        ...
