"""Find which way a number goes: up or down, better or worse. Pure; linear time."""

from collections.abc import Sequence
from typing import Final

from summarizer.grounding.quantities import Token

#: How far before a number its verb may stand, in words: "reduces the cost of a run on one machine by 40%".
_REACH: Final = 8
#: A direction is a number with a sign, and its opposite is the negative number. Words that often have another sense,
#: such as "more", "cut" and "fall", are left out.
_WORDS: Final = {
    1: "increase increases increased increasing raise raises raised raising higher",
    -1: "reduce reduces reduced reducing reduction reductions decrease decreases decreased decreasing lower lowers "
    "lowered lowering",
    2: "improve improves improved improving improvement improvements better",
    -2: "worsen worsens worsened worsening worse degrade degrades degraded degrading",
}
_DIRECTIONS: Final = {word: way for way, words in _WORDS.items() for word in words.split()}


def turned_by(words: Sequence[Token], index: int) -> int:
    """Return the direction of the number at `index`: that of the last such word before it; 0 if none is near."""
    before = (_DIRECTIONS.get(word.text.lower(), 0) for word in reversed(words[max(0, index - _REACH) : index]))
    return next(filter(None, before), 0)


def turns_of(words: Sequence[Token]) -> frozenset[int]:
    """Return all directions in a sentence."""
    return frozenset(_DIRECTIONS[key] for word in words if (key := word.text.lower()) in _DIRECTIONS)
