"""How much a person, and a workspace as a whole, may ask for in a day; who wants more is told so politely."""

from dataclasses import dataclass, replace
from datetime import UTC

from bots.domain.channels import Reader
from bots.domain.errors import TooMany
from bots.ports import Clock, Counters
from bots.presentation.phrases import counted


@dataclass(frozen=True, kw_only=True, slots=True)
class Quota:
    """What there may be of one kind in a day; None is without limit."""

    #: Said to the reader, as one of them: "preview", "condensed abstract".
    kind: str
    person: int | None = None
    workspace: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Quotas:
    """Counts what is asked for, by day as UTC has it."""

    counters: Counters
    clock: Clock

    async def spend(self, reader: Reader, quota: Quota, amount: int = 1) -> None:
        """Count what a person asks for.

        Raises:
            TooMany: it is more than one of the limits; the workspace is then charged nothing.
            StoreError: the database cannot be written.
        """
        # The person first: what one asks for in vain must not use up what the others have.
        # Somebody without an id has no count but the workspace's.
        if quota.person is not None and reader.user and not await self._counts(reader, quota, amount, quota.person):
            raise _too_many("You have", quota.kind, quota.person)
        everyone = replace(reader, user="")
        if quota.workspace is not None and not await self._counts(everyone, quota, amount, quota.workspace):
            raise _too_many("This workspace has", quota.kind, quota.workspace)

    async def _counts(self, reader: Reader, quota: Quota, amount: int, limit: int) -> bool:
        today = self.clock().astimezone(UTC).date()
        return await self.counters.spend(reader, quota.kind, day=today, amount=amount, limit=limit)


def _too_many(who: str, kind: str, limit: int) -> TooMany:
    return TooMany(
        f"{who} had today's {counted(limit, kind)} already.",
        hint="It begins anew at midnight UTC; whoever runs Paperwire can allow more.",
    )
