"""Find which channels a person can read: those of everyone, which replies may name, and the others."""

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
_READS = Permission.VIEW_CHANNEL | Permission.READ_MESSAGE_HISTORY


async def readable_channels(
    speaking: RestClient, reader: Reader, channels: Collection[Channel], *, alone: bool = False
) -> frozenset[Channel]:
    """Return the channels that both a person and everyone in the server can view; see `ShowsChannels.readable`.

    A channel that only some roles view is left out even for a person with such a role, unless the person is alone:
    others may read a reply.
    """
    inside = [each for each in channels if each.workspace and each.workspace == reader.workspace]
    if not inside:
        return frozenset()
    try:
        member = await speaking.ask("GET", f"/guilds/{reader.workspace}/members/{reader.user}")
    except (*FAILED, PaperwireError):
        return frozenset()
    seen = await asyncio.gather(*(_is_seen(speaking, each, member, reader.user, alone=alone) for each in inside))
    return frozenset(each for each, told in zip(inside, seen, strict=True) if told)


async def _is_seen(
    speaking: RestClient, channel: Channel, member: Mapping[str, Any], user: str, *, alone: bool
) -> bool:
    try:
        about: Mapping[str, Any] = await speaking.ask("GET", f"/channels/{channel.channel}")
        if str(about.get("guild_id")) != channel.workspace or about.get("type") == ChannelKind.PRIVATE_THREAD:
            return False
        theirs = await rights_in(speaking, channel, about, member, user)
        if alone:
            # An archive is history: who may not read it in the channel does not read it elsewhere.
            return bool(theirs & Permission.ADMINISTRATOR) or _READS & theirs == _READS
        everyones = await rights_in(speaking, channel, about, {}, "")
    except (*FAILED, PaperwireError, KeyError, ValueError):
        return False
    return bool(theirs & _SEES and everyones & _SEES)
