"""Tell abstracts that report a finding from those that present something made, and find the finding. Pure functions.

Half of arXiv and most journals do not say "we propose": a reader of a trial, a cohort or a review wants the conclusion.
Which it is, the abstract says, not the field: its headings, its words for people and statistics, its past tense.
"""

from collections.abc import Sequence
from math import fsum

from summarizer.blurb import Role
from summarizer.engines.extractive.cues import CUES
from summarizer.text.section_names import Section
from summarizer.text.words import content

#: Added to a sentence's score in a report. Set by hand while reading the 112 abstracts of reader_labels.jsonl (in the
#: tests' samples); `theorem`, `novelty` and `hollow` with the 60 of reader_labels_fresh.jsonl in view, too.
_SAYS = {
    "made": 0.5,
    "aim": -2.5,
    "done": -1.6,
    "search": -2.0,
    "counted": -1.6,
    "further": -3.2,
    "limits": -1.2,
    "concludes": 1.4,
    "effect": 0.7,
    "statistics": 0.3,
    "means": -1.0,
    "background": -0.8,
    "confirms": -0.8,
    "shows": 1.0,
    "finally": 0.8,
    "theorem": 0.8,
    "novelty": 1.6,
    "hollow": -1.0,
    "new_kind": 1.6,
    "aside": -0.7,
}
#: "We examined the teeth, showing that they differ" is an outcome, whatever step it names.
_STEPS, _OUTCOMES = frozenset({"aim", "done"}), frozenset({"shows", "new_kind", "novelty", "theorem"})
_DOING = frozenset({"aim", "done", "search", "counted"})
_NO_OUTCOME = frozenset({"aim", "search", "counted", "further"})
#: Added in proportion to the share of the title's content words that a sentence has: the finding answers the title.
_ANSWERS = 2.0
#: Added for the labelled part; without labels, for the place in the abstract.
_LABELLED = {
    Section.BACKGROUND: -3.0,
    Section.AIM: -3.5,
    Section.METHOD: -3.0,
    Section.RESULT: 1.2,
    Section.CONCLUSION: 2.4,
    Section.OTHER: -4.0,
}
#: Without labels, the role that the encoder gives it.
_ROLES = {Role.BACKGROUND: -0.6, Role.OBJECTIVE: -0.3, Role.METHOD: -0.3, Role.RESULT: 0.4, Role.OTHER: -0.5}
#: The salience is made for machine learning: here it only decides between sentences that say equally much.
SALIENCE = 0.5
#: Sentences with `was` or `were`; abstracts about something made are in the present tense.
_MANY_PAST = 3
_ENOUGH_SIGNS = 2
#: One sentence in four with a word of computing: there, the learnt salience knows better than these cues.
_COMPUTING_SHARE = 4


def reports(sentences: Sequence[str], sections: Sequence[Section | None]) -> bool:
    """Return whether an abstract reports a finding, rather than presenting a method, a data set or a theory."""
    labelled = not {Section.RESULT, Section.CONCLUSION}.isdisjoint(sections)
    past = _count(sentences, "was") >= _MANY_PAST
    signs = _count(sentences, "people", "statistics") >= _ENOUGH_SIGNS
    if _count(sentences, "made"):
        return signs and (labelled or past)
    computing = _count(sentences, "computing") * _COMPUTING_SHARE >= len(sentences)
    return labelled or (signs and past) or not computing


def _count(sentences: Sequence[str], *names: str) -> int:
    """Return how many sentences have one of the cues."""
    return sum(any(CUES[name].search(sentence) for name in names) for sentence in sentences)


def cues(sentence: str) -> frozenset[str]:
    """Return the names of the cues that the sentence has."""
    return frozenset(name for name, cue in CUES.items() if cue.search(sentence))


def is_outcome(sentence: str) -> bool:
    """Return whether a sentence of a report is neither an aim, nor a step, nor an outlook."""
    return _telling(cues(sentence)).isdisjoint(_NO_OUTCOME)


def is_step(sentence: str) -> bool:
    """Return whether a sentence of a report says what was done or intended."""
    found = cues(sentence)
    return bool(found & _DOING) and not tells(sentence)


def tells(sentence: str) -> bool:
    """Return whether a sentence of a report says what came out of it, whatever its role seems to be."""
    found = cues(sentence)
    result = {"effect", "statistics"} <= found or ("effect" in found and not found & _DOING)
    return result or bool(found & (_OUTCOMES | {"concludes", "finally"}))


def worths(
    sentences: Sequence[str], sections: Sequence[Section | None], roles: Sequence[Role], title: str
) -> list[float]:
    """Return for each sentence of a report how well it tells the finding."""
    labelled, wanted = any(sections), content(title)
    return [
        fsum(_SAYS.get(cue, 0.0) for cue in _telling(cues(sentence)))
        + _ANSWERS * len(content(sentence) & wanted) / max(1, len(wanted))
        + (_LABELLED[section] if section else _ROLES[role])
        + (0.0 if labelled else _by_place(place, len(sentences)))
        for place, (sentence, section, role) in enumerate(zip(sentences, sections, roles, strict=True))
    ]


def _telling(found: frozenset[str]) -> frozenset[str]:
    """Return the cues without those of an aim or a step, if the sentence also says what came out of it."""
    return found - _STEPS if found & _OUTCOMES else found


def _by_place(place: int, count: int) -> float:
    """Return a worth from -0.8 for the first sentence to 0.8 for the last: the finding stands behind the methods."""
    return 1.6 * place / max(1, count - 1) - 0.8
