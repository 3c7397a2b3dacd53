"""An independent reader of Discord's markdown, which finds markup, links, mentions and visible text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """A piece of markup in a text: its kind, and its content."""

    kind: str
    held: str


# In the order in which Discord's own apps try them at the start of the remaining text.
_BLOCKS = (
    ("heading", re.compile(r" *(#{1,3})(?:\s+)((?!#+)[^\n]+?)#*\s*(?:\n|$)")),
    ("subtext", re.compile(r"-#(?: +)((?!(?:-#)+)[^\n]+?) *(?:\n|$)")),
    ("quote", re.compile(r" *>>> ([\s\S]*)| *> [^\n]*")),
    ("list", re.compile(r" *(?:[*-]|\d+[.)]) +[^\n]+")),
)
_INLINE = (
    ("escape", re.compile(r"\\([^0-9A-Za-z\s])")),
    ("block", re.compile(r"```(?:([a-z0-9_+\-.#]+?)\n)?\n*([^\n][\s\S]*?)\n*```", re.IGNORECASE)),
    ("code", re.compile(r"(`+)([\s\S]*?[^`])\1(?!`)")),
    (
        "link",
        re.compile(
            r"\[((?:\[[^\]]*\]|[^\[\]]|\](?=[^\[]*\]))*)\]\(\s*<?((?:[^\s\\]|\\.)*?)>?(?:\s+['\"]([\s\S]*?)['\"])?\s*\)"
        ),
    ),
    ("autolink", re.compile(r"<((?:https?|discord|steam|mailto|tel|sms):[^ >]+)>")),
    ("url", re.compile(r"(?:https?|steam|discord)://[^\s<]+[^<.,:;\"'\]\s]")),
    ("mention", re.compile(r"<(?:@[!&]?|#)\d+>|<id:\w+>|</[^\n>]+:\d+>|@everyone|@here")),
    ("time", re.compile(r"<t:-?\d+(?::[tTdDfFR])?>")),
    ("emoji", re.compile(r"<a?:\w+:\d+>|:[^\s:]+?(?:::skin-tone-\d)?:")),
    ("bold", re.compile(r"\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)")),
    ("underline", re.compile(r"__((?:\\[\s\S]|[^\\])+?)__(?!_)")),
    (
        "italic",
        re.compile(
            r"\b_((?:__|\\[\s\S]|[^\\_])+?)_\b"
            r"|\*(?=\S)((?:\*\*|\\[\s\S]|\s+(?:\\[\s\S]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)"
        ),
    ),
    ("strike", re.compile(r"~~([\s\S]+?)~~(?!_)")),
    ("spoiler", re.compile(r"\|\|([\s\S]+?)\|\|")),
)  # fmt: skip


@lru_cache(maxsize=1024)  # a part that is made smaller keeps most of its texts
def read(text: str) -> tuple[str, tuple[Mark, ...]]:
    """Return the visible text and its marks, outer marks before inner ones."""
    seen, marks = "", []
    for piece, mark in _read(text):
        seen += piece
        marks += [mark] if mark else []
    return seen, tuple(marks)


def _read(text: str) -> Iterator[tuple[str, Mark | None]]:
    at_start = True
    while text:
        kind, found = _first(text, at_start)
        if found is None:
            at_start = text[0] == "\n"
            yield text[0], None
            text = text[1:]
            continue
        yield from _marked(kind, found)
        at_start, text = found[0].endswith("\n"), text[found.end() :]


def _first(text: str, at_start: bool) -> tuple[str, re.Match[str] | None]:
    for kind, pattern in (*(_BLOCKS if at_start else ()), *_INLINE):
        if (found := pattern.match(text)) is not None:
            return kind, found
    return "", None


def _marked(kind: str, found: re.Match[str]) -> Iterator[tuple[str, Mark | None]]:
    held = [each for each in found.groups() if each is not None]
    match kind:
        case "escape":
            yield held[0], None
        case "block" | "code":
            yield held[-1], Mark(kind=kind, held=held[-1])
        case "link":
            yield "", Mark(kind="link", held=held[1])
            yield from _read(held[0])
        case "heading" | "subtext":
            yield "", Mark(kind=kind, held=held[-1])
            yield from _read(held[-1])
            yield "\n", None
        case "bold" | "italic" | "underline" | "strike" | "spoiler":
            yield "", Mark(kind=kind, held=held[0])
            yield from _read(held[0])
        case _:
            yield found[0], Mark(kind=kind, held=found[0])


def texts_of(value: Any) -> Iterator[str]:
    """Yield every text of a message in which markdown works."""
    if isinstance(value, dict):
        yield from (value[name] for name in ("content", "description", "title") if isinstance(value.get(name), str))
        value = list(value.values())
    if isinstance(value, list | tuple):
        for inner in value:
            yield from texts_of(inner)


def body_of(payload: Any) -> dict[str, Any]:
    """Return the fields of a payload that are sent."""
    names = ("flags", "content", "embeds", "components", "allowed_mentions")
    return {name: payload[name] for name in names if name in payload}


def seen(*payloads: Any) -> str:
    """Return all visible text of messages, without white space."""
    return "".join("".join(read(text)[0].split()) for payload in payloads for text in texts_of(body_of(payload)))
