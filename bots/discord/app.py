"""Connect to Discord over the gateway or over HTTP, with one token for all servers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from functools import partial

from bots.chat.health import ConnectionReport
from bots.chat.health import HealthFinding as Finding
from bots.chat.platform_clock import PlatformClock
from bots.discord.command_sync import keep_synced
from bots.discord.connection import Hearing
from bots.discord.departures import ServerDepartures
from bots.discord.gateway_line import shorten_pauses
from bots.discord.http import open_endpoint
from bots.discord.listener import Listener
from bots.discord.outgoing import digest_parts, mentioned, notice_parts, smaller, without_mentions
from bots.discord.pause_notices import pause_notices
from bots.discord.poster import DiscordPoster
from bots.discord.readable_channels import readable_channels
from bots.discord.rest_client import RestClient, rest
from bots.discord.settings import WHERE_IT_IS, ConnectionMode, DiscordSettings
from bots.discord.shard_keeper import open_shards
from bots.discord.transport import LIMITS, PLATFORM, RequestBudget, quiet_library_logs
from bots.domain.channels import Channel, Reader
from bots.domain.digests import Digest, Part
from bots.domain.errors import DeliveryError, SettingsError
from bots.domain.replies import Problem
from bots.domain.subscriptions import Subscription
from bots.usecases.service import Service

__all__ = ["DiscordAdapter", "DiscordSettings", "connect"]


#: What an adapter reports that keeps no connections open.
_NONE = partial(ConnectionReport, has_been_open=True)


class DiscordAdapter:
    """Posts digests to Discord."""

    platform = PLATFORM
    limits = LIMITS

    def __init__(
        self,
        web: DiscordPoster,
        look: Callable[[], Awaitable[tuple[Finding, ...]]] | None = None,
        speaking: RestClient | None = None,
        report: Callable[[], ConnectionReport] = _NONE,
    ) -> None:
        self._poster = web
        self._report = report
        self._look = look
        self._speaking = speaking

    def compose(self, digest: Digest) -> tuple[Part, ...]:
        """Return the digest as messages inside Discord's limits; see `Adapter.compose`."""
        return digest_parts(digest)

    def notice(self, channel: Channel, problem: Problem) -> tuple[Part, ...]:
        """Return a notice as messages; see `Adapter.notice`."""
        return notice_parts(channel, problem)

    def paused(self, subscription: Subscription, error: DeliveryError) -> tuple[tuple[Part, ...], ...]:
        """Return the notices about a paused subscription; see `TellsOwners.paused`."""
        return pause_notices(subscription, error)

    def shrink(self, part: Part) -> tuple[Part, ...]:
        """Return a part as smaller ones; see `Adapter.shrink`."""
        return smaller(part)

    async def post(self, part: Part, key: str, *, root: str = "") -> str:
        """Post one part under a nonce derived from its key, and return the message's id; see `Adapter.post`."""
        return await self._poster.post(part, key, root)

    async def find(self, channel: Channel, key: str, since: datetime, *, root: str = "") -> str | None:
        """Return the id of the message posted with this key; see `Adapter.find`."""
        return await self._poster.find(channel, key, since, root)

    async def platform_time(self) -> datetime | None:
        """Return Discord's time; see `Timed.platform_time`."""
        return await self._poster.platform_time()

    async def members(self, channel: Channel, users: Collection[str]) -> frozenset[str]:
        """Return which of the people can read a channel; see `SeesMembers.members`."""
        return await self._poster.members(channel, users)

    def mentioned(self, part: Part) -> frozenset[str]:
        """Return whom a part mentions; see `TakesBackMentions.mentioned`."""
        return mentioned(part)

    def without_mentions(self, part: Part, users: Collection[str]) -> Part:
        """Return a part that mentions these people no more; see `TakesBackMentions.without_mentions`."""
        return without_mentions(part, users)

    async def check_channel(self, channel: Channel) -> None:
        """Return if digests can be posted to a channel; see `ChecksChannels.check_channel`."""
        await self._poster.check_channel(channel)

    async def readable(
        self, reader: Reader, channels: Collection[Channel], *, alone: bool = False
    ) -> frozenset[Channel]:
        """Return the channels that everyone in the server can read, this person too; see `ShowsChannels`."""
        return await readable_channels(self._speaking, reader, channels, alone=alone) if self._speaking else frozenset()

    def connections(self) -> ConnectionReport:
        """Return how the shards of the gateway stand; see `Connected.connections`."""
        return self._report()

    async def check(self) -> tuple[Finding, ...]:
        """Return the findings about the set-up; see `Checked.check`."""
        return await self._look() if self._look else ()


@asynccontextmanager
async def connect(settings: DiscordSettings, service: Service) -> AsyncIterator[DiscordAdapter]:
    """Yield the connected adapter; if `settings.listening`, answer interactions until the context exits.

    Raises:
        SettingsError: a setting is missing or not valid.
    """
    if not settings.token:
        raise SettingsError(
            "Discord's setup is incomplete: set discord.token.",
            hint=WHERE_IT_IS,
        )
    quiet_library_logs()
    shorten_pauses()
    budget = RequestBudget(clock=PlatformClock("Discord", clock=service.clock), permits=service.permits)
    async with AsyncExitStack() as stack:
        speaking = await stack.enter_async_context(rest(settings, budget))
        report: Callable[[], ConnectionReport] = _NONE
        if settings.listening:
            report = await stack.enter_async_context(_listened(settings, service, speaking, budget))
        web = DiscordPoster(speaking, look=settings.look, publish=settings.publish)
        yield DiscordAdapter(web, partial(_looked_at, settings, service), speaking, report)


async def _looked_at(settings: DiscordSettings, service: Service) -> tuple[Finding, ...]:
    from bots.discord.health import check_health

    return await check_health(settings, service.store, service.clock)


@asynccontextmanager
async def _listened(
    settings: DiscordSettings, service: Service, speaking: RestClient, budget: RequestBudget
) -> AsyncIterator[Callable[[], ConnectionReport]]:
    """Serve interactions until the context exits, then finish those already received."""
    servers = ServerDepartures(store=service.store, rest=speaking, clock=service.clock, every=settings.look_every)
    listener = Listener(service=service, rest=speaking, settings=settings)
    beside = [
        asyncio.create_task(keep_synced(speaking, settings.dev_server)),
        asyncio.create_task(servers.keep_looking()),
    ]
    try:
        if settings.way is ConnectionMode.HTTP:
            async with open_endpoint(settings.listen, speaking.public_key, clock=service.clock, take=listener.take):
                yield _NONE
                await listener.rest()
        else:
            hearing = Hearing(take=listener.take, leave=servers.left, join=servers.joined, react=listener.react)
            async with open_shards(
                settings, speaking, budget, leases=service.store, clock=service.clock, hearing=hearing
            ) as shards:
                yield shards.report
                await listener.rest()
    finally:
        for task in beside:
            task.cancel()
        await asyncio.wait(beside)
