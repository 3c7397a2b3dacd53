"""The line to the collector of traces is spoilt in every way: nobody waits for it, and it is told once."""

import asyncio
import io
import logging
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bots.bootstrap.app import open_app
from bots.bootstrap.monitoring import observer, watched
from bots.config.settings import read_settings
from bots.domain.channels import Channel
from bots.fakechat.app import FakeChatAdapter
from bots.fakechat.chat import FakeChat
from bots.ports import Adapter, Unobserved
from bots.telemetry import traces as module
from bots.telemetry.traces import Traces, exporter
from bots.usecases.service import Service
from tests.fakes.trace_collector import TraceCollector, drips, endless, fails, huge, redirects, refuses
from tests.lines.calls import SPOILT
from tests.lines.test_faults import untidy
from tests.support.doubles import Hand
from tests.support.factories import NOW, a_subscription
from tests.support.fault_proxy import Fault, FaultProxy

#: Seconds that everything may take on a busy machine.
DEADLINE = 60.0
#: Seconds that the end of the program may take: far less than the library's own ten seconds for each batch, in all 40.
SOON = 30.0
SECRET = "zanzibarium-5521"
#: Over these a batch arrives, though late, unless the machine is busy; corrupt bytes may happen to mean the same.
BEARABLE = frozenset({Fault.LATE, Fault.TRICKLE, Fault.CORRUPT})
_LOST = "traces do not reach the collector; they are dropped until they do"
_BACK = "traces reach the collector again"
_FULL = "Queue full, dropping Span."
#: Bytes that lie on the way between two sockets of this machine; an answer has 64 MB.
_HUGE = 32_000_000
#: The library keeps as many spans, and has as many in its hands.
_KEPT, _IN_HAND, _MANY = 2048, 512, 10_000


@pytest.fixture
def collector() -> Iterator[TraceCollector]:
    """A collector that accepts everything."""
    with TraceCollector() as opened:
        yield opened
    for thread in threading.enumerate():
        # One that was left alone ends with the collector, and says so in the log.
        if thread.name.startswith("OtelBatch"):
            thread.join(DEADLINE)


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send spans at once, with a secret, and give an answer up after a moment."""
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "10")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "0.3")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", f"authorization=Bearer%20{SECRET}")


@asynccontextmanager
async def sending(url: str) -> AsyncIterator[Traces]:
    """Record spans and send them to an address; what is not sent at the end is dropped."""
    traces = Traces(Unobserved(), exporter(f"{url}/v1/traces?token={SECRET}"), version="1")
    try:
        yield traces
    finally:
        await asyncio.to_thread(traces.close)


def record(traces: Traces, name: str) -> None:
    """Record a span."""
    with traces.span(name):
        pass


def written(records: list[logging.LogRecord]) -> str:
    """Return everything that records hold, before anything is hidden."""
    return repr([vars(each) for each in records])


async def until(holds: Callable[[], object]) -> None:
    """Wait until something is true of which nobody is told."""
    async with asyncio.timeout(DEADLINE):
        while not holds():  # noqa: ASYNC110 - another thread does it
            await asyncio.sleep(0.01)


def told(records: list[logging.LogRecord]) -> list[str]:
    """Return what the log says of traces."""
    return [each.getMessage() for each in records if each.name.startswith(("bots", "opentelemetry", "urllib3"))]


async def test_a_spoilt_line_is_told_once(
    collector: TraceCollector, often: None, caplog: pytest.LogCaptureFixture
) -> None:
    """Over each fault spans are dropped; after it they arrive again; the log has one line for each, and no secret."""
    caplog.set_level(logging.INFO)
    async with FaultProxy(collector.server_port) as proxy, sending(proxy.url) as traces:
        for fault in SPOILT:
            caplog.clear()
            await proxy.spoil(fault)
            for number in range(3):
                record(traces, f"{fault} {number}")
                await until(partial(arrived_or_told, f"{fault} {number}", collector, caplog))
            await proxy.heal()
            await arrives_again(traces, collector, f"after {fault}")
            # The collector has the spans before the program has its answer.
            await until(lambda: told(caplog.records) != [_LOST])
            assert told(caplog.records) in ([_LOST, _BACK], *([[]] if fault in BEARABLE else [])), fault
            assert [] == untidy(caplog.records)
            assert SECRET not in written(caplog.records)
    heads = collector.requests
    assert {f"Bearer {SECRET}"} == {head["authorization"] for head, _ in heads}


def arrived_or_told(name: str, collector: TraceCollector, caplog: pytest.LogCaptureFixture) -> bool:
    """Return whether a span has arrived, or the log has said that it cannot."""
    return name in collector.names or bool(told(caplog.records))


async def arrives_again(traces: Traces, collector: TraceCollector, name: str) -> None:
    """Record spans until one of them arrives: those of batches under way may be lost with the line."""

    def is_there() -> bool:
        record(traces, name)
        return name in collector.names

    await until(is_there)


@pytest.mark.parametrize(
    "answers",
    [huge, endless, fails(503), fails(429, {"Retry-After": "3600"}), redirects(f"http://127.0.0.1:1/?{SECRET}"),
     refuses(SECRET)],
    ids=["huge", "endless", "503", "429", "redirect", "refusal"],
)  # fmt: skip
async def test_a_bad_answer_does_no_harm(
    collector: TraceCollector, often: None, caplog: pytest.LogCaptureFixture, answers: Callable[[Any], None]
) -> None:
    """No answer is read further than its head, none holds up the end, and each kind is told in at most one line."""
    caplog.set_level(logging.INFO)
    collector.answers = answers
    async with sending(collector.url) as traces:
        record(traces, "one")
        await until(lambda: "one" in collector.names or told(caplog.records))
        for number in range(3):
            record(traces, f"more {number}")
        began = time.monotonic()
    assert time.monotonic() - began < SOON
    assert ([] if answers in (huge, endless) else [_LOST]) == told(caplog.records)
    assert SECRET not in written(caplog.records)
    assert collector.sent < _HUGE


async def test_an_answer_without_an_end_does_not_hold_up_the_program(
    collector: TraceCollector, often: None, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A collector whose answer never gets to its body is left after some seconds, and the log says that."""
    monkeypatch.setattr(module, "_LAST_WORDS", 0.2)
    collector.answers = drips
    async with sending(collector.url) as traces:
        record(traces, "one")
        await until(lambda: collector.names)
        began = time.monotonic()
    assert time.monotonic() - began < SOON
    assert ["the last traces could not be sent in time, and are dropped"] == told(caplog.records)


