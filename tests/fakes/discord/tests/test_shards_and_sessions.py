"""The gateway: sessions, close codes, compression and shards, with raw sockets and with discord.py."""

import asyncio
import json
import zlib
from types import TracebackType
from typing import Any, Self

import aiohttp
import pytest

from tests.fakes.discord.intents import Intent
from tests.fakes.discord.pacing import STRICT
from tests.fakes.discord.tests.bot import Bot, running
from tests.fakes.discord.tests.conftest import Lab
from tests.fakes.discord.tests.rest import Rest


class Wire:
    """A raw WebSocket to the gateway."""

    def __init__(self, lab: Lab, compress: str = "") -> None:
        self._lab = lab
        self._query = {"v": "10", "encoding": "json"} | ({"compress": compress} if compress else {})
        self._unpack = zlib.decompressobj()

    async def __aenter__(self) -> Self:
        """Connect and receive HELLO."""
        self._session = aiohttp.ClientSession()
        self.socket = await self._session.ws_connect(self._lab.discord.gateway, params=self._query)
        self.hello = await self.hears()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection."""
        await self.socket.close()
        await self._session.close()

    async def hears(self) -> dict[str, Any]:
        """Return the next payload."""
        message = await self.socket.receive(timeout=5)
        if message.type is aiohttp.WSMsgType.BINARY:
            return dict(json.loads(self._unpack.decompress(message.data)))
        assert message.type is aiohttp.WSMsgType.TEXT, message
        return dict(json.loads(message.data))

    async def ends(self) -> int | None:
        """Return the code that the connection is closed with."""
        while not self.socket.closed:
            await self.socket.receive(timeout=5)
        return self.socket.close_code

    async def identifies(self, **more: Any) -> None:
        """Send IDENTIFY."""
        data = {"token": self._lab.discord.hub.token, "intents": 1, "properties": {}, **more}
        await self.socket.send_json({"op": 2, "d": data})


async def test_ready_comes_first_and_servers_after_it(lab: Lab) -> None:
    """READY lists the servers as unavailable and the resume URL; GUILD_CREATE then brings each with its channels."""
    async with Wire(lab) as wire:
        assert (10, 41_250) == (wire.hello["op"], wire.hello["d"]["heartbeat_interval"])
        await wire.identifies()
        ready, guild = await wire.hears(), await wire.hears()
    assert ("READY", 1) == (ready["t"], ready["s"])
    assert [{"id": lab.guild.id, "unavailable": True}] == ready["d"]["guilds"]
    assert ready["d"]["resume_gateway_url"].startswith(lab.discord.gateway)
    assert ("GUILD_CREATE", ["papers"]) == (guild["t"], [each["name"] for each in guild["d"]["channels"]])


async def test_without_the_intent_no_server_is_told_of(lab: Lab) -> None:
    """Without the GUILDS intent no GUILD_CREATE follows READY."""
    async with Wire(lab) as wire:
        await wire.identifies(intents=0)
        assert "READY" == (await wire.hears())["t"]
        await wire.socket.send_json({"op": 1, "d": 1})
        assert 11 == (await wire.hears())["op"]


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({"op": 2, "d": {"token": "wrong", "intents": 1, "properties": {}}}, 4004),
        ({"op": 99, "d": None}, 4001),
        ({"op": 3, "d": {}}, 4003),
        ("{", 4002),
        ({"op": 1, "d": "x" * 4096}, 4002),
        ({"op": 6, "d": {"token": "wrong", "session_id": "1", "seq": 1}}, 4004),
    ],
)
async def test_what_is_wrong_closes_with_its_code(lab: Lab, payload: object, code: int) -> None:
    """A wrong payload closes the connection with the documented code."""
    async with Wire(lab) as wire:
        await wire.socket.send_str(payload if isinstance(payload, str) else json.dumps(payload))
        assert code == await wire.ends()


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"intents": Intent.MESSAGE_CONTENT}, 4014),
        ({"intents": 1 << 40}, 4013),
        ({"shard": [2, 2]}, 4010),
    ],
)
async def test_who_identifies_wrongly_is_closed(lab: Lab, more: dict[str, Any], code: int) -> None:
    """An IDENTIFY with a privileged intent that is not granted, an unknown intent or an impossible shard is refused."""
    async with Wire(lab) as wire:
        await wire.identifies(**more)
        assert code == await wire.ends()


async def test_a_session_is_resumed_with_everything_since(lab: Lab) -> None:
    """RESUME replays the events after the given number and ends with RESUMED; an unknown session is invalid."""
    async with Wire(lab) as wire:
        await wire.identifies()
        session = (await wire.hears())["d"]["session_id"]
        await lab.discord.hub.gateway.drop(4000)
        assert 4000 == await wire.ends()
    lab.discord.channel("new", lab.guild)
    resume = {"token": lab.discord.hub.token, "session_id": session, "seq": 2}
    async with Wire(lab, "zlib-stream") as wire:
        await wire.socket.send_bytes(json.dumps({"op": 6, "d": resume}).encode())
        assert ["CHANNEL_CREATE", "RESUMED"] == [(await wire.hears())["t"] for _ in range(2)]
    async with Wire(lab) as wire:
        await wire.socket.send_json({"op": 6, "d": {**resume, "session_id": "1"}})
        assert (9, False) == ((said := await wire.hears())["op"], said["d"])


async def test_who_leaves_with_1000_has_no_session_any_more(lab: Lab) -> None:
    """A session ends when the client closes its connection with 1000."""
    async with Wire(lab) as wire:
        await wire.identifies()
        await wire.hears()
    await lab.discord.until(lambda: not lab.discord.hub.gateway.connections)
    assert {} == lab.discord.hub.gateway.sessions


async def test_nobody_sends_more_than_120_payloads_a_minute(lab: Lab) -> None:
    """The 121st payload in a minute closes the connection with 4008."""
    async with Wire(lab) as wire:
        for _ in range(121):
            await wire.socket.send_json({"op": 1, "d": None})
        assert 4008 == await wire.ends()


async def test_shards_hear_of_their_own_servers(lab: Lab) -> None:
    """Each of two shards receives the servers whose ids map to it."""
    for name in ("Other", "Third", "Fourth"):
        lab.discord.person(f"somebody in {name}")
        lab.discord.invite(lab.discord.guild(name))
    heard = []
    for shard in range(2):
        async with Wire(lab) as wire:
            await wire.identifies(shard=[shard, 2])
            heard.append({each["id"] for each in (await wire.hears())["d"]["guilds"]})
            assert {shard} == {(int(each) >> 22) % 2 for each in heard[-1]}
    assert heard[0] | heard[1] == {each.id for each in lab.discord.hub.guilds()}


async def test_shards_wait_their_turn(lab: Lab) -> None:
    """With strict limits, a second IDENTIFY within five seconds is answered with an invalid session."""
    lab.discord.hub.pacing.pace = STRICT
    async with Wire(lab) as first, Wire(lab) as second:
        await first.identifies(shard=[0, 2])
        assert "READY" == (await first.hears())["t"]
        await second.identifies(shard=[1, 2])
        assert 9 == (await second.hears())["op"]
        lab.clock.now += 5
        await second.identifies(shard=[1, 2])
        assert "READY" == (await second.hears())["t"]


async def test_messages_are_told_by_intent_and_without_their_content(lab: Lab) -> None:
    """With the intent for messages they are sent: those of others without content, the app's own in full."""
    async with Wire(lab) as wire, Rest(lab.discord) as rest:
        await wire.identifies(intents=int(Intent.GUILD_MESSAGES))
        await wire.hears()
        await lab.ada.says("Secret", lab.papers)
        await rest.post(lab.papers.id, "Mine")
        assert ["", "Mine"] == [(await wire.hears())["d"]["content"] for _ in range(2)]


