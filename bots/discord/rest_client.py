"""Discord's HTTP API: one logged-in client for posting, reading, answering and registering commands."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import aiohttp
import discord
from discord.http import Route

from bots.chat.untrusted import is_theirs
from bots.discord.settings import DiscordSettings
from bots.discord.transport import FAILED, RequestBudget, WebhookTransport, reroute
from bots.domain.errors import SettingsError

_log = logging.getLogger(__name__)

Json = dict[str, Any]
#: Pairs of a file's name and its text.
Files = Sequence[tuple[str, str]]
#: Seconds; the library waits out a shorter rate limit and raises a longer one. This is the smallest value it accepts.
_LONGEST_WAIT = 30.0
#: Maximum size of an uploaded text file; an abstract has about two thousand characters.
MOST_BYTES = 256 * 1024
#: The hosts of files that people upload (docs.discord.com, Reference, "Signed Attachment CDN URLs").
_FILE_HOSTS = frozenset({"cdn.discordapp.com", "media.discordapp.net"})
_FETCH = 10.0
_OK = 200
_COPY_AGAIN = "Copy the token again: discord.com/developers/applications, your application, Bot, Reset Token."


class RestClient:
    """Sends requests to Discord with the bot's token; logs in before the first one."""

    def __init__(self, settings: DiscordSettings, budget: RequestBudget) -> None:
        self._settings = settings
        self._budget = budget
        # A client without a gateway connection sends no intents, but the library warns if this one is missing.
        self._client = discord.Client(
            intents=discord.Intents(guilds=True), http_trace=budget.trace(), max_ratelimit_timeout=_LONGEST_WAIT
        )
        reroute(self._client.http, budget, api_url=settings.api_url)
        self._answers = WebhookTransport(settings.api_url)
        self._login = asyncio.Lock()
        self._application: discord.AppInfo | None = None
        self._session: aiohttp.ClientSession | None = None

    async def application(self) -> discord.AppInfo:
        """Return the application that the token belongs to.

        Raises:
            SettingsError: the token is not valid.
            discord.HTTPException, OSError, TimeoutError, aiohttp.ClientError: Discord cannot be queried now.
        """
        async with self._login:
            if self._application is None:
                try:
                    await self._client.login(self._settings.token.reveal())
                    self._application = await self._client.application_info()
                except discord.LoginFailure as error:
                    raise SettingsError("Discord refused discord.token: HTTP 401.", hint=_COPY_AGAIN) from error
                finally:
                    if self._application is None:
                        await self._hang_up()
        return self._application

    async def _hang_up(self) -> None:
        """Close the session of a failed login: the library leaves it open and opens another at the next login."""
        await self._client.http.close()
        self._client.http.connector = discord.utils.MISSING

    async def public_key(self) -> str:
        """Return the key that Discord signs with, in hexadecimal digits; raises the same errors as `application`."""
        return (await self.application()).verify_key

    async def me(self) -> str:
        """Return the id of the bot's own user; raises the same errors as `application`."""
        await self.application()
        user = self._client.user
        return str(user.id) if user else ""

    async def platform_time(self) -> datetime | None:
        """Return Discord's time, from its last response or a new one; raises the same errors as `ask`."""
        await self.application()
        if self._budget.clock.now() is None:
            await self.ask("GET", "/users/@me")
        return self._budget.clock.now()

    async def ask(self, method: str, path: str, *, body: object = None, query: Mapping[str, str] | None = None) -> Any:
        """Send a request and return Discord's response.

        Args:
            method: the HTTP method.
            path: the path below the API's address, such as `/channels/1/messages`.
            body: the JSON body.
            query: the query parameters.

        Raises:
            discord.HTTPException, discord.RateLimited: Discord refused the request.
            SettingsError, OSError, TimeoutError, aiohttp.ClientError: as `application`.
        """
        await self.application()
        given: Json = {"params": dict(query)} if query else {}
        if body is not None:
            given["json"] = body
        return await self._client.http.request(_route(method, path), **given)

    async def once(self, method: str, path: str, body: object) -> tuple[int, Json, Mapping[str, str]]:
        """Send a request without retries, which the library would make, and return status, body and headers.

        Raises:
            PostRefused: as `RequestBudget.wait`.
            SettingsError, discord.HTTPException, OSError, TimeoutError, aiohttp.ClientError: as `application`.
        """
        await self.application()
        await self._budget.wait()
        headers = {
            "Authorization": f"Bot {self._settings.token.reveal()}",
            "User-Agent": self._client.http.user_agent,
        }
        async with self._own().request(method, self._settings.api_url + path, json=body, headers=headers) as answer:
            said = await answer.json(content_type=None) if answer.content_length != 0 else {}
            return answer.status, said if isinstance(said, dict) else {}, answer.headers

    async def answer(self, interaction: str, token: str, body: Json) -> None:
        """Send the first response to an interaction, within three seconds.

        Raises:
            discord.HTTPException: Discord refused the response.
            OSError, aiohttp.ClientError: Discord was not reached.
        """
        route = _hook("POST", "/interactions/{webhook_id}/{webhook_token}/callback", interaction, token)
        await self._answers.request(route, self._own(), payload=body)

    async def edit_answer(self, token: str, body: Json, files: Files = ()) -> Json:
        """Replace the first response; raises the same errors as `answer`."""
        return await self._hooked(
            "PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/@original", token, body, files
        )

    async def follow_up(self, token: str, body: Json, files: Files = ()) -> Json:
        """Send a further message; raises the same errors as `answer`."""
        return await self._hooked("POST", "/webhooks/{webhook_id}/{webhook_token}", token, body, files)

    async def _hooked(self, method: str, path: str, token: str, body: Json, files: Files) -> Json:
        route = _hook(method, path, str((await self.application()).id), token)
        if not files:
            answer = await self._answers.request(route, self._own(), payload=body)
        else:
            attached = [{"id": str(place), "filename": name} for place, (name, _) in enumerate(files)]
            answer = await self._answers.request(
                route, self._own(), multipart=_multipart({**body, "attachments": attached}, files)
            )
        return answer if isinstance(answer, dict) else {}

    async def fetch(self, url: str) -> bytes:
        """Return the beginning of a file that a person uploaded, at most `MOST_BYTES` + 1 bytes.

        Raises:
            OSError, TimeoutError: the file cannot be fetched, or the address is not one of Discord's.
        """
        if not is_theirs(url, _FILE_HOSTS, self._settings.api_url):
            raise OSError("The address of the file is not one of Discord's.")
        asked = self._own().get(url, allow_redirects=False, headers={"Accept-Encoding": "identity"})
        try:
            async with asyncio.timeout(_FETCH), asked as answer:
                answer.raise_for_status()
                if answer.status != _OK:  # a redirect
                    raise OSError(f"Discord answered with HTTP {answer.status}.")
                read = b""
                while len(read) <= MOST_BYTES and (chunk := await answer.content.read(MOST_BYTES + 1 - len(read))):
                    read += chunk
                return read
        except aiohttp.ClientError as error:
            raise OSError(str(error)) from error

    def _own(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                cookie_jar=aiohttp.DummyCookieJar(), trace_configs=[self._budget.trace()]
            )
        return self._session

    async def close(self) -> None:
        """Close the sessions."""
        if self._session is not None:
            await self._session.close()
        await self._client.close()


