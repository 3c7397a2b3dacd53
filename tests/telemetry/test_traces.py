"""A digest is one trace, from its trigger to its posts, and no trace holds a text."""

import asyncio
import io
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from bots.bootstrap.app import open_app
from bots.bootstrap.monitoring import observer, watched
from bots.config.settings import read_settings
from bots.domain.channels import Channel
from bots.domain.errors import PostRefused, SettingsError
from bots.domain.runs import RunState
from bots.fakechat.app import FakeChatAdapter
from bots.fakechat.chat import FakeChat
from bots.ports import Adapter, BlurbOutcome, PostOutcome, Unobserved
from bots.telemetry.metrics import Metrics
from bots.telemetry.traces import Traces
from bots.usecases.service import Service
from tests.support.doubles import Hand
from tests.support.factories import NOW, a_subscription

#: Seconds within which a digest of the shipped day is made and posted on a busy machine.
_PATIENCE = 60.0


def by_name(spans: tuple[ReadableSpan, ...]) -> dict[str, ReadableSpan]:
    """Return the last span of each name."""
    return {span.name: span for span in spans}


async def test_a_digest_is_one_trace(tmp_path: Path) -> None:
    """Trigger, run, the source's answer, blurbs and posts are steps of one trace, each within the right one."""
    kept = InMemorySpanExporter()
    traces = Traces(Unobserved(), kept, version="1")
    clock = Hand()
    chat = FakeChat(clock=clock, sleep=clock.sleep)

    @asynccontextmanager
    async def connected(_service: Service) -> AsyncIterator[Adapter]:
        yield FakeChatAdapter(chat)

    settings = read_settings({}, database=str(tmp_path / "paperwire.sqlite3"))
    async with open_app(
        settings, screen=io.StringIO(), connectors=(connected,), clock=clock, libraries=(), observer=traces
    ) as app:
        place = Channel(platform="fakechat", workspace="T1", channel="C1")
        secret = "zanzibarium"
        await app.store.keep_subscription(
            a_subscription(channel=place, sources=("sample",), query=f"-{secret}", created=NOW - timedelta(days=1))
        )
        scheduler = app.scheduler()
        async with asyncio.timeout(_PATIENCE):
            await scheduler.poll()
            await app.dispatcher.drain()
    traces.close()

    spans = by_name(kept.get_finished_spans())
    assert {"trigger", "run", "source", "blurb", "post"} <= spans.keys()
    assert 1 == len({span.context.trace_id for span in spans.values() if span.context})
    parents = {name: span.parent.span_id if span.parent else None for name, span in spans.items()}
    ids = {name: span.context.span_id for name, span in spans.items() if span.context}
    assert (None, ids["trigger"], ids["run"]) == (parents["trigger"], parents["run"], parents["post"])
    assert secret not in repr([(span.name, dict(span.attributes or {})) for span in kept.get_finished_spans()])


def test_an_error_is_named_by_its_type() -> None:
    """The type of an error is recorded, its text, which may hold a token, is not; the error is passed on."""
    kept = InMemorySpanExporter()
    traces = Traces(Unobserved(), kept, version="1")
    with pytest.raises(PostRefused), traces.span("post", part="p1"):
        raise PostRefused("xoxb-secret was refused")
    traces.close()
    (span,) = kept.get_finished_spans()
    assert {"paperwire.part": "p1", "error.type": "PostRefused"} == dict(span.attributes or {})
    assert "xoxb" not in span.to_json()
    assert not span.status.is_ok


def test_metrics_are_told_the_same() -> None:
    """Whoever counts is told everything through the traces."""
    metrics = Metrics("1")
    traces = Traces(metrics, InMemorySpanExporter(), version="1")
    traces.posted("slack", PostOutcome.SENT)
    traces.run_opened(1.0)
    traces.run_ended(RunState.DONE, 1.0)
    traces.blurb("extractive", BlurbOutcome.MADE, 1.0)
    traces.source_read("arxiv", answered=True, seconds=1.0)
    traces.permitted("discord", 1.0)
    traces.close()
    text = metrics.text(now=NOW, tally=None, platforms={}, usage={}, connections={}).decode()
    for expected in (
        'paperwire_posts_total{outcome="sent",platform="slack"} 1.0',
        "paperwire_run_late_seconds_count 1.0",
        'paperwire_run_seconds_count{state="done"} 1.0',
        'paperwire_blurbs_total{engine="extractive",outcome="made"} 1.0',
        'paperwire_source_reads_total{outcome="answered",source="arxiv"} 1.0',
        'paperwire_permit_wait_seconds_count{limit="discord"} 1.0',
    ):
        assert expected in text


class _Collector(BaseHTTPRequestHandler):
    """Accepts traces."""

    def do_POST(self) -> None:
        """Keep the path and the number of bytes."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((self.path, len(body)))  # type: ignore[attr-defined]  # the test's own
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Print nothing."""


async def test_traces_reach_a_collector(tmp_path: Path) -> None:
    """With the setting, what is recorded is sent over HTTP before the program ends."""
    server = HTTPServer(("127.0.0.1", 0), _Collector)
    server.heard = []  # type: ignore[attr-defined]  # the test's own
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        address = f"http://127.0.0.1:{server.server_port}/v1/traces"
        settings = read_settings({"PAPERWIRE_OPERATIONS_TRACES": address}, database=":memory:")
        async with (
            open_app(settings, screen=io.StringIO(), libraries=(), observer=observer(settings)) as app,
            watched(app),
        ):
            with app.observer.span("run", run="r1"):
                pass
    finally:
        await asyncio.to_thread(server.shutdown)
        server.server_close()
        thread.join()
    ((path, size),) = server.heard  # type: ignore[attr-defined]  # the test's own
    assert "/v1/traces" == path
    assert size > 0


def test_a_missing_extra_is_a_wrong_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says what to install."""
    monkeypatch.setitem(sys.modules, "bots.telemetry.traces", None)
    settings = read_settings({"PAPERWIRE_OPERATIONS_TRACES": "http://127.0.0.1:4318/v1/traces"})
    with pytest.raises(SettingsError, match=r"operations\.traces needs") as refused:
        observer(settings)
    assert "paperwire[otel]" in refused.value.hint
