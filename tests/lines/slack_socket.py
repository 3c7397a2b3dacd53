"""A running Paperwire whose socket to Slack leads through a proxy, and Ada, who types commands."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bots.slack.manifest import manifest
from tests.fakes.slack.server import FakeSlack
from tests.lines.pairs import port_of
from tests.slack.conftest import at_work
from tests.slack.test_connection import Workplace, seated
from tests.support.fault_proxy import Fault, FaultProxy

STANDING = (Fault.RESET, Fault.BLACK_HOLE, Fault.CORRUPT, Fault.GARBAGE, Fault.REFUSED)
DEADLINE = 60.0


@dataclass(kw_only=True)
class Socket:
    """The program and the line."""

    slack: FakeSlack
    proxy: FaultProxy
    workplace: Workplace
    typed: int = 0

    async def spoilt(self, fault: Fault, *, seconds: float = 0.0) -> float:
        """Spoil the line, mend it, and check that a command is answered once; return the seconds until it is back.

        Args:
            fault: what is wrong with it.
            seconds: how long it stays so after it was lost.
        """
        await self.proxy.spoil(fault)
        await self.proxy.drop()
        sockets = self.slack.hub.sockets
        await self.slack.until(lambda: not sockets.ready(), within=DEADLINE, what="the end of the line")
        await asyncio.sleep(seconds)
        await self.proxy.heal()
        healed = time.monotonic()
        await sockets.connected(1, within=DEADLINE)
        took = time.monotonic() - healed
        self.typed += 1
        await self.workplace.ada.types("/paper help", self.workplace.papers)
        await self.slack.until(lambda: self._helps() >= self.typed, within=DEADLINE, what="an answer")
        assert self.typed == self._helps()
        return took

    def _helps(self) -> int:
        seen = self.workplace.ada.sees(self.workplace.papers, only_me=True)
        return sum("Commands" in each.text for each in seen)


@asynccontextmanager
async def a_socket(folder: Path, **settings: Any) -> AsyncIterator[Socket]:
    """Start the program, connected through the proxy."""
    async with FakeSlack(manifest("socket", unfurl=True)) as slack, FaultProxy(port_of(slack.url)) as proxy:
        workplace = seated(slack)
        token = slack.hub.install(slack.workspace()).token
        slack.hub.url = proxy.url
        async with at_work(slack, folder, token, **settings):
            await slack.hub.sockets.connected(1)
            yield Socket(slack=slack, proxy=proxy, workplace=workplace)
