"""Receive interactions over HTTP, at one address.

A request that Discord did not sign, or signed too long ago, is refused; a signed request is handled once. The
response is 202 with no body, and replies follow over the API, as in gateway mode.
"""

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from aiohttp import web
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from bots.chat.platform_clock import RefusedForTime
from bots.discord.connection import Take
from bots.discord.transport import FAILED
from bots.domain.errors import PaperwireError
from bots.endpoints.bodies import Bodies
from bots.endpoints.limits import LIMITS, Limits
from bots.endpoints.server import serve_at
from bots.ports import Clock

_log = logging.getLogger(__name__)

#: The path at which Discord posts, below the public address.
INTERACTIONS_PATH = "/discord/interactions"
#: Seconds that a signature is valid: an interaction must be answered within three seconds; clocks may differ by a
#: minute.
_FRESH = 60.0
_TIMESTAMP = re.compile(r"[0-9]{1,11}")
_SIGNATURE = re.compile(r"[0-9a-f]{128}")
_NOT_SIGNED = "Not signed by Discord."
_PING, _PONG = 1, {"type": 1}
#: Returns the key that Discord signs with, once Discord can be reached.
KeyOf = Callable[[], Awaitable[str]]


class InteractionEndpoint:
    """Accepts requests that Discord signed recently, each once."""

    def __init__(self, key_of: KeyOf, clock: Clock, take: Take, *, limits: Limits = LIMITS) -> None:
        self._bodies = Bodies(limits)
        self._key_of = key_of
        self._clock = clock
        self._take = take
        self._late = RefusedForTime("Discord")
        #: Signatures of the last minutes, with the time of each.
        self._seen: dict[str, float] = {}
        self._in_flight: set[asyncio.Task[None]] = set()

    async def handle(self, request: web.Request) -> web.Response:
        """Verify a posted request, start its handling, and return the response."""
        signature = request.headers.get("X-Signature-Ed25519", "").lower()
        timestamp = request.headers.get("X-Signature-Timestamp", "")
        # Before the body is read: what has no signature is refused at its head. Whether a signature is recent is told
        # after the body is verified: a request that Discord signed at another time means that a clock is wrong.
        if not _TIMESTAMP.fullmatch(timestamp) or not _SIGNATURE.fullmatch(signature):
            return web.Response(status=401, text=_NOT_SIGNED)
        body = await self._bodies.read(request)
        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(await self._key_of()))
        except (*FAILED, PaperwireError) as error:
            _log.warning("the key that Discord signs with is not available yet", extra={"error": str(error)})
            return web.Response(status=503, text="Discord cannot be reached yet.")
        if not _is_signed(key, body, timestamp, signature):
            return web.Response(status=401, text=_NOT_SIGNED)
        age = timedelta(seconds=self._clock().timestamp() - int(timestamp))
        if abs(age.total_seconds()) > _FRESH:
            self._late.refused(age)
            said = "Signed by Discord, but too long ago, or this machine's clock is wrong."
            return web.Response(status=401, text=said)
        self._late.accepted()
        payload = _read(body)
        if payload is None:
            return web.Response(status=400, text="This is not an interaction.")
        if payload.get("type") == _PING:
            return web.json_response(_PONG)
        if self._first(signature):
            task = asyncio.create_task(_quietly(self._take, payload))
            self._in_flight.add(task)
            task.add_done_callback(self._in_flight.discard)
        return web.Response(status=202)

    def _first(self, signature: str) -> bool:
        """Return whether a signature is received for the first time.

        A copy that reaches another process has no effect either: Discord accepts one acknowledgement of an interaction.
        """
        now = self._clock().timestamp()
        # The oldest are first, so that each is looked at once more and not with every request.
        while self._seen and now - self._seen[oldest := next(iter(self._seen))] > 2 * _FRESH:
            del self._seen[oldest]
        fresh = signature not in self._seen
        self._seen.setdefault(signature, now)
        return fresh


def _is_signed(key: Ed25519PublicKey, body: bytes, timestamp: str, signature: str) -> bool:
    """Return whether Discord signed a request, at whatever time."""
    try:
        key.verify(bytes.fromhex(signature), timestamp.encode() + body)
    except InvalidSignature:
        return False
    return True


async def _quietly(take: Take, payload: Mapping[str, Any]) -> None:
    try:
        await take(payload)
    except Exception:  # noqa: BLE001 - one bad interaction must not end the others
        _log.exception("an interaction could not be handled")


def _read(body: bytes) -> dict[str, Any] | None:
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return payload if isinstance(payload, dict) else None


@asynccontextmanager
async def open_endpoint(
    listen: tuple[str, int], key_of: KeyOf, *, clock: Clock, take: Take, limits: Limits = LIMITS
) -> AsyncIterator[None]:
    """Listen for interactions until the context exits.

    Args:
        listen: host and port.
        key_of: returns the key that Discord signs with.
        clock: returns the current instant.
        take: handles an interaction.
        limits: what clients may take up.

    Raises:
        SettingsError: the address is in use, or is not an address of this machine.
    """
    app = web.Application(client_max_size=limits.body_bytes)
    app.add_routes([web.post(INTERACTIONS_PATH, InteractionEndpoint(key_of, clock, take, limits=limits).handle)])
    async with serve_at(app, listen, remedy="Choose another address in discord.listen.", limits=limits):
        _log.info("listening for Discord", extra={"address": f"{listen[0]}:{listen[1]}{INTERACTIONS_PATH}"})
        yield
