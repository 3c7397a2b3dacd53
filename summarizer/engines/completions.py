"""Reads what a chat-completions server answered, whatever it is: pure, any input."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from summarizer.engines.asking import PARTS
from summarizer.engines.prompts import RESPECTS
from summarizer.engines.vetting import Unfit
from summarizer.errors import EngineDown

#: Findings of a model that talks too much; the first are those it thought of first.
_MOST_FINDINGS = 8
#: A finding is a sentence.
_LONGEST_FINDING = 300
#: No call of ours uses a hundredth of this; a server that says so is wrong.
_MOST_TOKENS = 10_000_000

_THOUGHTS = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_LABELLED = re.compile(rf"^\W*({'|'.join(PARTS)})s?\W*:\W*?(\S.*)$", re.IGNORECASE | re.MULTILINE)


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


def read_texts(content: str, fields: Sequence[str], *, must_be_json: bool) -> dict[str, str]:
    """Return the texts of an answer by name, empty ones left out.

    Args:
        fields: the names that are wanted.
        must_be_json: whether the server was told the schema; else plain text will do.

    Raises:
        Unfit: there is no such text.
    """
    bare = _THOUGHTS.sub("", content).strip()
    found = _object(bare)
    if found is None:
        found = _plain(bare, fields, must_be_json=must_be_json)
    texts = {name: value.strip() for name in fields if isinstance(value := found.get(name), str)}
    texts = {name: value for name, value in texts.items() if value}
    if not texts:
        raise Unfit("The model's answer holds no blurb.")
    return texts


def read_findings(content: str) -> tuple[str, ...]:
    """Return a critique's findings; plain text is one finding, and nothing readable is none."""
    bare = _THOUGHTS.sub("", content).strip()
    found = _object(bare)
    if found is None:
        return (_short(bare),) if bare and "{" not in bare else ()
    listed = found.get("findings")
    return tuple(_short(each) for each in _strings(listed))[:_MOST_FINDINGS]


def read_reflection(content: str, abstract: str, blurb: str) -> tuple[str, ...]:
    """Return the findings, each with its respect, whose quote really stands where they say.

    A model that reviews itself also finds what is not there; the place it must quote gives that away.
    """
    found = _object(_THOUGHTS.sub("", content).strip()) or {}
    kept: list[str] = []
    for respect in RESPECTS:
        place = _words(blurb if respect == RESPECTS[-1] else abstract)
        listed = found.get(respect)
        for each in listed if isinstance(listed, list) else []:
            match each:
                case {"finding": str(finding), "quote": str(quote)} if _words(quote) and _words(quote) in place:
                    kept.append(f"{respect.capitalize()}: {_short(finding)}")
                case _:
                    continue
    return tuple(kept)[:_MOST_FINDINGS]


# -- pieces ---------------------------------------------------------------------------------------


def _json(text: str) -> Any:
    """Return the JSON value of a text, None where it is none: too deep and too large included."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _object(text: str) -> Mapping[str, Any] | None:
    """Return the JSON object in a text, be it fenced or talked around; None where there is none."""
    start = text.find("{")
    if start < 0:
        return None
    try:
        found, _ = json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _plain(text: str, fields: Sequence[str], *, must_be_json: bool) -> Mapping[str, Any]:
    """Return the texts of an answer in words: all of it, or its labelled lines."""
    if must_be_json or text.startswith(("{", "[", '"{')) or re.match(r"`{3,}\w*\s*[{[]", text):
        raise Unfit("The model's answer is not the JSON it was asked for.")
    if len(fields) == 1:
        return {fields[0]: text}
    return {line[1].lower(): line[2] for line in _LABELLED.finditer(text)}


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


def _strings(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str) and each.strip()] if isinstance(value, list) else []


def _short(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_FINDING]


def _words(text: str) -> str:
    """Return the bare words, so that quotes need not match in spaces and punctuation."""
    return " ".join(re.findall(r"\w+", text.lower()))
