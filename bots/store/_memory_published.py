"""The parts that a channel was sent, in a dictionary."""

from bots.domain.channels import Channel
from bots.domain.runs import Delivery, DeliveryState
from bots.store.records import frozen


class MemoryPublished:
    """Reads what was sent; see `bots.ports.Published`."""

    _deliveries: dict[str, Delivery]

    async def sent_parts(self, channel: Channel, *, limit: int) -> tuple[Delivery, ...]:
        """Return the parts that were sent to a channel, the last first."""
        here = [each for each in self._deliveries.values() if each.part.channel == channel]
        sent = sorted((each for each in here if each.state is DeliveryState.SENT), key=_latest)
        return tuple(map(frozen, sent[: max(limit, 0)]))


def _latest(part: Delivery) -> tuple[float, int, str]:
    """Return the sort key of a sent part, the last first; those that were never tried come last."""
    tried = part.first_attempt_at
    return -tried.timestamp() if tried else float("inf"), part.part.number, part.key
