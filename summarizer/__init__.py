"""Condense the text of one abstract to a blurb of a few words, with evidence: the sentences that support it.

This package knows nothing of papers, chats, clocks or databases.
"""

from summarizer.blurb import Abstract, Blurb, Chain, Role, Sentence, Span, Style, Summarizer
from summarizer.embedding import Embedder
from summarizer.engines.limits import check_length
from summarizer.engines.loader import ENGINES, engine_settings, load, open_chain
from summarizer.errors import (
    BadModel,
    EngineDown,
    EngineMissing,
    PluginError,
    SummarizerError,
    TextTooLong,
    TextTooShort,
)
from summarizer.plugins import PluginGroup
from summarizer.setup import EngineSetting, EngineSetup, Secret
from summarizer.text.plain import count_words, to_plain
from summarizer.text.sentences import split_sentences

__all__ = [
    "ENGINES",
    "Abstract",
    "BadModel",
    "Blurb",
    "Chain",
    "Embedder",
    "EngineDown",
    "EngineMissing",
    "EngineSetting",
    "EngineSetup",
    "PluginError",
    "PluginGroup",
    "Role",
    "Secret",
    "Sentence",
    "Span",
    "Style",
    "Summarizer",
    "SummarizerError",
    "TextTooLong",
    "TextTooShort",
    "check_length",
    "count_words",
    "engine_settings",
    "load",
    "open_chain",
    "split_sentences",
    "to_plain",
]
