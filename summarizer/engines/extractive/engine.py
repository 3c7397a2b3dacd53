"""The default engine: says what was done and found in the abstract's own words, with the shipped encoder."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from summarizer.blurb import Abstract, Blurb, Role, Sentence, Style
from summarizer.compression.compress import tighten
from summarizer.encoder.session import SHIPPED, Encoder, opened
from summarizer.engines.extractive import features, taste, weights
from summarizer.engines.extractive.judging import Judged, judge, roles_of
from summarizer.engines.limits import ONE_LINE_WORDS, PART_WORDS, SHORT_WORDS, check_length
from summarizer.grounding.check import unsupported_by, warnings_of
from summarizer.grounding.evidence import ground
from summarizer.text.plain import count_words, to_plain

_PARTS = (
    ("Problem", (Role.BACKGROUND,), taste.PROBLEM),
    ("Approach", (Role.METHOD, Role.OBJECTIVE), taste.APPROACH),
    ("Result", (Role.RESULT,), taste.RESULT),
)
#: A text of the blurb and its source sentence.
_Chosen = tuple[str, Sentence]

#: Words that make up a fifth or more of English prose and do not occur in other languages.
_ENGLISH = frozenset("the of and to we is that for with this are by on our which from be as".split())
_LEAST_ENGLISH = 0.08
#: Shorter texts, in words, may be English without any of the commonest words.
_ENOUGH_WORDS = 20
_NOT_ENGLISH = "The abstract does not look English, so the sentence was chosen mainly by its position."
_CLIPPED = "The blurb is cut off, because no sentence of the abstract is short enough."


class ExtractiveEngine:
    """Selects among the sentences of an abstract and their shorter forms."""

    engine = "extractive"
    model = weights.VERSION

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
        return tuple(judged.sentence for judged in judge(abstract, self._opened()))

    def condense(self, abstract: Abstract, style: Style = Style.ONE_LINE) -> Blurb:
        """Return the abstract condensed to `style`, on the calling thread.

        Raises:
            TextTooShort: the text has fewer than `MIN_WORDS` words.
            TextTooLong: the text has more than `MAX_CHARACTERS` characters.
            BadModel: the encoder's files are missing or altered.
        """
        check_length(abstract)
        judged = judge(abstract, self._opened())
        compose, separator = _COMPOSERS[style]
        chosen = compose(judged)
        text = separator.join(text for text, _ in chosen)
        return Blurb(
            text=text,
            evidence=tuple(sentence.span for _, sentence in sorted(chosen, key=_place)),
            engine=self.engine,
            model=self.model,
            warnings=_warnings(judged, text) + _ungrounded(judged, chosen, to_plain(abstract.title)),
        )

    def _opened(self) -> Encoder:
        return opened(self._folder)


# -- the styles ----------------------------------------------------------------------------------


def _one_line(judged: Sequence[Judged]) -> list[_Chosen]:
    fitting = [(form, one.sentence) for one in judged if (form := one.best(ONE_LINE_WORDS))]
    if fitting:
        form, sentence = max(fitting, key=lambda pair: pair[0].score)
        return [(form.text, sentence)]
    best = max(judged, key=lambda one: one.sentence.salience).sentence
    return [(_clip(tighten(best.text), ONE_LINE_WORDS), best)]


def _short(judged: Sequence[Judged]) -> list[_Chosen]:
    """Return the one-line text and the best result that still fits."""
    chosen = _one_line(judged)
    room = SHORT_WORDS - count_words(chosen[0][0])
    able = [one for one in judged if one.sentence.role is Role.RESULT and not _misfits(one)]
    results = [one for one in able if one.sentence != chosen[0][1]]
    for one in _best(results, taste.RESULT, room):
        if form := one.best(room):
            return sorted([*chosen, (form.text, one.sentence)], key=_place)
    return chosen


def _structured(judged: Sequence[Judged]) -> list[_Chosen]:
    """Return the best sentence of each part, after its label; if no part has one, the one-line text is the approach."""
    chosen = []
    for label, roles, preference in _PARTS:
        able = [one for one in judged if one.sentence.role in roles and not _misfits(one)]
        for one in _best(able, preference, PART_WORDS):
            if form := one.best(PART_WORDS):
                chosen.append((f"{label}: {form.text}", one.sentence))
                break
    return chosen or [(f"Approach: {text}", sentence) for text, sentence in _one_line(judged)]


def _misfits(one: Judged) -> bool:
    """Return whether a sentence does not fit its role: background after a proposal, or a hope labelled as a result."""
    wrong = taste.MISFITS.get(one.sentence.role, ())
    return any(name in one.found for name in wrong)


_COMPOSERS = {
    Style.ONE_LINE: (_one_line, " "),
    Style.SHORT: (_short, " "),
    Style.STRUCTURED: (_structured, "\n"),
}


def _best(judged: Sequence[Judged], preference: dict[str, float], limit: int) -> list[Judged]:
    return sorted(judged, key=lambda one: (-one.suits(preference, limit), one.sentence.span.start))


def _place(chosen: _Chosen) -> int:
    return chosen[1].span.start


def _clip(text: str, limit: int) -> str:
    """Cut the text after `limit` words and add an ellipsis."""
    kept = " ".join(text.split()[:limit])
    while count_words(kept) > limit:
        kept = kept[: len(kept) * limit // count_words(kept)]
    return f"{kept.rstrip(' ,;:.')}…"


def _warnings(judged: Sequence[Judged], text: str) -> tuple[str, ...]:
    text_read = " ".join(one.sentence.text for one in judged)
    found = (_NOT_ENGLISH, not _looks_english(text_read)), (_CLIPPED, text.endswith("…"))
    return tuple(warning for warning, holds in found if holds)


def _ungrounded(judged: Sequence[Judged], chosen: Sequence[_Chosen], title: str) -> tuple[str, ...]:
    """Return a warning for each claim of the blurb that the abstract does not support.

    The sentences of the evidence are checked first; they nearly always support everything.
    """
    said = "\n".join(text for text, _ in chosen)
    if not unsupported_by(said, ground([sentence.text for _, sentence in chosen], title)):
        return ()
    return warnings_of(unsupported_by(said, ground([one.sentence.text for one in judged], title)))


def _looks_english(text: str) -> bool:
    """Return whether the text has enough common English words; a short text in plain ASCII counts as English."""
    words = text.lower().split()
    if len(words) < _ENOUGH_WORDS and text.isascii():
        return True
    return sum(word in _ENGLISH for word in words) >= _LEAST_ENGLISH * len(words)
