"""Reduce the words of a text to their stems. Pure functions."""

import re
from functools import lru_cache

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*|\d+")
_COMMON = frozenset(
    """
    a an and are as at be by can do for from how in is it its of on or our that the this to toward
    towards under using via we what when with without based
    """.split()
)


def content(text: str) -> frozenset[str]:
    """Return the stems of the content words."""
    return frozenset(word for word in stems(text) if word not in _COMMON)


def stems(text: str) -> frozenset[str]:
    """Return the stems of all words."""
    return frozenset(stem(word) for word in _WORD.findall(text.lower()))


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """Remove the commonest endings of an English word, so that "learned" matches "learning"."""
    for ending in ("ations", "ation", "ingly", "ings", "ing", "ies", "edly", "ers", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
