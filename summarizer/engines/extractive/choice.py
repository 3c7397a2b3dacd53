"""What can be seen of a whole sentence or a shorter form of it, beside what its sentence shows: pure."""

import re
from collections.abc import Sequence

from summarizer.compression.clauses import Variant
from summarizer.text.words import content

#: Lengths between which a candidate's number of words is told apart.
_LENGTHS = (8, 10, 12, 14, 16, 18, 20, 23, 26)
#: "To make them cheap, we": of whom a lone sentence does not say.
_LOOKS_BACK = re.compile(
    r"[A-Z]\w+ [^,;:]{0,80}?\b(?:them|it|this|these|those|their|its|such)\b[^,;:]{0,80},\s(?:we|our)\b"
)


def describe(variant: Variant, whole: str, title: str, others: Sequence[frozenset[str]]) -> dict[str, float]:
    """Return what can be seen of a candidate.

    Args:
        whole: the sentence it was made of, tightened.
        others: the words with content of each sentence of the abstract.
    """
    words, wanted, uncut = content(variant.text), content(title), content(whole)
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
        found["told_elsewhere"] = sum(len(words & other) / len(words) for other in others) / max(1, len(others))
    return found
