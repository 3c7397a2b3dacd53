"""How many connections an endpoint admits from one address and from a proxy, and what the system keeps of each."""

import asyncio
import socket
from dataclasses import replace

import pytest
from aiohttp import web

from bots.endpoints.connections import Connection, Doorman
from bots.endpoints.limits import LIMITS
from bots.endpoints.server import _listening


class Wire(asyncio.Transport):
    """A transport that records what is written to it."""

    def __init__(self, peer: object) -> None:
        super().__init__({"peername": peer})
        self.written = b""
        self.closed = False

    def write(self, data: object) -> None:
        """Record it."""
        assert isinstance(data, bytes)
        self.written += data

    def close(self) -> None:
        """Record it."""
        self.closed = True

    def is_closing(self) -> bool:
        """Return whether it was closed."""
        return self.closed


def connected(doorman: Doorman, peer: object) -> tuple[Connection, Wire]:
    """Return a new connection from an address."""
    connection, wire = Connection(doorman, asyncio.Protocol), Wire(peer)
    connection.connection_made(wire)
    return connection, wire


def refused(wire: Wire) -> bool:
    """Return whether a connection was refused."""
    return wire.written.startswith(b"HTTP/1.1 503 ") and wire.closed


@pytest.mark.parametrize(
    ("address", "admitted"),
    [
        # An address on the internet has a share.
        ("8.8.8.8", 2),
        ("2001:4860:4860::8888", 2),
        # A proxy on this machine or in its network speaks for everybody.
        ("127.0.0.1", 9),
        ("10.1.2.3", 9),
        ("::1", 9),
        ("fe80::1%eth0", 9),
        ("/run/socket", 9),
    ],
)
async def test_an_address_has_its_share(address: str, admitted: int) -> None:
    """Of nine connections from an address outside, as many as its share are admitted; of a proxy's, all."""
    doorman = Doorman(replace(LIMITS, connections=100, per_address=2))
    wires = [connected(doorman, (address, 1234))[1] for _ in range(9)]
    assert admitted == sum(not refused(wire) for wire in wires)
    assert admitted == len(doorman)
    assert not refused(connected(doorman, ("9.9.9.9", 1))[1])


async def test_a_closed_connection_makes_room() -> None:
    """When a connection of an address ends, the next one is admitted; a refused one that ends makes no room."""
    doorman = Doorman(replace(LIMITS, per_address=1))
    first, wire = connected(doorman, ("8.8.8.8", 1))
    second, other = connected(doorman, ("8.8.8.8", 2))
    assert (False, True) == (refused(wire), refused(other))
    second.connection_lost(None)
    assert refused(connected(doorman, ("8.8.8.8", 3))[1])
    first.connection_lost(None)
    assert not refused(connected(doorman, ("8.8.8.8", 4))[1])


async def test_a_connection_without_a_peer_is_served() -> None:
    """A connection whose peer the system does not name is admitted."""
    doorman = Doorman(LIMITS)
    assert not refused(connected(doorman, None)[1])


async def test_the_system_keeps_little_of_each_connection() -> None:
    """What the system keeps of a connection that nobody reads is small, and accepted connections inherit that."""
    runner = web.AppRunner(web.Application())
    await runner.setup()
    server = await _listening(runner, Doorman(LIMITS), ("127.0.0.1", 0))
    try:
        # Linux keeps twice of what is asked for, for its own accounts (man 7 socket, SO_RCVBUF).
        sizes = [each.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) for each in server.sockets]
        assert [True] == [size <= 2 * 32 * 1024 for size in sizes]
    finally:
        server.close()
        await runner.cleanup()
