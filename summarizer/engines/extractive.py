"""The default engine: picks the sentences that say what was done and found. No weights on disk."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

from summarizer.blurb import Abstract, Blurb, Role, Sentence, Span, Style
from summarizer.clauses import variants
from summarizer.compress import cut_tail, tighten
from summarizer.engines import choice, features, taste, weights
from summarizer.errors import TextTooLong, TextTooShort
from summarizer.ground import ground
from summarizer.grounding import unsupported_by, warnings_of
from summarizer.sentences import split_sentences
from summarizer.text import count_words, to_plain

#: The shortest text that can say what was done; real one-sentence abstracts have 12 words and more.
MIN_WORDS = 8
#: arXiv allows 1,920 characters, the longest PubMed abstracts have about 6,000.
MAX_CHARACTERS = 20_000
#: Words a blurb may have: one line of chat on a phone is about 10 words, so 30 are three lines.
ONE_LINE_WORDS = 30
SHORT_WORDS = 60
PART_WORDS = 30
#: The best form of a sentence further down the ranking is hardly ever the best of all.
_SENTENCES_WITH_FORMS = 4

_PARTS = (
    ("Problem", (Role.BACKGROUND,), taste.PROBLEM),
    ("Approach", (Role.METHOD, Role.OBJECTIVE), taste.APPROACH),
    ("Result", (Role.RESULT,), taste.RESULT),
)
_SALIENCE = {"salience": 1.0}
_NOT_OWN = (Role.BACKGROUND, Role.OTHER)
#: A text of the blurb and the sentence it comes from.
_Chosen = tuple[str, Sentence]

#: Words that make up a fifth and more of English prose and do not occur in other languages.
_ENGLISH = frozenset("the of and to we is that for with this are by on our which from be as".split())
_LEAST_ENGLISH = 0.08
#: In fewer words than these, English may do without its commonest.
_ENOUGH_WORDS = 20
_NOT_ENGLISH = "The abstract does not look English, so the sentence was chosen mainly by its place."
_CLIPPED = "The blurb breaks off because no sentence of the abstract is short enough."


class ExtractiveEngine:
    """Chooses sentences by what can be seen on their surface; needs no library and no file."""

    engine = "extractive"
    model = f"{weights.VERSION}+{choice.VERSION}"

    async def summarize(self, abstract: Abstract, style: Style = Style.ONE_LINE) -> Blurb:
        """Return the abstract condensed to `style`, working on a thread.

        Raises:
            TextTooShort: fewer than `MIN_WORDS` words.
            TextTooLong: more than `MAX_CHARACTERS` characters.
        """
        return await asyncio.to_thread(self.condense, abstract, style)

    def roles(self, sentences: Sequence[str]) -> tuple[Role, ...]:
        """Return what each sentence of one abstract, in order, does in it."""
        return tuple(map(_role, features.describe([to_plain(text) for text in sentences], "")))

    def condense(self, abstract: Abstract, style: Style = Style.ONE_LINE) -> Blurb:
        """Do what `summarize` does, on this thread.

        Raises:
            TextTooShort: fewer than `MIN_WORDS` words.
            TextTooLong: more than `MAX_CHARACTERS` characters.
        """
        _check_length(abstract)
        judged = _judge(abstract)
        compose, separator = _COMPOSERS[style]
        title = to_plain(abstract.title)
        chosen = compose(judged, title)
        text = separator.join(text for text, _ in chosen)
        return Blurb(
            text=text,
            evidence=tuple(sentence.span for _, sentence in sorted(chosen, key=_place)),
            engine=self.engine,
            model=self.model,
            warnings=_warnings(judged, text) + _ungrounded(judged, chosen, title),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Judged:
    """A sentence with the features it was judged by."""

    sentence: Sentence
    found: dict[str, float]

    def suits(self, preference: dict[str, float]) -> float:
        """Return how well the sentence serves a part."""
        return _weigh(self.found | {"salience": self.sentence.salience}, preference)


def judge(abstract: Abstract) -> tuple[Sentence, ...]:
    """Return the abstract's sentences in reading order, each with its role and salience."""
    return tuple(judged.sentence for judged in _judge(abstract))


def _judge(abstract: Abstract) -> list[_Judged]:
    text, dollars = abstract.text, abstract.dollar_math
    spans = split_sentences(text, dollar_math=dollars)
    plain = [(span, to_plain(text[span.start : span.end], dollar_math=dollars)) for span in spans]
    plain = [(span, sentence) for span, sentence in plain if count_words(sentence)]
    described = features.describe([text for _, text in plain], to_plain(abstract.title))
    return [
        _Judged(sentence=_sentence(text, span, found), found=found)
        for (span, text), found in zip(plain, described, strict=True)
    ]


def _sentence(text: str, span: Span, found: dict[str, float]) -> Sentence:
    role = _role(found)
    salience = _weigh(found, weights.SALIENCE) + _weigh(found, taste.STANDS_ALONE)
    return Sentence(text=text, span=span, role=role, salience=salience + taste.ROLE.get(role, 0.0))


def _check_length(abstract: Abstract) -> None:
    if len(abstract.text) > MAX_CHARACTERS:
        raise TextTooLong(length=len(abstract.text), limit=MAX_CHARACTERS)
    words = count_words(to_plain(abstract.text, dollar_math=abstract.dollar_math))
    if words < MIN_WORDS:
        raise TextTooShort(words=words, needed=MIN_WORDS)


