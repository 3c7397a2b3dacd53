"""Each line between two parts is spoilt in every way: the caller is told in time, and nothing is lost or doubled."""

import logging
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.lines.calls import ON_POSTGRES, SPOILT, over
from tests.lines.pairs import PAIRS
from tests.support import postgres
from tests.support.fault_proxy import Fault

#: Each waits for the patience of a call several times.
pytestmark = pytest.mark.slow

#: Seconds within which a call over a spoilt line ends on a busy machine.
DEADLINE = 30.0
#: Over these a call succeeds, though late; corrupt bytes may happen to mean the same.
BEARABLE = frozenset({Fault.LATE, Fault.TRICKLE, Fault.CORRUPT})


@pytest.mark.parametrize("name", PAIRS)
async def test_a_spoilt_line_costs_one_call(name: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Over each fault a call ends in time, as done or with an error of ours; over a good line the next one succeeds."""
    if name in ON_POSTGRES and not postgres.IS_THERE:
        pytest.skip(postgres.WHY_NOT)
    async with AsyncExitStack() as stack:
        pair = await stack.enter_async_context(PAIRS[name](tmp_path))
        for fault in (each for each in SPOILT if each not in pair.long):
            found = await over(pair, fault, within=DEADLINE)
            assert fault in BEARABLE or found.said, fault
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
