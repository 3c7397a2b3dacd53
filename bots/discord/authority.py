"""Find a person's permissions in a channel other than the one they act in, so that they can manage it from anywhere."""

import asyncio
from collections.abc import Mapping
from typing import Any

from bots.discord.payloads import Location
from bots.discord.permissions import Permission
from bots.discord.rest_client import RestClient
from bots.discord.rights import rights_in
from bots.discord.transport import FAILED
from bots.domain.channels import Channel
from bots.domain.errors import NotAllowed, PaperwireError
from bots.translation.speech import gettext

#: Seconds: Discord allows three in all before the first answer.
_PATIENCE = 1.5


async def rights_elsewhere(speaking: RestClient, channel: Channel, location: Location) -> int | None:
    """Return a person's permissions in a channel, as bits; None if it is the channel they act in.

    Args:
        speaking: the client.
        channel: the channel that the request concerns.
        location: where the person acts, with their roles.

    Raises:
        NotAllowed: the channel is not in this server, or Discord does not tell.
    """
    if channel == location.channel or not channel.workspace:
        return None
    if location.permissions & Permission.ADMINISTRATOR:
        return location.permissions
    try:
        async with asyncio.timeout(_PATIENCE):
            about: Mapping[str, Any] = await speaking.ask("GET", f"/channels/{channel.channel}")
            if str(about.get("guild_id")) != location.channel.workspace:
                raise _untold()
            held = await rights_in(speaking, channel, about, {"roles": location.roles}, location.user)
    except NotAllowed:
        raise
    except (*FAILED, PaperwireError, KeyError, ValueError) as error:
        raise _untold() from error
    # Without View Channel a member has no permission there (docs.discord.com, Permissions, Implicit Permissions).
    return held if held & (Permission.VIEW_CHANNEL | Permission.ADMINISTRATOR) else 0


def _untold() -> NotAllowed:
    return NotAllowed(
        gettext("Discord did not tell whether you may manage that channel."),
        hint=gettext("Try again, or do it in that channel."),
    )
