"""Parse the response of a chat-completions server. Pure functions; any input."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from summarizer.errors import EngineDown, Unfit

#: The fields in which servers send a model's thoughts, which are never an answer.
_THOUGHTS = ("reasoning_content", "reasoning")
_NO_THINKING = "turn the model's thinking mode off, or the server's parser of thoughts"
_NO_API = "set engine.remote_url to an OpenAI-compatible server; what answers there is another program"
#: No request uses a hundredth of this; a server that reports more is wrong.
_MOST_TOKENS = 10_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Completion:
    """The server's response to one request."""

    content: str
    #: Whether the model ended the answer itself; if not, it reached its token limit.
    finished: bool = True
    #: Whether the server sent thoughts in a field of their own.
    thought: bool = False
    #: None if the server does not report it.
    prompt_tokens: int | None
    completion_tokens: int | None


def read_completion(body: bytes) -> Completion:
    """Return the text and the token counts of a response.

    Raises:
        EngineDown: the body is not a chat completion.
        Unfit: the completion has no text, because the model refused, or sent only its thoughts.
    """
    answer = _json(body.decode("utf-8", "replace"))
    match answer:
        case {"choices": [{"message": {} as message} as choice, *_]}:
            content = _content(message)
        case _:
            raise EngineDown("The remote engine's answer is not a chat completion.", hint=_NO_API)
    if message.get("refusal"):
        raise Unfit("The model refused to answer.")
    finished = choice.get("finish_reason") != "length"
    thought = any(message.get(name) for name in _THOUGHTS)
    if not content and finished and thought:
        raise Unfit("The model sent its thoughts and no answer.", hint=_NO_THINKING)
    usage = answer.get("usage")
    usage = usage if isinstance(usage, dict) else {}
    return Completion(
        content=content,
        finished=finished,
        thought=thought,
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
    """Return a message's text; some servers send it as a list of pieces, of which thoughts have another key."""
    content = message.get("content")
    if isinstance(content, list):
        pieces = (piece.get("text") for piece in content if isinstance(piece, dict))
        return "".join(piece for piece in pieces if isinstance(piece, str))
    return content if isinstance(content, str) else ""


def _count(value: object) -> int | None:
    is_count = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_TOKENS
    return value if is_count and isinstance(value, int) else None
