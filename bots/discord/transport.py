"""How discord.py reaches Discord: at the address that is set, within the bot's global rate, and never into a ban.

The library's addresses are attributes of its classes, the same for a whole process; here each client has its own.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
from discord.gateway import DiscordWebSocket
from discord.http import HTTPClient, Route
from discord.webhook.async_ import AsyncWebhookAdapter

from bots.domain.errors import PaperwireError, PostRefused

#: docs.discord.com, Rate Limits: "All bots can make up to 50 requests per second".
MOST_A_SECOND = 50
#: Ten thousand refused requests in ten minutes ban the address for a while (docs.discord.com, Rate Limits, Invalid
#: Request Limit); other programs behind the same address count, too, so we stop far below.
MOST_INVALID = 2_000
INVALID_WINDOW = 600.0
_INVALID = (401, 403, 429)

#: What is raised where no answer came, and for whatever keeps Discord from doing what it was asked.
UNREACHED = (OSError, TimeoutError, aiohttp.ClientError)
FAILED = (discord.DiscordException, *UNREACHED)

Ticks = Callable[[], float]
Sleep = Callable[[float], Awaitable[None]]


class RequestBudget:
    """So many requests in any second, whoever makes them, and a stop before too many are refused."""

    def __init__(
        self,
        *,
        most: int = MOST_A_SECOND,
        most_invalid: int = MOST_INVALID,
        ticks: Ticks = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._most = most
        self._most_invalid = most_invalid
        self._ticks = ticks
        self._sleep = sleep
        self._made: deque[float] = deque()
        self._refused: deque[float] = deque()

    async def wait(self) -> None:
        """Return when a request may be made.

        Raises:
            PostRefused: so many were refused lately that one more might ban us.
        """
        self._check_invalid()
        while True:
            now = self._ticks()
            while self._made and self._made[0] <= now - 1.0:
                self._made.popleft()
            if len(self._made) < self._most:
                self._made.append(now)
                return
            await self._sleep(self._made[0] + 1.0 - now)

    def note(self, status: int, scope: str) -> None:
        """Count an answer; a rate limit that others share with us counts for nobody."""
        if status in _INVALID and scope != "shared":
            self._refused.append(self._ticks())

    def _check_invalid(self) -> None:
        now = self._ticks()
        while self._refused and self._refused[0] <= now - INVALID_WINDOW:
            self._refused.popleft()
        if len(self._refused) >= self._most_invalid:
            raise PostRefused(
                f"Discord refused {len(self._refused):,} requests within ten minutes, so we rest before it bans us.",
                hint="paperwire doctor says what is wrong with the token or the permissions.",
                retry_after=self._refused[0] + INVALID_WINDOW - now,
                everywhere=True,
            )

    def trace(self) -> aiohttp.TraceConfig:
        """Return what tells of each answer, those that the library repeats by itself among them."""

        async def ended(
            _session: aiohttp.ClientSession, _context: SimpleNamespace, given: aiohttp.TraceRequestEndParams
        ) -> None:
            self.note(given.response.status, given.response.headers.get("X-RateLimit-Scope", ""))

        config = aiohttp.TraceConfig()
        config.on_request_end.append(ended)
        return config


class _NoisyLines(logging.Filter):
    """Makes one line of what the library says of a line that broke: it mends that by itself."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[1] is not None:
            record.msg, record.args = f"{record.getMessage()}: {record.exc_info[1]!r}", ()
            record.exc_info, record.exc_text, record.levelno, record.levelname = None, None, logging.WARNING, "WARNING"
        return "voice will NOT be supported" not in record.getMessage()


def hush() -> None:
    """Have the library say what broke in one line, and nothing of voice, which we do not want."""
    for name in ("discord.client", "discord.shard"):
        logger = logging.getLogger(name)
        if not any(isinstance(each, _NoisyLines) for each in logger.filters):
            logger.addFilter(_NoisyLines())


def reroute(http: HTTPClient, budget: RequestBudget, *, api_url: str, gateway_url: str = "") -> None:
    """Point a client's requests and lines at an address, and hold them to the budget."""
    request, connect = http.request, http.ws_connect

    async def rerouted(route: Route, **given: Any) -> Any:
        await budget.wait()
        _point(route, api_url)
        return await request(route, **given)

    async def connected(url: str, *, compress: int = 0) -> aiohttp.ClientWebSocketResponse:
        # After a session was lost the library goes back to the address in its class.
        default = str(DiscordWebSocket.DEFAULT_GATEWAY)
        path = url.partition("?")[2]
        base = gateway_url or (await _gateway(http) if url.startswith(default) else "")
        return await connect(f"{base}?{path}" if base else url, compress=compress)

    http.request = rerouted  # type: ignore[method-assign]  # every method of the client goes through it
    http.ws_connect = connected  # type: ignore[method-assign]  # as above


async def _gateway(http: HTTPClient) -> str:
    _, url, _ = await http.get_bot_gateway()
    return str(url)


def _point(route: Route, api_url: str) -> None:
    if route.url.startswith(Route.BASE):
        route.url = api_url + route.url.removeprefix(Route.BASE)


class WebhookTransport(AsyncWebhookAdapter):
    """Answers interactions: under no global rate, and none waits for another."""

    def __init__(self, api_url: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the library says no type here
        self._api_url = api_url

    async def request(self, route: Route, session: aiohttp.ClientSession, **given: Any) -> Any:
        """Make a request; see the library's own."""
        _point(route, self._api_url)
        return await super().request(route, session, **given)


def said_by(error: discord.HTTPException) -> str:
    """Return Discord's word for what was wrong, with its code."""
    return f"{error.text.splitlines()[0][:200] if error.text else 'no word'} ({error.code or error.status})"


def trouble(error: Exception) -> PaperwireError:
    """Return what kept Discord from doing what it was asked, as whoever asked should read it."""
    said = f"Discord cannot be reached: {error}."
    if isinstance(error, discord.HTTPException):
        said = f"Discord refused it: {said_by(error)}."
    return PaperwireError(said, hint="paperwire doctor says what is wrong.")
