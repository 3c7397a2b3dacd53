"""Thin out stacks of combining marks, which cover the lines above and below a text. Pure, linear time.

A letter with its accents is one character to a reader. Writing needs few marks on a letter: Vietnamese two, Hebrew with
vowels and cantillation four, Burmese and Tibetan up to six. A letter with fifty is no writing ("Zalgo").
"""

import re
import unicodedata

#: The most accents of no script of its own on one letter: letters of phonetics have three, mathematics one more.
MOST_ACCENTS = 4
#: The most marks of a script: Burmese has four medials, a vowel and a tone on one letter; Tibetan has letters below.
MOST_MARKS = 6
#: Blocks of accents that any letter may have (Unicode, Blocks.txt: Combining Diacritical Marks and its extensions).
_ACCENT = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
#: What may be a stack: marks are no letters to Python, and there are none before U+0300.
_RUN = re.compile(rf"[^\w\s\x00-\u02ff]{{{MOST_ACCENTS + 1},}}")
_JOINERS = "\u200c\u200d"


def without_stacks(text: str) -> str:
    """Return `text` with at most `MOST_ACCENTS` accents and `MOST_MARKS` marks on each letter; the first stay."""
    return text if text.isascii() else _RUN.sub(_thinned, text)


def _thinned(found: re.Match[str]) -> str:
    kept, marks, accents = list[str](), 0, 0
    for char in found[0]:
        if unicodedata.category(char)[0] == "M":
            accent = _ACCENT.match(char) is not None
            marks, accents = marks + 1, accents + accent
            if marks > MOST_MARKS or (accent and accents > MOST_ACCENTS):
                continue
        elif char not in _JOINERS:  # A joiner between two marks begins no new letter.
            marks, accents = 0, 0
        kept.append(char)
    return "".join(kept)
