"""The connection to a collector of traces that may answer badly; the only module that imports requests.

The exporter would read an answer to its end, however large it is and however slowly it comes, would take a redirect for
success, and logs a line for each batch, with words of the answer.
"""

import logging
import time
from typing import Any

import requests

_log = logging.getLogger(__name__)

#: The loggers of the exporter and of its HTTP client: what they say of each batch is told here once.
_OF_BATCHES = ("opentelemetry.exporter", "urllib3.connectionpool")
#: The logger of what waits for the exporter; it says three times a minute that spans are dropped.
_OF_WAITING = "opentelemetry.sdk._shared_internal"
#: Seconds until it says the same again.
_SELDOM = 3600.0
_REDIRECT, _ERROR = 300, 400


class _Seldom(logging.Filter):
    """Drops what was logged within the last hour."""

    def __init__(self) -> None:
        super().__init__()
        self._last: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the record is logged."""
        said = str(record.msg)
        # A clock that was set back must not silence it until it has caught up.
        passes = abs(record.created - self._last.get(said, -_SELDOM)) >= _SELDOM
        if passes:
            self._last[said] = record.created
        return passes


def quiet_library_logs() -> None:
    """Let the exporter log nothing of single batches, and what waits for it the same once an hour, from now on."""
    for name in _OF_BATCHES:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    waiting = logging.getLogger(_OF_WAITING)
    if not any(isinstance(each, _Seldom) for each in waiting.filters):
        waiting.addFilter(_Seldom())


class CollectorSession(requests.Session):
    """Sends to a collector and reads the heads of its answers only; remembers what was wrong the last time."""

    def __init__(self) -> None:
        super().__init__()
        #: What was wrong with the last attempt, without a word of the other side; empty if nothing was.
        self.problem = ""

    def request(self, method: str, url: str | bytes, *args: Any, **how: Any) -> requests.Response:
        """Send a request; see the library's method. The body of the answer is not read.

        Raises:
            requests.RequestException: there is no answer, or it is a redirect.
        """
        try:
            answer = super().request(method, url, *args, **{**how, "stream": True})
        except Exception as error:
            self.problem = type(error).__name__
            raise
        answer.close()
        self.problem = f"status {answer.status_code}" if answer.status_code >= _REDIRECT else ""
        if _REDIRECT <= answer.status_code < _ERROR:
            raise requests.TooManyRedirects("The collector redirects.")
        return answer


class Reach:
    """Whether batches reach the collector: told once when they do not, and once when they do again."""

    def __init__(self) -> None:
        self._lost = 0
        self._since = 0.0

    def sent(self) -> None:
        """Note a batch that arrived."""
        if self._lost:
            seconds = round(time.monotonic() - self._since)
            _log.info("traces reach the collector again", extra={"spans_lost": self._lost, "seconds": seconds})
        self._lost = 0

    def lost(self, spans: int, problem: str) -> None:
        """Note a batch that did not arrive, and why."""
        if not self._lost:
            self._since = time.monotonic()
            _log.warning("traces do not reach the collector; they are dropped until they do", extra={"error": problem})
        self._lost += spans
