"""How likely papers fit subjects in plain words, each subject for itself. Pure functions."""

from collections.abc import Sequence

import numpy as np

from bots.domain.papers import Paper
from bots.ranking.bm25 import Lexicon, stems_of_paper
from bots.ranking.relevance import Comparison, Floats, Texts
from bots.ranking.vectors import matrix


def probabilities(
    papers: Sequence[Paper],
    vectors: Sequence[bytes | None],
    asked: tuple[Sequence[str], Sequence[bytes | None]],
    reference: Sequence[bytes | None],
) -> Floats:
    """Return the probability that each paper fits each subject: (subjects, papers).

    Args:
        papers: the papers, at least one.
        vectors: those of the papers.
        asked: the subjects and their vectors.
        reference: the vectors of `weights.REFERENCE`.
    """
    comparison = Comparison(matrix(vectors), Lexicon(tuple(map(stems_of_paper, papers))), matrix(reference))
    odds = comparison.log_odds(Texts(texts=tuple(asked[0]), vectors=matrix(asked[1])))
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -700, 700))))