@asynccontextmanager
async def rest(settings: DiscordSettings, budget: RequestBudget) -> AsyncIterator[RestClient]:
    """Yield a client; if Discord cannot be reached yet, the client retries the login when it is first needed.

    Raises:
        SettingsError: the token is not valid.
    """
    opened = RestClient(settings, budget)
    try:
        try:
            await opened.application()
        except FAILED as error:
            _log.warning("Discord cannot be reached yet", extra={"error": str(error)})
        yield opened
    finally:
        await opened.close()


def _route(method: str, path: str) -> Route:
    """Return a route with its rate limit bucket: the library counts by path pattern, channel and server."""
    parts = path.split("/")
    names = {"channels": "channel_id", "guilds": "guild_id"}
    ids: dict[str, Any] = {}
    for place, part in enumerate(parts[:-1]):
        if part in names and parts[place + 1].isdigit():
            ids[names[part]] = parts[place + 1]
            parts[place + 1] = f"{{{names[part]}}}"
    for place, part in enumerate(parts):
        if part.isdigit():
            ids[f"id{place}"] = part
            parts[place] = f"{{id{place}}}"
    return Route(method, "/".join(parts), **ids)


def _hook(method: str, path: str, owner: str, token: str) -> Route:
    return Route(method, path, webhook_id=owner, webhook_token=token)


def _multipart(body: Json, files: Files) -> list[Json]:
    parts: list[Json] = [{"name": "payload_json", "value": discord.utils._to_json(body)}]
    for place, (name, text) in enumerate(files):
        parts.append(
            {
                "name": f"files[{place}]",
                "value": text.encode(),
                "filename": name,
                "content_type": "application/octet-stream",
            }
        )
    return parts
