"""Sends the steps of a digest as a trace, from its trigger to its posts; the only module that imports opentelemetry."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Status, StatusCode

from bots.domain.runs import RunState
from bots.ports import BlurbOutcome, JobOutcome, Observer, PostOutcome
from bots.telemetry.collector import CollectorSession, Reach, quiet_library_logs

_log = logging.getLogger(__name__)

#: Seconds. A collector that is away must not delay the end of the program; systemd would kill it after 45 s.
_LAST_WORDS = 5.0


class Traces:
    """Passes on what it is told to another observer, and records the steps."""

    def __init__(self, observer: Observer, exporter: SpanExporter, *, version: str) -> None:
        #: Is told the same.
        self.observer = observer
        resource = Resource.create({"service.name": "paperwire", "service.version": version})
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("paperwire")

    def span(self, name: str, **facts: str) -> AbstractContextManager[None]:
        """Return a context that records a step, with the type of an error and never its text."""
        return self._recorded(name, facts)

    @contextmanager
    def _recorded(self, name: str, facts: dict[str, str]) -> Iterator[None]:
        attributes = {f"paperwire.{fact}": value for fact, value in facts.items()}
        with self._tracer.start_as_current_span(
            name, attributes=attributes, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield
            except BaseException as error:
                span.set_status(Status(StatusCode.ERROR))
                span.set_attribute("error.type", type(error).__name__)
                raise

    def close(self) -> None:
        """Send what is recorded; what takes longer than a few seconds is dropped. Blocks meanwhile."""
        # The library's own limits hold for one attempt at one batch.
        ending = threading.Thread(target=self._provider.shutdown, name="the last traces", daemon=True)
        ending.start()
        ending.join(_LAST_WORDS)
        if ending.is_alive():
            _log.warning("the last traces could not be sent in time, and are dropped")

    # ── passed on ────────────────────────────────────────────────────────────────────────────────────────────────────

    def posted(self, platform: str, outcome: PostOutcome) -> None:
        """Pass on what happened to a part."""
        self.observer.posted(platform, outcome)

    def run_opened(self, late: float) -> None:
        """Pass on that a run was opened."""
        self.observer.run_opened(late)

    def run_ended(self, state: RunState, seconds: float) -> None:
        """Pass on that a run ended."""
        self.observer.run_ended(state, seconds)

    def blurb(self, engine: str, outcome: BlurbOutcome, seconds: float) -> None:
        """Pass on where a blurb came from."""
        self.observer.blurb(engine, outcome, seconds)

    def source_read(self, source: str, *, answered: bool, seconds: float) -> None:
        """Pass on that a source was asked."""
        self.observer.source_read(source, answered=answered, seconds=seconds)

    def permitted(self, limit: str, seconds: float) -> None:
        """Pass on how long somebody waited for a permit."""
        self.observer.permitted(limit, seconds)

    def job_ended(self, queue: str, outcome: JobOutcome, seconds: float) -> None:
        """Pass on how a job ended."""
        self.observer.job_ended(queue, outcome, seconds)


class _Reporting(SpanExporter):
    """Sends spans by another exporter, and tells once that they do not arrive."""

    def __init__(self, inner: SpanExporter, problem: Callable[[], str]) -> None:
        self._inner = inner
        self._problem = problem
        self._reach = Reach()

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send spans; see the library's method."""
        found = self._inner.export(spans)
        if found is SpanExportResult.SUCCESS:
            self._reach.sent()
        else:
            self._reach.lost(len(spans), self._problem() or "they cannot be encoded")
        return found

    def shutdown(self) -> None:
        """End; see the library's method."""
        self._inner.shutdown()


def exporter(address: str) -> SpanExporter:
    """Return what sends traces to a collector that speaks OTLP over HTTP.

    Args:
        address: the collector's, such as http://127.0.0.1:4318/v1/traces.
    """
    quiet_library_logs()
    session = CollectorSession()
    return _Reporting(OTLPSpanExporter(endpoint=address, session=session), lambda: session.problem)
