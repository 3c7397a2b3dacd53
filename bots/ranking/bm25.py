"""Scores papers by the words they share with a text: BM25 over stems (Robertson and Zaragoza 2009)."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bots.domain.papers import Paper
from bots.ranking.kept_stems import StemCache, Stems
from bots.ranking.weights import PRIOR, USUAL_SHARE
from bots.selection.words import is_common, seen_text, words_of
from summarizer.text.words import stem

Floats = NDArray[np.float64]

#: How soon further occurrences of a word stop to count, and how much a long text is discounted: the usual values; 2.0
#: and 0.9 for the first change precision by less than 0.01.
_SATURATION, _LENGTH = 1.2, 0.75
#: A word of the title says more of the subject than one of the abstract.
_TITLE = 2
#: A hundred channels read the same list: each of its papers is split into words once, which takes 0.4 ms. These are the
#: stems of some 2,000 papers, the lists of two busy days, and 6 MB.
_KEPT = StemCache(160_000)


def stems_of(text: str) -> Counter[str]:
    """Return the stems of the content words of a text, with their numbers."""
    return Counter(stem(word) for word in words_of(text) if not is_common(word))


def stems_of_paper(paper: Paper) -> Stems:
    """Return the stems of title, abstract and keywords; those of the title count twice."""
    # By the texts as they came: to convert TeX and HTML takes longer than all the rest of a look into the cache.
    return _KEPT.get((paper.title, paper.abstract, str(paper.dollar_math), *paper.keywords), lambda: _stems(paper))


def _stems(paper: Paper) -> Stems:
    found = stems_of(" \n ".join((seen_text(paper.abstract, paper), *paper.keywords)))
    for word, number in stems_of(seen_text(paper.title, paper)).items():
        found[word] += _TITLE * number
    return dict(found)


class Lexicon:
    """The words of some papers, against which texts are scored."""

    def __init__(self, texts: Sequence[Stems]) -> None:
        self._texts = texts
        lengths = np.array([sum(text.values()) for text in texts], float)
        mean = lengths.mean() if lengths.any() else 1.0
        self._discount = _SATURATION * (1 - _LENGTH + _LENGTH * lengths / mean)

    def shares(self, words: Mapping[str, float]) -> Floats:
        """Return the BM25 score of each text for some stems with their weights, as a share of the highest possible."""
        total, most = np.zeros(len(self._texts)), 0.0
        for word, weight in words.items():
            counts = np.array([text.get(word, 0) for text in self._texts], float)
            rare = weight * self._rarity(int(np.count_nonzero(counts)))
            total += rare * counts * (_SATURATION + 1) / (counts + self._discount)
            most += rare * (_SATURATION + 1)
        return total / most if most else total

    def rarity(self, word: str) -> float:
        """Return the weight of a stem, which is the higher the fewer texts contain it; always positive."""
        return self._rarity(sum(word in text for text in self._texts))

    def _rarity(self, found: int) -> float:
        # As if `PRIOR` further texts had been seen: a word of one text in three is not common for that.
        number, usual = len(self._texts) + PRIOR, found + PRIOR * USUAL_SHARE
        return float(np.log(1 + (number - usual + 0.5) / (usual + 0.5)))
