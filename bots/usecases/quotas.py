"""Limits how much a person, and a workspace as a whole, may request in a day; a refusal is polite."""

from dataclasses import dataclass, replace
from datetime import UTC

from bots.chat.phrases import counted
from bots.domain.channels import Channel, Reader
from bots.domain.errors import TooMany
from bots.ports import Clock, Counters, Plans
from bots.translation.speech import gettext, ngettext

#: The kind of what people ask in chats.
REQUEST = "request"


@dataclass(frozen=True, kw_only=True, slots=True)
class Quota:
    """Daily limits for one kind of request; None means no limit."""

    #: The singular noun that the reader sees: "preview", "condensed abstract".
    kind: str
    person: int | None = None
    workspace: int | None = None


#: Abstracts that people paste, which cost an engine's time for one workspace alone; limited where a plan says so.
PASTES = Quota(kind="condensed abstract")


@dataclass(frozen=True, kw_only=True, slots=True)
class Quotas:
    """Counts requests by UTC day."""

    counters: Counters
    clock: Clock
    #: What the operator allows single workspaces; without it all have the same limits.
    plans: Plans | None = None

    async def spend(self, reader: Reader, quota: Quota, amount: int = 1) -> None:
        """Count a person's request.

        Raises:
            TooMany: the request exceeds one of the limits; the workspace's count then stays unchanged.
            StoreError: the database cannot be written.
        """
        quota = await self._planned(reader, quota)
        # The person's limit first: a refused request must not use up the workspace's quota. A person without an id
        # counts only for the workspace.
        if quota.person is not None and reader.user and not await self._counts(reader, quota, amount, quota.person):
            raise _too_many(gettext("You have used up today's limit of {limit}."), quota.kind, quota.person)
        everyone = replace(reader, user="")
        if quota.workspace is not None and not await self._counts(everyone, quota, amount, quota.workspace):
            everybody = gettext("All users here together have used up today's limit of {limit}.")
            raise _too_many(everybody, quota.kind, quota.workspace)

    async def _planned(self, reader: Reader, quota: Quota) -> Quota:
        """Return the limits that hold in a person's workspace."""
        if self.plans is None:
            return quota
        plan = await self.plans.workspace_plan(Channel(platform=reader.platform, workspace=reader.workspace))
        person, everyone = {REQUEST: (plan.person_requests, plan.requests), PASTES.kind: (None, plan.pastes)}.get(
            quota.kind, (None, None)
        )
        return replace(
            quota,
            person=quota.person if person is None else person,
            workspace=quota.workspace if everyone is None else everyone,
        )

    async def _counts(self, reader: Reader, quota: Quota, amount: int, limit: int) -> bool:
        today = self.clock().astimezone(UTC).date()
        return await self.counters.spend(reader, quota.kind, day=today, amount=amount, limit=limit)


def _too_many(said: str, kind: str, limit: int) -> TooMany:
    return TooMany(
        said.format(limit=_amount(kind, limit)),
        hint=gettext("The count restarts at midnight UTC; whoever runs Paperwire can raise the limit."),
    )


def _amount(kind: str, limit: int) -> str:
    """Return "10 requests"; the nouns of quotas that other packages define stay English."""
    if kind == REQUEST:
        return ngettext("{number} request", "{number} requests", limit)
    return counted(limit, kind)
