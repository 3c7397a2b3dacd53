"""A chat service on the loopback address: the fake chat behind HTTP, with rate limits and injected network failures.

    POST /channels/NAME/messages  {"blocks": […], "key": "…"}   -> {"id": "…"}
    GET  /channels/NAME/messages?key=…&since=…                  -> {"messages": [{"id": …, "key": …}, …]}

A 429 response has Retry-After and says whether the limit applies to every channel. To try a sender by hand, run:

    python -m tests.fakes.chat_server --port 8082
"""

import argparse
import asyncio
import contextlib
import json
import random
import socket
import struct
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from bots.fakechat.chat import FakeChat
from bots.fakechat.faults import (
    ChatError,
    ConnectionLost,
    EmptyMessage,
    MessageTooLong,
    NoSuchChannel,
    NotPermitted,
    TryLater,
)
from bots.ports.rate_limits import RateLimits
from tests.fakes.chat_troubles import DISCORD, DONE_UNSAID, Counts, Gate, Kind, Mishap, Switched, struck
from tests.fakes.loopback import Loopback

_BODY_LIMIT = 1024 * 1024
#: Linger option that makes closing a socket reset its connection.
_AT_ONCE = struct.pack("ii", 1, 0)
_STATUS: Mapping[type[ChatError], HTTPStatus] = {
    TryLater: HTTPStatus.TOO_MANY_REQUESTS,
    NoSuchChannel: HTTPStatus.NOT_FOUND,
    NotPermitted: HTTPStatus.FORBIDDEN,
    MessageTooLong: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    EmptyMessage: HTTPStatus.BAD_REQUEST,
}
_PLAIN: Mapping[Mishap, HTTPStatus] = {
    Mishap.DOWN_BEFORE: HTTPStatus.SERVICE_UNAVAILABLE,
    Mishap.DOWN_AFTER: HTTPStatus.BAD_GATEWAY,
    Mishap.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Mishap.CLOSED: HTTPStatus.FORBIDDEN,
}


class Stage(StrEnum):
    """The stages of a post inside the server."""

    RECEIVED = "received"
    ACCEPTED = "accepted"


