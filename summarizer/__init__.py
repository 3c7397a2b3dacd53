"""Condense the text of one abstract to a blurb of a few words, with evidence: the sentences that support it.

This package knows nothing of papers, chats, clocks or databases.
"""

from summarizer.blurb import Abstract, Blurb, Chain, Role, Sentence, Span, Style, Summarizer
from summarizer.engines import load, open_chain
from summarizer.errors import (
    BadModel,
    EngineDown,
    EngineMissing,
    SummarizerError,
    TextTooLong,
    TextTooShort,
)
from summarizer.nearness import Nearness
from summarizer.setup import EngineSetup, Secret

__all__ = [
    "Abstract",
    "BadModel",
    "Blurb",
    "Chain",
    "EngineDown",
    "EngineMissing",
    "EngineSetup",
    "Nearness",
    "Role",
    "Secret",
    "Sentence",
    "Span",
    "Style",
    "Summarizer",
    "SummarizerError",
    "TextTooLong",
    "TextTooShort",
    "load",
    "open_chain",
]
