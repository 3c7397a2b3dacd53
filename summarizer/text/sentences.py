"""Split an abstract into sentences, as ranges of the unchanged text. Pure; linear time; any input.

Works on raw TeX: math, URLs, brace groups and short brackets are never split.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable

from summarizer.blurb import Span
from summarizer.text.tex import opaque_spans

#: The end of a sentence: a stop with the quotes, brackets and numeric citations that belong to it. Possessive
#: throughout: a page of dots must not be scanned again from every dot.
_STOP = re.compile(
    r"(?<![.!?…])[.!?…]++(?:''|[\"'”’»)\]}])*+(?:\s?\[\d{1,3}(?:[,–-]\s?\d{1,3}){0,9}\])?(?=\s|$)"
    r"|[。！？｡]++[」』”’）]*+"
    r"|(?<=[a-z)\]])[.!?](?=[A-Z])"
)
_PARAGRAPH = re.compile(r"\n[^\S\n]*+\n\s*+")
#: Abbreviations after which a sentence never starts.
_NEVER = frozenset(
    """
    e.g i.e eg ie cf vs viz fig figs eq eqs eqn eqns sec sect ref refs tab thm lem prop def cor
    alg app appx ch chap vol pp ed eds dr mr mrs ms prof st approx resp ca dept univ w.r.t wrt
    c.f a.k.a s.t nos
    """.split()
)
#: Abbreviations after which a sentence may start, if the next word often starts one.
_MAYBE = frozenset("al etc i.i.d u.s u.k e.u u.s.a a.m p.m ph.d inc ltd co corp jr sr no".split())
#: Words that sentences of abstracts start with, and names do not.
_STARTERS = frozenset(
    """
    a additionally all also although among an and another as at based because besides both but by
    code compared consequently current despite different during each empirically even existing
    experimental experiments extensive finally first for from further furthermore given hence here
    how however if in indeed instead interestingly is it its lastly many meanwhile more moreover most
    motivated nevertheless next no notably on one our overall particularly previous recent
    recently results second secondly several similarly since so some specifically such surprisingly
    that the their then there therefore these they third this those through thus to together
    towards two typically under unfortunately unlike using we what when where whereas whether which
    while why with without yet you
    """.split()
)
#: In characters; a longer bracket contains sentences of its own.
_LONGEST_ASIDE = 400
_ENUMERATOR = re.compile(r"\W*(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})\W*")
_LAST_WORD = re.compile(r"[^\s(\[{“\"`~–—/]{1,40}$")
_FIRST_WORD = re.compile(r"[\s\"'“‘`(\[{*]*([^\W\d_]+)?")


def first_sentence(text: str, *, dollar_math: bool = True) -> str:
    """Return the first sentence unchanged, including TeX; empty if no character of the text is visible."""
    spans = split_sentences(text, dollar_math=dollar_math)
    return text[spans[0].start : spans[0].end] if spans else ""


def split_sentences(text: str, *, dollar_math: bool = True) -> tuple[Span, ...]:
    """Return the sentences of `text` in reading order.

    The spans do not overlap, start and end on visible characters, and together cover every visible character. A text
    without a full stop is one sentence; a text without visible characters has none.

    Args:
        dollar_math: whether `$...$` may be math; False for Hugging Face, which strips the dollars of math.
    """
    opaque = _Ranges(opaque_spans(text, dollar_math=dollar_math), _brackets(text))
    spans: list[Span] = []
    start = 0
    for end in _boundaries(text, opaque):
        piece = text[start:end]
        if _ENUMERATOR.fullmatch(piece) and len(piece) < 8:
            continue
        _append(spans, text, start, end)
        start = end
    _append(spans, text, start, len(text))
    return tuple(spans)


def _boundaries(text: str, opaque: "_Ranges") -> list[int]:
    """Return the offsets just after each sentence except the last, in order."""
    stops = [m.end() for m in _STOP.finditer(text) if _ends_sentence(text, m, opaque)]
    breaks = [m.start() for m in _PARAGRAPH.finditer(text) if m.start() not in opaque]
    return sorted({end for end in (*stops, *breaks) if end < len(text)})


def _ends_sentence(text: str, stop: re.Match[str], opaque: "_Ranges") -> bool:
    if stop.start() in opaque:
        return False
    mark = stop.group()[0]
    if mark in "。！？｡":
        return True
    follows = _FIRST_WORD.match(text[stop.end() : stop.end() + 60])
    first = (follows[1] or "") if follows else ""
    if first[:1].islower():
        return False
    glued = stop.end() < len(text) and not text[stop.end()].isspace()
    if glued:
        return first.lower() in _STARTERS and len(first) > 1
    return mark != "." or _full_stop(text[max(0, stop.start() - 41) : stop.start()], stop, first)


def _full_stop(before: str, stop: re.Match[str], first: str) -> bool:
    """Return whether a point is a full stop, not part of an abbreviation, an initial or a number."""
    found = _LAST_WORD.search(before)
    word = found.group().lower().rstrip(".") if found else ""
    closed = len(stop.group().rstrip()) > 1  # a quote or bracket after the point ends the sentence it closes
    if closed or not word:
        return True
    if word in _NEVER:
        return False
    likely = first.lower() in _STARTERS
    if word == "no":
        return likely or not re.match(r"\s*\d", stop.string[stop.end() : stop.end() + 4])
    if word in _MAYBE:
        return likely
    is_initial = len(word) == 1 and word.isalpha() and word.isascii()
    return not is_initial or likely


def _append(spans: list[Span], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end -= len(piece) - len(piece.rstrip())
    if start < end:
        spans.append(Span(start=start, end=end))


def _brackets(text: str) -> list[tuple[int, int]]:
    """Return the ranges of matching round and square brackets that are short enough for an aside."""
    pairs = {")": "(", "]": "["}
    waiting: dict[str, list[int]] = {"(": [], "[": []}
    found = []
    for match in re.finditer(r"[()\[\]]", text):
        char = match.group()
        if char in waiting:
            waiting[char].append(match.start())
        elif waiting[pairs[char]]:
            start = waiting[pairs[char]].pop()
            if match.start() - start <= _LONGEST_ASIDE:
                found.append((start, match.end() - 1))
    return found


class _Ranges:
    """A union of half-open ranges with fast membership tests for offsets."""

    def __init__(self, *groups: Iterable[tuple[int, int]]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(pair for group in groups for pair in group):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._starts.append(start)
                self._ends.append(end)

    def __contains__(self, offset: int) -> bool:
        index = bisect_right(self._starts, offset) - 1
        return index >= 0 and offset < self._ends[index]
