"""Each line between two parts is spoilt in every way: the caller is told in time, and nothing is lost or doubled."""

import asyncio
import logging
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.lines.pairs import PAIRS
from tests.support import postgres
from tests.support.fault_proxy import Fault

#: Each waits for the patience of a call several times.
pytestmark = pytest.mark.slow

#: Seconds within which a call over a spoilt line ends on a busy machine.
DEADLINE = 30.0
SPOILT = tuple(fault for fault in Fault if fault is not Fault.NONE)
#: Over these a call succeeds, though late; corrupt bytes may happen to mean the same.
BEARABLE = frozenset({Fault.LATE, Fault.TRICKLE, Fault.CORRUPT})
ON_POSTGRES = frozenset({"database", "job queue"})


async def ends(call: Awaitable[object], told: tuple[type[Exception], ...]) -> str:
    """Return what the caller was told; empty if the call succeeded. Any other error is raised."""
    async with asyncio.timeout(DEADLINE):
        try:
            await call
        except told as error:
            return str(error) or "nothing"
    return ""


@pytest.mark.parametrize("name", PAIRS)
async def test_a_spoilt_line_costs_one_call(name: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Over each fault a call ends in time, as done or with an error of ours; over a good line the next one succeeds."""
    if name in ON_POSTGRES and not postgres.IS_THERE:
        pytest.skip(postgres.WHY_NOT)
    async with AsyncExitStack() as stack:
        pair = await stack.enter_async_context(PAIRS[name](tmp_path))
        for fault in (each for each in SPOILT if each not in pair.long):
            await pair.proxy.spoil(fault)
            call = asyncio.ensure_future(ends(pair.call(), pair.told))
            if fault in pair.system:
                await asyncio.wait({call}, timeout=0.3)
                await pair.proxy.drop()
            said = await call
            assert fault in BEARABLE or said, fault
            await pair.proxy.heal()
            async with asyncio.timeout(DEADLINE):
                # A busy machine may be slower than the patience of the test.
                while await ends((pair.again or pair.call)(), pair.told):  # noqa: ASYNC110 - nothing tells of it
                    await asyncio.sleep(0.01)
            if pair.happened is not None:
                assert 1 == pair.happened(), fault
                pair = await stack.enter_async_context(PAIRS[name](tmp_path))
        if pair.counted is not None:
            assert 1 == await pair.counted()
    assert [] == untidy(caplog.records)


def untidy(records: list[logging.LogRecord]) -> list[tuple[str, str]]:
    """Return what the log has besides lines: tracebacks, of libraries or of ours."""
    return [
        (record.name, record.getMessage())
        for record in records
        # The servers of the tests are built on it as well.
        if record.name != "aiohttp.server" and record.levelno >= logging.WARNING and record.exc_info
    ]
