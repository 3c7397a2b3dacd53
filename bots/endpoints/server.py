"""Serves an application of the HTTP library on a local address, within limits."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from http.client import responses
from typing import Any, cast

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bots.domain.errors import SettingsError
from bots.endpoints.bodies import DOORMAN
from bots.endpoints.connections import Connection, Doorman
from bots.endpoints.limits import LIMITS, Limits

_log = logging.getLogger(__name__)

#: At shutdown, requests in progress have this long to finish; a chat waits at most three seconds for a response.
_STOP = 3.0
#: Seconds in which the rest of a refused body is read and dropped: without that the client may not see the response.
_LINGER = 1.0
#: Bytes that the operating system and the library each buffer of a body that is not read yet.
_BUFFER = 32 * 1024
#: Connections accepted before the requests on earlier ones are read: fewer than the endpoint's limit, or a flood of
#: connections would push each one out before its request is looked at.
_ACCEPTED = 8
#: Connections that the operating system keeps until they are accepted.
_QUEUED = 512
_BAD_REQUEST, _FAILED = 400, 500
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def serve(app: web.Application, listen: tuple[str, int], *, limits: Limits = LIMITS) -> AsyncIterator[Doorman]:
    """Serve an application until the context exits, then finish the requests in progress.

    Args:
        app: the application, with its routes; its body limit should be `limits.body_bytes`.
        listen: host and port of this machine.
        limits: what clients may take up.

    Raises:
        OSError: the address cannot be opened.
    """
    doorman = Doorman(limits)
    app[DOORMAN] = doorman
    app.middlewares.insert(0, _accounted(doorman))
    runner = web.AppRunner(
        app,
        access_log=None,
        logger=_Errors(_log),
        shutdown_timeout=_STOP,
        handle_signals=False,
        keepalive_timeout=limits.idle_seconds,
        lingering_time=_LINGER,
        read_bufsize=_BUFFER,
        auto_decompress=False,
        max_line_size=limits.head_bytes,
        max_field_size=limits.head_bytes,
    )
    await runner.setup()
    server = None
    try:
        server = await _listening(runner, doorman, listen)
        yield doorman
    finally:
        if server is not None:
            server.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(2 * _STOP):
                await runner.cleanup()


@asynccontextmanager
async def serve_at(
    app: web.Application, listen: tuple[str, int], *, remedy: str, limits: Limits = LIMITS
) -> AsyncIterator[Doorman]:
    """Serve an application as `serve` does, at an address that the operator has set.

    Args:
        app: the application.
        listen: host and port of this machine.
        remedy: what to change if the address cannot be opened, as a sentence.
        limits: what clients may take up.

    Raises:
        SettingsError: the address is in use, or is not an address of this machine.
    """
    async with AsyncExitStack() as stack:
        try:
            doorman = await stack.enter_async_context(serve(app, listen, limits=limits))
        except OSError as error:
            said = f"Paperwire cannot listen at {listen[0]}:{listen[1]}: {error.strerror or error}."
            raise SettingsError(said, hint=remedy) from error
        yield doorman


async def _listening(runner: web.AppRunner, doorman: Doorman, listen: tuple[str, int]) -> asyncio.Server:
    """Listen with the library's protocols, each behind a connection that the doorman counts."""
    make = partial(_discreet, cast("Callable[[], web.RequestHandler]", runner.server))
    server = await asyncio.get_running_loop().create_server(
        lambda: Connection(doorman, make), *listen, backlog=_ACCEPTED, start_serving=False
    )
    for each in server.sockets:
        # Accepted connections inherit it. By default the system keeps up to six megabytes of each.
        each.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
    await server.start_serving()
    for each in server.sockets:
        with each.dup() as own:
            own.listen(_QUEUED)
    return server


class _Discreet(web.RequestHandler):
    """The library's protocol, whose page for a bad request would quote the request: its address may hold a token."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer a request that cannot be read, or a failure of ours, without quoting anything."""
        told = None if message is None else f"{status} {responses.get(status, '')}\n"
        return super().handle_error(request, status, exc, told)


def _discreet(make: Callable[[], web.RequestHandler]) -> asyncio.Protocol:
    made = make()
    # The library has no setting for the class of its protocols.
    made.__class__ = _Discreet
    return made


def _accounted(doorman: Doorman) -> Any:
    """Return the middleware that logs each refusal in one line and keeps a request that came whole."""

    @web.middleware
    async def accounted(request: web.Request, handler: _Handler) -> web.StreamResponse:
        if not request.can_read_body:
            doorman.settle(request.transport)
        try:
            answer = await handler(request)
        except web.HTTPException as refused:
            # Whatever is left of the request is not read.
            refused.force_close()
            _told(request, refused.status)
            raise
        doorman.answered(request.transport)
        if _BAD_REQUEST <= answer.status < _FAILED:
            answer.force_close()
            _told(request, answer.status)
        return answer

    return accounted


def _told(request: web.Request, status: int) -> None:
    # The path alone: the query may hold an authorisation code, and headers and body hold signatures and texts.
    _log.info(
        "a request was refused",
        extra={"status": status, "method": request.method[:10], "path": request.path[:100], "peer": request.remote},
    )


class _Errors(logging.LoggerAdapter[logging.Logger]):
    """The library's log: a request that is not HTTP is one line, a handler's own failure has its traceback."""

    def debug(self, _msg: object, *_args: object, **more: Any) -> None:  # type: ignore[override]  # other names
        """Log a request that is not HTTP; drop everything else."""
        if isinstance(more.get("exc_info"), HttpProcessingError):
            self._not_http()

    def exception(self, msg: object, *args: object, **more: Any) -> None:
        """Log a failure."""
        if isinstance(more.get("exc_info"), HttpProcessingError):
            self._not_http()
        else:
            super().exception(msg, *args, **more)

    def _not_http(self) -> None:
        # The error quotes what the client sent.
        self.info("a request is not valid HTTP")
