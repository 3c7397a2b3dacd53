"""Parses lists of author names in the formats that people and exports use."""

import re
from collections.abc import Iterable

from bots.sources.reading.values import AUTHORS_LIMIT, NAME_LIMIT, text


def names(value: object) -> tuple[str, ...]:
    """Return author names from a list of strings or `{"name": …}` objects, or from one string.

    Hidden authors (`"hidden": true`, set by Hugging Face for an author who removed the name) are left out.
    """
    if isinstance(value, str):
        # Put on one line and truncated first: the patterns below are fast only on text without runs of spaces.
        return listed(split_names(text(value)))
    if isinstance(value, (list, tuple)):
        return listed(_name(one) for one in value)
    return ()


def listed(found: Iterable[str]) -> tuple[str, ...]:
    """Return the distinct non-empty names, up to the maximum of a record."""
    clean = (text(name, NAME_LIMIT) for name in found)
    return tuple(dict.fromkeys(name for name in clean if name))[:AUTHORS_LIMIT]


def split_names(value: str) -> list[str]:
    """Return the names of `A; B`, `Last, First and Last, First`, or `A, B and C`."""
    if ";" in value:
        return [forename_first(name) for name in value.split(";")]
    parts = re.split(r"\s+and\s+|\s*&\s+", value)
    if len(parts) > 1 and all(part.count(",") == 1 and not part.strip().endswith(",") for part in parts):
        return [forename_first(part) for part in parts]
    return [name for part in parts for name in split_outside_brackets(part)]


def split_outside_brackets(value: str) -> list[str]:
    """Return the text split at the commas outside brackets: `A (X, Y), B` is `A` and `B`, without affiliations."""
    kept: list[str] = [""]
    depth = 0
    for char in value:
        depth += (char == "(") - (char == ")" and depth > 0)
        if char == "," and depth == 0:
            kept.append("")
        elif depth == 0 and char != ")":
            kept[-1] += char
    return [name.strip() for name in kept]


def forename_first(name: str) -> str:
    """Return `First Last` for `Last, First`, and `First Last Jr` for `Last, Jr, First`."""
    parts = [part.strip() for part in name.split(",")]
    if len(parts) == 3:
        return " ".join((parts[2], parts[0], parts[1]))
    return " ".join(reversed(parts)) if len(parts) == 2 else " ".join(parts)


def _name(value: object) -> str:
    if isinstance(value, str):
        return forename_first(value)
    if isinstance(value, dict) and value.get("hidden") is not True:
        written = value.get("name") or value.get("fullname") or value.get("full_name")
        return written if isinstance(written, str) else ""
    return ""
