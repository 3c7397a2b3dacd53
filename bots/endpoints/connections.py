"""Counts the connections of an endpoint, and closes those whose request does not come.

The HTTP library has no limit of connections and never answers half a request, so each of its protocols is wrapped in
one that watches the head of each request.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from ipaddress import ip_address
from math import inf
from typing import cast

from bots.endpoints.limits import Limits

_log = logging.getLogger(__name__)

#: Seconds in which a response is sent; then its connection is idle.
_TO_SEND = 1.0
_END_OF_HEAD = b"\r\n\r\n"
_REFUSALS = {408: "Request Timeout", 431: "Request Header Fields Too Large", 503: "Service Unavailable"}


class Doorman:
    """Admits connections, up to a number in all and from each address."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._open: dict[asyncio.BaseTransport, Connection] = {}
        self._by_address: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._open)

    def admit(self, connection: "Connection", transport: asyncio.BaseTransport, address: str) -> bool:
        """Return whether a new connection is served; if all are taken, the oldest without a request gives way."""
        if _is_outside(address) and self._by_address[address] >= self.limits.per_address:
            return False
        if len(self._open) >= self.limits.connections:
            oldest = next((each for each in self._open.values() if not each.is_busy), None)
            if oldest is None:
                return False
            oldest.refuse(408)
        self._open[transport] = connection
        self._by_address[address] += 1
        return True

    def leave(self, transport: asyncio.BaseTransport, address: str) -> None:
        """Forget a connection that was closed."""
        if self._open.pop(transport, None) is not None:
            self._by_address[address] -= 1
            if not self._by_address[address]:
                del self._by_address[address]

    def settle(self, transport: asyncio.BaseTransport | None) -> None:
        """Note that the request of a connection has come whole, so that it is not closed before the response."""
        if transport is not None and (connection := self._open.get(transport)):
            connection.settle()

    def answered(self, transport: asyncio.BaseTransport | None) -> None:
        """Note that a request has its response, so that its connection is idle when that is sent."""
        if transport is not None and (connection := self._open.get(transport)):
            connection.answered()


class Connection(asyncio.Protocol):
    """One connection: passes its bytes on to the HTTP library, within the limits for a request's head."""

    def __init__(self, doorman: Doorman, make: Callable[[], asyncio.Protocol]) -> None:
        self._doorman = doorman
        self._make = make
        self._inner: asyncio.Protocol | None = None
        #: The key under which the doorman counts the connection, and what is written to until it is refused.
        self._key: asyncio.BaseTransport | None = None
        self._transport: asyncio.Transport | None = None
        self._address = ""
        self._timer: asyncio.TimerHandle | None = None
        #: Bytes of the head so far, and its last three, where its end may begin.
        self._head, self._tail = 0, b""
        #: Whether a request has come whole, and when its response was ready.
        self._settled, self._answered = False, inf

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Admit or refuse the connection."""
        self._key, self._transport = transport, cast("asyncio.Transport", transport)
        peer = transport.get_extra_info("peername")
        self._address = str(peer[0]) if isinstance(peer, tuple) else ""
        if not self._doorman.admit(self, transport, self._address):
            self.refuse(503)
            return
        self._inner = self._make()
        self._inner.connection_made(transport)
        self._await_head()

    def _await_head(self) -> None:
        self._head, self._tail, self._settled, self._answered = 0, b"", False, inf
        seconds = self._doorman.limits.head_seconds
        self._timer = asyncio.get_running_loop().call_later(seconds, self.refuse, 408)

    def data_received(self, data: bytes) -> None:
        """Pass bytes on, unless the head is too large."""
        if self._inner is None:
            return
        if self._settled:
            self._await_head()  # The next request on this connection.
        if self._timer is not None and not self._is_head_over(data) and self._head > self._doorman.limits.head_bytes:
            self.refuse(431)
            return
        self._inner.data_received(data)

    def _is_head_over(self, data: bytes) -> bool:
        end = (self._tail + data).find(_END_OF_HEAD)
        self._head += len(data) if end < 0 else end
        self._tail = (self._tail + data[-3:])[-3:]
        if end < 0 or self._head > self._doorman.limits.head_bytes:
            return False
        self._stop_timer()
        return True

    def settle(self) -> None:
        """Note that the request has come whole."""
        self._settled = True
        self._stop_timer()

    def answered(self) -> None:
        """Note that the response is ready."""
        self._answered = asyncio.get_running_loop().time()

    @property
    def is_busy(self) -> bool:
        """Whether the response to a whole request is being made or sent."""
        return self._settled and asyncio.get_running_loop().time() - self._answered < _TO_SEND

    def refuse(self, status: int) -> None:
        """Answer with a status, close the connection, and log one line."""
        self._stop_timer()
        transport, self._transport = self._transport, None
        if transport is None or transport.is_closing():
            return
        _log.info("a connection was refused", extra={"status": status, "peer": self._address})
        head = f"HTTP/1.1 {status} {_REFUSALS[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        transport.write(head.encode())
        transport.close()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def eof_received(self) -> bool | None:
        """Pass on that the client sends no more."""
        return self._inner.eof_received() if self._inner else None

    def pause_writing(self) -> None:
        """Pass on that the client reads too slowly."""
        if self._inner:
            self._inner.pause_writing()

    def resume_writing(self) -> None:
        """Pass on that the client reads again."""
        if self._inner:
            self._inner.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Pass on the end, and make room for another connection."""
        self._stop_timer()
        if self._key is not None:
            self._doorman.leave(self._key, self._address)
        inner, self._inner = self._inner, None
        if inner is not None:
            inner.connection_lost(exc)


def _is_outside(address: str) -> bool:
    """Return whether an address is on the internet, and not that of a proxy on this machine or in its network."""
    try:
        return ip_address(address.partition("%")[0]).is_global
    except ValueError:
        return False
