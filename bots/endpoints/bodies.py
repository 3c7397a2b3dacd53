"""Reads the body of a request within the limits of an endpoint."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext

from aiohttp import web

from bots.endpoints.connections import Doorman
from bots.endpoints.limits import Limits

#: Under it an application holds the doorman of the endpoint that serves it.
DOORMAN = web.AppKey("doorman", Doorman)


class Bodies:
    """Reads the bodies of an endpoint's requests, few large ones at a time."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._large = asyncio.Semaphore(limits.large_bodies)

    async def read(self, request: web.Request) -> bytes:
        """Return the whole body; the request keeps it, so that a later `request.read()` returns it, too.

        Raises:
            HTTPUnsupportedMediaType: the body is compressed, which no chat does.
            HTTPRequestEntityTooLarge: it has more bytes than the limit.
            HTTPRequestTimeout: it did not come in time.
            HTTPServiceUnavailable: too many large bodies are being read.
            HTTPBadRequest: the connection ended, or the body is not framed as HTTP requires.
        """
        size = request.content_length
        if request.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
            raise web.HTTPUnsupportedMediaType(text="The body must not be compressed.")
        if size is not None and size > self._limits.body_bytes:
            raise web.HTTPRequestEntityTooLarge(max_size=self._limits.body_bytes, actual_size=size)
        is_small = not request.can_read_body or (size is not None and size <= self._limits.small_body_bytes)
        try:
            async with nullcontext() if is_small else self._beside_few(), asyncio.timeout(self._limits.body_seconds):
                body = await request.read()
        except TimeoutError as error:
            raise web.HTTPRequestTimeout(text="The body did not come in time.") from error
        except (web.RequestPayloadError, ConnectionError, asyncio.IncompleteReadError, RuntimeError) as error:
            # The library's error for a connection that is closed already is a plain RuntimeError.
            if isinstance(error, RuntimeError) and not _is_closed(request):
                raise
            raise web.HTTPBadRequest(text="The body is not as its headers say.") from error
        if (doorman := request.app.get(DOORMAN)) is not None:
            doorman.settle(request.transport)
        return body

    @asynccontextmanager
    async def _beside_few(self) -> AsyncIterator[None]:
        if self._large.locked():
            raise web.HTTPServiceUnavailable(text="Too many large requests at once.", headers={"Retry-After": "5"})
        async with self._large:
            yield


def _is_closed(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()
