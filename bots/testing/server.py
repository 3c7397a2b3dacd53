"""A small HTTP server on this machine, the base of a fake platform or source; tests can make it fail."""

import asyncio
import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

#: A client may close the connection at any time.
_ENDINGS = (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError)
_PAGE = b"<html><body>Sign in to use this network.</body></html>"


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One request that the server received."""

    method: str
    path: str
    #: From the query string.
    params: Mapping[str, str]
    #: By name in lower case.
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def json(self) -> Any:
        """The body, parsed as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """The response to one call; `value` is sent as JSON if there is no `body`."""

    status: int = 200
    value: object = None
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def written(self) -> bytes:
        """Return the response as bytes for the connection."""
        body = self.body or json.dumps(self.value).encode()
        kind = "text/html" if self.body.startswith(b"<") else "application/json"
        headers = {"Content-Type": kind, **self.headers, "Content-Length": str(len(body)), "Connection": "close"}
        lines = [f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}", *(f"{k}: {v}" for k, v in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


class HttpFault(StrEnum):
    """The faults that any HTTP call can have."""

    #: The connection is closed before the call is processed.
    LOST_BEFORE = "lost-before"
    #: The call is processed, and the connection is closed without a response.
    LOST_AFTER = "lost-after"
    #: The response is an unrelated web page with status 200.
    GARBLED = "garbled"


class LocalServer:
    """Listens on the loopback address until the context exits; inherit from it and implement `answer`."""

    def __init__(self) -> None:
        #: All calls received, in order.
        self.calls: list[Call] = []
        self._next: list[HttpFault | Answer] = []
        self._serving: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self._port = 0

    def answer(self, call: Call) -> Answer:
        """Return the response to a call."""
        raise NotImplementedError

    def fail(self, *faults: HttpFault | Answer) -> None:
        """Answer the next calls with these, in order: a fault, or a response that does not depend on the call."""
        self._next += faults

    @property
    def url(self) -> str:
        """The base address, without a trailing slash."""
        return f"http://127.0.0.1:{self._port}"

    async def __aenter__(self) -> Self:
        """Listen on a free port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self._port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening, and close all connections."""
        if self._server is not None:
            self._server.close()
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._serving.add(task)
            task.add_done_callback(self._serving.discard)
        with contextlib.suppress(*_ENDINGS):
            await self._converse(reader, writer)
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        call = await _read(reader)
        self.calls.append(call)
        fault = self._next.pop(0) if self._next else None
        if fault is HttpFault.LOST_BEFORE:
            return
        answer = fault if isinstance(fault, Answer) else Answer(body=_PAGE) if fault is HttpFault.GARBLED else None
        answer = answer or self.answer(call)
        if fault is not HttpFault.LOST_AFTER:
            writer.write(answer.written())
            await writer.drain()


async def _read(reader: asyncio.StreamReader) -> Call:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    request, *lines = head.split("\r\n")
    method, target, _ = request.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines) if name}
    parts = urlsplit(target)
    return Call(
        method=method,
        path=unquote(parts.path),
        params=dict(parse_qsl(parts.query, keep_blank_values=True)),
        headers=headers,
        body=await reader.readexactly(int(headers.get("content-length", "0"))),
    )
