"""The interface to what channels were sent."""

from typing import Protocol

from bots.domain.channels import Channel
from bots.domain.runs import Delivery


class Published(Protocol):
    """Reads the parts that a channel was sent, for a platform whose pages show them from the ledger."""

    async def sent_parts(self, channel: Channel, *, limit: int) -> tuple[Delivery, ...]:
        """Return the parts that were sent to a channel, the last first, as they were composed."""
        ...
