"""Socket Mode: WebSockets that carry envelopes to the app and acknowledgements back.

Source: docs.slack.dev/apis/events-api/using-socket-mode.
"""

import asyncio
import json
import random
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from tests.fakes.slack import limits
from tests.fakes.slack.deliveries import COMMANDS, INTERACTIVE, Attempt, Delivery, NotCarriedError, Patience
from tests.fakes.slack.happenings import Happenings
from tests.fakes.slack.passes import Passes
from tests.fakes.slack.problems import Json

_HOST = "applink-fake"


@dataclass(kw_only=True, slots=True, eq=False)
class Connection:
    """One socket of the app."""

    id: int
    socket: web.WebSocketResponse
    waiting: dict[str, asyncio.Future[Json]] = field(default_factory=dict)
    #: Whether it was sent a disconnect and receives nothing new.
    leaving: bool = False
    carried: int = 0
    pings: int = 0
    pongs: int = 0


class Sockets:
    """All sockets of one app; each envelope goes to one of them, chosen at random."""

    def __init__(self, happenings: Happenings, passes: Passes, app_id: str, seed: int = 0) -> None:
        self.connections: list[Connection] = []
        #: The number of refused handshakes.
        self.refused = 0
        #: Whether the sockets take turns instead of being chosen at random.
        self.in_turns = False
        self.opened = 0
        self._happenings = happenings
        self._passes = passes
        self._app_id = app_id
        self._draw = random.Random(seed)  # noqa: S311 - which socket gets an envelope is no secret

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Accept a handshake and serve the socket until it ends."""
        if not self._passes.use_ticket(request.query.get("ticket", "")):
            self.refused += 1
            self._happenings.add("socket", text="handshake refused")
            return web.json_response({"ok": False, "error": "invalid_ticket"}, status=403)
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        if len(self.ready()) >= limits.SOCKETS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        await self._serve(socket)
        return socket

    async def _serve(self, socket: web.WebSocketResponse) -> None:
        self.opened += 1
        connection = Connection(id=self.opened, socket=socket)
        self.connections.append(connection)
        try:
            await socket.send_json(self._hello())
            self._happenings.add("socket", text=f"connection {connection.id} opened")
            async for message in socket:
                await self._hear(connection, message.type, message.data)
        finally:
            self._forget(connection)

    def _hello(self) -> Json:
        debug = {"host": _HOST, "build_number": 1, "approximate_connection_time": 18060}
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "debug_info": debug,
            "connection_info": {"app_id": self._app_id},
        }

    async def _hear(self, connection: Connection, kind: WSMsgType, data: object) -> None:
        if kind is WSMsgType.PING:
            connection.pings += 1
            # aiohttp hands over a bytearray; the app knows its own pong by what was in the ping.
            await connection.socket.pong(bytes(data) if isinstance(data, bytes | bytearray) else b"")
        elif kind is WSMsgType.PONG:
            connection.pongs += 1
            self._happenings.add("pong", text=f"connection {connection.id}")
        elif kind is WSMsgType.TEXT and isinstance(data, str):
            said = json.loads(data)
            waiting = connection.waiting.pop(said.get("envelope_id", ""), None)
            if waiting is None or waiting.done():
                self._happenings.add("late ack", text=str(said.get("envelope_id")))
            else:
                waiting.set_result(said.get("payload") or {})

    def _forget(self, connection: Connection) -> None:
        self.connections.remove(connection)
        for waiting in connection.waiting.values():
            if not waiting.done():
                waiting.set_exception(NotCarriedError("connection lost"))
        self._happenings.add("socket", text=f"connection {connection.id} closed")

    def ready(self) -> list[Connection]:
        """Return the connections that accept envelopes."""
        return [each for each in self.connections if not each.leaving and not each.socket.closed]

    async def connected(self, count: int = 1, within: float = 30.0) -> None:
        """Wait until the app has `count` connections."""
        what = f"{count} connections"
        await self._happenings.until(lambda: len(self.ready()) >= count, within=within, what=what)

    async def carry(self, delivery: Delivery, attempt: Attempt, patience: Patience, *, drop: bool) -> Json:
        """Deliver an envelope over one of the sockets."""
        try:
            async with asyncio.timeout(patience.ack_seconds):
                while not self.ready():
                    await self.connected(within=patience.ack_seconds + 1)
                return await self._send(self._next(), delivery, attempt, drop=drop)
        except TimeoutError:
            raise NotCarriedError("timeout") from None
        except ConnectionError:
            raise NotCarriedError("connection lost") from None

    def _next(self) -> Connection:
        ready = self.ready()
        return min(ready, key=lambda each: each.carried) if self.in_turns else self._draw.choice(ready)

    async def _send(self, connection: Connection, delivery: Delivery, attempt: Attempt, *, drop: bool) -> Json:
        waiting: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        connection.waiting[delivery.id] = waiting
        connection.carried += 1
        try:
            await connection.socket.send_json(_envelope(delivery, attempt))
            if drop:
                break_off(connection)
            return await waiting
        finally:
            connection.waiting.pop(delivery.id, None)

    async def disconnect(self, reason: str = "refresh_requested", *, count: int | None = None) -> None:
        """Send connections a disconnect, as Slack does every few hours: warning, refresh_requested, link_disabled."""
        for connection in self.ready()[:count]:
            connection.leaving = reason != "warning"
            frame = {"type": "disconnect", "reason": reason, "debug_info": {"host": _HOST}}
            await connection.socket.send_json(frame)
            self._happenings.add("socket", text=f"connection {connection.id} told {reason}")

    def drop(self, count: int | None = None) -> None:
        """Abort connections without a close frame."""
        for connection in self.ready()[:count]:
            break_off(connection)

    async def ping(self) -> None:
        """Ping every connection; the pongs are counted."""
        for connection in self.ready():
            await connection.socket.ping(f"Ping from {_HOST}".encode())

    async def storm(self, times: int, within: float = 30.0) -> None:
        """Abort every connection as soon as it is ready, `times` times."""
        for _ in range(times):
            await self.connected(within=within)
            self.drop()
            await self._happenings.until(lambda: not self.ready(), within=within, what="the end of the connections")
        await self.connected(within=within)


def break_off(connection: Connection) -> None:
    """Abort a connection without a close frame, as a network failure does."""
    connection.leaving = True
    transport = connection.socket._req.transport if connection.socket._req else None
    if transport is not None:
        transport.abort()


def _envelope(delivery: Delivery, attempt: Attempt) -> Json:
    said: Json = {"envelope_id": delivery.id, "type": delivery.kind, "payload": delivery.payload}
    said["accepts_response_payload"] = delivery.kind in (COMMANDS, INTERACTIVE)
    if attempt.number:
        said |= {"retry_attempt": attempt.number, "retry_reason": attempt.reason or "timeout"}
    elif not said["accepts_response_payload"]:
        said |= {"retry_attempt": 0, "retry_reason": ""}
    return said
