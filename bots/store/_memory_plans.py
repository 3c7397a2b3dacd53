"""Plans of workspaces, and what was done in them, in dictionaries."""

from datetime import datetime, timedelta

from bots.domain.channels import Channel
from bots.domain.plans import Deed, Plan
from bots.store.rules import AUDIT_DAYS, utc

_Workspace = tuple[str, str]


class MemoryPlans:
    """Stores plans and deeds; see `bots.ports.Plans` and `Deeds`."""

    def __init__(self) -> None:
        super().__init__()
        self._plans: dict[_Workspace, Plan] = {}
        self._deeds: dict[_Workspace, list[Deed]] = {}

    async def workspace_plan(self, place: Channel) -> Plan:
        """Return the plan of a workspace; an empty one if the operator has set none."""
        return self._plans.get(_of(place), Plan())

    async def keep_plan(self, place: Channel, given: Plan) -> None:
        """Store the plan of a workspace; an empty one deletes it."""
        self._plans[_of(place)] = given
        if given == Plan():
            del self._plans[_of(place)]

    async def keep_deed(self, place: Channel, deed: Deed) -> None:
        """Add a record."""
        self._deeds.setdefault(_of(place), []).append(Deed(at=utc(deed.at), actor=deed.actor, action=deed.action))

    async def deeds(self, place: Channel, limit: int) -> tuple[Deed, ...]:
        """Return the records of a workspace, newest first."""
        kept = sorted(self._deeds.get(_of(place), []), key=lambda deed: deed.at)
        return tuple(kept[::-1][: max(limit, 0)])

    def _planned(self) -> tuple[Channel, ...]:
        """Return the owners of everything stored here."""
        held = self._plans.keys() | self._deeds.keys()
        return tuple(Channel(platform=platform, workspace=workspace) for platform, workspace in held)

    def _forget_plans(self, platform: str, workspace: str) -> int:
        """Delete what belongs to a workspace; return the number of rows."""
        mine = (platform, workspace)
        return (self._plans.pop(mine, Plan()) != Plan()) + len(self._deeds.pop(mine, ()))

    def _expire_deeds(self, now: datetime) -> int:
        """Delete the records that have reached their end; return how many."""
        kept = {
            place: [deed for deed in deeds if deed.at >= now - timedelta(days=AUDIT_DAYS)]
            for place, deeds in self._deeds.items()
        }
        gone = sum(map(len, self._deeds.values())) - sum(map(len, kept.values()))
        self._deeds = kept
        return gone


def _of(place: Channel) -> _Workspace:
    return place.platform, place.workspace
