"""Limits how much a person, and a workspace as a whole, may request in a day; a refusal is polite."""

from dataclasses import dataclass, replace
from datetime import UTC

from bots.chat.phrases import counted
from bots.domain.channels import Reader
from bots.domain.errors import TooMany
from bots.ports import Clock, Counters


@dataclass(frozen=True, kw_only=True, slots=True)
class Quota:
    """Daily limits for one kind of request; None means no limit."""

    #: The singular noun that the reader sees: "preview", "condensed abstract".
    kind: str
    person: int | None = None
    workspace: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Quotas:
    """Counts requests by UTC day."""

    counters: Counters
    clock: Clock

    async def spend(self, reader: Reader, quota: Quota, amount: int = 1) -> None:
        """Count a person's request.

        Raises:
            TooMany: the request exceeds one of the limits; the workspace's count then stays unchanged.
            StoreError: the database cannot be written.
        """
        # The person's limit first: a refused request must not use up the workspace's quota. A person without an id
        # counts only for the workspace.
        if quota.person is not None and reader.user and not await self._counts(reader, quota, amount, quota.person):
            raise _too_many("You have", quota.kind, quota.person)
        everyone = replace(reader, user="")
        if quota.workspace is not None and not await self._counts(everyone, quota, amount, quota.workspace):
            raise _too_many("All users here together have", quota.kind, quota.workspace)

    async def _counts(self, reader: Reader, quota: Quota, amount: int, limit: int) -> bool:
        today = self.clock().astimezone(UTC).date()
        return await self.counters.spend(reader, quota.kind, day=today, amount=amount, limit=limit)


def _too_many(who: str, kind: str, limit: int) -> TooMany:
    return TooMany(
        f"{who} used up today's limit of {counted(limit, kind)}.",
        hint="The count restarts at midnight UTC; whoever runs Paperwire can raise the limit.",
    )
