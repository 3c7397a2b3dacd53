"""The parts that were sent to a channel, in the database."""

from sqlalchemy import select

from bots.domain.channels import Channel
from bots.domain.runs import Delivery, DeliveryState
from bots.store._database import Database, whole
from bots.store._rows import as_part
from bots.store.tables import delivery, tenant


class SqlPublished:
    """Reads what was sent; see `bots.ports.Published`."""

    _database: Database

    @whole
    async def sent_parts(self, channel: Channel, *, limit: int) -> tuple[Delivery, ...]:
        """Return the parts that were sent to a channel, the last first."""
        parts = select(delivery, tenant.c.platform, tenant.c.workspace).join(tenant)
        here = parts.where(
            tenant.c.platform == channel.platform,
            tenant.c.workspace == channel.workspace,
            delivery.c.channel == channel.channel,
            delivery.c.state == DeliveryState.SENT,
        )
        last_first = here.order_by(delivery.c.first_attempt_at.desc().nulls_last(), delivery.c.number, delivery.c.key)
        return tuple(map(as_part, await self._database.rows(last_first.limit(max(limit, 0)))))
