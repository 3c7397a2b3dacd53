"""Find the negations and hedges of a sentence, so that a blurb can be compared with them. Pure; linear time."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from summarizer.grounding.quantities import Token
from summarizer.text.words import stem

#: Words that negate the words after them.
_DENIALS = frozenset(
    """
    not no never without cannot neither nor none unable lack lacks lacking fail fails failed failing
    nothing nobody hardly barely seldom rarely
    """.split()
)
#: Words with which an abstract may negate, and which a blurb may replace by one of the above.
_SOFT_DENIALS = frozenset(
    """
    avoid avoids avoiding eliminate eliminates eliminating free unlike instead rather independent remove removes
    removing obviate obviates despite absence absent lacked non few little limited insufficient inability unclear
    unknown difficult beyond only prevent prevents except bypass bypasses bypassing
    """.split()
)
_HEDGES = frozenset("may might could possibly potentially perhaps presumably probably conceivably likely".split())
#: Words without content; the reach of a negation does not count them.
_SMALL = frozenset(
    """
    a an the of in on at to for by with from as and or that this these those it its is are was were be been being
    do does did has have had can will would should we i our their they he she us them which who whose there also
    than then so such into onto over under via per any however moreover thus hence therefore furthermore
    additionally finally specifically indeed but yet
    """.split()
)
#: Punctuation that ends the reach of a negation.
_BREAK = re.compile(r"[,;:.!?()]")
#: The reach of a negation, in content words: "does not strictly need labels".
_REACH = 4
_DIRECT = {"without": 1, "no": 1, "nor": 1, "neither": 1, "lack": 1, "lacks": 1, "lacking": 1, "none": 1}


@dataclass(frozen=True, kw_only=True, slots=True)
class Cue:
    """A negating or hedging word, with the stems around it."""

    word: str
    doubts: bool
    start: int
    end: int
    #: The stems near the word on both sides; below, the nearest ones before and after it.
    around: frozenset[str]
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """The negations, hedges and plain statements of a sentence."""

    cues: tuple[Cue, ...]
    #: Neighbouring content words without a negation (or a hedge) between them, with their positions.
    undenied: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    undoubted: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    #: The same, with one content word between them that a shorter form may drop.
    beside: frozenset[tuple[bool, str, str]] = frozenset()
    soft: frozenset[str] = frozenset()

    def crossed(self, *, doubts: bool) -> Iterator[tuple[str, str]]:
        """Yield the pairs of words that a negation (or a hedge) stands between, or applies to."""
        for cue in self.cues:
            if cue.doubts == doubts:
                # One of the two words is next to the negation; words further away on both sides form a pair only by
                # chance.
                yield from ((cue.before[-1], after) for after in cue.after)
                yield from ((before, after) for before in cue.before[:-1] for after in cue.after[:1])
                yield from zip(cue.after, cue.after[1:], strict=False)


def root(word: str) -> str:
    """Return the common root of a word's forms, so that "improves" matches "improve"."""
    return stem(word.lower()).removesuffix("e")


def read(text: str, words: Sequence[Token]) -> Reading:
    """Return the negations, hedges and plain statements of a folded sentence, whose tokens are `words`."""
    kinds = [_kind(word.text.lower()) for word in words]
    stems = [_content(word.text.lower(), kind) for word, kind in zip(words, kinds, strict=True)]
    cues = tuple(_cue(text, words, stems, index, kind) for index, kind in enumerate(kinds) if kind in ("no", "maybe"))
    soft = frozenset(
        name for index, kind in enumerate(kinds) if kind == "soft" for name in _window(stems, index, _REACH + 2)
    )
    undenied, undoubted = _pairs(words, stems, kinds, "no"), _pairs(words, stems, kinds, "maybe")
    return Reading(
        cues=cues,
        undenied=undenied,
        undoubted=undoubted,
        beside=frozenset((*_beside(undenied, doubts=False), *_beside(undoubted, doubts=True))),
        soft=soft,
    )


def _kind(word: str) -> str:
    if word in _DENIALS or word.endswith("n't"):
        return "no"
    if word in _HEDGES:
        return "maybe"
    last = word.rpartition("-")[2]
    return "soft" if word in _SOFT_DENIALS or last == "free" or word.startswith("non-") else ""


def _content(word: str, kind: str) -> str:
    """Return the stem of a content word; empty for any other word."""
    return "" if kind in ("no", "maybe") or word in _SMALL else root(word)


def _window(stems: Sequence[str], index: int, reach: int) -> Iterator[str]:
    """Yield the stems up to `reach` content words away; small words do not count, up to a bound."""
    for side in (range(index + 1, min(len(stems), index + 4 * reach)), range(index, max(-1, index - 4 * reach), -1)):
        left = reach
        for place in side:
            if left and stems[place]:
                left -= 1
                for piece in stems[place].split("-"):
                    yield root(piece)


def _cue(text: str, words: Sequence[Token], stems: Sequence[str], index: int, kind: str) -> Cue:
    word = words[index].text.lower()
    before = [stems[place] for place in range(max(0, index - 8), index) if stems[place]][-2:]
    after: list[str] = []
    limit = _DIRECT.get(word, 2)
    for place in range(index + 1, min(len(words), index + 9)):
        if len(after) == limit or _BREAK.search(text, words[place - 1].end, words[place].start):
            break
        if stems[place]:
            after.append(stems[place])
    return Cue(
        word=word,
        doubts=kind == "maybe",
        start=words[index].start,
        end=words[index].end,
        around=frozenset(_window(stems, index, _REACH)),
        before=tuple(before) or ("^",),
        after=tuple(after),
    )


def _beside(pairs: dict[tuple[str, str], tuple[int, int]], *, doubts: bool) -> Iterator[tuple[bool, str, str]]:
    """Yield the pairs that arise when the word shared by two pairs, or everything before one, is dropped."""
    row = list(pairs)
    for (first, middle), (same, last) in pairwise(row):
        if middle == same:
            yield doubts, first, last
    yield from ((doubts, "^", last) for _, last in row)


def _pairs(
    words: Sequence[Token], stems: Sequence[str], kinds: Sequence[str], between: str
) -> dict[tuple[str, str], tuple[int, int]]:
    """Return neighbouring content words and their positions, unless a word of kind `between` separates them."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    last, start, parted, newest = "^", 0, 0, None
    for word, name, kind in zip(words, stems, kinds, strict=True):
        if kind == between or (kind == "soft" and between == "no"):
            # "needs no labels" does not say "needs labels": the next word is negated; after a word outside `_DIRECT`,
            # its object too.
            parted = 1 if word.text.lower() in _DIRECT else 2
            found.pop(newest, None) if newest else None
        if name:
            newest = None if parted else (last, name)
            if newest:
                found.setdefault(newest, (start, word.end))
            last, start, parted = name, word.start, max(0, parted - 1)
    return found
