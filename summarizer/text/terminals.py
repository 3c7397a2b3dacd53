"""Sequences that a terminal obeys: colours, titles of windows, character sets. Pure functions."""

import html
import re

#: A character reference that ends properly; bounded, so that nothing is searched far.
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
#: ESC as a character reference. HTML knows no such character (WHATWG, 13.2.5.80) and drops it alone: the remnant of its
#: sequence would be shown.
_ESCAPE = re.compile(r"&#(?:0{0,5}27(?![0-9])|[xX]0{0,4}1[bB](?![0-9a-fA-F]));?")
#: What follows ESC in a terminal's sequences (ECMA-48, 5.4; ISO 2022): colours, titles of windows, character sets. The
#: one-character form of ESC [ needs a digit: in a text of another encoding, that character may be a quotation mark.
_SEQUENCE = re.compile(
    r"\x1b\[[0-9:;<=>?]{0,64}[A-Za-z@`{|}~]|\x9b[0-9;]{1,64}[A-Za-z]"
    r"|\x1b\][0-9]{1,4};[^\x07\x1b\n]{0,2000}(?:\x07|\x1b\\)|\x1b[()*+][0-9A-B]"
)


def strip_sequences(text: str) -> str:
    """Return `text` without sequences of terminals; "[31m" without its ESC is text, and stays."""
    return _SEQUENCE.sub("", text) if "\x1b" in text or "\x9b" in text else text


def resolve_entities(text: str, *, loosely: bool = False) -> str:
    """Return `text` with its character references resolved once, and without sequences of terminals.

    Args:
        loosely: resolve also references without a semicolon, as browsers do.

    Raises:
        ValueError: a reference has thousands of digits.
    """
    if "&" in text:
        # All at once: what one of them stands for must not be read as another.
        parts = _ESCAPE.split(text)
        resolved = map(html.unescape, parts) if loosely else (_ENTITY.sub(_meant, part) for part in parts)
        text = "\x1b".join(resolved)
    return strip_sequences(text)


def _meant(entity: re.Match[str]) -> str:
    return html.unescape(entity.group())
