"""Subscriptions in the database."""

from typing import Any

from sqlalchemy import bindparam, case, func, select, update

from bots.domain.channels import Channel
from bots.domain.subscriptions import Subscription
from bots.store._database import Database, tenant_of, upsert, whole, whole_for_all, whole_for_some
from bots.store.records import SUBSCRIPTION
from bots.store.tables import subscription as table
from bots.store.tables import tenant

_STANDING = select(table, tenant.c.platform, tenant.c.workspace).join(tenant).where(table.c.ended.is_(False))
_BY_ID = _STANDING.where(table.c.id == bindparam("id"))


class SqlSubscriptions:
    """Stores subscriptions; see `bots.ports.Subscriptions`."""

    _database: Database

    @whole_for_all
    async def keep_subscription(self, subscription: Subscription) -> None:
        """Store a subscription, replacing the one with the same id."""
        async with self._database.writing() as connection:
            row = {
                "tenant_id": await tenant_of(connection, subscription.channel),
                "channel": subscription.channel.channel,
                "enabled": subscription.enabled,
                "ended": False,
                "created": subscription.created,
                "body": SUBSCRIPTION.write(subscription),
            }
            statement = upsert(connection, table).values(id=subscription.id, **row)
            await connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=row))

    @whole_for_all
    async def subscription(self, subscription_id: str) -> Subscription | None:
        """Return a subscription by its id."""
        row = await self._database.first(_BY_ID, {"id": subscription_id})
        return _subscription(row) if row else None

    @whole_for_some
    async def subscriptions(self, channel: Channel | None = None) -> tuple[Subscription, ...]:
        """Return the subscriptions of a channel, or all of them, oldest first."""
        query = _STANDING.order_by(table.c.created.asc().nulls_first(), table.c.id)
        if channel is not None:
            query = query.where(
                tenant.c.platform == channel.platform,
                tenant.c.workspace == channel.workspace,
                table.c.channel == channel.channel,
            )
        return tuple(map(_subscription, await self._database.rows(query)))

    @whole
    async def subscription_counts(self, channel: Channel) -> tuple[int, int]:
        """Return the numbers of subscriptions of a channel and of its whole workspace."""
        here = func.coalesce(func.sum(case((table.c.channel == channel.channel, 1), else_=0)), 0)
        query = select(here.label("channel"), func.count().label("workspace")).select_from(table.join(tenant))
        of_workspace = (tenant.c.platform == channel.platform, tenant.c.workspace == channel.workspace)
        (row,) = await self._database.rows(query.where(table.c.ended.is_(False), *of_workspace))
        return int(row.channel), int(row.workspace)

    @whole_for_all
    async def drop_subscription(self, subscription_id: str) -> bool:
        """End a subscription; its row, its runs and posted papers stay. Return False if there was none."""
        standing = update(table).where(table.c.id == subscription_id, table.c.ended.is_(False))
        async with self._database.writing() as connection:
            # Its words are deleted: only the row's owner is still needed, for its runs.
            ended = await connection.execute(standing.values(ended=True, body={}))
        return ended.rowcount == 1


def _subscription(row: Any) -> Subscription:
    return SUBSCRIPTION.read(
        row.body,
        id=row.id,
        channel=Channel(platform=row.platform, workspace=row.workspace, channel=row.channel),
        enabled=row.enabled,
        created=row.created,
    )
