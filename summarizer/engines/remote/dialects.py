"""The dialects of the API that servers understand, and which of them a server was found to understand. No I/O."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from summarizer.engines.writing.prompts import Form, Message, Shape

_log = logging.getLogger(__name__)

#: A server is updated, or given another model, every few weeks. Until then, a simpler dialect costs nothing; the
#: attempt after a week costs one refused request, or one blurb in prose that was requested as JSON.
_REMEMBERED = timedelta(days=7)


@dataclass(frozen=True, kw_only=True, slots=True)
class Dialect:
    """The subset of the API that a server understands."""

    #: JSON is requested with its schema.
    form: Form
    #: Whether the server accepts a system message, a temperature and the older name of the token limit.
    full: bool = True

    def payload(self, model: str, messages: Sequence[Message], shape: Shape, tokens: int) -> dict[str, Any]:
        """Return the body of a request for an answer of at most that many tokens."""
        asked: dict[str, Any] = {"model": model, "stream": False}
        if self.form is Form.JSON:
            schema = {"name": shape.name, "strict": True, "schema": shape.schema}
            asked["response_format"] = {"type": "json_schema", "json_schema": schema}
        sent = [message.as_sent(self.form) for message in messages]
        if self.full:
            return asked | {"messages": sent, "max_tokens": tokens, "temperature": 0}
        system, user, *rest = sent
        joined = {"role": "user", "content": f"{system['content']}\n\n{user['content']}"}
        return asked | {"messages": [joined, *rest], "max_completion_tokens": tokens}


#: Tried in this order. The last is for models with a fixed temperature.
_DIALECTS = (Dialect(form=Form.JSON), Dialect(form=Form.TEXT), Dialect(form=Form.TEXT, full=False))


class KnownDialect:
    """Remembers for a week the first dialect that a server understood."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        """Start with the fullest dialect; `clock` returns the current time, aware."""
        self._clock = clock
        self._first = 0
        self._since = clock()

    def usable(self) -> Iterator[Dialect]:
        """Yield the dialects to try, in order."""
        # A clock that was set back must not prolong the week.
        if not timedelta(0) <= self._clock() - self._since < _REMEMBERED:
            self._first = 0
        yield from _DIALECTS[self._first :]

    def understood(self, dialect: Dialect) -> None:
        """Remember that the server accepted a request in this dialect, and none in the dialects before it."""
        self._start_at(_DIALECTS.index(dialect), "the server refuses part of the full request")

    def prefer_text(self, reason: str) -> None:
        """Remember that the server accepted a schema, and that its model does not write JSON well, for that reason."""
        self._start_at(1, reason)

    def _start_at(self, index: int, reason: str) -> None:
        if index <= self._first:
            return
        self._first, self._since = index, self._clock()
        _log.info("blurbs are requested in plain text for %d days: %s", _REMEMBERED.days, reason)
