"""How popular and how new papers are, each from 0 to 1."""

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bots.domain.papers import Paper
from bots.ranking.weights import HALF_LIFE, MANY_STARS, MANY_UPVOTES

Floats = NDArray[np.float64]


def buzz_of(papers: Sequence[Paper]) -> Floats:
    """Return how many people speak of each paper, by the larger of its upvotes and citations."""
    counts = [float(max(paper.signals.upvotes or 0, paper.signals.citations or 0, 0)) for paper in papers]
    many = max(MANY_UPVOTES, float(np.percentile(counts, 95))) if counts else MANY_UPVOTES
    return np.asarray(np.minimum(1.0, np.log1p(np.array(counts)) / np.log1p(many)))


def code_of(papers: Sequence[Paper]) -> Floats:
    """Return how much the code of each paper is used; code without stars counts a little."""
    stars = np.array([float(max(paper.signals.stars or 0, bool(paper.code), 0)) for paper in papers])
    return np.asarray(np.minimum(1.0, np.log1p(stars) / np.log1p(MANY_STARS)))


def freshness_of(papers: Sequence[Paper], day: date, days: int) -> Floats:
    """Return how new each paper is by the day it was listed; a paper without that day is new.

    Args:
        day: the last day that the digest covers.
        days: the number of days it covers; a monthly round-up does not prefer the last days.
    """
    ages = [(day - paper.announced).days if paper.announced else 0 for paper in papers]
    return np.asarray(0.5 ** (np.maximum(0.0, np.array(ages, float) - max(days, 1)) / HALF_LIFE))
