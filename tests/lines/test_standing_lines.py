"""Lines that stay open, to Slack's socket and from a browser, come back by themselves."""

import asyncio
from functools import partial
from pathlib import Path

import httpx
import pytest

from tests.fakes.slack.server import FakeSlack
from tests.lines.pairs import port_of
from tests.lines.test_faults import untidy
from tests.slack.conftest import at_work, slack
from tests.slack.test_connection import Workplace, seated
from tests.support.fault_proxy import Fault, FaultProxy
from tests.web.conftest import a_browser

__all__ = ["slack"]

pytestmark = pytest.mark.slow

#: Seconds to open a connection: a line that swallows everything is given up after them.
STUCK_AFTER = 1.0
FAULTS = (Fault.RESET, Fault.BLACK_HOLE, Fault.CORRUPT, Fault.GARBAGE, Fault.REFUSED)
DEADLINE = 60.0


async def test_slacks_socket(slack: FakeSlack, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """After each fault of the socket's line a command is answered, once, without help; the log has lines alone."""
    workplace = seated(slack)
    token = slack.hub.install(slack.workspace()).token
    async with FaultProxy(port_of(slack.url)) as proxy:
        slack.hub.url = proxy.url
        async with at_work(slack, tmp_path, token, stuck_after=STUCK_AFTER):
            await slack.hub.sockets.connected(1)
            for number, fault in enumerate(FAULTS, 1):
                await proxy.spoil(fault)
                await proxy.drop()
                await slack.until(lambda: not slack.hub.sockets.ready(), within=DEADLINE, what="the end of the line")
                await proxy.heal()
                await slack.hub.sockets.connected(1, within=DEADLINE)
                await workplace.ada.types("/paper help", workplace.papers)
                expected = partial(_helps_at_least, workplace, number)
                await slack.until(expected, within=DEADLINE, what="an answer")
                assert number == _helps(workplace)
    assert [] == untidy(caplog.records)


def _helps_at_least(workplace: Workplace, number: int) -> bool:
    return _helps(workplace) >= number


def _helps(workplace: Workplace) -> int:
    seen = workplace.ada.sees(workplace.papers, only_me=True)
    return sum("Commands" in each.text for each in seen)


@pytest.mark.parametrize("fault", [each for each in Fault if each is not Fault.NONE])
async def test_a_browsers_line(fault: Fault) -> None:
    """Whatever becomes of readers' lines, the page is there for the next one, and no connection is kept."""
    async with a_browser() as browser, FaultProxy(browser.settings.listen[1]) as proxy:
        await proxy.spoil(fault)
        async with httpx.AsyncClient(base_url=proxy.url, trust_env=False, timeout=0.5) as client:
            lines = [asyncio.ensure_future(client.get("/")) for _ in range(3)]
            await asyncio.wait(lines, timeout=DEADLINE)
            assert all(line.done() for line in lines)
            for line in lines:
                line.exception()
            await proxy.heal()
        assert 200 == (await browser.get("/")).status
        assert 0 == proxy.open
