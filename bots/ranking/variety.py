"""Orders chosen papers so that one subject or one group cannot fill a digest (MMR, Carbonell and Goldstein 1998)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bots.ranking.vectors import Matrix
from bots.ranking.weights import ALIKE, MOST_OF_ONE_AUTHOR, SAME_SUBJECT, SAMENESS

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Kinds:
    """What papers have in common, one value for each paper."""

    vectors: Matrix
    #: The first author; empty if not known.
    authors: Sequence[str]
    #: The subject that a paper fits best; negative if none, or if there is only one.
    subjects: Sequence[int]


def varied(order: Sequence[int], scores: Floats, kinds: Kinds, limit: int) -> tuple[int, ...]:
    """Return the papers in an order of which the first `limit` are varied; the others keep theirs.

    Args:
        order: places of the papers, best first.
        scores: one for each paper, from 0 to 1.
        kinds: what the papers have in common.
        limit: the number of papers that are shown.
    """
    left, taken = list(order), list[int]()
    lost = alike = crowded = np.zeros(len(scores))
    authors = Counter[str]()
    subjects = np.asarray(kinds.subjects)
    while left and len(taken) < limit:
        best = max(left, key=lambda place: (_free(kinds.authors[place], authors), scores[place] - lost[place]))
        left.remove(best)
        taken.append(best)
        authors[kinds.authors[best]] += 1
        likeness = np.clip((kinds.vectors @ kinds.vectors[best] - ALIKE) / (1 - ALIKE), 0, 1)
        alike = np.maximum(alike, likeness)
        crowded = crowded + ((subjects == subjects[best]) & (subjects >= 0))
        lost = SAMENESS * alike + SAME_SUBJECT * crowded
    return (*taken, *left)


def _free(author: str, taken: Counter[str]) -> bool:
    return not author or taken[author] < MOST_OF_ONE_AUTHOR
