"""Lines that stay open, to Slack's socket and from a browser, come back by themselves."""

import asyncio
from pathlib import Path

import httpx
import pytest

from tests.lines.slack_socket import DEADLINE, STANDING, a_socket
from tests.lines.test_faults import untidy
from tests.support.fault_proxy import Fault, FaultProxy
from tests.web.conftest import a_browser

pytestmark = pytest.mark.slow

#: Seconds to open a connection: a line that swallows everything is given up after them.
STUCK_AFTER = 1.0


async def test_slacks_socket(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """After each fault of the socket's line a command is answered, once, without help; the log has lines alone."""
    async with a_socket(tmp_path, stuck_after=STUCK_AFTER) as line:
        for fault in STANDING:
            await line.spoilt(fault)
    assert [] == untidy(caplog.records)


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
