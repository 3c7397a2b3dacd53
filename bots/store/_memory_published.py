"""The parts that a channel was sent, and the papers that were posted in it, in dictionaries."""

from datetime import datetime

from bots.domain.channels import Channel
from bots.domain.papers import PaperId
from bots.domain.posted import PostedMark, PostedPaper
from bots.domain.runs import Delivery, DeliveryState
from bots.store._memory_shelf import MemoryShelf
from bots.store.records import frozen, shown


class MemoryPublished(MemoryShelf):
    """Reads what was sent; see `bots.ports.Published`."""

    _deliveries: dict[str, Delivery]
    _posted: dict[Channel, dict[PaperId, tuple[datetime, str]]]

    async def sent_parts(self, channel: Channel, *, limit: int) -> tuple[Delivery, ...]:
        """Return the parts that were sent to a channel, the last first."""
        here = [each for each in self._deliveries.values() if each.part.channel == channel]
        sent = sorted((each for each in here if each.state is DeliveryState.SENT), key=_latest)
        return tuple(map(frozen, sent[: max(limit, 0)]))

    async def posted_papers(
        self, channel: Channel, *, limit: int = 50, before: PostedMark | None = None
    ) -> tuple[PostedPaper, ...]:
        """Return the papers of the last messages in a channel, the last message first."""
        here = self._posted.get(channel, {})
        marks = {PostedMark(at=at, part_key=key) for at, key in here.values()}
        earlier = sorted(mark for mark in marks if before is None or mark < before)
        found: list[PostedPaper] = []
        for mark in reversed(earlier):
            if len(found) >= max(limit, 0):
                break
            part = self._deliveries.get(mark.part_key)
            names = part.part.paper_ids if part else sorted(here)
            own = [name for name in names if here.get(name) == (mark.at, mark.part_key)]
            known = [await self.paper(name, place=channel) for name in own]
            found += shown([paper for paper in known if paper is not None], mark)
        return tuple(found)


def _latest(part: Delivery) -> tuple[float, int, str]:
    """Return the sort key of a sent part, the last first; those that were never tried come last."""
    tried = part.first_attempt_at
    return -tried.timestamp() if tried else float("inf"), part.part.number, part.key
