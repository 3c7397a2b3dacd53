"""Joins ranked lists of papers into one (reciprocal rank fusion)."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from bots.search.weights import FLATNESS

_Key = TypeVar("_Key")


def joined(lists: Iterable[Sequence[_Key]]) -> tuple[_Key, ...]:
    """Return everything in the lists, the best first: what is high in several lists comes before the first of one.

    Of equal ones, the first of the first list comes first.
    """
    scores: dict[_Key, float] = {}
    for ranked in lists:
        for rank, key in enumerate(dict.fromkeys(ranked), start=1):
            scores[key] = scores.get(key, 0.0) + 1 / (FLATNESS + rank)
    return tuple(sorted(scores, key=lambda key: -scores[key]))
