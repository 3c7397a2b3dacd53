"""Text in, blurb out: condenses one abstract to a few words that it can show the source of.

Knows nothing of papers, chats, clocks or databases.
"""

from summarizer.blurb import Abstract, Blurb, Role, Sentence, Span, Style, Summarizer
from summarizer.engines import load
from summarizer.errors import (
    BadModel,
    EngineDown,
    EngineMissing,
    SummarizerError,
    TextTooLong,
    TextTooShort,
)

__all__ = [
    "Abstract",
    "BadModel",
    "Blurb",
    "EngineDown",
    "EngineMissing",
    "Role",
    "Sentence",
    "Span",
    "Style",
    "Summarizer",
    "SummarizerError",
    "TextTooLong",
    "TextTooShort",
    "load",
]
