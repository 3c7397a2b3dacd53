"""The text of a piece of HTML from outside, in one pass over it."""

import html
import re

from bots.sources.reading.values import ABSTRACT_LIMIT, text

_TAG = re.compile(r"<[^<>]*>")


def html_text(part: str, limit: int = ABSTRACT_LIMIT) -> str:
    """Return the text of a piece of HTML on one line: without tags, its character references resolved."""
    bare = _TAG.sub("", part)
    try:
        return text(html.unescape(bare), limit)
    except ValueError:  # a character reference of thousands of digits
        return text(bare, limit)
