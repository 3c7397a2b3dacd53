"""A TCP proxy between two parts of the program that spoils the line: late, cut, reset, silent, garbled or refused."""

import asyncio
import contextlib
import socket
import struct
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Self

_CHUNK = 64 * 1024
#: Bytes of an answer that pass before it ends: half of a status line.
_BEGINNING = 10
#: Bytes of an answer that trickle.
_SLOWLY = 60
#: Seconds between two bytes of a trickle, and of a late answer.
_DRIP, _LATE = 0.002, 0.1
#: A reset instead of an end: unsent data is dropped and the other side is told so (socket(7), SO_LINGER).
_RESET = struct.pack("ii", 1, 0)


class Fault(StrEnum):
    """What the line does."""

    NONE = "none"
    #: Nobody listens.
    REFUSED = "refused"
    #: The connection is accepted and reset.
    RESET = "reset"
    #: The request is cut off, and the connection ends.
    REQUEST_CUT = "request cut"
    #: The request passes, and the connection is reset before the answer.
    ANSWER_LOST = "answer lost"
    #: The answer ends in its middle.
    TRUNCATED = "truncated"
    #: The request passes, and nothing comes back, for ever.
    SILENT = "silent"
    #: Nothing passes in either direction, for ever.
    BLACK_HOLE = "black hole"
    #: The answer comes byte by byte.
    TRICKLE = "trickle"
    #: The answer comes late.
    LATE = "late"
    #: Bits of the answer are flipped.
    CORRUPT = "corrupt"
    #: Something else answers at once.
    GARBAGE = "garbage"


#: These happen to a connection when it is made.
_OF_NEW_ONES = frozenset({Fault.REFUSED, Fault.RESET, Fault.GARBAGE})
#: After these the other side would have to wait for ever.
ENDLESS = frozenset({Fault.SILENT, Fault.BLACK_HOLE})


@dataclass(eq=False)
class _Line:
    """One connection through the proxy."""

    near: asyncio.StreamWriter
    task: asyncio.Task[None] | None = None
    far: asyncio.StreamWriter | None = None


class FaultProxy:
    """Passes connections on to a port of this machine, or to a Unix socket, as its fault says at the time."""

    def __init__(self, target: int | str, *, sparing_heads: bool = False) -> None:
        """Remember where connections lead.

        Args:
            target: a port of this machine, or the path of a Unix socket.
            sparing_heads: whether the head of an answer passes unspoilt, as that of a WebSocket's handshake.
        """
        self.target = target
        self.sparing_heads = sparing_heads
        self.fault = Fault.NONE
        #: Seconds that a late answer takes.
        self.late = _LATE
        #: Connections so far.
        self.accepted = 0
        self._lines: set[_Line] = set()
        self._server: asyncio.Server | None = None
        self.port = 0

    async def __aenter__(self) -> Self:
        """Listen on the loopback address."""
        await self._listen()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop, and drop every connection."""
        self._stop()
        await self.drop()

    @property
    def url(self) -> str:
        """The base URL for HTTP."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def open(self) -> int:
        """The number of open connections."""
        return len(self._lines)

    async def spoil(self, fault: Fault) -> None:
        """Begin a fault; open connections are dropped if it is one of new connections, and spoilt otherwise."""
        self.fault = fault
        if fault is Fault.REFUSED:
            self._stop()
        if fault in _OF_NEW_ONES:
            await self.drop()

    async def heal(self) -> None:
        """End the fault; connections that it spoilt are dropped, as by a router that was started again."""
        self.fault = Fault.NONE
        await self.drop()
        if self._server is None:
            await self._listen()

    async def drop(self) -> None:
        """Reset every connection."""
        lines = list(self._lines)
        for line in lines:
            if line.task is not None:
                line.task.cancel()
        await asyncio.gather(*(line.task for line in lines if line.task is not None), return_exceptions=True)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port, backlog=512)
        self.port = self._server.sockets[0].getsockname()[1]

    def _stop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        line = _Line(near=writer, task=asyncio.current_task())
        self._lines.add(line)
        try:
            await self._pass(line, reader)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            _reset(line.near)
        finally:
            self._lines.discard(line)
            for each in (line.near, line.far):
                if each is not None:
                    each.close()

    async def _pass(self, line: _Line, reader: asyncio.StreamReader) -> None:
        if self.fault is Fault.RESET:
            _reset(line.near)
            return
        if self.fault is Fault.GARBAGE:
            line.near.write(b"\x16\x03\x01\x00\xffSSH-2.0-x\r\n\r\n\x00\x00" * 3)
            await line.near.drain()
            return
        if isinstance(self.target, int):
            back, line.far = await asyncio.open_connection("127.0.0.1", self.target)
        else:
            back, line.far = await asyncio.open_unix_connection(self.target)
        there = asyncio.create_task(self._request(reader, line.far))
        answers = asyncio.create_task(self._answer(back, line.near))
        try:
            await asyncio.wait({there, answers}, return_when=asyncio.FIRST_COMPLETED)
            # What is under way in the other direction may still end by itself, as a last answer does.
            if there.done() and there.exception() is None and self.fault is Fault.NONE:
                await asyncio.wait({answers}, timeout=1.0)
        finally:
            for task in (there, answers):
                task.cancel()
            ended = await asyncio.gather(there, answers, return_exceptions=True)
        if any(isinstance(each, ConnectionResetError) for each in ended):
            _reset(line.near)

    async def _request(self, reader: asyncio.StreamReader, far: asyncio.StreamWriter) -> None:
        while data := await reader.read(_CHUNK):
            if self.fault is Fault.BLACK_HOLE:
                continue
            if self.fault is Fault.REQUEST_CUT:
                far.write(data[: len(data) // 2])
                await far.drain()
                raise ConnectionResetError
            far.write(data)
            await far.drain()

    async def _answer(self, back: asyncio.StreamReader, near: asyncio.StreamWriter) -> None:
        passed = 0
        if self.sparing_heads:
            near.write(await back.readuntil(b"\r\n\r\n"))
            await near.drain()
        while data := await back.read(_CHUNK):
            if self.fault in (Fault.SILENT, Fault.BLACK_HOLE):
                continue
            if self.fault is Fault.ANSWER_LOST:
                raise ConnectionResetError
            if self.fault is Fault.LATE:
                await asyncio.sleep(self.late)
            if self.fault is Fault.TRUNCATED:
                near.write(data[: _BEGINNING if not passed else len(data) // 2])
                await near.drain()
                return
            if self.fault is Fault.CORRUPT:
                data = bytes(byte ^ 0x55 if at % 3 == 0 else byte for at, byte in enumerate(data))
            if self.fault is Fault.TRICKLE:
                for byte in data[:_SLOWLY]:
                    near.write(bytes((byte,)))
                    await near.drain()
                    await asyncio.sleep(_DRIP)
                data = data[_SLOWLY:]
            near.write(data)
            passed += len(data)
            await near.drain()


def _reset(writer: asyncio.StreamWriter) -> None:
    connection = writer.get_extra_info("socket")
    if connection is not None:
        with contextlib.suppress(OSError):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()
