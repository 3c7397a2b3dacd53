"""Writes the log to stderr: one line per event, with all its fields and without secrets.

All modules log with the standard library; the fields they pass as `extra` (run, part, channel, error, …) are in the
line.
"""

import json
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from copy import copy
from datetime import UTC, datetime
from http.client import responses
from typing import Any, TextIO

from bots.chat import secret_texts
from bots.chat.secret_texts import HIDDEN

#: The packages with our loggers; libraries log only problems, unless everything is requested.
_OURS = ("bots", "summarizer")
#: Libraries that log at level INFO how they are built, whatever happens: it is no progress.
_CHATTY = ("alembic",)
#: It warns of each attempt to reach a database that is away; that it is away is told once by those who need it.
_PERSISTENT = "psycopg.pool"
#: They log at level INFO the address of each request; the second is a fork of the first, which authlib prefers.
_HTTP_CLIENTS = frozenset({"httpx", "httpx2"})
#: What it logs of a response: method, address, version, status, and the words of the status line.
_OF_A_RESPONSE = 5
#: What follows the host of an address.
_PATH = re.compile(r"(?<=://)([^/?#\s]*)[/?#]\S*")
#: Maximum characters of a value; a longer platform error adds no information.
_LONGEST = 4000
#: The size of a traceback of the deepest recursion; searching more text for secrets would take too long.
_MOST_READ = 100_000
#: A value with such a key is a secret, whatever its text.
_SECRET_NAME = re.compile(
    r"(?:^|[_-])(?:token|secret|password|passwd|authorization|api_?key|cookie|ticket|response_?url|signature)$",
    re.IGNORECASE,
)
#: The first fields of every line.
_KNOWN = ("time", "level", "logger", "event")
#: A value that needs no quotes: no part of it can be mistaken for the next key or the next line.
_BARE = re.compile(r"[^\s\"'=\\]+")


@contextmanager
def logging_to(stream: TextIO, *, verbose: bool, serving: bool, as_json: bool) -> Iterator[None]:
    """Write the log to a stream until the context exits.

    Args:
        stream: the stream to write to.
        verbose: also log what libraries log at level INFO.
        serving: whether this is a service, which logs its activity; otherwise only errors are logged.
        as_json: write one JSON object per line, for programs.
    """
    written = handler(stream, as_json=as_json)
    root, ours = _levels(verbose=verbose, serving=serving)
    wanted = {"": root, **dict.fromkeys(_OURS, ours), **dict.fromkeys(_CHATTY, max(root, logging.WARNING))}
    wanted[_PERSISTENT] = root if verbose else logging.ERROR
    before = {name: logging.getLogger(name).level for name in wanted}
    _set_levels(wanted)
    logging.getLogger().addHandler(written)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(written)
        _set_levels(before)


def handler(stream: Any, *, as_json: bool) -> logging.Handler:
    """Return a handler that writes records to a stream, without secrets."""
    made = _Handler(stream)
    made.setFormatter(_Lines(as_json=as_json))
    return made


def _levels(*, verbose: bool, serving: bool) -> tuple[int, int]:
    if verbose:
        return logging.INFO, logging.INFO
    return (logging.WARNING, logging.INFO) if serving else (logging.ERROR, logging.ERROR)


def _set_levels(levels: Mapping[str, int]) -> None:
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


