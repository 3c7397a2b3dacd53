"""Find JSON in a model's text: fenced, within prose, wrapped, with a trailing comma, or cut off. Pure; any input.

The time is linear in the length of the text. Libraries that repair JSON were tried; on hostile text theirs is not.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

#: Objects that are tried; an answer has one, and perhaps the example from the prompt before it.
_MOST_OBJECTS = 8
#: A string, closed or not, or a comma before a closing bracket.
_TRAILING_COMMA = re.compile(r'"(?:[^"\\]|\\.)*+"?|,(?=\s*[}\]])', re.DOTALL)
#: A field whose value is a string. A quote that no bracket or further field follows is part of the string, because
#: models forget to escape quotes. An unclosed string ends with the text.
_FIELD = re.compile(
    r"""["'“]?\b(\w{1,40})\b["'”]?\s*:\s*(["'])((?:\\.|(?!\2\s*(?:[}\]]|\Z|,\s*(?:["'“}\]]|\w{1,40}\s*:|\Z)))[^\\])*+)(\2?)""",
    re.DOTALL,
)
_START = re.compile(r"""\s*(?:`{3,}\w*\s*)?[{\[]\s*(?:["'{}\[\]]|\w+\s*:|\Z)""")
_QUOTE = re.compile(r'\\.|"', re.DOTALL)


def objects(text: str) -> Iterator[Mapping[str, Any]]:
    """Yield the JSON objects in a text, each followed by the objects that are directly in it."""
    for one in _decoded(text):
        yield one
        yield from (value for value in one.values() if isinstance(value, dict))


def fields(text: str) -> Iterator[tuple[str, str, bool]]:
    """Yield name, text and completeness of the fields with a text in damaged JSON; an incomplete text was cut off."""
    start = text.find("{")
    for match in _FIELD.finditer(text, start) if start >= 0 else ():
        yield match[1], _unescaped(match[3]), bool(match[4])


def looks_like_json(text: str) -> bool:
    """Return whether a text is JSON, or an attempt at it, and no prose."""
    return _START.match(text) is not None or any(map(_says_something, _decoded(text)))


def plain_value(text: str) -> str | None:
    """Return the text of an answer that is a JSON string or a list of strings; None for any other."""
    found = _json(text)
    if isinstance(found, list) and found and all(isinstance(each, str) for each in found):
        return " ".join(found)
    return found if isinstance(found, str) else None


def _decoded(text: str) -> Iterator[dict[str, Any]]:
    """Yield the outermost objects."""
    text = _TRAILING_COMMA.sub(lambda match: "" if match[0] == "," else match[0], text)
    # Not strict: models put line breaks into strings.
    decoder = json.JSONDecoder(strict=False)
    at = text.find("{")
    for _ in range(_MOST_OBJECTS):
        if at < 0:
            return
        try:
            found, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            found, end = None, at + 1
        if isinstance(found, dict):
            yield found
        at = text.find("{", end)


def _says_something(found: Mapping[str, Any]) -> bool:
    """Return whether an object is more than the example from the prompt, whose values are placeholders."""
    return any(map(str.isalnum, "".join(map(repr, found.values()))))


def _json(text: str) -> Any:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _unescaped(inside: str) -> str:
    """Return the text that the inside of a string stands for; unchanged if it has an escape that JSON does not have."""
    quoted = _QUOTE.sub(lambda match: match[0] if len(match[0]) > 1 else '\\"', inside.removesuffix("\\"))
    found = _json(f'"{quoted}"')
    return found if isinstance(found, str) else inside
