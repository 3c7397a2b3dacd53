"""The manners of real model servers: how each treats a JSON schema, and how its model dresses its answer."""

import json
from collections.abc import Callable
from enum import StrEnum


class Manner(StrEnum):
    """What a server does with a request for JSON, as observed of real ones."""

    #: llama.cpp, vLLM and Ollama: the model can write nothing else.
    HONOURS = "honours the schema"
    #: transformers serve: the field is accepted and ignored, and the model writes prose.
    PROSE = "ignores the schema, writes prose"
    CHATTY = "ignores the schema, writes prose with courtesies"
    FENCE = "ignores the schema, writes JSON in a fence"
    WITHIN_PROSE = "ignores the schema, writes JSON within prose"
    LIST = "ignores the schema, wraps the object in a list"
    SHOUTS = "ignores the schema, writes keys in capitals"
    TRAILING_COMMA = "ignores the schema, writes a trailing comma"
    #: Models with a thinking mode, on a server without a parser of thoughts.
    THINKS = "thinks before the JSON"
    THINKS_IN_PROMPT = "thinks before the JSON, and only closes the thoughts"
    #: Older llama.cpp and others answer 400 to `response_format`.
    REFUSES = "refuses the schema"
    #: The token limit ends the answer.
    CUT = "is cut off"
    CUT_THINKING = "is cut off while it thinks"
    #: vLLM with a parser of thoughts, and a model that does not end them.
    ONLY_THOUGHTS = "sends thoughts alone, in a field of their own"
    EMPTY = "sends an empty text"
    APOLOGISES = "apologises"
    ECHOES = "repeats the prompt"


_THOUGHT = "They want one sentence; 99 words are too many. {perhaps} this one."
_PROSE: dict[Manner, Callable[[str], str]] = {
    Manner.PROSE: lambda said: said,
    Manner.CHATTY: lambda said: (
        f"Sure! Here is a summary of the abstract:\n\n{_bold(said)}\n\nLet me know if it helps!"
    ),
}
_DRESSED: dict[Manner, Callable[[str], str]] = {
    Manner.FENCE: lambda said: f"```json\n{said}\n```",
    Manner.WITHIN_PROSE: lambda said: f"The abstract says this:\n{said}\nI hope that this helps.",
    Manner.LIST: lambda said: f"[{said}]",
    Manner.SHOUTS: lambda said: json.dumps({key.upper(): value for key, value in json.loads(said).items()}),
    Manner.TRAILING_COMMA: lambda said: f"{said[:-1]},\n}}",
    Manner.THINKS: lambda said: f"<think>{_THOUGHT}</think>\n\n{said}",
    Manner.THINKS_IN_PROMPT: lambda said: f"{_THOUGHT}\n</think>\n\n{said}",
}
_FIXED = {
    Manner.ONLY_THOUGHTS: "",
    Manner.EMPTY: "",
    Manner.CUT_THINKING: f"<think>{_THOUGHT}",
    Manner.APOLOGISES: "I'm sorry, but I can't condense this abstract.",
}


def dressed(manner: Manner, said: str, prompt: str) -> str:
    """Return a model's good answer, JSON or plain, as a server of that manner sends it.

    Args:
        manner: the server's.
        said: the answer.
        prompt: the last message of the request.
    """
    is_json = said.startswith("{")
    if manner in _FIXED:
        return _FIXED[manner]
    if manner is Manner.ECHOES:
        return prompt
    if manner is Manner.CUT:
        return said[: len(said) * 2 // 3]
    if manner in _PROSE:
        return _PROSE[manner](_plain(json.loads(said)) if is_json else said)
    return _DRESSED[manner](said) if is_json and manner in _DRESSED else said


def thoughts(manner: Manner) -> str | None:
    """Return the content of `reasoning_content`; None if the server does not send that field."""
    return _THOUGHT if manner is Manner.ONLY_THOUGHTS else None


def finish(manner: Manner) -> str:
    """Return the reason for which the answer ends."""
    return "length" if manner in (Manner.CUT, Manner.CUT_THINKING) else "stop"


def _plain(answer: dict[str, str]) -> str:
    if "blurb" in answer:
        return answer["blurb"]
    return "\n".join(f"{name.capitalize()}: {text}" for name, text in answer.items() if text)


def _bold(said: str) -> str:
    return "\n".join(f"**{label}:** {text}" if text else f'"**{label}**"' for label, _, text in _split(said))


def _split(said: str) -> list[tuple[str, str, str]]:
    return [line.partition(": ") for line in said.splitlines()]
