"""Connect discord.py to the configured address, within the bot's global rate limit and without risking a ban.

The library's addresses are attributes of its classes, the same for a whole process; here each client has its own.
"""

import asyncio
import re
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
from discord.gateway import DiscordWebSocket
from discord.http import HTTPClient, Route
from discord.webhook.async_ import AsyncWebhookAdapter

from bots.chat.http_dates import retry_after
from bots.chat.library_logs import shorten
from bots.chat.platform_clock import PlatformClock
from bots.discord.gateway_line import Handshakes, hurried
from bots.domain.channels import Channel
from bots.domain.errors import PaperwireError, PostRefused
from bots.ports.permits import MARGIN, Permits, channel_lane, platform_lane
from bots.ports.rate_limits import Rate, RateLimits
from bots.translation.speech import gettext_lazy

PLATFORM = "discord"
#: docs.discord.com, Rate Limits: "All bots can make up to 50 requests per second".
MOST_A_SECOND = 50
#: 50 requests per second for the whole bot; Discord sends each channel's own rate limit in response headers, mostly
#: five messages in five seconds (docs.discord.com, Rate Limits).
LIMITS = RateLimits(channel=Rate(count=1, seconds=1), platform=Rate(count=MOST_A_SECOND, seconds=1), counts_itself=True)
_OF_THE_BOT = platform_lane(PLATFORM, LIMITS.platform)
_MESSAGES = re.compile(r"/channels/(\d+)/messages$")
_TOO_MANY = 429
#: Discord bans an address for a while after ten thousand refused requests in ten minutes (docs.discord.com, Rate
#: Limits, Invalid Request Limit); other programs at the same address count too, so we stop far below.
MOST_INVALID = 2_000
INVALID_WINDOW = 600.0
_INVALID = (401, 403, 429)
#: Seconds that requests may be behind the rate of the limit and still catch up: tasks wake late.
_LATE = 0.1
#: Smaller than any clock's resolution. Seconds.
_NOTHING = 1e-6

#: Exceptions for a missing response, and for every reason why a request to Discord may fail.
UNREACHED = (OSError, TimeoutError, aiohttp.ClientError)
FAILED = (discord.DiscordException, *UNREACHED)

#: The attempts that the library has made of the current task's request; None outside of its requests.
_ATTEMPTS: ContextVar[list[str] | None] = ContextVar("attempts", default=None)

Ticks = Callable[[], float]
Sleep = Callable[[float], Awaitable[None]]


class RequestBudget:
    """Limits the requests per second of all callers together, and stops them before Discord refuses too many.

    With permits, the callers are those of every process that shares them: the limit is the bot's.
    """

    def __init__(
        self,
        *,
        most: int = MOST_A_SECOND,
        most_invalid: int = MOST_INVALID,
        ticks: Ticks = time.monotonic,
        sleep: Sleep = asyncio.sleep,
        clock: PlatformClock | None = None,
        permits: Permits | None = None,
    ) -> None:
        self._most = most
        self._most_invalid = most_invalid
        self._ticks = ticks
        self._sleep = sleep
        self._permits = permits
        #: Discord's time, which every response tells.
        self.clock = clock or PlatformClock("Discord", ticks=ticks)
        self._made: deque[float] = deque()
        #: Whoever waits longest goes first; without it, all who wait would wake for each request.
        self._turn = asyncio.Lock()
        #: Seconds in which at most `most` requests are made. Permits have their own margin.
        self._window = 1.0 if permits else MARGIN
        #: When the next request is due at the rate of the limit.
        self._due = 0.0
        self._refused: deque[float] = deque()

    async def wait(self) -> None:
        """Wait until a request may be made.

        Raises:
            PostRefused: so many requests were refused recently that one more might lead to a ban.
            StoreError: the database that counts the requests of all processes does not answer.
        """
        self._check_invalid()
        if self._permits is not None:
            await self._permits.take(_OF_THE_BOT)
        async with self._turn:
            while (left := self._left(now := self._ticks())) > _NOTHING:
                await self._sleep(left)
            self._made.append(now)
            late = _LATE if self._is_crowded else 0.0
            self._due = max(self._due, now - late) + self._window / self._most

    def _left(self, now: float) -> float:
        """Return the seconds until one more request may be made; negative ones if it could have been."""
        while self._made and self._made[0] + self._window - now <= _NOTHING:
            self._made.popleft()
        if len(self._made) >= self._most:
            return self._made[0] + self._window - now
        # A few at once leave at once. Of a great many, fifty that leave together arrive one behind the other, and the
        # first of the next fifty may overtake the last of them: so they leave at even distances.
        return self._due - now if self._is_crowded else 0.0

    @property
    def _is_crowded(self) -> bool:
        return len(self._made) >= self._most / 2

    def note(self, status: int, scope: str) -> None:
        """Count a response if it is a refusal; a rate limit that we share with others does not count."""
        if status in _INVALID and scope != "shared":
            self._refused.append(self._ticks())

    async def share(self, status: int, method: str, path: str, headers: Mapping[str, str]) -> None:
        """Tell the other processes of a refusal that concerns them, too: all of the bot's requests, or one channel."""
        seconds = retry_after(headers) if status == _TOO_MANY else None
        if self._permits is None or seconds is None:
            return
        if headers.get("X-RateLimit-Scope") == "global":
            await self._permits.hold(_OF_THE_BOT, seconds)
        elif method == "POST" and (posted := _MESSAGES.search(path)):
            channel = Channel(platform=PLATFORM, channel=posted[1])
            await self._permits.hold(channel_lane(channel, LIMITS.channel, by_workspace=False), seconds)

    def _check_invalid(self) -> None:
        now = self._ticks()
        while self._refused and self._refused[0] <= now - INVALID_WINDOW:
            self._refused.popleft()
        if len(self._refused) >= self._most_invalid:
            raise PostRefused(
                gettext_lazy(
                    "Discord refused {number} requests within ten minutes. Paperwire pauses to avoid a ban.",
                    number=len(self._refused),
                ),
                hint="paperwire doctor shows what is wrong with the token or the permissions.",
                retry_after=self._refused[0] + INVALID_WINDOW - now,
                everywhere=True,
            )

    @contextmanager
    def first(self) -> Iterator[None]:
        """Count every attempt of the library's request in the body but the first, which was waited for."""
        token = _ATTEMPTS.set([])
        try:
            yield
        finally:
            _ATTEMPTS.reset(token)

    def trace(self) -> aiohttp.TraceConfig:
        """Return a trace that notes every response, and makes the library's own retries wait as other requests do."""

        async def started(
            _session: aiohttp.ClientSession, _context: SimpleNamespace, given: aiohttp.TraceRequestStartParams
        ) -> None:
            attempts = _ATTEMPTS.get()
            if attempts:
                await self.wait()
            if attempts is not None:
                attempts.append(given.method)

        async def ended(
            _session: aiohttp.ClientSession, _context: SimpleNamespace, given: aiohttp.TraceRequestEndParams
        ) -> None:
            self.clock.heard(given.response.headers.get("Date"))
            status, headers = given.response.status, given.response.headers
            self.note(status, headers.get("X-RateLimit-Scope", ""))
            await self.share(status, given.method, given.url.path, headers)

        config = aiohttp.TraceConfig()
        config.on_request_start.append(started)
        config.on_request_end.append(ended)
        return config


