"""Find which channels everyone in a server can read: replies to one person may name only those."""

import asyncio
from collections.abc import Collection, Mapping
from typing import Any

from bots.discord.channel_kinds import ChannelKind
from bots.discord.permissions import Permission
from bots.discord.rest_client import RestClient
from bots.discord.rights import rights_in
from bots.discord.transport import FAILED
from bots.domain.channels import Channel, Reader
from bots.domain.errors import PaperwireError

_SEES = Permission.VIEW_CHANNEL | Permission.ADMINISTRATOR


async def readable_channels(speaking: RestClient, reader: Reader, channels: Collection[Channel]) -> frozenset[Channel]:
    """Return the channels that both a person and everyone in the server can view; see `ShowsChannels.readable`.

    A channel that only some roles view is left out even for a person with such a role, because others may read the
    reply.
    """
    inside = [each for each in channels if each.workspace and each.workspace == reader.workspace]
    if not inside:
        return frozenset()
    try:
        member = await speaking.ask("GET", f"/guilds/{reader.workspace}/members/{reader.user}")
    except (*FAILED, PaperwireError):
        return frozenset()
    seen = await asyncio.gather(*(_is_seen(speaking, each, member, reader.user) for each in inside))
    return frozenset(each for each, told in zip(inside, seen, strict=True) if told)


async def _is_seen(speaking: RestClient, channel: Channel, member: Mapping[str, Any], user: str) -> bool:
    try:
        about: Mapping[str, Any] = await speaking.ask("GET", f"/channels/{channel.channel}")
        if str(about.get("guild_id")) != channel.workspace or about.get("type") == ChannelKind.PRIVATE_THREAD:
            return False
        theirs = await rights_in(speaking, channel, about, member, user)
        everyones = await rights_in(speaking, channel, about, {}, "")
    except (*FAILED, PaperwireError, KeyError, ValueError):
        return False
    return bool(theirs & _SEES and everyones & _SEES)
