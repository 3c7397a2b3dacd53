"""Tells whether two titles are of one paper, in the spellings of two sources. Pure functions."""

import re
import unicodedata
from collections import Counter
from itertools import pairwise

#: Characters of a title that are compared; the longest titles have some 300.
_MOST = 500
#: Titles this alike in their pairs of letters are spellings of one: "behaviour" and "behavior" in a title of six words
#: give 0.97, "stars" and "cells" give 0.84.
_ALIKE = 0.9
#: A title without its subtitle, or without the acronym before it, has at least this many words.
_FEWEST = 3
_TEX = re.compile(r"\\[A-Za-z]+|[{}$]")
_ACCENTS = re.compile("[\u0300-\u036f]")
_NUMBER = re.compile(r"\d+|[ivx]{1,4}")
#: A title with one of these in addition is of another paper about the first, or of another part of it.
_ABOUT = frozenset(
    "addendum appendix comment comments commentary companion correction corrigendum errata erratum part rejoinder "
    "reply response retraction supplement supplementary".split()
)


def near_titles(first: str, second: str) -> bool:
    """Return whether two titles are of one paper: equal but for spelling and markup, or one without its subtitle.

    An empty title is near to every title. Numbers count: part I is not part II.
    """
    one, two = _words(first), _words(second)
    if not one or not two or "".join(one) == "".join(two):
        return True
    if _numbers(one) != _numbers(two) or not _ABOUT.isdisjoint(set(one) ^ set(two)):
        return False
    small, large = sorted((one, two), key=len)
    is_part = small in (large[: len(small)], large[-len(small) :])
    return (is_part and len(small) >= _FEWEST) or _alike("".join(one), "".join(two))


def _words(title: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKD", _TEX.sub("", title[:_MOST])).casefold()
    return tuple(re.findall(r"[^\W_]+", _ACCENTS.sub("", plain)))


def _numbers(words: tuple[str, ...]) -> list[str]:
    return [word for word in words if _NUMBER.fullmatch(word)]


def _alike(one: str, two: str) -> bool:
    first, second = (Counter(map("".join, pairwise(text))) for text in (one, two))
    return 2 * (first & second).total() >= _ALIKE * max(first.total() + second.total(), 1)