def quiet_library_logs() -> None:
    """Shorten the library's reports of failures to one line, and drop its notes on voice and on each attempt."""
    # Each shard tells once that the gateway is away.
    shorten(("discord.client", "discord.shard"), dropped=("voice will NOT be supported", "Attempting a reconnect"))


def reroute(http: HTTPClient, budget: RequestBudget, *, api_url: str, gateway_url: str = "") -> None:
    """Send a client's requests and connections to an address, within the budget."""
    request, connect, handshakes = http.request, http.ws_connect, Handshakes()

    async def rerouted(route: Route, **given: Any) -> Any:
        await budget.wait()
        _point(route, api_url)
        with budget.first():
            return await request(route, **given)

    async def connected(url: str, *, compress: int = 0) -> aiohttp.ClientWebSocketResponse:
        await handshakes.turn()
        # After a lost session the library uses the address in its class again.
        default = str(DiscordWebSocket.DEFAULT_GATEWAY)
        path = url.partition("?")[2]
        base = gateway_url or (await _gateway(http) if url.startswith(default) else "")
        return hurried(await connect(f"{base}?{path}" if base else url, compress=compress))

    http.request = rerouted  # type: ignore[method-assign]  # every method of the client goes through it
    http.ws_connect = connected  # type: ignore[method-assign]  # as above


async def _gateway(http: HTTPClient) -> str:
    _, url, _ = await http.get_bot_gateway()
    return str(url)


def _point(route: Route, api_url: str) -> None:
    if route.url.startswith(Route.BASE):
        route.url = api_url + route.url.removeprefix(Route.BASE)


class WebhookTransport(AsyncWebhookAdapter):
    """Answers interactions without the global rate limit, and without one waiting for another."""

    def __init__(self, api_url: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the library says no type here
        self._api_url = api_url

    async def request(self, route: Route, session: aiohttp.ClientSession, **given: Any) -> Any:
        """Send a request; see the library's method."""
        _point(route, self._api_url)
        return await super().request(route, session, **given)


def said_by(error: discord.HTTPException) -> str:
    """Return Discord's description of an error, with its code."""
    return f"{error.text.splitlines()[0][:200] if error.text else 'no reason'} ({error.code or error.status})"


def trouble(error: Exception) -> PaperwireError:
    """Return the error that prevented a request to Discord, worded for the requester."""
    said = f"Discord cannot be reached: {error}."
    if isinstance(error, discord.HTTPException):
        said = f"Discord refused it: {said_by(error)}."
    return PaperwireError(said, hint="Try again in a few minutes. What is wrong: paperwire doctor")
