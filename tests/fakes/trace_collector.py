"""A collector for OTLP over HTTP in a thread of its own, which may answer in ways that no collector should."""

import threading
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType, TracebackType
from typing import Any, Self

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

_PIECE = b"\0" * 65_536
#: Answers of 64 MB, which the other side has to break off.
_PIECES = 1024
_DRIP = 0.05


class TraceCollector(ThreadingHTTPServer):
    """Keeps the names of the spans that it is sent."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.names: list[str] = []
        #: The headers and the path of each request.
        self.requests: list[tuple[dict[str, str], str]] = []
        #: How it answers.
        self.answers: Callable[[BaseHTTPRequestHandler], None] = accepts
        #: Bytes of answers without an end that were sent.
        self.sent = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    @property
    def url(self) -> str:
        """Where traces are sent."""
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def is_open(self) -> bool:
        """Whether it has not ended."""
        return not self._ended.is_set()

    def __enter__(self) -> Self:
        """Listen on the loopback address."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self._ended.set()
        self.shutdown()
        self.server_close()
        self._thread.join()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: those who ask break off."""


class _Handler(BaseHTTPRequestHandler):
    """Reads one request after another of a connection."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Keep what is sent, and answer."""
        collector = self.server
        assert isinstance(collector, TraceCollector)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        collector.requests.append((dict(self.headers), self.path))
        if collector.answers in (accepts, endless, huge, drips):
            sent = ExportTraceServiceRequest.FromString(body)
            spans = [span for each in sent.resource_spans for scope in each.scope_spans for span in scope.spans]
            collector.names += [span.name for span in spans]
        collector.answers(self)

    def log_message(self, *_: object) -> None:
        """Print nothing."""


def _answer(
    status: int, headers: Mapping[str, str], reason: str | None = None, body: bytes = b""
) -> Callable[[Any], None]:
    def answers(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status, reason)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return answers


accepts = _answer(200, {})


def refuses(words: str) -> Callable[[Any], None]:
    """Return an answer that refuses what is sent, with some words in every place."""
    return _answer(400, {"X-Why": words}, words, words.encode())


def fails(status: int, headers: Mapping[str, str] = MappingProxyType({})) -> Callable[[Any], None]:
    """Return an answer with the status of a failure."""
    return _answer(status, headers)


def redirects(url: str) -> Callable[[Any], None]:
    """Return an answer that names another address."""
    return _answer(301, {"Location": url})


def huge(handler: BaseHTTPRequestHandler) -> None:
    """Accept, with an answer of 64 MB."""
    _begin(handler, _PIECES * len(_PIECE))
    for _ in range(_PIECES):
        handler.wfile.write(_PIECE)
        handler.server.sent += len(_PIECE)  # type: ignore[attr-defined]  # it is the collector


def endless(handler: BaseHTTPRequestHandler) -> None:
    """Accept, with a body that comes byte by byte for ever."""
    _begin(handler, 1 << 40)
    while handler.server.is_open:  # type: ignore[attr-defined]  # it is the collector
        handler.wfile.write(b"\0")
        time.sleep(_DRIP)


def drips(handler: BaseHTTPRequestHandler) -> None:
    """Accept, with a head that comes byte by byte for ever."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Drip: ")
    while handler.server.is_open:  # type: ignore[attr-defined]  # it is the collector
        handler.wfile.write(b"x")
        time.sleep(_DRIP)


def _begin(handler: BaseHTTPRequestHandler, length: int) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(length))
    handler.end_headers()
