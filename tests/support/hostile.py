"""Hostile external text: the strategies of the test kit, under the name that the tests use."""

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
