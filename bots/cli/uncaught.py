"""Prints what nobody catches without the secrets in it: errors in threads and in destructors, warnings, early logs."""

import logging
import sys
import threading
import traceback
import warnings
from types import TracebackType
from typing import Any, TextIO

from bots.cli.logs import handler, hidden

_Kind = type[BaseException]


def hide_secrets_in_uncaught() -> None:
    """Replace the interpreter's own ways to print to stderr for the rest of the process."""
    sys.excepthook = _error
    threading.excepthook = _of_thread
    sys.unraisablehook = _unraisable
    warnings.showwarning = _warning
    # Used for what libraries log while no log is open.
    logging.lastResort = handler(_Stderr(), as_json=False)
    logging.lastResort.setLevel(logging.WARNING)


class _Stderr:
    """The stream of this moment: it is closed and replaced where a terminal goes away."""

    def write(self, text: str) -> int:
        """Write to it."""
        return sys.stderr.write(text)

    def flush(self) -> None:
        """Flush it."""
        sys.stderr.flush()


def _print(text: str) -> None:
    sys.stderr.write(hidden(text))


def _error(kind: _Kind, error: BaseException, trace: TracebackType | None) -> None:
    _print("".join(traceback.format_exception(kind, error, trace)))


def _of_thread(told: threading.ExceptHookArgs) -> None:
    if told.exc_type is SystemExit:
        return
    name = told.thread.name if told.thread else "unknown"
    trace = "".join(traceback.format_exception(told.exc_type, told.exc_value, told.exc_traceback))
    _print(f"An error in the thread {name}:\n{trace}")


def _unraisable(told: Any) -> None:
    # The object itself is not named: its representation may be anything.
    trace = "".join(traceback.format_exception(told.exc_type, told.exc_value, told.exc_traceback))
    _print(f"{told.err_msg or 'An error that could not be raised'}:\n{trace}")


def _warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    stream = file or sys.stderr
    stream.write(hidden(warnings.formatwarning(message, category, filename, lineno, line)))
