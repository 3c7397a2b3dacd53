"""A running Paperwire whose line to Discord's gateway leads through a proxy, and Ada, who uses commands meanwhile."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from io import StringIO
from pathlib import Path

import httpx

from bots.bootstrap.app import App, open_app
from bots.bootstrap.monitoring import watched
from bots.config.settings import read_settings
from bots.discord.app import DiscordAdapter, connect
from tests.discord.conftest import settings_for
from tests.discord.posting import digest_for, place, posted
from tests.discord.test_connection import Workplace, seated
from tests.fakes.discord.office import Patience
from tests.fakes.discord.server import FakeDiscord
from tests.lines.pairs import port_of
from tests.slack.conftest import free_port
from tests.support.fault_proxy import Fault, FaultProxy

#: No handshake succeeds.
WITH_HANDSHAKE = (Fault.REFUSED, Fault.RESET, Fault.GARBAGE, Fault.REQUEST_CUT)
#: Each handshake succeeds, and what comes over the open line is spoilt.
BEHIND_HANDSHAKE = (
    Fault.ANSWER_LOST, Fault.TRUNCATED, Fault.CORRUPT, Fault.SILENT, Fault.BLACK_HOLE, Fault.TRICKLE, Fault.LATE,
)  # fmt: skip
#: The line stays open, and whatever comes over it is understood.
BEARABLE = frozenset({Fault.TRICKLE, Fault.LATE})
#: Deadline of everything that a test waits for. Seconds.
DEADLINE = 120.0
_PATIENT = Patience(ack_seconds=3600.0)


@dataclass(kw_only=True)
class Line:
    """The program and the line."""

    discord: FakeDiscord
    proxy: FaultProxy
    app: App
    workplace: Workplace
    port: int
    used: int = 0
    digests: int = 0

    @property
    def adapter(self) -> DiscordAdapter:
        """What posts digests."""
        found = self.app.executor.part_delivery.adapters["discord"]
        assert isinstance(found, DiscordAdapter)
        return found

    async def readiness(self) -> tuple[bool, str]:
        """Return whether the program says that it is alive and ready, and how its shards stand."""
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}", trust_env=False) as client:
            assert 200 == (await client.get("/healthz")).status_code
            answer = await client.get("/readyz")
        return answer.status_code == 200, json.loads(answer.text)["connections"]["discord"]

    async def uses_a_command(self) -> None:
        """Let Ada use a command, whether or not it arrives."""
        await self.workplace.ada.uses("/paper subscriptions", self.workplace.papers, wait=False)
        self.used += 1

    @property
    def answered(self) -> int:
        """How many commands were answered."""
        return self.workplace.count("no subscriptions")

    async def posts_a_digest(self) -> None:
        """Post a digest, and check that it is there once."""
        chat = self.workplace.papers
        self.digests += 1
        digest = digest_for(place(self.discord, chat))
        async with asyncio.timeout(DEADLINE):
            await posted(self.adapter, self.adapter.compose(digest), f"digest-{self.digests}")
        seen = self.workplace.ada.sees(chat, only_me=False)
        assert self.digests == sum("Paper 0" in each.text for each in seen)

    async def is_lost(self) -> None:
        """Wait until the program knows that the line is broken."""
        await self._until(lambda: not self.adapter.connections().is_open)

    async def is_back(self) -> None:
        """Wait until the line is open at both ends."""
        gateway = self.discord.hub.gateway
        await self._until(lambda: bool(gateway.ready()) and self.adapter.connections().is_open)

    async def is_answered(self) -> None:
        """Wait until every command was answered, and check that none was twice."""
        await self._until(lambda: self.answered >= self.used)
        assert self.used == self.answered

    async def _until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(DEADLINE):
            while not holds():  # noqa: ASYNC110 - the program tells nobody
                await asyncio.sleep(0.01)

    async def spoilt(self, fault: Fault, *, seconds: float = 0.0) -> float:
        """Spoil the line while a command is used and a digest posted, mend it; return the seconds until it is back.

        Args:
            fault: what is wrong with it.
            seconds: how long it stays so after the program has noticed.
        """
        self.proxy.sparing_heads = fault not in WITH_HANDSHAKE
        await self.proxy.spoil(fault)
        await self.uses_a_command()
        await self.posts_a_digest()
        if fault not in BEARABLE:
            await self.is_lost()
            assert (False, "0 of 1") == await self.readiness()
        await asyncio.sleep(seconds)
        gateway = self.discord.hub.gateway
        resumed = gateway.resumed
        await self.proxy.heal()
        healed = time.monotonic()
        # The end of the fault drops the line, which the program may notice only now.
        await self._until(lambda: gateway.resumed > resumed)
        await self.is_back()
        took = time.monotonic() - healed
        await self.is_answered()
        assert (True, "1 of 1") == await self.readiness()
        return took


@asynccontextmanager
async def a_line(folder: Path) -> AsyncIterator[Line]:
    """Start the program, connected through the proxy.

    Discord's clock stands still, and people wait for an hour instead of three seconds: how late an answer may come
    is not what is asked here.
    """
    now = time.time()
    async with AsyncExitStack() as stack:
        discord = await stack.enter_async_context(FakeDiscord(clock=lambda: now, patience=_PATIENT))
        proxy = await stack.enter_async_context(FaultProxy(port_of(discord.url)))
        workplace, port = seated(discord), free_port()
        # A heartbeat long before the silence after which the line counts as dead.
        discord.hub.gateway.heartbeat_seconds = 0.3
        settings = settings_for(discord, gateway_url=f"ws://127.0.0.1:{proxy.port}/gw")
        read = read_settings(
            {"PAPERWIRE_OPERATIONS_LISTEN": f"127.0.0.1:{port}"}, database=str(folder / "paperwire.sqlite3")
        )
        app = await stack.enter_async_context(
            open_app(
                read,
                screen=StringIO(),
                connectors=(partial(connect, settings),),
                clock=lambda: datetime.fromtimestamp(now, UTC),
                libraries=("sample",),
            )
        )
        await stack.enter_async_context(watched(app))
        line = Line(discord=discord, proxy=proxy, app=app, workplace=workplace, port=port)
        await line.is_back()
        await discord.until(lambda: bool(discord.hub.commands.of(None)), within=DEADLINE, what="the commands")
        yield line
        assert [] == discord.hub.wrongs
