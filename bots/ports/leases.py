"""The interface for what only one of the processes that share a database may have at a time."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from bots.domain.leases import Lease


class Leases(Protocol):
    """Stores which process holds what, and until when."""

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
        """Take or renew leases, and return the names of those that the holder has now.

        A lease is taken if nobody has it, if it has lapsed, or if its process has certainly ended. Of several callers
        at the same instant one gets it.

        Args:
            kind: what the names name; each kind has its own.
            names: the leases to take or renew.
            holder: the process.
            now: the current time.
            until: when the leases lapse.
            note: what to tell whoever lists the leases.
            instead_of: a holder from whom they are taken even if they have not lapsed.
        """
        ...

    async def end_leases(self, kind: str, names: Collection[str], *, holder: str) -> None:
        """Give up leases, so that another process can take them at once; others' leases are left alone."""
        ...

    async def leases(self, kind: str, *, now: datetime) -> tuple[Lease, ...]:
        """Return the leases of a kind that have not lapsed, ordered by name."""
        ...

    async def server_time(self) -> datetime | None:
        """Return the time of the clock that all processes with this database share, aware; None if there is only one.

        Raises:
            StoreError: the database cannot be read.
        """
        ...
