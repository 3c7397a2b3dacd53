"""The gateway: WebSockets on which the app identifies itself and receives events.

docs.discord.com, Gateway, and Opcodes and status codes, "Gateway".
"""

import asyncio
import json
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from tests.fakes.discord import limits, shapes
from tests.fakes.discord.intents import ALL_INTENTS, PRIVILEGED, Intent
from tests.fakes.discord.packing import packer
from tests.fakes.discord.problems import Json
from tests.fakes.discord.sessions import Connection, Session
from tests.fakes.discord.starts import Starts

if TYPE_CHECKING:
    from tests.fakes.discord.hub import Hub

DISPATCH, BEAT, IDENTIFY, PRESENCE, VOICE, RESUME, RECONNECT, MEMBERS, INVALID, HELLO, ACK = (
    0,
    1,
    2,
    3,
    4,
    6,
    7,
    8,
    9,
    10,
    11,
)
#: Opcodes that are accepted and have no effect here.
_IDLE = frozenset({PRESENCE, VOICE, MEMBERS, 31, 43})


class _Closed(Exception):
    """Raised to close the connection with a code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Gateway:
    """The connections and sessions of one app."""

    def __init__(self, hub: "Hub") -> None:
        self._hub = hub
        self.connections: list[Connection] = []
        self.sessions: dict[str, Session] = {}
        #: The payload of each IDENTIFY, in order.
        self.identified: list[Json] = []
        self.resumed = 0
        #: Refused handshakes, then all handshakes.
        self.refused = 0
        self.opened = 0
        self.heartbeat_seconds = limits.HEARTBEAT_SECONDS
        #: The number of shards that /gateway/bot recommends.
        self.shards = 1
        self.max_concurrency = 1
        self.starts = Starts(hub.clock)
        #: Maximum of servers per shard.
        self.shard_guilds = limits.SHARD_GUILDS
        #: The privileged intents that are enabled in the developer portal.
        self.granted = Intent.NONE
        self._deaf = False
        self._at: list[tuple[float, int]] = []

    @property
    def url(self) -> str:
        """The gateway's URL."""
        return self._hub.url.replace("http", "ws", 1) + "/gw"

    # ── one connection ───────────────────────────────────────────────────────────────────────────────────────────────

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Accept a handshake and serve the connection until it ends."""
        self.opened += 1
        fault = self._hub.faults.of_handshake()
        if fault is not None:
            self.refused += 1
            self._note("handshake refused")
            return web.Response(status=fault.status or 503, text="upstream connect error")
        try:
            packs = packer(request.query.get("compress"))
        except LookupError:
            return web.Response(status=400, text="compress")
        socket = web.WebSocketResponse(autoping=True, max_msg_size=1 << 20)
        await socket.prepare(request)
        connection = Connection(number=self.opened, socket=socket, packer=packs)
        self.connections.append(connection)
        writing = asyncio.create_task(connection.write())
        connection.send(HELLO, {"heartbeat_interval": int(self.heartbeat_seconds * 1000), "_trace": []})
        try:
            await self._serve(connection)
        finally:
            writing.cancel()
            self._forget(connection)
        return socket

    async def _serve(self, connection: Connection) -> None:
        try:
            async for message in connection.socket:
                if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                    continue
                self._hear(connection, message.data)
        except _Closed as closed:
            self._note(f"connection {connection.number} closed with {closed.code}")
            await connection.close(closed.code, closed.reason)

    def _hear(self, connection: Connection, data: str | bytes) -> None:
        raw = data if isinstance(data, bytes) else data.encode()
        if len(raw) > limits.PAYLOAD_BYTES:
            raise _Closed(4002, "Decode error")
        self._pace(connection)
        try:
            said = json.loads(raw)
            op = int(said["op"])
        except (ValueError, KeyError, TypeError):
            raise _Closed(4002, "Decode error") from None
        if op == BEAT:
            connection.beats += 1
            if not self._deaf:
                connection.send(ACK)
        elif op == IDENTIFY:
            self._identify(connection, said["d"])
        elif op == RESUME:
            self._resume(connection, said["d"])
        elif op not in _IDLE:
            raise _Closed(4001, "Unknown opcode")
        elif connection.session is None:
            raise _Closed(4003, "Not authenticated")

    def _pace(self, connection: Connection) -> None:
        now, heard = self._hub.clock(), connection.heard
        heard.append(now)
        while heard and heard[0] <= now - limits.SENT_SECONDS:
            heard.popleft()
        if self._hub.pacing.pace is not None and len(heard) > limits.SENT_MOST:
            raise _Closed(4008, "Rate limited")

    def _identify(self, connection: Connection, data: Json) -> None:
        if connection.session is not None:
            raise _Closed(4005, "Already authenticated")
        if str(data.get("token", "")).removeprefix("Bot ") != self._hub.token:
            raise _Closed(4004, "Authentication failed")
        intents = data.get("intents")
        if not isinstance(intents, int) or intents & ~ALL_INTENTS:
            raise _Closed(4013, "Invalid intent(s)")
        if intents & PRIVILEGED & ~self.granted:
            raise _Closed(4014, "Disallowed intent(s)")
        shard, shards = data.get("shard") or (0, 1)
        if not 0 <= shard < shards:
            raise _Closed(4010, "Invalid shard")
        if len(self._hub.guilds()) > self.shard_guilds * shards:
            raise _Closed(4011, "Sharding required")
        self.identified.append(data)
        self.starts.note()
        if self.starts.remaining < 0:
            self._shut_out()
            raise _Closed(4004, "Authentication failed")
        if self._too_soon(shard):
            self._note(f"shard {shard} identified too soon")
            connection.send(INVALID, False)
            return
        self._begin(connection, Session(id=self._hub.new_id(), intents=intents, shard=shard, shards=shards))

    def _shut_out(self) -> None:
        """End all sessions and take away the token (Gateway, Session Start Limit)."""
        self._note("too many sessions were started: the token is reset")
        self._hub.token = f"{self._hub.token}-reset"
        self.sessions.clear()
        for connection in self.connections:
            connection.break_off()

    def _too_soon(self, shard: int) -> bool:
        """Return whether another IDENTIFY with the same rate limit key came in the last 5 seconds.

        The key is the shard id modulo `max_concurrency`.
        """
        pace, now = self._hub.pacing.pace, self._hub.clock()
        key = shard % self.max_concurrency
        lately = [at for at, one in self._at if one == key and at > now - limits.IDENTIFY_SECONDS]
        self._at.append((now, key))
        return pace is not None and pace.identifies and bool(lately)

    def _begin(self, connection: Connection, session: Session) -> None:
        for known in [s for s in self.sessions.values() if (s.shard, s.shards) == (session.shard, session.shards)]:
            if known.connection is None:
                del self.sessions[known.id]
        self.sessions[session.id] = session
        session.connection, connection.session = connection, session
        guilds = [each for each in self._hub.guilds() if session.covers(each.id)]
        ready: Json = {
            "v": 10,
            "user": shapes.own_user_json(self._hub.bot),
            "guilds": [{"id": each.id, "unavailable": True} for each in guilds],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self.url,
            "application": {"id": self._hub.application_id, "flags": 0},
            "shard": [session.shard, session.shards],
            "private_channels": [],
            "presences": [],
            "relationships": [],
            "user_settings": {},
        }
        session.push("READY", ready)
        if session.intents & Intent.GUILDS:
            for each in guilds:
                session.push("GUILD_CREATE", self._hub.guild_create(each))
        self._note(f"shard {session.shard} ready")

    def _resume(self, connection: Connection, data: Json) -> None:
        if str(data.get("token", "")).removeprefix("Bot ") != self._hub.token:
            raise _Closed(4004, "Authentication failed")
        session = self.sessions.get(str(data.get("session_id")))
        if session is None:
            self._note("a resume of an unknown session")
            connection.send(INVALID, False)
            return
        if not 0 <= int(data.get("seq") or 0) <= session.sequence:
            raise _Closed(4007, "Invalid seq")
        self.resumed += 1
        session.resume(connection, int(data.get("seq") or 0))
        self._note(f"shard {session.shard} resumed")

    def _forget(self, connection: Connection) -> None:
        self.connections.remove(connection)
        session = connection.session
        if session is not None and session.connection is connection:
            session.connection = None
            # Close codes 1000 and 1001 from the app end the session; after others it can be resumed (Gateway,
            # "Disconnecting").
            if not connection.ending and connection.socket.close_code in (1000, 1001):
                self.sessions.pop(session.id, None)
        self._note(f"connection {connection.number} ended")

    # ── sending ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def dispatch(self, event: str, data: Json, *, guild: str | None = None, intent: Intent = Intent.NONE) -> int:
        """Send an event to every session with the intent and return their number.

        Without an intent every session gets the event.
        """
        takers = [each for each in self.sessions.values() if each.covers(guild)]
        takers = [each for each in takers if not intent or each.intents & intent]
        for each in takers:
            each.push(event, data)
        return len(takers)

    def ready(self) -> list[Session]:
        """Return the sessions that have a connection."""
        return [each for each in self.sessions.values() if each.connection is not None]

    async def connected(self, count: int = 1, within: float = 30.0) -> None:
        """Wait until `count` shards are connected."""
        what = f"{count} connections"
        await self._hub.happenings.until(lambda: len(self.ready()) >= count, within=within, what=what)

    # ── faults ───────────────────────────────────────────────────────────────────────────────────────────────────────

    async def drop(self, code: int = 4000) -> None:
        """Close every connection with a code; 1006 aborts it without a close frame."""
        for connection in list(self.connections):
            if code == 1006:
                connection.break_off()
            else:
                await connection.close(code)

    def cut(self, guild: str | None) -> None:
        """Abort the connection of a server's shard, so that data sent on it is lost."""
        for session in self.ready():
            if session.covers(guild) and session.connection is not None:
                session.connection.break_off()

    def reconnect(self) -> None:
        """Request every client to reconnect (op 7)."""
        for connection in self.connections:
            connection.send(RECONNECT)

    def forget_sessions(self) -> None:
        """Delete every session, so that none can be resumed, and notify the connected clients (op 9)."""
        self.sessions.clear()
        for connection in self.connections:
            connection.session = None
            connection.send(INVALID, False)

    def deaf(self, *, ears: bool = False) -> None:
        """Stop answering heartbeats; with `ears`, answer them again."""
        self._deaf = not ears

    def _note(self, text: str, **more: Any) -> None:
        self._hub.happenings.add("gateway", text=text, more=more)
