"""What stands after a command, cut into words and options."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Phones make a dash of two hyphens, and curly quotes of straight ones.
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
# A word may hold a phrase, or a quote that never ends.
_WORD = re.compile(r"""(?:"[^"]*"|[“„«][^“”„«»"]*[“”»"]|\S)+""")
_ESCAPED = re.compile(r"\\([\"\\])")
_OPENING = frozenset("\"“”„«»'‘")


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """A word, or an option with its value."""

    #: A word with its quotes; an option's value without those around it.
    text: str
    #: The option's name in lower case; empty for a plain word.
    key: str = ""
    #: What was typed: of an option, its value, quotes and all.
    raw: str
    #: The half-open range it takes up in what was split.
    start: int
    end: int
    #: Whether its value has a quote that never ends.
    unclosed: bool = False


def split(text: str, place: int = 0) -> Iterator[Piece]:
    """Give the words and options from a place on, in order."""
    place = _after_space(text, place)
    while place < len(text):
        piece = option_at(text, place) or _word_at(text, place)
        yield piece
        place = _after_space(text, piece.end)


def option_at(text: str, place: int) -> Piece | None:
    """Return the option that begins at a place, None where none does."""
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
    """Return a value as `split` reads it back, whatever it holds."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
