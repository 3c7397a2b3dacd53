"""Keep the gateway connection open: discord.py resumes and shards; this module reconnects after the library gives up.

The library stops for good when Discord names no gateway address, when Discord closes with a code that the
library does not know, or on an error that it does not expect. None of these may end the process or affect
another platform.
"""

import asyncio
import json
import logging
import random
import re
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

import discord
from discord.gateway import KeepAliveHandler

from bots.discord.settings import DiscordSettings
from bots.discord.transport import RequestBudget, reroute

_log = logging.getLogger(__name__)

#: Seconds before an ended connection is reopened: doubled each time, up to the second value. Each start uses one of
#: 1,000 sessions a day (docs.discord.com, Gateway, Session Start Limit): at the longest pause there are 288.
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 300.0
#: Seconds after which a connection counts as stable: the next pause is short again.
_GOOD = 60.0
#: Seconds to wait for a client to close.
_CLOSE = 5.0
_TRIES = 5
#: Events that are passed on as they came, by their names in the text of a message.
_PASSED = ("INTERACTION_CREATE", "MESSAGE_REACTION_ADD", "MESSAGE_REACTION_REMOVE")
_NAMED = re.compile("|".join(f'"{name}"' for name in _PASSED))

#: Handles a raw interaction.
Take = Callable[[Mapping[str, Any]], Awaitable[None]]
#: Handles the id of a server that removed the bot, or that invited it.
Leave = Callable[[str], Awaitable[None]]
Join = Callable[[str], Awaitable[None]]
#: Handles a raw reaction, and whether it was taken off.
React = Callable[[Mapping[str, Any], bool], Awaitable[None]]


class _Client(discord.AutoShardedClient):
    """A client that passes on raw interactions, so that the same functions read those of both connection modes."""

    def __init__(self, budget: RequestBudget, take: Take, leave: Leave, join: Join, react: React) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True, guild_reactions=True, dm_reactions=True),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            # Without it the library passes an interaction only as its own objects.
            enable_debug_events=True,
            http_trace=budget.trace(),
        )
        self._take = take
        self._leave = leave
        self._join = join
        self._react = react

    async def on_socket_raw_receive(self, message: str) -> None:
        """Pass on an interaction or a reaction."""
        if _NAMED.search(message):
            payload = json.loads(message)
            if payload.get("t") == "INTERACTION_CREATE":
                await self._take(payload["d"])
            elif payload.get("t") in _PASSED:
                await self._react(payload["d"], payload["t"] != "MESSAGE_REACTION_ADD")

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Report that the bot was removed from a server; a server that is only unavailable is not reported."""
        await self._leave(str(guild.id))

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Report that the bot was invited to a server; those it was in when it connected are not reported."""
        await self._join(str(guild.id))

    async def on_ready(self) -> None:
        """Log that the connection is ready."""
        _log.info("connected to Discord", extra={"servers": len(self.guilds), "shards": self.shard_count})

    async def on_resumed(self) -> None:
        """Log that the connection has resumed."""
        _log.info("the connection to Discord has resumed")

    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:
        """Log the exception that an event listener raised."""
        _log.exception("an event from Discord could not be handled", extra={"event": event_method})


class GatewayConnection:
    """A connection to Discord's gateway, which is reopened whenever it ends."""

    def __init__(
        self, settings: DiscordSettings, budget: RequestBudget, take: Take, leave: Leave, join: Join, react: React
    ) -> None:
        self._settings = settings
        self._budget = budget
        self._heard = (take, leave, join, react)
        self._client: _Client | None = None
        self._draw = random.Random()  # noqa: S311 - so that many clients do not reconnect at the same moment

    async def keep(self) -> None:
        """Keep the connection open; runs until it is cancelled."""
        pause = FIRST_PAUSE
        loop = asyncio.get_running_loop()
        while True:
            start = loop.time()
            await self._once()
            if loop.time() - start > _GOOD:
                pause = FIRST_PAUSE
            await asyncio.sleep(pause * self._draw.uniform(0.5, 1.0))
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _once(self) -> None:
        """Open a connection and return when it has ended."""
        client = self._client = _Client(self._budget, *self._heard)
        reroute(client.http, self._budget, api_url=self._settings.api_url, gateway_url=self._settings.gateway_url)
        try:
            await client.start(self._settings.token.reveal())
            _log.warning("the connection to Discord has ended; reconnecting")
        except discord.LoginFailure:
            _log.error("Discord no longer accepts discord.token; paperwire doctor shows the fix")
        except discord.PrivilegedIntentsRequired:
            _log.error("Discord requires a privileged intent that Paperwire does not request")
        except Exception as error:  # noqa: BLE001 - after any failure the connection is opened again
            _log.warning(
                "the connection to Discord broke; reconnecting", extra={"error": f"{type(error).__name__}: {error}"}
            )
        finally:
            await self._ended(client)

    async def _ended(self, client: _Client) -> None:
        """Close a client, waiting at most `_CLOSE` seconds; its HTTP sessions are closed in any case."""
        closing = asyncio.ensure_future(client.close())
        closing.add_done_callback(_heeded)
        await asyncio.wait({closing}, timeout=_CLOSE)
        closing.cancel()
        with suppress(Exception):
            await client.http.close()

    async def close(self, keeping: "asyncio.Task[None]") -> None:
        """Close the connection within seconds.

        The library swallows a cancellation while it identifies again, and would wait forever. So the client is closed
        first, and then the task `keeping` is cancelled repeatedly until it ends.
        """
        if self._client is not None:
            await self._ended(self._client)
        for _ in range(_TRIES):
            keeping.cancel()
            done, _ = await asyncio.wait({keeping}, timeout=_CLOSE / _TRIES)
            if done:
                break
        else:
            _log.error("the connection to Discord did not close in time")
        if self._client is not None:
            _stop_hearts(self._client)


def _stop_hearts(client: discord.Client) -> None:
    """Stop the heartbeat threads of a client: the library does not stop the thread of an interrupted handshake."""
    for thread in threading.enumerate():
        # No public attribute leads from such a thread to its client.
        if isinstance(thread, KeepAliveHandler) and thread.ws._connection is client._connection:
            thread.stop()


def _heeded(ended: "asyncio.Future[None]") -> None:
    """Retrieve a future's exception, so that asyncio does not warn that it was never retrieved."""
    if not ended.cancelled():
        ended.exception()


@asynccontextmanager
async def open_connection(
    settings: DiscordSettings, budget: RequestBudget, *, take: Take, leave: Leave, join: Join, react: React
) -> AsyncIterator[GatewayConnection]:
    """Keep a connection to Discord open until the context exits."""
    held = GatewayConnection(settings, budget, take, leave, join, react)
    keeping = asyncio.create_task(held.keep())
    try:
        yield held
    finally:
        await held.close(keeping)
