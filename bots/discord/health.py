"""Health checks for Discord: the token, the commands, and the bot's permissions in the channels of subscriptions."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import discord

from bots.chat.health import HealthFinding
from bots.chat.phrases import counted, listed
from bots.chat.platform_clock import PlatformClock
from bots.discord.channel_kinds import FORUMS, tags_of
from bots.discord.command_sync import is_synced
from bots.discord.error_translation import GONE, NEEDS_TAG
from bots.discord.identifies import facts_in
from bots.discord.permissions import missing, needed_in
from bots.discord.rest_client import RestClient, rest
from bots.discord.rights import own_rights
from bots.discord.settings import WHERE_IT_IS, ConnectionMode, DiscordSettings
from bots.discord.transport import FAILED, RequestBudget, said_by
from bots.domain.channels import Channel
from bots.domain.errors import PaperwireError, SettingsError
from bots.domain.leases import COUNT, PROCESS, SHARD
from bots.domain.shards import ShardStanding, shard_standing
from bots.ports import Clock, Store

#: At most this many channels are queried, each with its server.
_MOST_CHANNELS = 40
_NETWORK = "check the network, or discord.api_url"


async def check_health(
    settings: DiscordSettings, store: Store, clock: Clock | None = None
) -> tuple[HealthFinding, ...]:
    """Return the findings on the token, the commands, each channel with a subscription, and this machine's clock."""
    subscriptions = await store.subscriptions()
    # Subscriptions that were switched off because of their channel are checked too: the finding names the fix.
    wanted = [subscription for subscription in subscriptions if subscription.enabled or subscription.off_because]
    channels = sorted({subscription.channel for subscription in wanted if subscription.channel.platform == "discord"})
    if not settings.token:
        return (HealthFinding(name="discord token", says="discord.token is not set", fix=WHERE_IT_IS),)
    time = PlatformClock("Discord", clock=clock)
    try:
        async with rest(settings, RequestBudget(clock=time)) as speaking:
            found = (*await _set_up(settings, speaking), *await _channels(speaking, channels))
            if settings.way is ConnectionMode.GATEWAY and clock is not None:
                found = (*found, *await _gateway(settings, speaking, store, clock()))
            return (*found, *filter(None, (time.finding(),)))
    except SettingsError as error:
        return (HealthFinding(name="discord token", says=str(error), fix=error.hint),)
    except (*FAILED, PaperwireError) as error:
        return (HealthFinding(name="discord", says=f"Discord cannot be reached: {error}", fix=_NETWORK),)


async def _set_up(settings: DiscordSettings, speaking: RestClient) -> list[HealthFinding]:
    application = await speaking.application()
    found = [HealthFinding(name="discord", says=f"joined as {application.name}"), await _commands(settings, speaking)]
    about: Mapping[str, Any] = await speaking.ask("GET", "/applications/@me")
    posted_to = str(about.get("interactions_endpoint_url") or "")
    if settings.way is ConnectionMode.HTTP and not posted_to:
        fix = "developer portal, General Information, Interactions Endpoint URL: https://YOUR.HOST/discord/interactions"
        found.append(
            HealthFinding(
                name="discord http", says="Discord has no Interactions Endpoint URL to send interactions to", fix=fix
            )
        )
    if settings.way is ConnectionMode.GATEWAY and posted_to:
        fix = "clear Interactions Endpoint URL in the developer portal, or set discord.way to http"
        found.append(
            HealthFinding(name="discord gateway", says=f"Discord sends interactions to {posted_to} instead", fix=fix)
        )
    return found


async def _gateway(
    settings: DiscordSettings, speaking: RestClient, store: Store, now: datetime
) -> tuple[HealthFinding, ...]:
    """Return the findings on the shards and on the sessions that may still be started today."""
    facts = facts_in(await speaking.ask("GET", "/gateway/bot"))
    found = shard_standing(*[await store.leases(kind, now=now) for kind in (COUNT, SHARD, PROCESS)])
    starts = f"{facts.remaining} of {facts.total} sessions may still be started today"
    fix = ""
    if facts.remaining < max(facts.shards, settings.shards.count):
        fix = f"more may be started in {facts.reset_after / 3600:.1f} hours; until then restart nothing"
    return (HealthFinding(name="discord sessions", says=starts, fix=fix), *_shards(settings, facts.shards, found))


def _shards(settings: DiscordSettings, recommended: int, found: ShardStanding | None) -> tuple[HealthFinding, ...]:
    name, count = "discord shards", found.count if found else settings.shards.count or recommended
    if settings.shards.count and count != settings.shards.count:
        says = f"discord.shards says {settings.shards}, but the running processes have {count}"
        return (HealthFinding(name=name, says=says, fix="set the same number for all processes"),)
    if settings.shards.count and recommended > count:
        says = f"Discord recommends {counted(recommended, 'shard')} instead of {count}"
        return (HealthFinding(name=name, says=says, fix="set discord.shards to auto, or to that number everywhere"),)
    if found is None:
        return (HealthFinding(name=name, says=f"{counted(count, 'shard')}; no process is running now"),)
    fix = "start a process for them, or set discord.shards to auto" if found.missing else ""
    return (HealthFinding(name=name, says=str(found), fix=fix),)


async def _commands(settings: DiscordSettings, speaking: RestClient) -> HealthFinding:
    if await is_synced(speaking, settings.dev_server):
        return HealthFinding(name="discord commands", says="Discord's commands are up to date")
    return HealthFinding(
        name="discord commands",
        says="Discord's commands are out of date",
        fix="paperwire run updates them at its start, or: paperwire discord sync",
    )


async def _channels(speaking: RestClient, channels: Iterable[Channel]) -> list[HealthFinding]:
    asked = list(channels)[:_MOST_CHANNELS]
    found = [each for channel in asked if (each := await _channel(speaking, channel))]
    if asked and not found:
        found.append(HealthFinding(name="discord channels", says=f"may post in {counted(len(asked), 'channel')}"))
    return found


async def _channel(speaking: RestClient, channel: Channel) -> HealthFinding | None:
    """Return the problem that prevents a digest in a channel; None if there is none."""
    name = f"discord {channel.channel}"
    try:
        about: Mapping[str, Any] = await speaking.ask("GET", f"/channels/{channel.channel}")
        if not channel.workspace:
            return None
        lacking = missing(await own_rights(speaking, channel, about), needed_in(int(about.get("type", 0))))
    except discord.HTTPException as error:
        _, fix = GONE.get(error.code) or ("", "check the channel's permissions, or end the subscription")
        return HealthFinding(name=name, says=f"Discord says {said_by(error)}", fix=fix)
    label = f"discord #{about.get('name', channel.channel)}"
    if lacking:
        return HealthFinding(
            name=label, says=f"missing: {listed(lacking)}", fix="Edit Channel, Permissions: allow Paperwire these"
        )
    if int(about.get("type", 0)) in FORUMS and tags_of(about) is None:
        return HealthFinding(name=label, says="the forum requires a tag on each post", fix=GONE[NEEDS_TAG][1])
    return None
