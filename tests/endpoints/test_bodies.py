"""Reading a body from a connection that is gone, and from one whose reading fails for a reason of our own."""

import asyncio

import pytest
from aiohttp import web

from bots.endpoints.bodies import Bodies
from bots.endpoints.limits import LIMITS


class Asked:
    """A request whose body cannot be read, as the library reports it."""

    content_length = 100
    can_read_body = True

    def __init__(self, transport: asyncio.Transport | None) -> None:
        self.transport = transport
        self.headers: dict[str, str] = {}

    async def read(self) -> bytes:
        """Fail as the library does when a connection was closed before the body was read."""
        raise RuntimeError("Connection closed.")


class Open(asyncio.Transport):
    """A connection that is open."""

    def is_closing(self) -> bool:
        """Return that it is open."""
        return False


async def test_a_connection_that_is_gone_is_a_bad_request() -> None:
    """If the connection was closed before the body was read, the request is bad, and no failure of ours is logged."""
    with pytest.raises(web.HTTPBadRequest):
        await Bodies(LIMITS).read(Asked(None))  # type: ignore[arg-type]  # as far as it is used


async def test_another_failure_is_not_hidden() -> None:
    """The same error on an open connection is a bug, and stays one."""
    with pytest.raises(RuntimeError):
        await Bodies(LIMITS).read(Asked(Open()))  # type: ignore[arg-type]  # as far as it is used
