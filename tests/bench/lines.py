"""Every fault on the line between every two parts, and the seconds from the end of a fault until all is well again.

The lines stay spoilt for some seconds after the program has noticed; `LINES_SECONDS` in the environment changes how
many. Only single calls are given up sooner than in the product, after a second instead of up to a minute.
"""

import asyncio
import logging
import os
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bots.ports import Unobserved
from bots.telemetry.traces import Traces, exporter
from tests.bench.rows import Row
from tests.fakes.trace_collector import TraceCollector
from tests.kills.processes import Role
from tests.lines.calls import ON_POSTGRES, SPOILT, over
from tests.lines.gateway import BEHIND_HANDSHAKE, WITH_HANDSHAKE, a_line
from tests.lines.pairs import PAIRS
from tests.lines.slack_socket import STANDING, a_socket
from tests.lines.workers import open_lines
from tests.support import postgres
from tests.support.fault_proxy import Fault, FaultProxy

_SECONDS = float(os.environ.get("LINES_SECONDS", "5"))
#: Seconds within which a call ends over each line, and within which all is to be well again.
_DEADLINE, _WANTED = 120.0, 40.0

Found = tuple[Fault, float]


def measure(_data: Path) -> Iterator[Row]:
    """Yield, for each line, the seconds until all was well again after each fault, and the median and the most."""
    logging.disable(logging.CRITICAL)
    for name in PAIRS:
        if postgres.IS_THERE or name not in ON_POSTGRES:
            yield from _rows(name, partial(_pair, name))
    yield from _rows("Slack's socket", _socket)
    yield from _rows("Discord's gateway", _gateway)
    yield from _rows("collector of traces", _collector)
    if postgres.IS_THERE:
        yield from _rows("worker and its database", partial(_process, Role.WORKER))
        yield from _rows("schedule and its database", partial(_process, Role.REPLICA))


def _rows(name: str, measured: Callable[[Path], AsyncIterator[Found]]) -> Iterator[Row]:
    async def everything() -> Sequence[Found]:
        with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            return [found async for found in measured(Path(folder))]

    times = asyncio.run(everything())

    def row(what: str, ours: float) -> Row:
        return Row(what=f"{name}: {what}", ours=ours, unit="s", peer="wanted", theirs=_WANTED)

    yield from (row(fault.value, seconds) for fault, seconds in times)
    yield row("median", median(seconds for _, seconds in times))
    yield row("most", max(seconds for _, seconds in times))


async def _pair(name: str, folder: Path) -> AsyncIterator[Found]:
    async with AsyncExitStack() as stack:
        pair = await stack.enter_async_context(PAIRS[name](folder))
        for fault in SPOILT:
            yield fault, (await over(pair, fault, within=_DEADLINE)).well
            if pair.happened is not None:
                if pair.happened() != 1:
                    raise AssertionError(f"{name}, {fault}: posted {pair.happened()} times")
                pair = await stack.enter_async_context(PAIRS[name](folder))


async def _socket(folder: Path) -> AsyncIterator[Found]:
    async with a_socket(folder) as line:
        for fault in STANDING:
            yield fault, await line.spoilt(fault, seconds=_SECONDS)


async def _gateway(folder: Path) -> AsyncIterator[Found]:
    async with a_line(folder) as line:
        for fault in (*WITH_HANDSHAKE, *BEHIND_HANDSHAKE):
            yield fault, await line.spoilt(fault, seconds=_SECONDS)
        if len(line.discord.hub.gateway.identified) != 1:
            raise AssertionError("the faults cost sessions")


async def _collector(_folder: Path) -> AsyncIterator[Found]:
    with TraceCollector() as collector:
        async with FaultProxy(collector.server_port) as proxy:
            traces = Traces(Unobserved(), exporter(f"{proxy.url}/v1/traces"), version="1")
            for fault in SPOILT:
                await proxy.spoil(fault)
                with traces.span("lost"):
                    await asyncio.sleep(_SECONDS)
                await proxy.heal()
                yield fault, await _arrives(traces, collector, f"after {fault}")
            await asyncio.to_thread(traces.close)


async def _arrives(traces: Traces, collector: TraceCollector, name: str) -> float:
    """Return the seconds until one of the spans arrives that are recorded from now on."""
    began = time.monotonic()
    async with asyncio.timeout(_DEADLINE):
        while name not in collector.names:
            with traces.span(name):
                await asyncio.sleep(0.1)
    return time.monotonic() - began


async def _process(role: Role, folder: Path) -> AsyncIterator[Found]:
    async with open_lines(folder) as lines:
        for fault in SPOILT:
            yield fault, (await lines.round(fault, (role,), _SECONDS)).all_ended
        verdict = await lines.verdict()
        if verdict.faults:
            raise AssertionError(verdict.faults)
