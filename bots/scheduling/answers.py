"""Messages from a worker to the process that asked for a blurb: a sign of life, a blurb, or why there is none; pure."""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from summarizer import Blurb, EngineDown, EngineMissing, SummarizerError, TextTooLong, TextTooShort
from summarizer.blurb import Span
from summarizer.errors import BadModel

#: Bytes. Postgres takes fewer than 8000 (postgresql.org, NOTIFY).
_LONGEST = 7900


class Kind(StrEnum):
    """What a worker says of a job."""

    #: It works on it.
    ALIVE = "alive"
    MADE = "made"
    #: It was made, and is in the cache: it is too long for a message.
    STORED = "stored"
    #: The engine refused the abstract, or cannot answer now.
    REFUSED = "refused"
    #: The engine failed by a fault of its own.
    FAILED = "failed"
    #: Not done: the worker stops, has another engine, or is of another version.
    LEFT = "left"


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a worker says of one request."""

    ask: str
    kind: Kind
    blurb: Blurb | None = None
    error: SummarizerError | None = None
    #: How long a blurb took to make.
    seconds: float = 0.0

    def written(self) -> str:
        """Return the message; a blurb that is too long for one is left in the cache."""
        said: dict[str, Any] = {"ask": self.ask, "kind": self.kind}
        if self.blurb is not None:
            said |= {"blurb": _blurb_data(self.blurb), "seconds": self.seconds}
        if self.error is not None:
            said["error"] = _error_data(self.error)
        text = json.dumps(said)
        if len(text) < _LONGEST:
            return text
        return json.dumps({"ask": self.ask, "kind": Kind.STORED if self.kind is Kind.MADE else Kind.FAILED})


def read_answer(message: str) -> Answer | None:
    """Return the answer in a message; None if it is none, for example one of another version."""
    try:
        said = json.loads(message)
        kind = Kind(said["kind"])
        return Answer(
            ask=str(said["ask"]),
            kind=kind,
            blurb=_read_blurb(said["blurb"]) if kind is Kind.MADE else None,
            error=_read_error(said["error"]) if kind is Kind.REFUSED else None,
            seconds=float(said["seconds"]) if kind is Kind.MADE else 0.0,
        )
    except (ValueError, KeyError, TypeError):
        return None


def _blurb_data(blurb: Blurb) -> dict[str, Any]:
    return {
        "text": blurb.text,
        "evidence": [[each.start, each.end] for each in blurb.evidence],
        "engine": blurb.engine,
        "model": blurb.model,
        "warnings": list(blurb.warnings),
    }


def _read_blurb(said: Any) -> Blurb:
    return Blurb(
        text=str(said["text"]),
        evidence=tuple(Span(start=int(start), end=int(end)) for start, end in said["evidence"]),
        engine=str(said["engine"]),
        model=str(said["model"]),
        warnings=tuple(map(str, said["warnings"])),
    )


def _error_data(error: SummarizerError) -> dict[str, Any]:
    match error:
        case TextTooShort():
            return {"type": "TextTooShort", "words": error.words, "needed": error.needed}
        case TextTooLong():
            return {"type": "TextTooLong", "length": error.length, "limit": error.limit}
    kind = next((name for name, known in _WORDED.items() if isinstance(error, known)), "")
    return {"type": kind, "says": str(error)}


def _read_error(said: Any) -> SummarizerError:
    match said["type"]:
        case "TextTooShort":
            return TextTooShort(words=int(said["words"]), needed=int(said["needed"]))
        case "TextTooLong":
            return TextTooLong(length=int(said["length"]), limit=int(said["limit"]))
    return _WORDED.get(said["type"], SummarizerError)(str(said["says"]))


#: Errors that consist of their words.
_WORDED: dict[str, type[SummarizerError]] = {
    "EngineDown": EngineDown,
    "EngineMissing": EngineMissing,
    "BadModel": BadModel,
}
