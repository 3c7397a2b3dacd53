"""A minimal engine: the first sentences of an abstract, in the authors' own words."""

import asyncio
from collections.abc import Iterator
from typing import ClassVar

from bots.api import (
    Abstract,
    Blurb,
    EngineSetting,
    EngineSetup,
    Span,
    Style,
    check_length,
    count_words,
    cut,
    split_sentences,
    to_plain,
)

#: Maximum words of one sentence; a longer one is cut, with a warning to the reader.
MOST_WORDS = 60
_CUT = "A sentence of the abstract was too long and is cut."


def read_count(value: str) -> int:
    """Read the number of sentences."""
    if value.strip() not in ("1", "2", "3", "4", "5"):
        raise ValueError("give a number from 1 to 5")
    return int(value)


class LeadEngine:
    """Returns the first sentences; it needs no model, and always returns the same for the same abstract."""

    engine = "lead"
    settings: ClassVar[tuple[EngineSetting, ...]] = (
        EngineSetting(name="sentences", default="2", says="How many sentences a blurb takes, 1 to 5.", read=read_count),
    )

    def __init__(self, sentences: int = 2) -> None:
        self._sentences = sentences
        # Blurbs are cached by engine and model, so a setting that changes a blurb must change the model's name.
        self.model = f"first-{sentences}"

    @classmethod
    def open(cls, setup: EngineSetup) -> "LeadEngine":
        """Return the engine with the settings from `[engines.lead]`."""
        return cls(setup.options.get("sentences", 2))

    async def summarize(self, abstract: Abstract, style: Style = Style.ONE_LINE) -> Blurb:
        """Return the first sentences, each with its range in the abstract; only one if the style is one line.

        Raises:
            TextTooShort, TextTooLong: the text is not an abstract.
        """
        return await asyncio.to_thread(self._condense, abstract, style)

    def _condense(self, abstract: Abstract, style: Style) -> Blurb:
        check_length(abstract)
        wanted = 1 if style is Style.ONE_LINE else self._sentences
        taken = [found for _, found in zip(range(wanted), _visible(abstract), strict=False)]
        shown = [_shortened(text) for text, _ in taken]
        return Blurb(
            text=("\n" if style is Style.STRUCTURED else " ").join(shown),
            evidence=tuple(span for _, span in taken),
            engine=self.engine,
            model=self.model,
            warnings=(_CUT,) if shown != [text for text, _ in taken] else (),
        )


def _visible(abstract: Abstract) -> Iterator[tuple[str, Span]]:
    """Yield the sentences with visible text, as plain text and with their ranges."""
    for span in split_sentences(abstract.text, dollar_math=abstract.dollar_math):
        if text := to_plain(abstract.text[span.start : span.end], dollar_math=abstract.dollar_math).strip():
            yield text, span


def _shortened(text: str) -> str:
    return cut(text, MOST_WORDS, count_words)
