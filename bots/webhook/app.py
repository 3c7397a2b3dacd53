"""Connects webhooks: an adapter like that of a chat, without people who answer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import bots
from bots.domain.channels import Channel
from bots.domain.digests import Digest, Part
from bots.domain.errors import HistoryClosed
from bots.domain.replies import Problem
from bots.outbound.client import Outbound
from bots.ports.rate_limits import Rate, RateLimits
from bots.usecases.service import Service
from bots.webhook.outgoing import digest_parts, notice_parts, smaller
from bots.webhook.poster import WebhookPoster
from bots.webhook.receivers import PLATFORM, Receivers
from bots.webhook.settings import WebhookSettings

__all__ = ["WebhookAdapter", "WebhookSettings", "connect"]


class WebhookAdapter:
    """Sends digests to webhooks."""

    platform = PLATFORM
    #: A receiver is a program, and a digest has few messages; all receivers together are as many as are subscribed.
    limits = RateLimits(channel=Rate(count=5, seconds=1), platform=Rate(count=50, seconds=1))

    def __init__(self, poster: WebhookPoster) -> None:
        self._poster = poster

    def compose(self, digest: Digest) -> tuple[Part, ...]:
        """Return the digest as messages; see `Adapter.compose`."""
        return digest_parts(digest)

    def notice(self, channel: Channel, problem: Problem) -> tuple[Part, ...]:
        """Return a notice as a message; see `Adapter.notice`."""
        return notice_parts(channel, problem)

    def shrink(self, part: Part) -> tuple[Part, ...]:
        """Return a part as smaller ones; see `Adapter.shrink`."""
        return smaller(part)

    async def post(self, part: Part, key: str, *, root: str = "") -> str:  # noqa: ARG002 - webhooks have no threads
        """Send one part, and return the id of the message; see `Adapter.post`."""
        return await self._poster.post(part, key)

    async def find(self, channel: Channel, key: str, since: datetime, *, root: str = "") -> str | None:  # noqa: ARG002
        """Raise HistoryClosed: a receiver cannot be asked what it has; see `Adapter.find`.

        Raises:
            HistoryClosed: always. The part can be sent again, because its id says that it is the same.
        """
        raise HistoryClosed("A webhook's receiver cannot be asked what it has received.", repeat=True)

    async def channel_named(self, channel: Channel) -> Channel:
        """Return the channel of an address; see `NamesChannels.channel_named`."""
        return await self._poster.receivers.named(channel)


@asynccontextmanager
async def connect(settings: WebhookSettings, service: Service) -> AsyncIterator[WebhookAdapter]:
    """Yield the adapter; no connection is made before the first message."""
    outbound = Outbound(
        agent=f"Paperwire/{bots.__version__}", private_hosts=settings.private_hosts, seconds=settings.seconds
    )
    async with outbound:
        receivers = Receivers(store=service.store, clock=service.clock, private_hosts=settings.private_hosts)
        yield WebhookAdapter(WebhookPoster(receivers=receivers, outbound=outbound, clock=service.clock))
