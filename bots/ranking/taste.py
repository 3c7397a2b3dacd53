"""Learns from what people said of papers in a channel: a linear model over the vectors, and words of liked papers.

The model is Fisher's discriminant with a shrunk covariance, which is the limit of a regularised logistic regression for
few examples among many unlabelled papers: it needs no iteration and is the same whatever the order of the clicks.
The list's papers that fit the interests in words best are weak examples beside the clicks.
docs/explanation/how-papers-are-chosen.md says what else was tried.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median_low

import numpy as np
from numpy.typing import NDArray

from bots.domain.feedback import Feedback
from bots.domain.papers import Paper
from bots.ranking.bm25 import Lexicon, stems_of_paper
from bots.ranking.kept_stems import Stems
from bots.ranking.standardised import standardised
from bots.ranking.vectors import Matrix
from bots.ranking.weights import (
    AGAINST,
    BACKING,
    CLOSE,
    DISLIKED,
    HALF_STRENGTH,
    MOST_BACKING,
    MOST_WORDS,
    ONE_MEMBER,
    SHRINKAGE,
    SIGNS,
    TASTE_NEARNESS,
    TASTE_WORDS,
)
from bots.selection.words import seen_text, words_of
from summarizer.text.words import stem

Floats = NDArray[np.float64]
#: Words whose rarity is looked up to find `MOST_WORDS`.
_CANDIDATES = 200
#: Words of at most this many letters say little without their sentence.
_SHORT = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Examples:
    """Papers that people spoke about: their vectors, words and weights, positive for liked ones."""

    vectors: Matrix
    stems: tuple[Stems, ...]
    weights: Floats

    @property
    def liked(self) -> NDArray[np.bool_]:
        """Which of the papers are liked."""
        return self.weights > 0

    @property
    def strength(self) -> float:
        """How much the examples count, from 0 to 1: little evidence must not outweigh interests in words."""
        evidence = float(self.weights[self.liked].sum() - DISLIKED * self.weights[~self.liked].sum())
        return evidence / (evidence + HALF_STRENGTH)


def weights_of(feedback: Sequence[Feedback]) -> dict[str, float]:
    """Return the weight of each paper by its id: what all members said of it, added up.

    A member who says much more than the others does not count for more than `ONE_MEMBER`, or twice the median member.
    """
    totals: dict[str, float] = {}
    for said in feedback:
        totals[said.user] = totals.get(said.user, 0.0) + _weight(said)
    most = max(ONE_MEMBER, 2 * median_low(totals.values())) if totals else ONE_MEMBER
    weights: dict[str, float] = {}
    for said in feedback:
        share = min(1.0, most / totals[said.user]) * _weight(said)
        name = str(said.paper.id)
        weights[name] = weights.get(name, 0.0) + (share if said.sign.liked else -share)
    return {name: weight for name, weight in weights.items() if weight}


def _weight(said: Feedback) -> float:
    return SIGNS[said.sign] / max(said.among, 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Taste:
    """What was learned, applied to the papers of one list."""

    #: Added to the log-odds that each paper fits.
    gain: Floats
    #: For each paper, the number of liked papers that it is close to.
    close: NDArray[np.int64]


def learned(vectors: Matrix, stems: Sequence[Stems], examples: Examples, fits: Floats) -> Taste:
    """Return what examples tell of the papers of a list, whose own spread is the background.

    Args:
        vectors: those of the papers.
        stems: their words.
        examples: at least one.
        fits: the probability that each paper fits the channel's interests in words; zeros if it has none.
    """
    backed = _backed(examples, vectors, stems, fits)
    gain = TASTE_NEARNESS * _nearness(vectors, backed) + TASTE_WORDS * _words(stems, backed)
    return Taste(gain=examples.strength * gain, close=_close(vectors, examples.vectors[examples.liked]))


def _backed(examples: Examples, vectors: Matrix, stems: Sequence[Stems], fits: Floats) -> Examples:
    """Return the examples and, as weakly liked ones, the papers that fit the interests in words best.

    What was typed speaks with what was clicked: a few clicks, or wrong ones, cannot point elsewhere on their own.
    """
    best = [int(place) for place in np.argsort(-fits, kind="stable")[:MOST_BACKING] if fits[place] > 0]
    return Examples(
        vectors=np.concatenate([examples.vectors, vectors[best]]),
        stems=(*examples.stems, *(stems[place] for place in best)),
        weights=np.concatenate([examples.weights, BACKING * fits[best]]),
    )


def _nearness(vectors: Matrix, examples: Examples) -> Floats:
    """Return how far each paper is in the direction that tells liked papers from the background."""
    background = np.concatenate([vectors, examples.vectors]).astype(float)
    centred = background - background.mean(axis=0)
    lengths = np.linalg.norm(centred, axis=1, keepdims=True)
    centred /= np.where(lengths, lengths, 1.0)
    aim = _contrast(centred[len(vectors) :], examples)
    return _scaled(centred @ _aimed(centred, aim), len(vectors), examples)


def _aimed(centred: Floats, aim: Floats) -> Floats:
    """Return (XᵀX/n + λI)⁻¹ · aim; for few papers by Woodbury's identity, which inverts the smaller of both sides."""
    number, width = centred.shape
    if number > width:
        return np.asarray(np.linalg.solve(centred.T @ centred / number + SHRINKAGE * np.eye(width), aim))
    inner = np.linalg.solve(centred @ centred.T + SHRINKAGE * number * np.eye(number), centred @ aim)
    return np.asarray((aim - centred.T @ inner) / SHRINKAGE)


