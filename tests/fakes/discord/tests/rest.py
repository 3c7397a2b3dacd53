"""A client for raw calls to the fake's REST interface, without a Discord library."""

from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import aiohttp

from tests.fakes.discord.server import FakeDiscord

AGENT = "DiscordBot (https://example.org, 1.0)"


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """The response to a call."""

    status: int
    headers: dict[str, str]
    body: Any

    @property
    def code(self) -> int:
        """Discord's error code."""
        return int(self.body["code"])


class Rest:
    """Calls the REST interface with the bot's token, or with other given headers."""

    def __init__(self, discord: FakeDiscord, **headers: str) -> None:
        self._api = discord.api
        self._headers = headers or {"Authorization": f"Bot {discord.hub.token}", "User-Agent": AGENT}
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Open the HTTP session."""
        self._session = aiohttp.ClientSession(headers=self._headers)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the HTTP session."""
        if self._session is not None:
            await self._session.close()

    async def __call__(self, method: str, path: str, body: object = None, **more: Any) -> Told:
        """Make a call."""
        assert self._session is not None
        given = {"json": body} if body is not None else {}
        async with self._session.request(method, self._api + path, **given, **more) as answer:  # type: ignore[arg-type] # a body is anything
            is_json = answer.content_type == "application/json"
            said = await answer.json() if is_json else await answer.text()
            return Told(status=answer.status, headers=dict(answer.headers), body=said)

    async def post(self, channel: str, content: str, **more: Any) -> Told:
        """Post a message."""
        return await self("POST", f"/channels/{channel}/messages", {"content": content, **more})
