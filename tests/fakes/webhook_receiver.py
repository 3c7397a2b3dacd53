"""A receiver of webhooks on the loopback address: it checks each signature and drops copies by their id.

It is written from the Standard Webhooks specification, and not from our own code: an old timestamp, a changed body, a
wrong signature and a missing header are refused with 401, a copy is accepted again and shown once.
"""

import asyncio
import base64
import contextlib
import hashlib
import hmac
import json
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from tests.fakes.loopback import Loopback

#: Seconds by which a timestamp may differ from the receiver's clock: the specification's example.
_TOLERANCE = 300
#: Linger option that makes closing a socket reset its connection.
_AT_ONCE = struct.pack("ii", 1, 0)


class At(StrEnum):
    """When a fault strikes."""

    #: Before the message is accepted.
    BEFORE = "before"
    #: After it was accepted, before the answer.
    AFTER = "after"


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceiverFault:
    """What happens to a request: an answer, or the end of the connection if there is none."""

    at: At = At.BEFORE
    status: int = 0
    headers: tuple[str, ...] = ()
    #: Seconds before it happens.
    after: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Got:
    """A message that was accepted."""

    path: str
    id: str
    payload: Any
    raw: bytes


@dataclass
class Inbox:
    """The messages of one address, copies dropped."""

    shown: list[Got] = field(default_factory=list)


class WebhookReceiver(Loopback):
    """Receives webhooks for several addresses, each with its own signing key."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        super().__init__()
        self._clock = clock
        #: The signing key of each path.
        self.secrets: dict[str, str] = {}
        #: Every message that was accepted, copies included.
        self.accepted: list[Got] = []
        #: Why requests were refused.
        self.wrongs: list[str] = []
        self.faults: list[ReceiverFault] = []
        #: Decides about a request as it comes; None is no fault.
        self.mishap: Callable[[str], ReceiverFault | None] = lambda _path: None
        #: Called for every message: with its id, and whether it was accepted or has only come.
        self.heed: Callable[[str, bool], None] = lambda _id, _accepted: None

    @property
    def host(self) -> str:
        """Host and port, as the setting names it."""
        return f"127.0.0.1:{self._port}"

    def inbox(self, path: str) -> tuple[Got, ...]:
        """Return what a receiver shows: each id once."""
        shown = {got.id: got for got in reversed(self.accepted) if got.path == path}
        order = list(dict.fromkeys(got.id for got in self.accepted if got.path == path))
        return tuple(shown[each] for each in order)

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve the requests of one connection, one after the other."""
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            path = head[0].split(" ")[1]
            headers = {
                name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)
            }
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            status, more = await self._answered(path, headers, body, writer)
            if not status:
                return
            lines = [f"HTTP/1.1 {status} X", "Content-Length: 0", *more]
            writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
            await writer.drain()

    async def _answered(
        self, path: str, headers: dict[str, str], body: bytes, writer: asyncio.StreamWriter
    ) -> tuple[int, tuple[str, ...]]:
        named = headers.get("webhook-id", "")
        self.heed(named, False)
        fault = self.faults.pop(0) if self.faults else self.mishap(path)
        if fault and fault.at is At.BEFORE:
            return await self._suffer(fault, writer)
        wrong = self._wrong(path, headers, body)
        if wrong:
            self.wrongs.append(wrong)
            return 401, ()
        self.accepted.append(Got(path=path, id=named, payload=json.loads(body), raw=body))
        self.heed(named, True)
        return await self._suffer(fault, writer) if fault else (204, ())

    async def _suffer(self, fault: ReceiverFault, writer: asyncio.StreamWriter) -> tuple[int, tuple[str, ...]]:
        await asyncio.sleep(fault.after)
        if fault.status:
            return fault.status, fault.headers
        with contextlib.suppress(OSError):
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        writer.transport.abort()
        return 0, ()

    def _wrong(self, path: str, headers: dict[str, str], body: bytes) -> str:
        """Return what is wrong with a request; empty if nothing is."""
        named, at, said = (headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
        if not (named and at and said):
            return "a header is missing"
        if abs(int(at) - self._clock().timestamp()) > _TOLERANCE:
            return f"the timestamp {at} is too old or too new"
        secret = self.secrets.get(path, "")
        if not secret.startswith("whsec_"):
            return f"nobody receives at {path}"
        key = base64.b64decode(secret.removeprefix("whsec_"))
        signed = f"{named}.{at}.".encode() + body
        expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        versions = [each.partition(",") for each in said.split(" ")]
        if not any(version == "v1" and hmac.compare_digest(given, expected) for version, _, given in versions):
            return "the signature is wrong"
        return ""
