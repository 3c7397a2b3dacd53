"""Chooses among whole sentences, their shorter forms and fused ones: what can be seen of each, and its weight: pure."""

from collections.abc import Sequence

from summarizer.clauses import Variant
from summarizer.engines.features import content

#: Goes into every blurb beside the version of the table of sentences.
VERSION = "choice-1"

#: How much each feature speaks for a candidate. Learnt from the training part of SciTLDR and from
#: authors' TLDRs as `summarizer.training.surface` learns salience (ridge 1, temperature 0.1), over the
#: forms of at most 30 words of the four best sentences of each abstract.
WEIGHTS = {
    "told_elsewhere": 2.35,
    "title_precision": 0.54,
    "salience": 0.53,
    "title_recall": 0.33,
    "cut_modifier_using": 0.32,
    "kept": 0.32,
    "cut_concession": 0.3,
    "cut_modifier_where": 0.22,
    "cut_as": 0.2,
    "best": 0.16,
    "more_than_10": 0.14,
    "more_than_12": 0.12,
    "more_than_8": 0.12,
    "cut_ing": 0.11,
    "cut_modifier_via": 0.08,
    "more_than_16": 0.05,
    "more_than_18": 0.05,
    "cut_using": 0.03,
    "more_than_14": 0.02,
    "cut_colon": 0.02,
    "new_words": 0.01,
    "more_than_26": -0.01,
    "cut_modifier_whose": -0.02,
    "cut_examples": -0.03,
    "cut_aside": -0.06,
    "only_title": -0.06,
    "cut_which": -0.06,
    "cut_loose_examples": -0.07,
    "cut_purpose": -0.07,
    "cut_modifier_through": -0.08,
    "cut_while": -0.08,
    "cut_middle": -0.09,
    "cut_loose_by": -0.1,
    "cut_dash": -0.1,
    "cut_modifier_that": -0.1,
    "cut_and": -0.12,
    "cut_semicolon": -0.14,
    "cut_modifier_with": -0.14,
    "cut_loose_and": -0.15,
    "cut_modifier_based": -0.24,
    "cut_modifier_which": -0.25,
    "cut_modifier_to": -0.26,
    "cut_we_show": -0.27,
    "cut_modifier_by": -0.3,
    "cut_loose_using": -0.31,
    "cut_modifier_for": -0.4,
    "cut_apposition": -0.42,
}

#: Lengths between which a candidate's number of words is told apart.
_LENGTHS = (8, 10, 12, 14, 16, 18, 20, 23, 26)


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
    found["kept"] = len(words) / max(1, len(uncut))
    if wanted and words:
        shared = len(words & wanted)
        found |= {"title_recall": shared / len(wanted), "title_precision": shared / len(words)}
        found["new_words"] = min(1.0, len(words - wanted) / 10)
        found["only_title"] = float(len(words - wanted) <= 2)
    if words:
        found["told_elsewhere"] = sum(len(words & other) / len(words) for other in others) / max(1, len(others))
    return found
