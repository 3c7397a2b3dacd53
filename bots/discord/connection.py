"""Keep one shard of the gateway connected: discord.py resumes; this module reconnects after the library gives up.

The library stops for good when Discord names no gateway address, when Discord closes with a code that the
library does not know, or on an error that it does not expect. None of these may end the process or affect
another shard or platform.
"""

import asyncio
import logging
import math
import random
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import discord
from discord.gateway import ReconnectWebSocket

from bots.discord.gateway_line import stop_hearts
from bots.discord.identifies import IdentifyGate
from bots.discord.payloads import INTERACTION, REACTION_GONE, event_in
from bots.discord.settings import DiscordSettings
from bots.discord.transport import RequestBudget, reroute
from bots.domain.errors import SettingsError, StoreError

_log = logging.getLogger(__name__)

#: Seconds before an ended connection is reopened: doubled each time, up to the second value. Each start uses one of
#: 1,000 sessions a day (docs.discord.com, Gateway, Session Start Limit): at the longest pause there are 288.
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 300.0
#: Seconds after which a connection counts as stable: the next pause is short again.
_GOOD = 60.0
#: Seconds without a word from Discord after which a line counts as dead. It answers each heartbeat, of which there is
#: one every 41 seconds (docs.discord.com, Gateway, Heartbeat Interval).
_SILENCE = 60.0
#: Seconds to wait for a client to close.
_CLOSE = 5.0
_UNAUTHORIZED = 401
_REFUSED = "Discord no longer accepts discord.token; paperwire doctor shows the fix"
_TRIES = 5
#: Seconds that a client waits for its turn to start another session; after the library's 60 it would be abandoned.
_TURN = 30.0
#: The shard, or the number of shards, is not valid; there are too few shards for the servers (docs.discord.com, Opcodes
#: and status codes, Gateway Close Event Codes).
_INVALID_SHARD, TOO_FEW = 4010, 4011

#: The library's events after which a session has a connection or has none.
_UP = {"connect": True, "resumed": True, "disconnect": False}

#: Handles a raw interaction.
Take = Callable[[Mapping[str, Any]], Awaitable[None]]
#: Handles the id of a server that removed the bot, or that invited it.
Leave = Callable[[str], Awaitable[None]]
Join = Callable[[str], Awaitable[None]]
#: Handles a raw reaction, and whether it was taken off.
React = Callable[[Mapping[str, Any], bool], Awaitable[None]]


class _NoTurn(Exception):
    """A session was lost and no other may be started soon: the client is replaced by one that waits for its turn."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hearing:
    """Handles what comes over the gateway."""

    take: Take
    leave: Leave
    join: Join
    react: React


class _Client(discord.Client):
    """A client of one shard that passes on raw interactions, so that the same functions read those of both modes."""

    def __init__(self, shard: "Shard", budget: RequestBudget) -> None:
        super().__init__(
            shard_id=shard.number,
            shard_count=shard.count,
            intents=discord.Intents(guilds=True, guild_reactions=True, dm_reactions=True),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            heartbeat_timeout=_SILENCE,
            chunk_guilds_at_startup=False,
            # Without it the library passes an interaction only as its own objects.
            enable_debug_events=True,
            http_trace=budget.trace(),
        )
        self._shard = shard
        self._hearing = shard.hearing

    async def before_identify_hook(self, _shard_id: int | None, *, initial: bool = False) -> None:  # noqa: ARG002
        """Wait until this shard may start a session, and record that it does; the library sends IDENTIFY afterwards."""
        gate, number = self._shard.gate, self._shard.number
        if not gate.has_turn(number):
            try:
                async with asyncio.timeout(_TURN):
                    await gate.wait(number)
            except TimeoutError as error:
                raise _NoTurn from error
        await gate.started(number)

    async def on_socket_raw_receive(self, message: str) -> None:
        """Pass on an interaction or a reaction."""
        name, data = event_in(message)
        if name == INTERACTION:
            await self._hearing.take(data)
        elif name:
            await self._hearing.react(data, name == REACTION_GONE)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Report that the bot was removed from a server; a server that is only unavailable is not reported."""
        await self._hearing.leave(str(guild.id))

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Report that the bot was invited to a server; those it was in when it connected are not reported."""
        await self._hearing.join(str(guild.id))

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Record whether there is a session with a connection; see the library's method.

        A closed client has no event loop to start listeners in, and may still have a handshake in progress.
        """
        if event in _UP:
            self._shard.changed(is_up=_UP[event], error=sys.exc_info()[1])
        if not self.is_closed():
            super().dispatch(event, *args, **kwargs)

    async def on_ready(self) -> None:
        """Log that the connection is ready."""
        more = {"servers": len(self.guilds), "shard": self._shard.name}
        _log.info("connected to Discord", extra=more)

    async def on_resumed(self) -> None:
        """Log that the session has resumed."""
        _log.info("the connection to Discord has resumed", extra={"shard": self._shard.name})

    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:
        """Log the exception that an event listener raised."""
        _log.exception("an event from Discord could not be handled", extra={"event": event_method})


