"""Score the sentences of an abstract: the role of each, and a score for each form of it.

The encoder's output and the surface features are added. The table of the features (`weights.FORMS`) was learnt first;
then the encoder was trained to add what the table misses.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from math import fsum, log

from summarizer.blurb import Abstract, Role, Sentence, Span
from summarizer.compression.clauses import variants
from summarizer.compression.openings import Variant
from summarizer.encoder.session import Encoder, Reading
from summarizer.engines.extractive import choice, features, findings, taste, weights
from summarizer.engines.extractive.echo import WEIGHT, echoes
from summarizer.text.plain import count_words, to_plain
from summarizer.text.section_names import Section
from summarizer.text.sections import Placed, place_sentences
from summarizer.text.words import content

Features = dict[str, float]
_NOT_OWN = (Role.BACKGROUND, Role.OTHER)
#: What a labelled part of an abstract says about its sentences.
_ROLES = {
    Section.BACKGROUND: Role.BACKGROUND,
    Section.AIM: Role.OBJECTIVE,
    Section.METHOD: Role.METHOD,
    Section.RESULT: Role.RESULT,
    Section.CONCLUSION: Role.RESULT,
    Section.OTHER: Role.OTHER,
}
#: The most sentences read from the beginning and from the end of a text. The longest abstracts of PubMed have about 50;
#: a pasted page of one-word sentences has ten thousand, and each of them costs a row of the encoder's input.
_FIRST, _LAST = 96, 32
#: The least probability of a role, so that its logarithm is finite.
_LEAST = 1e-6


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A sentence as plain text, with its range of the abstract and the labelled part it stands in."""

    span: Span
    text: str
    section: Section | None


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

    def suits(self, preference: Features, score: float) -> float:
        """Return how well the sentence fits a part; the feature `salience` is `score`, that of one of its forms."""
        return weigh(self.found | {"salience": score}, preference)

    def weighed(self, weight: float, worth: float) -> "Judged":
        """Return the same sentence with every score multiplied by `weight` and raised by `worth`."""
        forms = tuple(replace(form, score=weight * form.score + worth) for form in self.forms)
        salience = weight * self.sentence.salience + worth
        return replace(self, sentence=replace(self.sentence, salience=salience), forms=forms)

    def fitting(self, limit: int) -> tuple[Form, ...]:
        """Return the forms of at most `limit` words, best first."""
        return tuple(form for form in self.forms if form.words <= limit)


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    """What was read of an abstract."""

    #: In reading order.
    sentences: tuple[Judged, ...]
    #: Whether the abstract reports a finding, rather than presenting something made.
    reports: bool = False
    #: Whether headings give the sentences of a report their roles; the encoder's are not reliable there.
    labelled: bool = False
    #: The number of sentences that were left out, because the text has too many.
    skipped: int = 0


def judge(abstract: Abstract, encoder: Encoder) -> Judgement:
    """Return the abstract's sentences in reading order, with roles and scores."""
    lines, skipped = read(abstract)
    if not lines:
        return Judgement(sentences=(), skipped=skipped)
    texts, title = [line.text for line in lines], to_plain(abstract.title)
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
    roles = _labelled(lines, roles_of(reading, found))
    judged = tuple(
        _judged(Sentence(text=line.text, span=line.span, role=role, salience=0.0), about, forms, whole)
        for line, role, about, forms in zip(lines, roles, found, ways, strict=True)
    )
    return _as_report(lines, title, Judgement(sentences=judged, skipped=skipped))


def _labelled(lines: Sequence[Line], roles: Sequence[Role]) -> Iterator[Role]:
    """Yield the role of each sentence: that of its labelled part, else the one given."""
    for line, role in zip(lines, roles, strict=True):
        yield _ROLES[line.section] if line.section else role


def _as_report(lines: Sequence[Line], title: str, judgement: Judgement) -> Judgement:
    """Score the sentences by what they say of the finding, if the abstract reports one."""
    texts, sections = [line.text for line in lines], [line.section for line in lines]
    if not findings.reports(texts, sections):
        return judgement
    worths = findings.worths(texts, sections, [one.sentence.role for one in judgement.sentences], title)
    judged = (one.weighed(findings.SALIENCE, worth) for one, worth in zip(judgement.sentences, worths, strict=True))
    return replace(judgement, sentences=tuple(judged), reports=True, labelled=any(sections))


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


def read(abstract: Abstract) -> tuple[tuple[Line, ...], int]:
    """Return the sentences that contain at least one word, and how many were left out.

    Of a text with more than `_FIRST + _LAST` sentences, only its beginning and its end are read.
    """
    placed = list(enumerate(place_sentences(abstract.text, dollar_math=abstract.dollar_math)))
    front = list(islice(_worded(abstract, placed), _FIRST))
    rest = placed[front[-1][0] + 1 :] if front else []
    back = list(islice(_worded(abstract, reversed(rest)), _LAST))
    skipped = back[-1][0] - rest[0][0] if len(back) == _LAST else 0
    return tuple(line for _, line in (*front, *reversed(back))), skipped


def _worded(abstract: Abstract, placed: Iterable[tuple[int, Placed]]) -> Iterator[tuple[int, Line]]:
    """Yield the sentences that contain at least one word, each with its number."""
    for number, one in placed:
        text = to_plain(abstract.text[one.span.start : one.span.end], dollar_math=abstract.dollar_math)
        if count_words(text):
            yield number, Line(span=one.span, section=one.section, text=text)


def described(
    texts: Sequence[str], title: str, found: Sequence[Features], ways: Sequence[Sequence[Variant]]
) -> list[list[Features]]:
    """Return the features of each form of each sentence: its own, and those of its sentence as `in x`."""
    others, wanted = choice.Others.of(texts), content(title)
    return [
        [choice.describe(form, uncut, wanted, others) | inherited for form in forms]
        for inherited, forms in zip(map(_inherited, found), ways, strict=True)
        for uncut in [content(forms[0].text)]
    ]


def _inherited(found: Features) -> Features:
    return {f"in {name}": value for name, value in found.items()}


def _worth(seen: Features) -> float:
    return weigh(seen, weights.FORMS)


def weigh(found: Features, table: Features) -> float:
    """Return the weighted sum of the features; `fsum` keeps it independent of the order of a set."""
    return fsum(table.get(name, 0.0) * value for name, value in found.items())