def _contrast(vectors: Floats, examples: Examples) -> Floats:
    liked, weights = examples.liked, np.abs(examples.weights)
    total = np.zeros(vectors.shape[1])
    if liked.any():
        total += np.average(vectors[liked], axis=0, weights=weights[liked])
    if not liked.all():
        total -= DISLIKED * np.average(vectors[~liked], axis=0, weights=weights[~liked])
    return total


def _words(stems: Sequence[Stems], examples: Examples) -> Floats:
    """Return how many of the words that liked papers share each paper has."""
    lexicon = Lexicon((*stems, *examples.stems))
    words = _telling(lexicon, examples)
    return _scaled(lexicon.shares(words), len(stems), examples) if words else np.zeros(len(stems))


def _telling(lexicon: Lexicon, examples: Examples) -> dict[str, float]:
    """Return the words that tell liked papers from disliked ones, with their weights."""
    told = [text for text, liked in zip(examples.stems, examples.liked, strict=True) if liked]
    seen = Counter(word for text in told for word in text)
    pulls = {word: 0.0 for word, number in seen.items() if number >= min(2, len(told))}
    totals = {liked: float(np.abs(examples.weights[examples.liked == liked]).sum()) for liked in (True, False)}
    for text, weight in zip(examples.stems, examples.weights, strict=True):
        share = float(weight) / totals[weight > 0] * (1.0 if weight > 0 else AGAINST)
        for word in pulls.keys() & text.keys():
            pulls[word] += share * float(np.log1p(text[word]))
    # How rare a word is takes a look at every paper, so only the most frequent of the words get that far.
    best = sorted(pulls.items(), key=lambda each: (-each[1], each[0]))[:_CANDIDATES]
    weighed = {word: pull * lexicon.rarity(word) for word, pull in best if pull > 0}
    return dict(sorted(weighed.items(), key=lambda each: (-each[1], each[0]))[:MOST_WORDS])


def _scaled(scores: Floats, papers: int, examples: Examples) -> Floats:
    """Return the scores of the first `papers`, standardised; liked examples are no part of the background."""
    others = np.concatenate([scores[:papers], scores[papers:][~examples.liked]])
    return standardised(scores[:papers], float(others.mean()), float(others.std()))


def _close(vectors: Matrix, liked: Matrix) -> NDArray[np.int64]:
    return np.asarray((vectors @ liked.T >= CLOSE).sum(axis=1), np.int64)


def shared_words(liked: Sequence[Paper], most: int) -> tuple[str, ...]:
    """Return the words that at least two of the liked papers share, those in most papers first."""
    texts = [stems_of_paper(paper) for paper in liked]
    seen = Counter(word for text in texts for word in text)
    spelled: dict[str, str] = {}
    for paper in liked:
        for word in words_of(f"{seen_text(paper.title, paper)} {seen_text(paper.abstract, paper)}"):
            spelled.setdefault(stem(word), word)
    ordered = sorted((-number, word) for word, number in seen.items() if number > 1 and len(word) > _SHORT)
    return tuple(spelled.get(word, word) for _, word in ordered[:most])
