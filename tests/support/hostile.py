"""Outside text at its worst: that of the test kit, under the name the tests know."""

from bots.testing.hostile import (
    ENDLESS,
    SNIPPETS,
    answers,
    blurbs,
    digests,
    entries,
    papers,
    patient,
    texts,
    urls,
)

__all__ = [
    "ENDLESS",
    "SNIPPETS",
    "answers",
    "blurbs",
    "digests",
    "entries",
    "papers",
    "patient",
    "texts",
    "urls",
]
