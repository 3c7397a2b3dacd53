"""Compute the features of a candidate (a sentence or a shorter form) beyond those of its sentence. Pure functions."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from summarizer.compression.openings import Variant
from summarizer.text.words import content

#: Thresholds, in words, for the length features of a candidate.
_LENGTHS = (8, 10, 12, 14, 16, 18, 20, 23, 26)
#: "To make them cheap, we": a lone sentence does not say what "them" refers to.
_LOOKS_BACK = re.compile(
    r"[A-Z]\w+ [^,;:]{0,80}?\b(?:them|it|this|these|those|their|its|such)\b[^,;:]{0,80},\s(?:we|our)\b"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Others:
    """The content words of an abstract: in how many of its sentences each occurs."""

    sentences: int
    counts: Mapping[str, int]

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Others":
        """Count the words of the sentences of one abstract."""
        return cls(sentences=len(texts), counts=Counter(word for text in texts for word in content(text)))

    def share(self, words: frozenset[str]) -> float:
        """Return the share of the words that a sentence has, averaged over the sentences."""
        return sum(self.counts.get(word, 0) for word in words) / (len(words) * max(1, self.sentences))


def describe(variant: Variant, uncut: frozenset[str], wanted: frozenset[str], others: Others) -> dict[str, float]:
    """Return the features of a candidate.

    Args:
        uncut: the content words of the tightened sentence that the candidate was made from.
        wanted: the content words of the title.
        others: the words of the abstract.
    """
    words = content(variant.text)
    count = len(variant.text.split())
    found = {f"cut_{kind}": 1.0 for kind in variant.cuts}
    found |= {f"more_than_{length}": 1.0 for length in _LENGTHS if count > length}
    if _LOOKS_BACK.match(variant.text):
        found["looks_back"] = 1.0
    found["kept"] = len(words) / max(1, len(uncut))
    if wanted and words:
        shared = len(words & wanted)
        found |= {"title_recall": shared / len(wanted), "title_precision": shared / len(words)}
        found["new_words"] = min(1.0, len(words - wanted) / 10)
        found["only_title"] = float(len(words - wanted) <= 2)
    if words:
        found["told_elsewhere"] = others.share(words)
    return found
