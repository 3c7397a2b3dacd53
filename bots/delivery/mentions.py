"""Takes mentions back that nobody agrees to any more: a part may wait for days, and may be posted by an operator."""

import logging
from dataclasses import replace
from typing import cast

from bots.delivery.adapter_shape import attribute
from bots.delivery.part_delivery import PartDelivery
from bots.digests.who_cares import WhoCares
from bots.domain.digests import Part
from bots.domain.errors import AdapterFault
from bots.domain.runs import Delivery, DeliveryState
from bots.ports.mentions import TakesBackMentions

_log = logging.getLogger(__name__)


async def as_agreed(delivery: Delivery, part_delivery: PartDelivery, who_cares: WhoCares) -> Delivery:
    """Return a part as it may be posted now: it mentions those who still agree and can still read the channel.

    A part of a platform that is not connected here is returned as it is, because it is not posted.

    Raises:
        AdapterFault: the adapter cannot take a mention back; then the part must not be posted.
    """
    part, adapters = delivery.part, part_delivery.adapters
    ours = part.channel.platform in adapters and delivery.state in (DeliveryState.PLANNED, DeliveryState.SENDING)
    if not ours or not callable(attribute(adapters[part.channel.platform], "without_mentions")):
        return delivery
    takes_back = cast("TakesBackMentions", adapters[part.channel.platform])
    named = _mentioned(takes_back, part)
    if not named:
        return delivery
    present = part_delivery.adapter(part.channel.platform).members
    gone = named - await who_cares.still(part.channel, named, present)
    return replace(delivery, part=_without(takes_back, part, gone)) if gone else delivery


def _mentioned(adapter: TakesBackMentions, part: Part) -> frozenset[str]:
    try:
        return frozenset(adapter.mentioned(part))
    except Exception:  # noqa: BLE001 - a message without mentions must not be lost to it
        _log.exception("it is not known whom a message mentions", extra={"platform": part.channel.platform})
        return frozenset()


def _without(adapter: TakesBackMentions, part: Part, users: frozenset[str]) -> Part:
    try:
        return adapter.without_mentions(part, users)
    except Exception as error:
        _log.exception("a mention could not be taken back", extra={"platform": part.channel.platform})
        raise AdapterFault.of(part.channel.platform, "without_mentions", "; the log has details") from error
