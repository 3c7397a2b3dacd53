"""Reads what a chat-completions server answered, whatever it is: pure, any input."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from summarizer.engines.writing.vetting import Unfit
from summarizer.errors import EngineDown

#: No call of ours uses a hundredth of this; a server that says so is wrong.
_MOST_TOKENS = 10_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Completion:
    """What the server answered to one request."""

    content: str
    #: None where the server does not say.
    prompt_tokens: int | None
    completion_tokens: int | None


def read_completion(body: bytes) -> Completion:
    """Return the text and the tokens of an answer.

    Raises:
        EngineDown: the body is no chat completion.
        Unfit: it is one without a text: refused, or out of room.
    """
    answer = _json(body.decode("utf-8", "replace"))
    match answer:
        case {"choices": [{"message": {} as message} as choice, *_]}:
            content = _content(message)
        case _:
            raise EngineDown("The remote engine answered with something that is no chat completion.")
    if message.get("refusal"):
        raise Unfit("The model refused to answer.")
    if not content and choice.get("finish_reason") == "length":
        raise Unfit("The model used up its room before it answered; if it thinks aloud, turn that off.")
    usage = answer.get("usage")
    usage = usage if isinstance(usage, dict) else {}
    return Completion(
        content=content,
        prompt_tokens=_count(usage.get("prompt_tokens")),
        completion_tokens=_count(usage.get("completion_tokens")),
    )


# -- pieces ---------------------------------------------------------------------------------------


def _json(text: str) -> Any:
    """Return the JSON value of a text, None where it is none: too deep and too large included."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _content(message: Mapping[Any, Any]) -> str:
    """Return a message's text; some servers send it in pieces."""
    content = message.get("content")
    if isinstance(content, list):
        pieces = (piece.get("text") for piece in content if isinstance(piece, dict))
        return "".join(piece for piece in pieces if isinstance(piece, str))
    return content if isinstance(content, str) else ""


def _count(value: object) -> int | None:
    is_count = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_TOKENS
    return value if is_count and isinstance(value, int) else None
