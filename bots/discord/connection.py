"""The line to Discord's gateway, kept up: discord.py resumes and shards; what it gives up is begun anew here.

The library ends for good when it is told no address, when Discord closes with a code it does not know, or when an
error comes that it does not expect. That must end neither the process nor another platform.
"""

import asyncio
import json
import logging
import random
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

import discord
from discord.gateway import KeepAliveHandler

from bots.discord.settings import DiscordSettings
from bots.discord.transport import RequestBudget, reroute

_log = logging.getLogger(__name__)

#: Seconds until a line that ended is begun anew: doubled each time, up to the last. Each begin costs one of a
#: thousand sessions a day (docs.discord.com, Gateway, Session Start Limit): at the longest pause there are 288.
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 300.0
#: A line that stood so long was a good one: the next pause is short again.
_GOOD = 60.0
#: The end of a client is not waited for longer.
_CLOSE = 5.0
_TRIES = 5
_INTERACTION = '"INTERACTION_CREATE"'

#: Takes an interaction as Discord sent it.
Take = Callable[[Mapping[str, Any]], Awaitable[None]]
#: Takes the id of a server that we were removed from.
Leave = Callable[[str], Awaitable[None]]


class _Client(discord.AutoShardedClient):
    """A client that hands on what people do as it came, so that both ways to Discord are read by the same functions."""

    def __init__(self, budget: RequestBudget, take: Take, leave: Leave) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            # Without it the library shows an interaction only as objects of its own.
            enable_debug_events=True,
            http_trace=budget.trace(),
        )
        self._take = take
        self._leave = leave

    async def on_socket_raw_receive(self, message: str) -> None:
        """Hand on an interaction."""
        if _INTERACTION in message:
            payload = json.loads(message)
            if payload.get("t") == "INTERACTION_CREATE":
                await self._take(payload["d"])

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Hand on that we were removed from a server; one that is down is not left."""
        await self._leave(str(guild.id))

    async def on_ready(self) -> None:
        """Say that the line stands."""
        _log.info("the line to Discord stands", extra={"servers": len(self.guilds), "shards": self.shard_count})

    async def on_resumed(self) -> None:
        """Say that the line stands again."""
        _log.info("the line to Discord stands again")

    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:
        """Write down what a listener failed with."""
        _log.exception("something of Discord's could not be handled", extra={"event": event_method})


class GatewayConnection:
    """One line to Discord, whoever holds it at present."""

    def __init__(self, settings: DiscordSettings, budget: RequestBudget, take: Take, leave: Leave) -> None:
        self._settings = settings
        self._budget = budget
        self._heard = (take, leave)
        self._client: _Client | None = None
        self._draw = random.Random()  # noqa: S311 - so that many that were cut off do not come back at once

    async def keep(self) -> None:
        """Keep the line up; runs until it is cancelled."""
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
        """Open a line and return when it has ended."""
        client = self._client = _Client(self._budget, *self._heard)
        reroute(client.http, self._budget, api_url=self._settings.api_url, gateway_url=self._settings.gateway_url)
        try:
            await client.start(self._settings.token.reveal())
            _log.warning("the line to Discord has ended, and is begun anew")
        except discord.LoginFailure:
            _log.error("Discord does not take discord.token any more; paperwire doctor says what to do")
        except discord.PrivilegedIntentsRequired:
            _log.error("Discord wants an intent that we do not ask for")
        except Exception as error:  # noqa: BLE001 - whatever ends a line, the next one is begun
            _log.warning(
                "the line to Discord broke, and is begun anew", extra={"error": f"{type(error).__name__}: {error}"}
            )
        finally:
            await self._ended(client)

    async def _ended(self, client: _Client) -> None:
        """End a client, however it takes it; its sessions end in any case."""
        closing = asyncio.ensure_future(client.close())
        closing.add_done_callback(_heeded)
        await asyncio.wait({closing}, timeout=_CLOSE)
        closing.cancel()
        with suppress(Exception):
            await client.http.close()

    async def close(self, keeping: "asyncio.Task[None]") -> None:
        """End the line, within seconds.

        The library swallows a cancellation while it identifies anew, and would wait on for ever: so first the client
        is closed, and then who keeps it is cancelled until it listens.
        """
        if self._client is not None:
            await self._ended(self._client)
        for _ in range(_TRIES):
            keeping.cancel()
            done, _ = await asyncio.wait({keeping}, timeout=_CLOSE / _TRIES)
            if done:
                break
        else:
            _log.error("the line to Discord does not end")
        if self._client is not None:
            _stop_hearts(self._client)


def _stop_hearts(client: discord.Client) -> None:
    """End the threads that send a client's heartbeats: one whose handshake was cut short is closed by nobody."""
    for thread in threading.enumerate():
        # No public name leads from such a thread to its client.
        if isinstance(thread, KeepAliveHandler) and thread.ws._connection is client._connection:
            thread.stop()


def _heeded(ended: "asyncio.Future[None]") -> None:
    """Take note of how something ended, so that nobody warns that no one did."""
    if not ended.cancelled():
        ended.exception()


@asynccontextmanager
async def line(
    settings: DiscordSettings, budget: RequestBudget, *, take: Take, leave: Leave
) -> AsyncIterator[GatewayConnection]:
    """Keep a line to Discord up for as long as the block lasts."""
    held = GatewayConnection(settings, budget, take, leave)
    keeping = asyncio.create_task(held.keep())
    try:
        yield held
    finally:
        await held.close(keeping)
