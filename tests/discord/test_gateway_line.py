"""A broken line to the gateway is replaced soon, and never so often that Discord or the processor suffers."""

import asyncio
from typing import Any, cast

import aiohttp
import discord.client
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bots.discord import gateway_line
from bots.discord.gateway_line import LONGEST_PAUSE, Handshakes, hurried, shorten_pauses
from bots.discord.transport import RequestBudget, reroute

#: Longer than any connection that counts as broken.
_LASTED = 61.0


class Hand:
    """A clock that moves only while somebody waits."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.waited: list[float] = []

    def __call__(self) -> float:
        """Return the seconds."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Move on."""
        self.waited.append(seconds)
        self.now += seconds


async def test_pauses_double_until_a_connection_lasts() -> None:
    """Three handshakes follow each other at once, then each pause is twice as long, up to the longest."""
    clock = Hand()
    handshakes = Handshakes(ticks=clock, sleep=clock.sleep)
    for _ in range(12):
        await handshakes.turn()
    for pause, most in zip(clock.waited, (1, 2, 4, 8, 16, 20, 20, 20, 20), strict=True):
        assert most / 2 <= pause <= most
    clock.now += _LASTED
    clock.waited.clear()
    for _ in range(3):
        await handshakes.turn()
    assert [] == clock.waited


async def test_a_pause_of_the_library_counts() -> None:
    """Who waited before, because a handshake failed, waits no longer."""
    clock = Hand()
    handshakes = Handshakes(ticks=clock, sleep=clock.sleep)
    for _ in range(30):
        await handshakes.turn()
        clock.now += LONGEST_PAUSE
    assert 0 == sum(clock.waited)


@settings(max_examples=50)
@given(lasts=st.lists(st.floats(0, 90), min_size=5, max_size=60))
@example(lasts=[0.1] * 40)
async def test_handshakes_of_a_minute_are_few(lasts: list[float]) -> None:
    """However long connections last, no minute has more than a dozen handshakes."""
    clock = Hand()
    handshakes = Handshakes(ticks=clock, sleep=clock.sleep)
    made = []
    for each in lasts:
        await handshakes.turn()
        made.append(clock.now)
        clock.now += each
    assert all(sum(at <= other < at + 60 for other in made) <= 12 for at in made)


def test_the_librarys_pauses_are_short_too() -> None:
    """After an outage of hours the library tries again within the longest pause."""
    shorten_pauses()
    backoff = vars(discord.client)["ExponentialBackoff"]()
    pauses = [backoff.delay() for _ in range(100)]
    assert max(pauses) <= LONGEST_PAUSE
    assert len(set(pauses[20:])) > 50


async def test_each_handshake_takes_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library's client connects when it is its turn, also after a lost session, and waits for no long goodbye."""
    made: list[str] = []

    async def turn(_self: Handshakes) -> None:
        made.append("turn")

    class Http:
        request = None

        async def ws_connect(self, url: str, *, compress: int = 0) -> Any:  # noqa: ARG002 - as the library calls it
            made.append(url)
            return Silent()

    monkeypatch.setattr(Handshakes, "turn", turn)
    monkeypatch.setattr(gateway_line, "_GOODBYE", 0.01)
    http = cast("discord.http.HTTPClient", Http())
    reroute(http, RequestBudget(), api_url="http://127.0.0.1:1", gateway_url="ws://127.0.0.1:1/gw")
    async with asyncio.timeout(30):
        for _ in range(2):
            socket = await http.ws_connect("wss://gateway.discord.gg/?v=10")
            assert await socket.close(code=4000)
    assert ["turn", "ws://127.0.0.1:1/gw?v=10"] * 2 == made


class Silent:
    """A connection whose other side says no goodbye."""

    async def close(self, *, code: int = 1000) -> bool:  # noqa: ARG002 - as the library calls it
        """Wait for ever."""
        await asyncio.Event().wait()
        return False


async def test_a_silent_line_is_left_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that fell silent is not waited for any longer than the goodbye may take."""
    monkeypatch.setattr(gateway_line, "_GOODBYE", 0.01)
    socket = hurried(cast("aiohttp.ClientWebSocketResponse", Silent()))
    async with asyncio.timeout(30):
        assert await socket.close(code=4000)
