"""Orders chosen papers so that one subject or one group cannot fill a digest (MMR, Carbonell and Goldstein 1998)."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bots.ranking.vectors import Matrix
from bots.ranking.weights import MOST_OF_ONE_AUTHOR, SAMENESS

Floats = NDArray[np.float64]


def varied(order: Sequence[int], scores: Floats, vectors: Matrix, groups: Sequence[str], limit: int) -> tuple[int, ...]:
    """Return the papers in an order of which the first `limit` are varied; the others keep theirs.

    Args:
        order: places of the papers, best first.
        scores: one for each paper, from 0 to 1.
        vectors: those of the papers.
        groups: the first author of each paper; empty if not known.
        limit: the number of papers that are shown.
    """
    left, taken = list(order), list[int]()
    likeness, named = np.zeros(len(scores)), Counter[str]()
    while left and len(taken) < limit:
        best = max(left, key=lambda place: (_free(groups[place], named), scores[place] - SAMENESS * likeness[place]))
        left.remove(best)
        taken.append(best)
        named[groups[best]] += 1
        likeness = np.maximum(likeness, np.maximum(vectors @ vectors[best], 0.0) ** 2)
    return (*taken, *left)


def _free(group: str, named: Counter[str]) -> bool:
    return not group or named[group] < MOST_OF_ONE_AUTHOR