class _Handler(logging.StreamHandler[Any]):
    """Writes log lines; a line that cannot be written does not affect the others."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the standard library's name
        """Report the failure in one line: the standard library would print the record with its secrets."""
        with suppress(OSError, ValueError):
            self.stream.write(f"a log line of {record.name} could not be written\n")


def _discreet(record: logging.LogRecord) -> logging.LogRecord:
    """Return a record of an HTTP client without what may be a secret that no rule knows.

    That is the path of an address to which something is sent, as that of a webhook, and the words in a status line,
    which are the server's own and may quote the request.
    """
    if record.name not in _HTTP_CLIENTS or not isinstance(record.args, tuple) or not record.args:
        return record
    told = copy(record)
    # Another handler may have formatted it before.
    vars(told).pop("message", None)
    sends = record.args[0] != "GET"
    told.args = tuple(
        _PATH.sub(rf"\1/{HIDDEN}", str(each)) if sends and "://" in str(each) else each for each in record.args
    )
    if len(told.args) == _OF_A_RESPONSE:
        told.args = (*told.args[:-1], responses.get(int(str(told.args[-2])), ""))
    return told


class _Lines(logging.Formatter):
    """Formats records as lines; structlog is imported for the first record, because most commands log nothing."""

    def __init__(self, *, as_json: bool) -> None:
        super().__init__()
        self._as_json = as_json
        self._real: logging.Formatter | None = None

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line, or as several if it has a traceback."""
        self._real = self._real or formatter(as_json=self._as_json)
        return self._real.format(_discreet(record))


def formatter(*, as_json: bool) -> logging.Formatter:
    """Return the formatter for log records."""
    from structlog.processors import JSONRenderer, format_exc_info
    from structlog.stdlib import ExtraAdder, ProcessorFormatter

    return ProcessorFormatter(
        foreign_pre_chain=[_kept, ExtraAdder(), _facts, format_exc_info],
        processors=[ProcessorFormatter.remove_processors_meta, _without_secrets, JSONRenderer() if as_json else _text],
    )


def _kept(_logger: object, _method: str, event: Any) -> Any:
    """Copy the message to a private key: an extra field may also be named `event`."""
    return {**event, "_told": event["event"]}


def _facts(_logger: object, _method: str, event: Any) -> Any:
    """Put the fields that every record has before its extra fields."""
    record: logging.LogRecord = event["_record"]
    at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    known = dict(zip(_KNOWN, (at, record.levelname.lower(), record.name, event.pop("_told")), strict=True))
    stack = {"stack": event.pop("stack_info")} if "stack_info" in event else {}
    return {**known, **{name: value for name, value in event.items() if name not in known}, **stack}


def _without_secrets(_logger: object, _method: str, event: Any) -> Any:
    return without_secrets(event)


def hidden(text: str) -> str:
    """Return a text with all secrets hidden: those of this program's settings, and those that look like one."""
    return secret_texts.without_secrets(text)


def without_secrets(value: object, name: str = "") -> object:
    """Return a value of a record with its secrets hidden at any depth; values that are not numbers become text.

    Args:
        value: any value.
        name: the value's key.
    """
    if value is None or isinstance(value, bool | int | float):
        return HIDDEN if _SECRET_NAME.search(name) and value is not None else value
    if isinstance(value, Mapping):
        return {str(without_secrets(str(key))): without_secrets(each, str(key)) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [without_secrets(each, name) for each in value]
    text = HIDDEN if _SECRET_NAME.search(name) else hidden(str(value)[:_MOST_READ])
    # A traceback is not shortened.
    return text if name in ("exception", "stack") or len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _text(_logger: object, _method: str, event: Any) -> str:
    """Return "TIME LEVEL LOGGER: EVENT key=value …" and a traceback below it; empty values are left out."""
    under = [line for name in ("exception", "stack") for line in str(event.pop(name, "")).splitlines()]
    time, level, logger, told = (_visible(event.pop(name)) for name in _KNOWN)
    pairs = (f"{_visible(name)}={_value(value)}" for name, value in event.items() if value not in ("", None))
    words = (time, level.upper(), f"{logger}:", told, *pairs)
    # Indented, so that no line of an error can be mistaken for a log line.
    return "\n".join((" ".join(words), *(f"    {_visible(line)}" for line in under)))


def _value(value: object) -> str:
    text = _visible(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    return text if _BARE.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def _visible(text: str) -> str:
    """Return the text on one line, with characters that could hide, forge or recolour text escaped."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
