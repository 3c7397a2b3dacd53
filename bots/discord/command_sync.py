"""Register the commands with Discord, but only if they differ from the registered ones: Discord counts creations."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import Any

import discord

from bots.discord.command_definitions import commands, fingerprint
from bots.discord.rest_client import RestClient
from bots.discord.transport import FAILED, said_by
from bots.domain.errors import PaperwireError

_log = logging.getLogger(__name__)

#: Seconds before a retry: the first pause, doubled each time up to the longest.
_FIRST, _LONGEST = 5.0, 600.0


async def known(rest: RestClient, server: str = "") -> list[Mapping[str, Any]]:
    """Return the commands that are registered with Discord, for one server or for all.

    Raises:
        discord.HTTPException, OSError, TimeoutError, aiohttp.ClientError, SettingsError: as `RestClient.ask`.
    """
    found: Sequence[Mapping[str, Any]] = await rest.ask(
        "GET", await _path(rest, server), query={"with_localizations": "true"}
    )
    return list(found)


async def is_synced(rest: RestClient, server: str = "") -> bool:
    """Return whether the registered commands equal ours; raises the same errors as `known`."""
    return fingerprint(await known(rest, server)) == fingerprint(commands())


async def sync_commands(rest: RestClient, server: str = "") -> bool:
    """Register the commands if Discord has different ones; return whether it had. Raises the same errors as `known`."""
    if await is_synced(rest, server):
        return False
    await rest.ask("PUT", await _path(rest, server), body=commands())
    _log.info("the commands were registered with Discord", extra={"where": server or "everywhere"})
    return True


async def _path(rest: RestClient, server: str) -> str:
    application = (await rest.application()).id
    return (
        f"/applications/{application}/guilds/{server}/commands" if server else f"/applications/{application}/commands"
    )


async def keep_synced(rest: RestClient, server: str = "") -> None:
    """Register the commands, and retry until Discord accepts them."""
    pause = _FIRST
    while True:
        try:
            await sync_commands(rest, server)
            return
        except discord.HTTPException as error:
            _log.error("Discord refused the commands; it keeps the old ones", extra={"error": said_by(error)})
        except (*FAILED, PaperwireError) as error:
            _log.warning("the commands could not be registered with Discord yet", extra={"error": str(error)})
        await asyncio.sleep(pause)
        pause = min(pause * 2, _LONGEST)