class _HangUpError(Exception):
    """Raised to end the connection without a response."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Call:
    kind: Kind
    channel: str
    params: Mapping[str, str]
    #: The request's JSON body.
    asked: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Answer:
    status: HTTPStatus = HTTPStatus.OK
    said: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


class ChatServer(Loopback):
    """Serves a fake chat over HTTP.

    By default it has no rate limits and does not deduplicate posts by key, which is the hard case for a sender.
    """

    def __init__(
        self, port: int = 0, *, limits: RateLimits | None = None, seed: int = 0, answer_after: float = 0
    ) -> None:
        super().__init__(port)
        self.chat = FakeChat(clock=lambda: datetime.now(UTC), key_window=None)
        self.counts = Counts()
        #: Callback for every post: called with its key when the post is received and again when it is accepted.
        self.heed: Callable[[Stage, str], None] = lambda _stage, _key: None
        self._gate = Gate(limits) if limits else None
        #: Delay of every response in seconds, as over a slow network.
        self._answer_after = answer_after
        #: While it is cleared, requests are carried out and no answer is sent.
        self.answering = asyncio.Event()
        self.answering.set()
        self._draw = random.Random(seed)  # noqa: S311 - which request fails is no secret
        self._switched: list[Switched] = []
        self._refused: set[str] = set()

    def switch(self, *mishaps: Switched) -> None:
        """Switch mishaps on; the first one that applies to a request decides its outcome."""
        self._switched.extend(mishaps)

    def heal(self) -> None:
        """Switch off every mishap."""
        self._switched.clear()

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve the requests of one connection, one after the other."""
        with contextlib.suppress(_HangUpError):
            while True:
                call = await _read_call(reader)
                _write(writer, await self._answered(call, writer))
                await writer.drain()

    async def _answered(self, call: _Call, writer: asyncio.StreamWriter) -> _Answer:
        trouble = struck(self._switched, call.kind, call.channel, self._draw)
        if trouble is not None:
            self.counts.struck[trouble.mishap] = self.counts.struck.get(trouble.mishap, 0) + 1
        work = self._post if call.kind is Kind.POST else self._history
        answer = await work(call, trouble)
        await self.answering.wait()
        await asyncio.sleep(self._answer_after)
        if trouble is None:
            return answer
        await _suffer(trouble.mishap, writer)
        return _Answer(status=_PLAIN[trouble.mishap]) if trouble.mishap in _PLAIN else answer

    async def _post(self, call: _Call, trouble: Switched | None) -> _Answer:
        key = str(call.asked.get("key", ""))
        self.counts.requests += 1
        self.heed(Stage.RECEIVED, key)
        if trouble and trouble.mishap is Mishap.REFUSED:
            return self._refusal(key, trouble.retry_after, everywhere=False)
        if trouble and trouble.mishap not in DONE_UNSAID:
            return _Answer()
        over = self._gate.over(call.channel, time.monotonic()) if self._gate else None
        if over is not None:
            return self._refusal(key, over.seconds, everywhere=over.everywhere)
        return await self._accept(call, key)

    async def _accept(self, call: _Call, key: str) -> _Answer:
        try:
            message = await self.chat.post(call.channel, call.asked["blocks"], key=key)
        except TryLater as error:
            return self._refusal(key, error.retry_after or 1.0, everywhere=False)
        except ConnectionLost:
            raise _HangUpError from None
        except ChatError as error:
            return _Answer(status=_STATUS[type(error)], said={"error": str(error)})
        self.counts.accepted += 1
        self.heed(Stage.ACCEPTED, key)
        return _Answer(said={"id": message.id})

    def _refusal(self, key: str, seconds: float, *, everywhere: bool) -> _Answer:
        self.counts.refused += 1
        self.counts.refused_twice += key in self._refused
        self._refused.add(key)
        said = {"retry_after": seconds, "global": everywhere}
        return _Answer(status=HTTPStatus.TOO_MANY_REQUESTS, said=said, headers={"Retry-After": f"{seconds:.3f}"})

    async def _history(self, call: _Call, trouble: Switched | None) -> _Answer:
        self.counts.asked += 1
        if trouble and trouble.mishap is Mishap.REFUSED:
            headers = {"Retry-After": f"{trouble.retry_after:.3f}"}
            return _Answer(status=HTTPStatus.TOO_MANY_REQUESTS, headers=headers)
        since = datetime.fromisoformat(call.params["since"]) if "since" in call.params else None
        try:
            found = await self.chat.history(call.channel, key=call.params.get("key", ""), since=since)
        except ChatError as error:
            return _Answer(status=_STATUS[type(error)], said={"error": str(error)})
        return _Answer(said={"messages": [{"id": message.id, "key": message.key} for message in found]})


async def _suffer(mishap: Mishap, writer: asyncio.StreamWriter) -> None:
    """Apply the mishap to the connection."""
    if mishap is Mishap.ANSWER_LOST:
        raise _HangUpError
    if mishap is Mishap.RESET:
        plug: socket.socket = writer.get_extra_info("socket")
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        writer.transport.abort()
        raise _HangUpError
    if mishap in (Mishap.HANGS, Mishap.HALF_OPEN):
        # Block until the server shuts down, whatever the client does.
        await asyncio.Event().wait()


async def _read_call(reader: asyncio.StreamReader) -> _Call:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    request, *lines = head.split("\r\n")
    method, target, _ = request.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    length = min(int(headers.get("content-length", 0)), _BODY_LIMIT)
    body = await reader.readexactly(length)
    address = urlsplit(target)
    return _Call(
        kind=Kind.POST if method == "POST" else Kind.HISTORY,
        channel=unquote(address.path.split("/")[2]),
        params=dict(parse_qsl(address.query)),
        asked=json.loads(body) if body else {},
    )


def _write(writer: asyncio.StreamWriter, answer: _Answer) -> None:
    body = json.dumps(answer.said).encode()
    lines = [f"HTTP/1.1 {answer.status.value} {answer.status.phrase}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in answer.headers.items()]
    writer.write("\r\n".join([*lines, "", ""]).encode("latin-1") + body)


async def _main(port: int) -> None:
    async with ChatServer(port, limits=DISCORD) as server:
        print(f"A chat listens at {server.url}; Ctrl+C ends it.")  # noqa: T201 - a program for a terminal
        await server.forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Stand in for a chat with Discord's limits.")
    parser.add_argument("--port", type=int, default=8082)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_main(parser.parse_args().port))
