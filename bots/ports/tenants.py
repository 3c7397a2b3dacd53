"""Interfaces to the database for what workspaces may use, and for what was done in them."""

from typing import Protocol

from bots.domain.channels import Channel
from bots.domain.plans import Deed, Plan


class Plans(Protocol):
    """Stores what each workspace may use. A place stands for its whole workspace."""

    async def workspace_plan(self, place: Channel) -> Plan:
        """Return the plan of a workspace; an empty one if the operator has set none."""
        ...

    async def keep_plan(self, place: Channel, plan: Plan) -> None:
        """Store the plan of a workspace, replacing the one it had; an empty one deletes it."""
        ...


class Deeds(Protocol):
    """Records who changed what in a workspace; a record ends after `AUDIT_DAYS`, and with its workspace."""

    async def keep_deed(self, place: Channel, deed: Deed) -> None:
        """Add a record."""
        ...

    async def deeds(self, place: Channel, limit: int) -> tuple[Deed, ...]:
        """Return the records of a workspace, newest first."""
        ...