async def test_what_waits_for_a_collector_is_bounded(
    collector: TraceCollector, often: None, caplog: pytest.LogCaptureFixture
) -> None:
    """While nothing gets through, spans are recorded without a wait, and the oldest are dropped, which is told once."""
    async with FaultProxy(collector.server_port) as proxy, sending(proxy.url) as traces:
        await proxy.spoil(Fault.BLACK_HOLE)
        for number in range(_MANY):
            record(traces, str(number))
            if number % _IN_HAND == 0:
                await asyncio.sleep(0)
        assert told(caplog.records)[:2] in ([_FULL], [_LOST], [_LOST, _FULL], [_FULL, _LOST])
        await proxy.heal()
        await arrives_again(traces, collector, "after")
    arrived = {name for name in collector.names if name.isdecimal()}
    # Those that the sockets on the way kept come besides.
    assert len(arrived) <= _KEPT + 3 * _IN_HAND
    assert told(caplog.records).count(_FULL) <= 1


@pytest.mark.slow
async def test_a_digest_does_not_wait_for_a_collector(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A digest is made and posted, and the program ends, while the collector answers nothing at all."""
    monkeypatch.setattr(module, "_LAST_WORDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/v1/traces"
        settings = read_settings({"PAPERWIRE_OPERATIONS_TRACES": address}, database=str(tmp_path / "paperwire.sqlite3"))
        clock = Hand()
        chat = FakeChat(clock=clock, sleep=clock.sleep)

        @asynccontextmanager
        async def connected(_service: Service) -> AsyncIterator[Adapter]:
            yield FakeChatAdapter(chat)

        place = Channel(platform="fakechat", workspace="T1", channel="C1")
        async with (
            asyncio.timeout(DEADLINE),
            open_app(
                settings, screen=io.StringIO(), connectors=(connected,), clock=clock, libraries=(),
                observer=observer(settings),
            ) as app,
            watched(app),
        ):  # fmt: skip
            await app.store.keep_subscription(
                a_subscription(channel=place, sources=("sample",), created=NOW - timedelta(days=1))
            )
            await app.scheduler().poll()
            await app.dispatcher.drain()
            assert chat.messages
            began = time.monotonic()
    assert time.monotonic() - began < SOON
