"""The default engine: picks the sentences that say what was done and found. No weights on disk."""

import asyncio
from collections.abc import Sequence

from summarizer.blurb import Abstract, Blurb, Role, Sentence, Style
from summarizer.compress import cut_tail, tighten
from summarizer.engines import features, weights
from summarizer.errors import TextTooLong, TextTooShort
from summarizer.sentences import split_sentences
from summarizer.text import count_words, to_plain

#: The shortest text that can say what was done; real one-sentence abstracts have 12 words and more.
MIN_WORDS = 8
#: arXiv allows 1,920 characters, the longest PubMed abstracts have about 6,000.
MAX_CHARACTERS = 20_000
#: Words a blurb may have: one line of chat on a phone is about 10 words, so 45 are five lines.
ONE_LINE_WORDS = 45
SHORT_WORDS = 60
PART_WORDS = 40

_PARTS = (
    ("Problem", (Role.BACKGROUND,)),
    ("Approach", (Role.METHOD, Role.OBJECTIVE)),
    ("Result", (Role.RESULT,)),
)
#: Words that make up a fifth and more of English prose and do not occur in other languages.
_ENGLISH = frozenset("the of and to we is that for with this are by on our which from be as".split())
_LEAST_ENGLISH = 0.08
_NOT_ENGLISH = "The abstract does not look English, so the sentence was chosen mainly by its place."
_CLIPPED = "The blurb breaks off because no sentence of the abstract is short enough."


class ExtractiveEngine:
    """Chooses sentences by what can be seen on their surface; needs no library and no file."""

    name = "extractive"
    model = weights.VERSION

    async def summarize(self, abstract: Abstract, style: Style = Style.ONE_LINE) -> Blurb:
        """Return the abstract condensed to `style`, working on a thread.

        Raises:
            TextTooShort: fewer than `MIN_WORDS` words.
            TextTooLong: more than `MAX_CHARACTERS` characters.
        """
        return await asyncio.to_thread(self.condense, abstract, style)

    def condense(self, abstract: Abstract, style: Style = Style.ONE_LINE) -> Blurb:
        """Do what `summarize` does, on this thread.

        Raises:
            TextTooShort: fewer than `MIN_WORDS` words.
            TextTooLong: more than `MAX_CHARACTERS` characters.
        """
        _check_length(abstract.text)
        sentences = judge(abstract)
        text, chosen = _COMPOSERS[style](sentences)
        return Blurb(
            text=text,
            evidence=tuple(sorted((s.span for s in chosen), key=lambda span: span.start)),
            engine=self.name,
            model=self.model,
            warnings=_warnings(sentences, text),
        )


def judge(abstract: Abstract) -> tuple[Sentence, ...]:
    """Return the abstract's sentences in reading order, each with its role and salience."""
    spans, texts = [], []
    for span in split_sentences(abstract.text):
        text = to_plain(abstract.text[span.start : span.end])
        if count_words(text):
            spans.append(span)
            texts.append(text)
    described = features.describe(texts, to_plain(abstract.title))
    return tuple(
        Sentence(text=text, span=span, role=_role(found), salience=_weigh(found, weights.SALIENCE))
        for text, span, found in zip(texts, spans, described, strict=True)
    )


def _check_length(text: str) -> None:
    if len(text) > MAX_CHARACTERS:
        raise TextTooLong(length=len(text), limit=MAX_CHARACTERS)
    words = count_words(to_plain(text))
    if words < MIN_WORDS:
        raise TextTooShort(words=words, needed=MIN_WORDS)


def _weigh(found: dict[str, float], table: dict[str, float]) -> float:
    return sum(table.get(name, 0.0) * value for name, value in found.items())


def _role(found: dict[str, float]) -> Role:
    return Role(max(weights.ROLES, key=lambda role: _weigh(found, weights.ROLES[role])))


# -- the styles ----------------------------------------------------------------------------------


def _one_line(sentences: Sequence[Sentence]) -> tuple[str, list[Sentence]]:
    ranked = _ranked(sentences)
    for sentence in ranked:
        fitted = _fit(sentence, ONE_LINE_WORDS)
        if fitted:
            return fitted, [sentence]
    return _clip(tighten(ranked[0].text), ONE_LINE_WORDS), [ranked[0]]


def _short(sentences: Sequence[Sentence]) -> tuple[str, list[Sentence]]:
    """Say what was done and add the best result that still fits, in reading order."""
    first, chosen = _one_line(sentences)
    room = SHORT_WORDS - count_words(first)
    for sentence in _ranked(sentences):
        if sentence.role is not Role.RESULT or sentence in chosen:
            continue
        fitted = _fit(sentence, room)
        if fitted:
            pairs = [(chosen[0], first), (sentence, fitted)]
            pairs.sort(key=lambda pair: pair[0].span.start)
            return " ".join(text for _, text in pairs), [chosen[0], sentence]
    return first, chosen


def _structured(sentences: Sequence[Sentence]) -> tuple[str, list[Sentence]]:
    lines, chosen = [], []
    for label, roles in _PARTS:
        for sentence in _ranked([s for s in sentences if s.role in roles]):
            fitted = _fit(sentence, PART_WORDS)
            if fitted:
                lines.append(f"{label}: {fitted}")
                chosen.append(sentence)
                break
    if not lines:
        text, chosen = _one_line(sentences)
        lines.append(f"Approach: {text}")
    return "\n".join(lines), chosen


_COMPOSERS = {Style.ONE_LINE: _one_line, Style.SHORT: _short, Style.STRUCTURED: _structured}


def _ranked(sentences: Sequence[Sentence]) -> list[Sentence]:
    return sorted(sentences, key=lambda sentence: (-sentence.salience, sentence.span.start))


def _fit(sentence: Sentence, limit: int) -> str | None:
    """Return the sentence within `limit` words, whole or ended early; None if neither is possible."""
    text = tighten(sentence.text)
    return text if count_words(text) <= limit else cut_tail(text, limit)


def _clip(text: str, limit: int) -> str:
    """Break the text off behind `limit` words."""
    kept = " ".join(text.split()[:limit])
    while count_words(kept) > limit:
        kept = kept[: len(kept) * limit // count_words(kept)]
    return f"{kept.rstrip(' ,;:.')}…"


def _warnings(sentences: Sequence[Sentence], text: str) -> tuple[str, ...]:
    words = " ".join(sentence.text for sentence in sentences).lower().split()
    english = sum(word in _ENGLISH for word in words) / len(words)
    found = (_NOT_ENGLISH, english < _LEAST_ENGLISH), (_CLIPPED, text.endswith("…"))
    return tuple(warning for warning, holds in found if holds)
