"""The line to Discord's gateway is spoilt in every way: nothing is lost or doubled, and digests go on meanwhile."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import discord.client
import pytest
from aiohttp import web
from discord.backoff import ExponentialBackoff

from tests.discord.conftest import swift
from tests.lines.gateway import BEARABLE, BEHIND_HANDSHAKE, WITH_HANDSHAKE, Line, a_line
from tests.lines.test_faults import untidy

__all__ = ["swift"]

pytestmark = pytest.mark.slow

_AWAY = "Discord's gateway cannot be reached"


@pytest.fixture
async def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Line]:
    """A running program that waits for moments where the product waits for up to a minute."""
    monkeypatch.setattr("bots.discord.connection._SILENCE", 1.0)
    monkeypatch.setattr("bots.discord.gateway_line._GOODBYE", 0.1)
    monkeypatch.setattr("bots.discord.gateway_line.LONGEST_PAUSE", 0.1)
    monkeypatch.setattr("bots.discord.connection.FIRST_PAUSE", 0.05)
    # Other tests of this process may have shortened its pauses before.
    monkeypatch.setattr(discord.client, "ExponentialBackoff", ExponentialBackoff)
    async with a_line(tmp_path) as opened:
        yield opened


def told(records: list[logging.LogRecord]) -> list[str]:
    """Return the warnings and errors about the gateway."""
    names = ("discord", "bots.discord")
    return [each.getMessage() for each in records if each.levelno >= logging.WARNING and each.name.startswith(names)]


async def test_a_spoilt_line_loses_and_doubles_nothing(line: Line, caplog: pytest.LogCaptureFixture) -> None:
    """After each fault the session goes on: what was asked meanwhile is answered once, and no session is spent."""
    for fault in (*WITH_HANDSHAKE, *BEHIND_HANDSHAKE):
        caplog.clear()
        await line.spoilt(fault)
        assert len(told(caplog.records)) <= (fault not in BEARABLE), fault
        assert [] == untidy(caplog.records)
    assert 1 == len(line.discord.hub.gateway.identified)
    assert vars(discord.client)["ExponentialBackoff"] is not ExponentialBackoff


async def text(socket: web.WebSocketResponse) -> None:
    """Send what is not JSON."""
    await socket.send_str('{"op": 0, "t": "INTERACTION_CREATE", "d": ')


async def other_json_of_an_event(socket: web.WebSocketResponse) -> None:
    """Send JSON of another form that names an event."""
    await socket.send_str('["INTERACTION_CREATE"]')


async def uncompressed(socket: web.WebSocketResponse) -> None:
    """Send what is not compressed, and says that it is."""
    await socket.send_bytes(b"SSH-2.0-OpenSSH\r\n\x00\x00\xff\xff")


@pytest.mark.parametrize("sends", [text, other_json_of_an_event, uncompressed])
async def test_nonsense_on_the_line_costs_one_session(
    line: Line, sends: Callable[[web.WebSocketResponse], Awaitable[None]], caplog: pytest.LogCaptureFixture
) -> None:
    """If Discord says what nobody understands, another session is started, and the log says so in one line."""
    gateway = line.discord.hub.gateway
    await sends(gateway.connections[0].socket)
    await line.discord.until(lambda: len(gateway.identified) == 2, within=60, what="another session")
    await line.is_back()
    await line.uses_a_command()
    await line.posts_a_digest()
    await line.is_answered()
    assert 1 == len(told(caplog.records))
    assert [] == untidy(caplog.records)
    assert 2 == len(gateway.identified)
