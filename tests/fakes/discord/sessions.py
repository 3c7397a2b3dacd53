"""A gateway session and its current connection; sent events are kept, so that a resumed session receives them again."""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from aiohttp import web

from tests.fakes.discord.packing import Packer
from tests.fakes.discord.problems import Json

#: [ours] The number of events kept for a resume.
_KEPT = 10_000


@dataclass(kw_only=True, slots=True, eq=False)
class Connection:
    """One WebSocket."""

    number: int
    socket: web.WebSocketResponse
    packer: Packer
    queue: asyncio.Queue[Json] = field(default_factory=asyncio.Queue)
    session: "Session | None" = None
    #: The times of the payloads received in the last minute.
    heard: deque[float] = field(default_factory=deque)
    beats: int = 0
    #: Whether the fake itself ends the connection.
    ending: bool = False

    async def write(self) -> None:
        """Send the queued payloads until the connection ends."""
        while True:
            packed = self.packer.pack(await self.queue.get())
            try:
                if isinstance(packed, str):
                    await self.socket.send_str(packed)
                else:
                    await self.socket.send_bytes(packed)
            except ConnectionError:
                return

    def send(self, op: int, data: object = None) -> None:
        """Queue a payload that belongs to no session."""
        self.queue.put_nowait({"op": op, "d": data, "s": None, "t": None})

    async def close(self, code: int, reason: str = "") -> None:
        """Close the connection with a code."""
        self.ending = True
        await self.socket.close(code=code, message=reason.encode())

    def break_off(self) -> None:
        """Abort the connection without a close frame, as a network failure does."""
        self.ending = True
        if self.session is not None and self.session.connection is self:
            self.session.connection = None
        transport = self.socket._req.transport if self.socket._req else None
        if transport is not None:
            transport.abort()


@dataclass(kw_only=True, slots=True, eq=False)
class Session:
    """A session, started by an IDENTIFY."""

    id: str
    intents: int
    shard: int
    shards: int
    sequence: int = 0
    #: The sent events, for a resume.
    sent: deque[Json] = field(default_factory=lambda: deque(maxlen=_KEPT))
    connection: Connection | None = None

    def push(self, event: str, data: Json) -> None:
        """Send an event now, or after the session is resumed."""
        self.sequence += 1
        payload: Json = {"op": 0, "t": event, "s": self.sequence, "d": data}
        self.sent.append(payload)
        if self.connection is not None:
            self.connection.queue.put_nowait(payload)

    def covers(self, guild: str | None) -> bool:
        """Return whether a server belongs to this shard; events without a server belong to shard 0 (Sharding)."""
        return (int(guild) >> 22) % self.shards == self.shard if guild else self.shard == 0

    def resume(self, connection: Connection, sequence: int) -> None:
        """Continue on another connection: send all events after `sequence`, then RESUMED."""
        self.connection, connection.session = connection, self
        for each in self.sent:
            if each["s"] > sequence:
                connection.queue.put_nowait(each)
        self.push("RESUMED", {})