def _weigh(found: dict[str, float], table: dict[str, float]) -> float:
    # fsum: words come from a set, and the order of a set must not decide between two sentences.
    return fsum(table.get(name, 0.0) * value for name, value in found.items())


def _role(found: dict[str, float]) -> Role:
    """Return the likeliest role; on a tie the one that `Role` names first."""
    rows = [
        [value * weight for weight in weights.ROLES[name]] for name, value in found.items() if name in weights.ROLES
    ]
    sums = [fsum(column) for column in zip(*rows, strict=True)] or [0.0] * len(Role)
    if "code" in found:
        return Role.OTHER
    own = any(name in found for name in taste.OWN_WORK)
    likely = [pair for pair in zip(Role, sums, strict=True) if not (own and pair[0] in _NOT_OWN)]
    return max(likely, key=lambda pair: pair[1])[0]


# -- the styles ----------------------------------------------------------------------------------


def _one_line(judged: Sequence[_Judged], title: str) -> list[_Chosen]:
    ranked = _best(judged, _SALIENCE)
    forms = _forms(judged, ranked[:_SENTENCES_WITH_FORMS], title, ONE_LINE_WORDS)
    if forms:
        return [max(forms, key=lambda pair: pair[0])[1]]
    for one in ranked[_SENTENCES_WITH_FORMS:]:
        if fitted := _fit(one.sentence, ONE_LINE_WORDS):
            return [(fitted, one.sentence)]
    return [(_clip(tighten(ranked[0].sentence.text), ONE_LINE_WORDS), ranked[0].sentence)]


def _forms(judged: Sequence[_Judged], ranked: Sequence[_Judged], title: str, limit: int) -> list[tuple[float, _Chosen]]:
    """Return the forms of the ranked sentences that have at most `limit` words, with what speaks for each."""
    others = [features.content(one.sentence.text) for one in judged]
    found = []
    for one in ranked:
        own = {"salience": one.sentence.salience, "best": float(one is ranked[0])}
        alone = _weigh(one.found, taste.STANDS_ALONE)
        forms = variants(one.sentence.text)
        for form in forms:
            if count_words(form.text) <= limit:
                seen = choice.describe(form, forms[0].text, title, others) | own
                score = _weigh(seen, choice.WEIGHTS) + _weigh(seen, taste.FORM) + alone
                found.append((score, (form.text, one.sentence)))
    return found


def _short(judged: Sequence[_Judged], title: str) -> list[_Chosen]:
    """Say what was done and add the best result that still fits."""
    chosen = _one_line(judged, title)
    room = SHORT_WORDS - count_words(chosen[0][0])
    results = [one for one in judged if one.sentence.role is Role.RESULT]
    for one in _best(results, taste.RESULT):
        if one.sentence != chosen[0][1] and (fitted := _fit(one.sentence, room)):
            return sorted([*chosen, (fitted, one.sentence)], key=_place)
    return chosen


def _structured(judged: Sequence[_Judged], title: str) -> list[_Chosen]:
    """Give each part its best sentence, under its label; an abstract without parts is an approach."""
    chosen = []
    for label, roles, preference in _PARTS:
        able = [one for one in judged if one.sentence.role in roles]
        for one in _best(able, preference):
            if fitted := _fit(one.sentence, PART_WORDS):
                chosen.append((f"{label}: {fitted}", one.sentence))
                break
    return chosen or [(f"Approach: {text}", sentence) for text, sentence in _one_line(judged, title)]


_COMPOSERS = {
    Style.ONE_LINE: (_one_line, " "),
    Style.SHORT: (_short, " "),
    Style.STRUCTURED: (_structured, "\n"),
}


def _best(judged: Sequence[_Judged], preference: dict[str, float]) -> list[_Judged]:
    return sorted(judged, key=lambda one: (-one.suits(preference), one.sentence.span.start))


def _place(chosen: _Chosen) -> int:
    return chosen[1].span.start


def _fit(sentence: Sentence, limit: int) -> str | None:
    """Return the sentence within `limit` words, whole or shortened; None if neither is possible."""
    text = tighten(sentence.text)
    if count_words(text) <= limit:
        return text
    short = cut_tail(text, limit)
    return short if short and count_words(short) <= limit else None


def _clip(text: str, limit: int) -> str:
    """Break the text off behind `limit` words."""
    kept = " ".join(text.split()[:limit])
    while count_words(kept) > limit:
        kept = kept[: len(kept) * limit // count_words(kept)]
    return f"{kept.rstrip(' ,;:.')}…"


def _warnings(judged: Sequence[_Judged], text: str) -> tuple[str, ...]:
    text_read = " ".join(one.sentence.text for one in judged)
    found = (_NOT_ENGLISH, not _looks_english(text_read)), (_CLIPPED, text.endswith("…"))
    return tuple(warning for warning, holds in found if holds)


def _ungrounded(judged: Sequence[_Judged], chosen: Sequence[_Chosen], title: str) -> tuple[str, ...]:
    """Say what the blurb claims and the abstract does not; the evidence alone nearly always answers that."""
    said = "\n".join(text for text, _ in chosen)
    if not unsupported_by(said, ground([sentence.text for _, sentence in chosen], title)):
        return ()
    return warnings_of(unsupported_by(said, ground([one.sentence.text for one in judged], title)))


def _looks_english(text: str) -> bool:
    """Judge by the commonest words; a short text in plain ASCII is given the benefit of the doubt."""
    words = text.lower().split()
    if len(words) < _ENOUGH_WORDS and text.isascii():
        return True
    return sum(word in _ENGLISH for word in words) >= _LEAST_ENGLISH * len(words)