async def test_the_library_resumes_what_was_dropped_and_told_to_reconnect(lab: Lab) -> None:
    """After a close with 4000, an aborted connection and op 7, discord.py resumes without a second IDENTIFY."""
    gateway = lab.discord.hub.gateway
    async with running(lab.discord):
        await gateway.drop(4000)
        await lab.discord.until(lambda: gateway.resumed == 1)
        await gateway.drop(1006)
        await lab.discord.until(lambda: gateway.resumed == 2)
        gateway.reconnect()
        await lab.discord.until(lambda: gateway.resumed == 3)
        assert 1 == len(gateway.identified)
        await lab.ada.uses("/summarize", lab.papers)


async def test_a_forgotten_session_is_said_to_be_invalid(lab: Lab) -> None:
    """A connected client is notified that its session is invalid, and can identify again."""
    async with Wire(lab) as wire:
        await wire.identifies(intents=0)
        await wire.hears()
        lab.discord.hub.gateway.forget_sessions()
        assert (9, False) == ((said := await wire.hears())["op"], said["d"])
        await wire.identifies(intents=0)
        assert "READY" == (await wire.hears())["t"]
    assert 2 == len(lab.discord.hub.gateway.identified)


async def test_a_bot_hears_that_it_was_put_out(lab: Lab) -> None:
    """GUILD_DELETE reaches the bot, and its commands are no longer offered in that server."""
    async with running(lab.discord) as bot:
        await lab.ada.uses("/summarize", lab.papers)
        lab.discord.kick(lab.guild)
        async with asyncio.timeout(30):
            await bot.was_put_out.wait()
    assert [int(lab.guild.id)] == bot.left
    assert [] == lab.ada.commands(lab.papers)


async def test_a_bot_nobody_answers_hears_no_heartbeat(lab: Lab) -> None:
    """Without heartbeat acknowledgements discord.py reconnects and resumes."""
    gateway = lab.discord.hub.gateway
    gateway.heartbeat_seconds = 0.05
    async with running(lab.discord, Bot(heartbeat_timeout=0.1)):
        await lab.discord.until(lambda: gateway.connections and gateway.connections[0].beats)
        gateway.deaf()
        await lab.discord.until(lambda: gateway.opened > 1, within=10)
        gateway.deaf(ears=True)
        await lab.discord.until(lambda: gateway.resumed, within=10)
