"""Interactions as signed HTTP requests, and the check that an endpoint verifies signatures.

docs.discord.com, Receiving and Responding, and Setting Up an Endpoint: Ed25519 over the timestamp and the raw body. An
endpoint is accepted only if it answers a PING correctly and a bad signature with 401; Discord sends further bad
signatures now and then.
"""

import json
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

import aiohttp

from tests.fakes.discord.answers import answer_first
from tests.fakes.discord.interactions import Interaction, Kind, Reply
from tests.fakes.discord.problems import DiscordRefusal, Json, NotPossible

if TYPE_CHECKING:
    from tests.fakes.discord.hub import Hub

_JSON = "application/json"
#: [ours] Timeout of a request to the endpoint; a response after three seconds is too late in any case.
_SECONDS = 10.0


class Hooks:
    """Signs interactions and posts them to the app's endpoint."""

    def __init__(self, hub: "Hub") -> None:
        self._hub = hub
        self._session: aiohttp.ClientSession | None = None
        #: The instances behind the app's address; a load balancer sends each request to the next one.
        self.behind: list[str] = []

    def signed(self, body: bytes, *, good: bool = True) -> dict[str, str]:
        """Return the headers for a body; a bad signature has one wrong bit."""
        at = str(int(self._hub.clock()))
        signature = bytearray(self._hub.key.sign(at.encode() + body))
        signature[0] ^= 0 if good else 1
        headers = {"X-Signature-Ed25519": signature.hex(), "X-Signature-Timestamp": at}
        return headers | {"Content-Type": _JSON, "User-Agent": "Discord-Interactions/1.0 (+https://discord.com)"}

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> tuple[int, str, bytes]:
        """Post a body and return the response's status, content type and body."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_SECONDS))
        if self.behind:
            self.behind.append(self.behind.pop(0))
            url = self.behind[0]
        async with self._session.post(url, data=body, headers=headers) as answer:
            return answer.status, answer.content_type, await answer.read()

    async def examine(self, url: str) -> None:
        """Ping an endpoint with a good and a bad signature, as when it is saved in the developer portal.

        Raises:
            NotPossible: the endpoint's response is not the required one.
        """
        ping: Json = {"id": self._hub.new_id(), "type": int(Kind.PING), "version": 1, "token": self._hub.secret()}
        body = json.dumps(ping | {"application_id": self._hub.application_id, "entitlements": []}).encode()
        try:
            good = await self.post(url, body, self.signed(body))
            bad = await self.post(url, body, self.signed(body, good=False))
        except (aiohttp.ClientError, TimeoutError) as error:
            raise NotPossible(f"the interactions endpoint url could not be verified: {error!r}") from error
        if good[0] != 200 or good[1] != _JSON or json.loads(good[2]).get("type") != Reply.PONG:
            raise NotPossible(f"the interactions endpoint url could not be verified: {good} is no answer to a PING")
        if bad[0] != 401:
            raise NotPossible(f"the interactions endpoint url could not be verified: {bad[0]} for a bad signature")

    def carry(self, interaction: Interaction, times: int) -> list[Coroutine[Any, Any, None]]:
        """Post an interaction `times` times, byte for byte the same."""
        body = json.dumps(interaction.payload).encode()
        headers = self.signed(body)
        return [self._once(interaction, body, headers) for _ in range(times)]

    async def _once(self, interaction: Interaction, body: bytes, headers: dict[str, str]) -> None:
        url = self._hub.interactions_url or ""
        try:
            status, kind, said = await self.post(url, body, headers)
        except (aiohttp.ClientError, TimeoutError) as error:
            self._hub.happenings.add("missed", text=f"{error!r}: {' '.join(interaction.names)}")
            return
        interaction.statuses.append(status)
        if status != 200 or kind != _JSON:
            # With 202 the app responds through the callback route; docs.discord.com, Receiving and Responding.
            self._hub.happenings.add("hook", text=f"{status}: {' '.join(interaction.names)}")
            return
        try:
            answer_first(self._hub, interaction, json.loads(said), ())
        except DiscordRefusal as refusal:
            self._hub.happenings.add("bad answer", text=str(refusal))

    async def close(self) -> None:
        """Close the HTTP session."""
        if self._session is not None:
            await self._session.close()
