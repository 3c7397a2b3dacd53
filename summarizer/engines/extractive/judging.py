"""Score the sentences of an abstract: the role of each, and a score for each form of it.

The encoder's output and the surface features are added. The table of the features (`weights.FORMS`) was learnt first;
then the encoder was trained to add what the table misses.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from math import fsum, log

from summarizer.blurb import Abstract, Role, Sentence, Span
from summarizer.compression.clauses import Variant, variants
from summarizer.encoder.session import Encoder, Reading
from summarizer.engines.extractive import choice, features, taste, weights
from summarizer.engines.extractive.echo import WEIGHT, echoes
from summarizer.text.plain import count_words, to_plain
from summarizer.text.sentences import split_sentences
from summarizer.text.words import content

Features = dict[str, float]
_NOT_OWN = (Role.BACKGROUND, Role.OTHER)
#: The least probability of a role, so that its logarithm is finite.
_LEAST = 1e-6


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """One wording of a sentence: the sentence itself or a shorter form."""

    text: str
    words: int
    #: How well the form would serve as the blurb; comparable within one abstract.
    score: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """A sentence with its role and salience, its features and its scored forms."""

    sentence: Sentence
    found: Features
    #: Best first.
    forms: tuple[Form, ...]

    def suits(self, preference: Features, limit: int) -> float:
        """Return how well the sentence fits a part of `limit` words.

        The feature `salience` is the score of the best form that fits, or that of the whole sentence if none does.
        """
        form = self.best(limit)
        return weigh(self.found | {"salience": form.score if form else self.sentence.salience}, preference)

    def best(self, limit: int) -> Form | None:
        """Return the best form of at most `limit` words; None if no form is that short."""
        return next((form for form in self.forms if form.words <= limit), None)


def judge(abstract: Abstract, encoder: Encoder) -> tuple[Judged, ...]:
    """Return the abstract's sentences in reading order, with roles and scores."""
    spans, texts = read(abstract)
    if not texts:
        return ()
    title = to_plain(abstract.title)
    ways = [variants(text) for text in texts]
    pieces = [[(number, form.text)] for number, forms in enumerate(ways) for form in forms]
    reading = encoder.read(title, texts, pieces)
    found = features.describe(texts, title)
    seen = described(texts, title, found, ways)
    scores = [
        float(learnt) + _worth(about) for learnt, about in zip(reading.salience, chain.from_iterable(seen), strict=True)
    ]
    heard = echoes([form.text for form in chain.from_iterable(ways)], scores)
    whole = iter([score + WEIGHT * echo for score, echo in zip(scores, heard, strict=True)])
    roles = roles_of(reading, found)
    return tuple(
        _judged(Sentence(text=text, span=span, role=role, salience=0.0), about, forms, whole)
        for span, text, role, about, forms in zip(spans, texts, roles, found, ways, strict=True)
    )


def roles_of(reading: Reading, found: Sequence[Features]) -> tuple[Role, ...]:
    """Return the most likely role of each sentence by encoder and surface features; a tie goes to the first role."""
    return tuple(
        _role(reading.roles[number].tolist() if number < len(reading.roles) else [1.0] * len(Role), about)
        for number, about in enumerate(found)
    )


def _role(trust: Sequence[float], found: Features) -> Role:
    rows = [
        [value * weight for weight in weights.ROLES[name]] for name, value in found.items() if name in weights.ROLES
    ]
    seen = [fsum(column) for column in zip(*rows, strict=True)] or [0.0] * len(Role)
    own = any(name in found for name in taste.OWN_WORK)
    if "code" in found and not own:
        return Role.OTHER
    # The encoder and the surface features are treated as independent, so their probabilities multiply.
    likely = {role: log(max(share, _LEAST)) + sum_ for role, share, sum_ in zip(Role, trust, seen, strict=True)}
    return max((role for role in Role if not (own and role in _NOT_OWN)), key=likely.__getitem__)


def _judged(sentence: Sentence, found: Features, ways: Sequence[Variant], scores: Iterator[float]) -> Judged:
    """Build one scored sentence; its forms take their scores from the iterator `scores`."""
    alone = weigh(found, taste.STANDS_ALONE) + taste.ROLE.get(sentence.role, 0.0)
    forms = [
        Form(text=form.text, words=count_words(form.text), score=score + alone)
        for form, score in zip(ways, islice(scores, len(ways)), strict=True)
    ]
    return Judged(
        sentence=replace(sentence, salience=forms[0].score),
        found=found,
        forms=tuple(sorted(forms, key=lambda form: -form.score)),
    )


def read(abstract: Abstract) -> tuple[list[Span], list[str]]:
    """Return the sentences that contain at least one word, as ranges and as plain text."""
    text, dollars = abstract.text, abstract.dollar_math
    spans = split_sentences(text, dollar_math=dollars)
    plain = [(span, to_plain(text[span.start : span.end], dollar_math=dollars)) for span in spans]
    plain = [(span, sentence) for span, sentence in plain if count_words(sentence)]
    return [span for span, _ in plain], [sentence for _, sentence in plain]


def described(
    texts: Sequence[str], title: str, found: Sequence[Features], ways: Sequence[Sequence[Variant]]
) -> list[list[Features]]:
    """Return the features of each form of each sentence: its own, and those of its sentence as `in x`."""
    others = [content(text) for text in texts]
    return [
        [choice.describe(form, forms[0].text, title, others) | inherited for form in forms]
        for inherited, forms in zip(map(_inherited, found), ways, strict=True)
    ]


def _inherited(found: Features) -> Features:
    return {f"in {name}": value for name, value in found.items()}


def _worth(seen: Features) -> float:
    return weigh(seen, weights.FORMS) + weigh(seen, taste.FORM)


def weigh(found: Features, table: Features) -> float:
    """Return the weighted sum of the features; `fsum` keeps it independent of the order of a set."""
    return fsum(table.get(name, 0.0) * value for name, value in found.items())
