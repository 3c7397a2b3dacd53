"""Splits the text after a command into words and options."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Phones turn two hyphens into a dash, and straight quotes into curly ones.
_DASHES = "(?:--|[—–])"
_KEY = rf"(?:{_DASHES}?(?P<key>[A-Za-z]+)=|{_DASHES}(?P<flag>[A-Za-z]+)(?:\s+|$))"
_QUOTED = r"""
    "(?P<double>(?:[^"\\]|\\.)*)"
  | [“„«](?P<curly>[^“”„«»"]*)[“”»"]
  | '(?P<single>(?:[^']|'(?=\S))*)'(?!\S)
  | ‘(?P<bent>(?:[^’]|’(?=\S))*)’(?!\S)
"""
# Quotes inside a value belong to it: query=ti:"KV cache".
_BARE = r"""(?:[^\s"“”„«»]|"[^"]*"|[“„«][^“”„«»"]*[“”»"])+"""
# "at=09:00, 17:30" is one value with a space after its comma.
_VALUE = rf"(?P<value>{_QUOTED}|(?P<bare>{_BARE}(?:(?<=,)\s+(?!{_DASHES}|[A-Za-z]+=){_BARE})*))"
_OPTION = re.compile(rf"{_KEY}{_VALUE}?", re.VERBOSE | re.DOTALL)
# A word may contain a phrase, or a quote that is never closed.
_WORD = re.compile(r"""(?:"[^"]*"|[“„«][^“”„«»"]*[“”»"]|\S)+""")
_ESCAPED = re.compile(r"\\([\"\\])")
_OPENING = frozenset("\"“”„«»'‘")


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """A word, or an option with its value."""

    #: A word with its quotes, or an option's value without its enclosing quotes.
    text: str
    #: The option's name in lower case; empty for a plain word.
    key: str = ""
    #: The text as typed; for an option, its value with any quotes.
    raw: str
    #: The half-open range of the piece in the text.
    start: int
    end: int
    #: Whether the value has a quote that is never closed.
    unclosed: bool = False


def split(text: str, place: int = 0) -> Iterator[Piece]:
    """Yield the words and options from a position onwards, in order."""
    place = _after_space(text, place)
    while place < len(text):
        piece = option_at(text, place) or _word_at(text, place)
        yield piece
        place = _after_space(text, piece.end)


def option_at(text: str, place: int) -> Piece | None:
    """Return the option that begins at a position, or None if there is none."""
    found = _OPTION.match(text, place)
    if found is None:
        return None
    return Piece(
        text=_value(found),
        key=(found["key"] or found["flag"]).lower(),
        raw=found["value"] or "",
        start=place,
        end=found.end(),
        unclosed=(found["bare"] is not None or not found["value"]) and text[found.end() : found.end() + 1] in _OPENING,
    )


def _value(found: re.Match[str]) -> str:
    if found["double"] is not None:
        return _ESCAPED.sub(r"\1", found["double"])
    return next((found[name] for name in ("curly", "single", "bent", "bare") if found[name] is not None), "")


def _word_at(text: str, place: int) -> Piece:
    found = _WORD.match(text, place)
    end = found.end() if found else len(text)
    return Piece(text=text[place:end], raw=text[place:end], start=place, end=end)


def _after_space(text: str, place: int) -> int:
    while place < len(text) and text[place].isspace():
        place += 1
    return place


def quoted(value: str) -> str:
    """Return any value quoted so that `split` reads it back unchanged."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
