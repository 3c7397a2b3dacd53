"""Mends what makes a feed ill-formed although its text is whole: stray characters, not cut or hostile documents."""

import re
from html.entities import html5

from bots.chat.encodings import decode

# Characters that XML 1.0 does not allow, and references to them.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_REFERENCE = re.compile(r"&(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});|&")
# What can follow the bracket of a tag; any other is a "less than".
_LESS = re.compile(r"<(?![A-Za-z_/!?])")
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_OPEN, _CLOSE = "<![CDATA[", "]]>"


def mended(body: bytes) -> bytes | None:
    """Return a document in UTF-8 without what XML forbids, or None if its encoding cannot be told.

    Characters that are not allowed go, an ampersand that begins no reference becomes one, names of HTML such as
    `&nbsp;` become their characters, and white space before the declaration goes. A document type stays, so that the
    parser refuses it.
    """
    written = decode(body)
    if written is None:
        return None
    whole = _FORBIDDEN.sub("", written.lstrip("\ufeff \t\r\n"))
    if whole.startswith("<?xml"):
        whole = whole.partition("?>")[2]
    return "".join(_parts(whole)).encode("utf-8", "replace")


def _parts(whole: str) -> list[str]:
    """Return the document in parts; those of character data between `<![CDATA[` and `]]>` stay as they are."""
    parts: list[str] = []
    place = 0
    while True:
        start = whole.find(_OPEN, place)
        end = whole.find(_CLOSE, start) if start >= 0 else -1
        parts.append(_escaped(whole[place : start if end >= 0 else len(whole)]))
        if end < 0:
            return parts
        place = end + len(_CLOSE)
        parts.append(whole[start:place])


def _escaped(markup: str) -> str:
    return _LESS.sub("&lt;", _REFERENCE.sub(_reference, markup))


def _reference(found: re.Match[str]) -> str:
    named = found[1]
    if not named:
        return "&amp;"
    if named in _XML_NAMES:
        return found[0]
    if named.startswith("#"):
        number = int(f"0{named[1:]}", 0) if named[1] in "xX" else int(named[1:])
        return found[0] if _is_allowed(number) else ""
    character = html5.get(f"{named};")
    return f"&amp;{named};" if character is None or character in "&<>\"'" else character


def _is_allowed(number: int) -> bool:
    return number in (9, 10, 13) or (0x20 <= number <= 0x10FFFF and not _FORBIDDEN.match(chr(number)))
