"""Between each pair of parts the line is spoilt in every way: the caller is told in time, and nothing is lost or doubled."""

import asyncio
import logging
from pathlib import Path

import pytest

from tests.lines.pairs import PAIRS
from tests.support.fault_proxy import Fault

#: Seconds within which a call over a spoilt line ends on a busy machine.
DEADLINE = 30.0
SPOILT = tuple(fault for fault in Fault if fault is not Fault.NONE)


@pytest.mark.parametrize("name", PAIRS)
async def test_a_spoilt_line_costs_one_call(name: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Over each fault a call ends in time, as done or with an error of ours; over a good line the next one succeeds."""
    for fault in SPOILT:
        caplog.clear()
        async with PAIRS[name](tmp_path) as pair:
            await pair.proxy.spoil(fault)
            async with asyncio.timeout(DEADLINE):
                try:
                    await pair.call()
                except pair.told as error:
                    assert str(error), fault
            await pair.proxy.heal()
            async with asyncio.timeout(DEADLINE):
                await pair.call()
            if pair.happened is not None:
                assert 1 == pair.happened(), fault
        # A line that tells what is wrong; no traceback, of libraries or of ours.
        assert [] == [
            (fault, record.name, record.getMessage())
            for record in caplog.records
            if record.exc_info or (record.levelno >= logging.WARNING and "\n" in record.getMessage())
        ]
