"""Plans of workspaces, and what was done in them, in the database."""

from dataclasses import asdict

from sqlalchemy import delete, select

from bots.domain.channels import Channel
from bots.domain.plans import Deed, Plan
from bots.store._database import Database, tenant_of, upsert, whole
from bots.store.tables import audit, plan, tenant

_LIMITS = (plan.c.subscriptions, plan.c.person_requests, plan.c.requests, plan.c.pastes)


class SqlPlans:
    """Stores plans and deeds; see `bots.ports.Plans` and `Deeds`."""

    _database: Database

    @whole
    async def workspace_plan(self, place: Channel) -> Plan:
        """Return the plan of a workspace; an empty one if the operator has set none."""
        query = select(*_LIMITS).join(tenant, plan.c.tenant_id == tenant.c.id)
        mine = (tenant.c.platform == place.platform, tenant.c.workspace == place.workspace)
        row = await self._database.first(query.where(*mine))
        return Plan(**row._asdict()) if row else Plan()

    @whole
    async def keep_plan(self, place: Channel, given: Plan) -> None:
        """Store the plan of a workspace; an empty one deletes it."""
        async with self._database.writing() as connection:
            owner = await tenant_of(connection, place)
            if given == Plan():
                await connection.execute(delete(plan).where(plan.c.tenant_id == owner))
                return
            statement = upsert(connection, plan).values(tenant_id=owner, **asdict(given))
            await connection.execute(statement.on_conflict_do_update(index_elements=["tenant_id"], set_=asdict(given)))

    @whole
    async def keep_deed(self, place: Channel, deed: Deed) -> None:
        """Add a record."""
        async with self._database.writing() as connection:
            owner = await tenant_of(connection, place)
            await connection.execute(audit.insert().values(tenant_id=owner, **asdict(deed)))

    @whole
    async def deeds(self, place: Channel, limit: int) -> tuple[Deed, ...]:
        """Return the records of a workspace, newest first."""
        mine = (tenant.c.platform == place.platform, tenant.c.workspace == place.workspace)
        query = select(audit.c.at, audit.c.actor, audit.c.action).join(tenant, audit.c.tenant_id == tenant.c.id)
        query = query.where(*mine).order_by(audit.c.at.desc(), audit.c.id.desc()).limit(max(limit, 0))
        return tuple(Deed(**row._asdict()) for row in await self._database.rows(query))
