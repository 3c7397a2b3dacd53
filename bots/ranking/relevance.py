"""How well papers fit interests in plain words: by their vectors and by shared words."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bots.ranking.bm25 import Lexicon, stems_of
from bots.ranking.standardised import standardised
from bots.ranking.vectors import Matrix
from bots.ranking.weights import (
    BASE,
    HUBNESS,
    HUBS,
    NEARNESS,
    POOL,
    SHARED_DEVIATION,
    SHARED_MEAN,
    THRESHOLD,
    WORDS,
)

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Texts:
    """Texts in plain words with their vectors."""

    texts: tuple[str, ...] = ()
    vectors: Matrix


class Comparison:
    """Compares the papers of one list with texts; what does not depend on the text is computed once."""

    def __init__(self, vectors: Matrix, lexicon: Lexicon, reference: Matrix) -> None:
        """Take the papers' vectors and words, and the vectors of the reference subjects."""
        self._vectors, self._lexicon = vectors, lexicon
        self._usual = reference.mean(axis=0)
        near = vectors @ _directions(reference, self._usual).T
        self._hubness = HUBNESS * np.sort(near, axis=1)[:, -HUBS:].mean(axis=1)
        beyond = near - self._hubness[:, None]
        self._mean, self._deviation = float(beyond.mean()), float(beyond.std())
        self._wordless = ~vectors.any(axis=1)

    def log_odds(self, asked: Texts) -> Floats:
        """Return the log-odds that each paper fits each text: (texts, papers)."""
        if not asked.texts:
            return np.zeros((0, len(self._vectors)))
        aims = _directions(asked.vectors, self._usual)
        return np.stack([self._one(text, aim) for text, aim in zip(asked.texts, aims, strict=True)])

    def _one(self, text: str, aim: Matrix) -> Floats:
        near = standardised((self._vectors @ aim - self._hubness).astype(float), self._mean, self._deviation)
        near[self._wordless] = 0.0
        words: dict[str, float] = dict(stems_of(text))
        shared = standardised(self._lexicon.shares(words), SHARED_MEAN, SHARED_DEVIATION)
        return NEARNESS * near + WORDS * shared + BASE


def _directions(vectors: Matrix, usual: Matrix) -> Matrix:
    """Return the vectors without what texts of this kind have in common, of length 1."""
    beyond = vectors - usual
    lengths = np.linalg.norm(beyond, axis=1, keepdims=True)
    return np.asarray(beyond / np.where(lengths, lengths, 1.0), np.float32)


def pooled(wanted: Floats) -> Floats:
    """Return the log-odds of several subjects as one row: a paper near to two comes before one near to either."""
    return np.asarray(POOL * np.logaddexp.reduce(wanted / POOL, axis=0))[None]


def joined(wanted: Floats, unwanted: Floats) -> Floats:
    """Return the log-odds that each paper fits the best of the wanted subjects and none of the unwanted ones.

    A paper that fits an unwanted subject at least as well as every wanted one is impossible (-inf); one that fits both
    is lowered.

    Args:
        wanted: the log-odds of each wanted subject, at least one: (subjects, papers).
        unwanted: those of each unwanted subject; may have no rows.
    """
    best = wanted.max(axis=0)
    if not len(unwanted):
        return np.asarray(best)
    worst = unwanted.max(axis=0)
    least = np.log(THRESHOLD / (1 - THRESHOLD))
    lowered = best - np.logaddexp(0.0, worst - least)
    return np.where((worst >= least) & (worst >= best), -np.inf, lowered)