class Shard:
    """A shard's connection to Discord's gateway, which is reopened whenever it ends."""

    def __init__(
        self,
        number: int,
        count: int,
        *,
        settings: DiscordSettings,
        budget: RequestBudget,
        gate: IdentifyGate,
        hearing: Hearing,
    ) -> None:
        self.number = number
        self.count = count
        self.gate = gate
        self.hearing = hearing
        #: Whether there is a session with a connection.
        self.is_up = False
        #: The code with which Discord closed the last connection; 0 if it did not.
        self.closed_with = 0
        self._settings = settings
        self._budget = budget
        self._is_closing = False
        #: Whether it was told that the gateway is away.
        self._is_told = False
        self._client: _Client | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._draw = random.Random()  # noqa: S311 - so that many clients do not reconnect at the same moment

    @property
    def name(self) -> str:
        """The shard, as `3/8`."""
        return f"{self.number}/{self.count}"

    @property
    def latency(self) -> float | None:
        """Seconds from the last heartbeat to its answer; None if there is none."""
        found = self._client.latency if self._client is not None and self.is_up else math.nan
        return found if math.isfinite(found) else None

    def changed(self, *, is_up: bool, error: BaseException | None = None) -> None:
        """Record whether there is a session with a connection; the second failure in a row is logged, and no further.

        The first one may be the reconnect that Discord asks for every few hours.
        """
        if not is_up and not self.is_up and not self._is_told and not self._is_closing:
            self._is_told = True
            said = "it broke before its session went on" if isinstance(error, ReconnectWebSocket) else _said(error)
            more = {"shard": self.name, "error": said}
            _log.warning("Discord's gateway cannot be reached; it is tried again until it can", extra=more)
        self._is_told = self._is_told and not is_up
        self.is_up = is_up

    def open(self) -> None:
        """Begin to keep the shard connected."""
        self._keeping = asyncio.create_task(self._keep(), name=f"shard {self.name}")

    async def _keep(self) -> None:
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
        more = {"shard": self.name}
        try:
            await self.gate.wait(self.number)
            client = self._client = _Client(self, self._budget)
            reroute(client.http, self._budget, api_url=self._settings.api_url, gateway_url=self._settings.gateway_url)
            await client.start(self._settings.token.reveal())
            if not self._is_closing:
                _log.warning("the connection to Discord has ended; reconnecting", extra=more)
        except (discord.LoginFailure, SettingsError):
            _log.error(_REFUSED)
        except discord.PrivilegedIntentsRequired:
            _log.error("Discord requires a privileged intent that Paperwire does not request")
        except discord.ConnectionClosed as error:
            self._told(error.code)
        except StoreError as error:
            _log.warning("a shard waits for the database", extra={**more, "error": str(error)})
        except Exception as error:  # noqa: BLE001 - after any failure the connection is opened again
            if getattr(error, "status", 0) == _UNAUTHORIZED:
                _log.error(_REFUSED)
                return
            level = logging.DEBUG if self._is_told else logging.WARNING
            _log.log(level, "the connection to Discord broke; reconnecting", extra={**more, "error": _said(error)})
        finally:
            self.is_up = False
            await self.gate.give_back(self.number)
            if self._client is not None:
                await self._ended(self._client)

    def _told(self, code: int) -> None:
        """Log why Discord closed the connection for good."""
        self.closed_with = code
        why = {
            _INVALID_SHARD: "the shard does not exist",
            TOO_FEW: "the bot is in too many servers for so few shards",
        }.get(code, f"code {code}")
        more = {"shard": self.name, "error": why}
        _log.warning("Discord closed a connection; reconnecting", extra=more)

    async def _ended(self, client: _Client) -> None:
        """Close a client, waiting at most `_CLOSE` seconds; its HTTP sessions are closed in any case."""
        closing = asyncio.ensure_future(client.close())
        closing.add_done_callback(_heeded)
        await asyncio.wait({closing}, timeout=_CLOSE)
        closing.cancel()
        with suppress(Exception):
            await client.http.close()
        stop_hearts(client)

    async def close(self) -> None:
        """Close the connection within seconds.

        The library swallows a cancellation while it identifies again, and would wait forever. So the client is closed
        first, and then the task is cancelled repeatedly until it ends.
        """
        self._is_closing = True
        if self._client is not None:
            await self._ended(self._client)
        if self._keeping is None:
            return
        for _ in range(_TRIES):
            self._keeping.cancel()
            done, _ = await asyncio.wait({self._keeping}, timeout=_CLOSE / _TRIES)
            if done:
                break
        else:
            _log.error("the connection to Discord did not close in time", extra={"shard": self.name})
        if self._client is not None:
            stop_hearts(self._client)


def _said(error: BaseException | None) -> str:
    return f"{type(error).__name__}: {error}"


def _heeded(ended: "asyncio.Future[None]") -> None:
    """Retrieve a future's exception, so that asyncio does not warn that it was never retrieved."""
    if not ended.cancelled():
        ended.exception()
