"""The line to Discord's gateway: how often a broken one is replaced, and for how long a silent one is waited for.

discord.py connects again at once, without end, while each connection is accepted and breaks before its session goes on.
It waits for up to 17 minutes between two attempts after a gateway was away for long, and for half a minute until a line
that fell silent says goodbye.
"""

import asyncio
import random
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import discord.client
from discord.backoff import ExponentialBackoff
from discord.gateway import KeepAliveHandler

#: Seconds between two attempts, at most: resuming costs none of the day's sessions, and people wait.
LONGEST_PAUSE = 20.0
#: Handshakes without a pause: the first one, the reconnect that Discord asks for every few hours, and one that breaks.
_AT_ONCE = 3
#: Seconds that a connection lasts that counts as good: longer than every pause.
_GOOD = 60.0
#: Seconds that the other side has to answer a goodbye. Nobody uses the session meanwhile.
_GOODBYE = 5.0

Ticks = Callable[[], float]
Sleep = Callable[[float], Awaitable[None]]


class Handshakes:
    """The pauses between the handshakes of one client, which double until a connection lasts."""

    def __init__(self, *, ticks: Ticks = time.monotonic, sleep: Sleep = asyncio.sleep) -> None:
        self._ticks = ticks
        self._sleep = sleep
        self._last = 0.0
        self._count = 0
        self._draw = random.Random()  # noqa: S311 - so that many clients do not connect at the same moment

    async def turn(self) -> None:
        """Wait until another handshake may be made."""
        passed = self._ticks() - self._last
        if passed > _GOOD:
            self._count = 0
        if self._count >= _AT_ONCE:
            pause = min(2.0 ** (self._count - _AT_ONCE), LONGEST_PAUSE) * self._draw.uniform(0.5, 1.0)
            # The pause that the library made itself counts.
            await self._sleep(max(0.0, pause - passed))
        self._last = self._ticks()
        self._count += 1


class _ShortBackoff(ExponentialBackoff[Any]):
    """The library's pauses between attempts, at most so long that people do not wait after an outage."""

    def delay(self) -> Any:
        """Return the seconds of the next pause; see the library's method."""
        return min(super().delay(), random.uniform(0.5, 1.0) * LONGEST_PAUSE)  # noqa: S311 - as above


def shorten_pauses() -> None:
    """Shorten the pauses of the library's clients, from now on: none of its arguments does."""
    vars(discord.client)["ExponentialBackoff"] = _ShortBackoff


def hurried(socket: aiohttp.ClientWebSocketResponse) -> aiohttp.ClientWebSocketResponse:
    """Return a connection that waits for a goodbye for some seconds only."""
    close = socket.close

    async def closed(**said: Any) -> bool:
        try:
            async with asyncio.timeout(_GOODBYE):
                return await close(**said)
        except TimeoutError:
            return True

    socket.close = closed  # type: ignore[method-assign]  # the library makes the connection itself
    return socket


def stop_hearts(client: discord.client.Client) -> None:
    """Stop the heartbeat threads of a client: the library does not stop the thread of an interrupted handshake."""
    for thread in threading.enumerate():
        # No public attribute leads from such a thread to its client.
        if isinstance(thread, KeepAliveHandler) and thread.ws._connection is client._connection:
            thread.stop()
