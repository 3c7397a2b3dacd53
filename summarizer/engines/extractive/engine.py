"""The default engine: says what was done and found in the abstract's own words, with the shipped encoder."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from summarizer.blurb import Abstract, Blurb, Role, Sentence, Style
from summarizer.encoder.session import SHIPPED, Encoder, opened
from summarizer.engines.extractive import features, weights
from summarizer.engines.extractive.composing import Chosen, compose
from summarizer.engines.extractive.judging import Judged, Judgement, judge, roles_of
from summarizer.engines.limits import check_length
from summarizer.grounding.check import unsupported_by, warnings_of
from summarizer.grounding.evidence import ground
from summarizer.text.plain import to_plain

#: Words that make up a fifth or more of English prose and do not occur in other languages.
_ENGLISH = frozenset("the of and to we is that for with this are by on our which from be as".split())
_LEAST_ENGLISH = 0.08
#: Shorter texts, in words, may be English without any of the commonest words.
_ENOUGH_WORDS = 20
_NOT_ENGLISH = "The abstract does not look English, so the sentence was chosen mainly by its position."
_SKIPPED = "The text has very many sentences; only the first and the last ones were read."
_CLIPPED = "The blurb is cut off, because no sentence of the abstract is short enough."


class ExtractiveEngine:
    """Selects among the sentences of an abstract and their shorter forms."""

    engine = "extractive"
    #: Part of the key of every stored blurb; the second number counts the rules that stand beside the weights.
    model = f"{weights.VERSION}.3"

    def __init__(self, folder: Path = SHIPPED) -> None:
        """Store the folder of the encoder, which is opened on first use."""
        self._folder = folder

    async def prepare(self) -> None:
        """Load the encoder, so that the first blurb does not wait for it.

        Raises:
            BadModel: the encoder's files are missing or altered.
        """
        await asyncio.to_thread(self._opened)

    async def summarize(self, abstract: Abstract, style: Style = Style.ONE_LINE) -> Blurb:
        """Return the abstract condensed to `style`; the work runs on a thread.

        Raises:
            TextTooShort: the text has fewer than `MIN_WORDS` words.
            TextTooLong: the text has more than `MAX_CHARACTERS` characters.
            BadModel: the encoder's files are missing or altered.
        """
        return await asyncio.to_thread(self.condense, abstract, style)

    def roles(self, sentences: Sequence[str]) -> tuple[Role, ...]:
        """Return the role of each sentence of one abstract, in order.

        Raises:
            BadModel: the encoder's files are missing or altered.
        """
        texts = [to_plain(text) for text in sentences]
        return roles_of(self._opened().read("", texts, []), features.describe(texts, ""))

    def judge(self, abstract: Abstract) -> tuple[Sentence, ...]:
        """Return the abstract's sentences in reading order, each with its role and salience.

        Raises:
            BadModel: the encoder's files are missing or altered.
        """
        return tuple(judged.sentence for judged in judge(abstract, self._opened()).sentences)

    def condense(self, abstract: Abstract, style: Style = Style.ONE_LINE) -> Blurb:
        """Return the abstract condensed to `style`, on the calling thread.

        Raises:
            TextTooShort: the text has fewer than `MIN_WORDS` words.
            TextTooLong: the text has more than `MAX_CHARACTERS` characters.
            BadModel: the encoder's files are missing or altered.
        """
        check_length(abstract)
        title, judgement = to_plain(abstract.title), judge(abstract, self._opened())
        chosen, separator = compose(judgement, title, style)
        text = separator.join(one.text for one in chosen)
        return Blurb(
            text=text,
            evidence=tuple(sorted((one.sentence.span for one in chosen), key=lambda span: span.start)),
            engine=self.engine,
            model=self.model,
            warnings=_warnings(judgement, text) + _ungrounded(judgement.sentences, chosen, title),
        )

    def _opened(self) -> Encoder:
        return opened(self._folder)


def _warnings(judgement: Judgement, text: str) -> tuple[str, ...]:
    text_read = " ".join(one.sentence.text for one in judgement.sentences)
    found = (
        (_NOT_ENGLISH, not _looks_english(text_read)),
        (_CLIPPED, text.endswith("…")),
        (_SKIPPED, judgement.skipped > 0),
    )
    return tuple(warning for warning, holds in found if holds)


def _ungrounded(judged: Sequence[Judged], chosen: Sequence[Chosen], title: str) -> tuple[str, ...]:
    """Return a warning for each claim of the blurb that the abstract does not support.

    The sentences of the evidence are checked first; they nearly always support everything.
    """
    said = "\n".join(one.text for one in chosen)
    if not unsupported_by(said, ground([one.sentence.text for one in chosen], title)):
        return ()
    return warnings_of(unsupported_by(said, ground([one.sentence.text for one in judged], title)))


def _looks_english(text: str) -> bool:
    """Return whether the text has enough common English words; a short text in plain ASCII counts as English."""
    words = text.lower().split()
    if len(words) < _ENOUGH_WORDS and text.isascii():
        return True
    return sum(word in _ENGLISH for word in words) >= _LEAST_ENGLISH * len(words)
