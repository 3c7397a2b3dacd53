"""What the exporter of traces logs of each batch is told once; its session reads the heads of answers only."""

import logging
from collections.abc import Iterator

import pytest
import requests

from bots.telemetry.collector import CollectorSession, Reach, _Seldom, quiet_library_logs
from tests.fakes.trace_collector import TraceCollector, fails, huge, redirects

_WAITING = "opentelemetry.sdk._shared_internal"


@pytest.fixture
def collector() -> Iterator[TraceCollector]:
    """A collector."""
    with TraceCollector() as opened:
        yield opened


def test_the_same_is_said_once_an_hour() -> None:
    """That spans are dropped while a collector is slow is logged once an hour; other lines are logged besides."""
    quiet_library_logs()
    quiet_library_logs()
    (seldom,) = [each for each in logging.getLogger(_WAITING).filters if isinstance(each, _Seldom)]

    def passes(said: str, at: float) -> bool:
        record = logging.makeLogRecord({"msg": said, "created": at})
        return seldom.filter(record)

    assert [True, False, False, True] == [passes("full", at) for at in (1e6, 1e6 + 30, 1e6 + 3599, 1e6 + 3600)]
    assert passes("broken", 1e6 + 1)
    assert passes("full", 1e6 - 86_400), "the clock was set back"


def test_each_change_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    """Of many batches that do not arrive the first is told, and after them how many spans were lost."""
    caplog.set_level(logging.INFO)
    reach = Reach()
    reach.sent()
    for spans in (3, 4):
        reach.lost(spans, "status 503")
    reach.sent()
    reach.sent()
    lost, back = caplog.records
    assert ("status 503", 7) == (vars(lost)["error"], vars(back)["spans_lost"])


def test_only_the_head_of_an_answer_is_read(collector: TraceCollector) -> None:
    """The body of an answer does not come into memory."""
    collector.answers = huge
    answer = CollectorSession().request("POST", collector.url, data=b"", timeout=60)
    assert (200, False) == (answer.status_code, answer._content)


def test_a_redirect_is_no_success(collector: TraceCollector) -> None:
    """A collector that names another address has not accepted what was sent; what was wrong has no word of it."""
    session = CollectorSession()
    collector.answers = redirects("http://127.0.0.1:1/secret")
    with pytest.raises(requests.TooManyRedirects):
        session.request("POST", collector.url, data=b"", timeout=60, allow_redirects=False)
    assert "status 301" == session.problem
    collector.answers = fails(503)
    session.request("POST", collector.url, data=b"", timeout=60)
    assert "status 503" == session.problem
    with pytest.raises(requests.ConnectionError):
        session.request("POST", "http://127.0.0.1:1", data=b"", timeout=60)
    assert "ConnectionError" == session.problem
