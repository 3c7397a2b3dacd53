"""Parses and matches category patterns: `cs.CL` is one category, `cs.*` and `cs` are all of computer science."""

import re
from collections.abc import Iterable

from bots.domain.errors import BadQuery

# arXiv's categories are `cs.CL`, `cond-mat.mtrl-sci`, `hep-th`; bioRxiv's are words, `cancer biology`.
_CATEGORY = re.compile(r"[^\W_][\w &/-]*(?:\.[\w-]+)*(?:\.?\*)?")
#: Longer than any category of arXiv, bioRxiv or medRxiv ("obstetrics and gynecology").
_LONGEST = 60


def read_category(text: str) -> str:
    """Return a category pattern without surrounding white space.

    Raises:
        BadQuery: the text is not a category pattern.
    """
    pattern = " ".join(text.split())
    if len(pattern) > _LONGEST or not _CATEGORY.fullmatch(pattern):
        raise BadQuery(
            f"“{pattern[:_LONGEST]}” is not a category.",
            hint="Write one category, such as cs.CL, or cs.* for all of an archive.",
        )
    return pattern


def in_category(pattern: str, categories: Iterable[str]) -> bool:
    """Return whether the pattern matches any of the categories, ignoring case."""
    return any(_is_meant(pattern.casefold(), category.casefold()) for category in categories)


def _is_meant(pattern: str, category: str) -> bool:
    archive = pattern.removesuffix(".*")
    if archive.endswith("*"):
        return category.startswith(archive.rstrip("*"))
    return category == archive or category.startswith(f"{archive}.")
