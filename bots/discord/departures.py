"""Delete the data of a server that removed Paperwire.

The gateway reports a removal while we are connected. A missed removal, and every removal in HTTP mode, is found
by querying each known server; data is deleted only if Discord says that the bot is not in that server.
"""

import asyncio
import logging

import discord

from bots.discord.payloads import PLATFORM
from bots.discord.rest_client import RestClient
from bots.discord.transport import FAILED
from bots.domain.errors import PaperwireError
from bots.ports import Store

_log = logging.getLogger(__name__)

#: Unknown Guild, Missing Access: the bot is not in that server.
_NOT_THERE = frozenset({10004, 50001})


class ServerDepartures:
    """Detects the servers that removed the bot, and deletes their data."""

    def __init__(self, *, store: Store, rest: RestClient, every: float) -> None:
        self._store = store
        self._rest = rest
        self._every = every
        #: Servers in which this token's bot was found.
        self._present: set[str] = set()

    async def left(self, server: str) -> None:
        """Delete everything that belongs to a server."""
        gone = await self._store.purge_workspace(PLATFORM, server)
        _log.warning("a server has removed the bot; its data is deleted", extra={"server": server, "rows": gone})

    async def look(self) -> None:
        """Find the servers that removed the bot while it was not connected, and delete their data.

        A bot that is in none of the known servers may be another bot, whose token was set by mistake: then nothing is
        deleted.
        """
        try:
            known = [each for each in await self._store.workspaces(PLATFORM) if each.isdigit()]
            states = {server: await self._is_there(server) for server in known}
            self._present |= {server for server, there in states.items() if there}
            gone = [server for server, there in states.items() if there is False]
            if gone and not self._present:
                _log.warning("the bot is in none of the known servers, so no data is deleted")
                return
            for server in gone:
                await self.left(server)
        except PaperwireError as error:
            _log.warning("the bot's servers could not be listed", extra={"error": str(error)})

    async def _is_there(self, server: str) -> bool | None:
        """Return whether the bot is in a server; None if Discord does not say."""
        try:
            await self._rest.ask("GET", f"/guilds/{server}")
        except discord.HTTPException as error:
            return False if error.code in _NOT_THERE else None
        except (*FAILED, PaperwireError):
            return None
        return True

    async def keep_looking(self) -> None:
        """Check now and then every `every` seconds (an hour by default); runs until it is cancelled."""
        while True:
            try:
                await self.look()
            except Exception:  # noqa: BLE001 - the next check may succeed
                _log.exception("the check for servers that removed the bot failed")
            await asyncio.sleep(self._every)
