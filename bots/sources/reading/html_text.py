"""Extracts the text of external HTML in one pass."""

import re

from bots.sources.reading.values import ABSTRACT_LIMIT, text
from summarizer.text.terminals import resolve_entities

_TAG = re.compile(r"<[^<>]*>")


def html_text(part: str, limit: int = ABSTRACT_LIMIT) -> str:
    """Return the text of HTML on one line, without tags and with character references decoded."""
    bare = _TAG.sub("", part)
    try:
        return text(resolve_entities(bare, loosely=True), limit)
    except ValueError:  # a character reference with thousands of digits
        return text(bare, limit)
