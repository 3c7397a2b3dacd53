"""A session of the gateway and the connection it has at present: what was sent is kept, to be sent again on resume."""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from aiohttp import web

from tests.fakes.discord.packing import Packer
from tests.fakes.discord.problems import Json

#: [ours] So many events are kept for whoever resumes.
_KEPT = 10_000


@dataclass(kw_only=True, slots=True, eq=False)
class Connection:
    """One WebSocket."""

    number: int
    socket: web.WebSocketResponse
    packer: Packer
    queue: asyncio.Queue[Json] = field(default_factory=asyncio.Queue)
    session: "Session | None" = None
    #: When each payload came, of the last minute.
    heard: deque[float] = field(default_factory=deque)
    beats: int = 0
    #: It is we who end it.
    ending: bool = False

    async def write(self) -> None:
        """Send what is queued, for as long as there is a connection."""
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
        """Send something that belongs to no session."""
        self.queue.put_nowait({"op": op, "d": data, "s": None, "t": None})

    async def close(self, code: int, reason: str = "") -> None:
        """End it with a code."""
        self.ending = True
        await self.socket.close(code=code, message=reason.encode())

    def break_off(self) -> None:
        """Cut it as a cable does."""
        self.ending = True
        if self.session is not None and self.session.connection is self:
            self.session.connection = None
        transport = self.socket._req.transport if self.socket._req else None
        if transport is not None:
            transport.abort()


@dataclass(kw_only=True, slots=True, eq=False)
class Session:
    """What one IDENTIFY began."""

    id: str
    intents: int
    shard: int
    shards: int
    sequence: int = 0
    #: What was sent, to be sent again.
    sent: deque[Json] = field(default_factory=lambda: deque(maxlen=_KEPT))
    connection: Connection | None = None

    def push(self, event: str, data: Json) -> None:
        """Send an event now, or when somebody resumes."""
        self.sequence += 1
        payload: Json = {"op": 0, "t": event, "s": self.sequence, "d": data}
        self.sent.append(payload)
        if self.connection is not None:
            self.connection.queue.put_nowait(payload)

    def covers(self, guild: str | None) -> bool:
        """Tell whether a server is this shard's; what belongs to no server is the first one's (Sharding)."""
        return (int(guild) >> 22) % self.shards == self.shard if guild else self.shard == 0

    def resume(self, connection: Connection, sequence: int) -> None:
        """Go on over another connection: everything since, and then that this was all."""
        self.connection, connection.session = connection, self
        for each in self.sent:
            if each["s"] > sequence:
                connection.queue.put_nowait(each)
        self.push("RESUMED", {})
