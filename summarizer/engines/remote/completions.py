"""Parse the response of a chat-completions server. Pure functions; any input."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from summarizer.engines.writing.vetting import Unfit
from summarizer.errors import EngineDown

#: No request uses a hundredth of this; a server that reports more is wrong.
_MOST_TOKENS = 10_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Completion:
    """The server's response to one request."""

    content: str
    #: None if the server does not report it.
    prompt_tokens: int | None
    completion_tokens: int | None


def read_completion(body: bytes) -> Completion:
    """Return the text and the token counts of a response.

    Raises:
        EngineDown: the body is not a chat completion.
        Unfit: the completion has no text, because the model refused or reached its token limit.
    """
    answer = _json(body.decode("utf-8", "replace"))
    match answer:
        case {"choices": [{"message": {} as message} as choice, *_]}:
            content = _content(message)
        case _:
            raise EngineDown("The remote engine's answer is not a chat completion.")
    if message.get("refusal"):
        raise Unfit("The model refused to answer.")
    if not content and choice.get("finish_reason") == "length":
        raise Unfit("The model used up its tokens before it answered; if it has a thinking mode, turn that off.")
    usage = answer.get("usage")
    usage = usage if isinstance(usage, dict) else {}
    return Completion(
        content=content,
        prompt_tokens=_count(usage.get("prompt_tokens")),
        completion_tokens=_count(usage.get("completion_tokens")),
    )


# -- pieces ---------------------------------------------------------------------------------------


def _json(text: str) -> Any:
    """Return the JSON value of a text; None if it is not valid JSON, too deeply nested or too large."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _content(message: Mapping[Any, Any]) -> str:
    """Return a message's text; some servers send it as a list of pieces."""
    content = message.get("content")
    if isinstance(content, list):
        pieces = (piece.get("text") for piece in content if isinstance(piece, dict))
        return "".join(piece for piece in pieces if isinstance(piece, str))
    return content if isinstance(content, str) else ""


def _count(value: object) -> int | None:
    is_count = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_TOKENS
    return value if is_count and isinstance(value, int) else None
