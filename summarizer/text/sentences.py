"""Split an abstract into sentences, as ranges of the unchanged text. Pure; linear time; any input.

Works on raw TeX: math, URLs, brace groups and short brackets are never split.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable

from summarizer.blurb import Span
from summarizer.text.sentence_words import STARTERS
from summarizer.text.stops import UNAMBIGUOUS, ends_sentence
from summarizer.text.tags import formula_spans
from summarizer.text.tex import opaque_spans

_RUN = re.compile(rf"[.!?…]++|[{UNAMBIGUOUS}]++")
#: Matched where a run begins: a stop with the quotes, brackets, marks, end tags and numeric citations that belong to
#: it, or one before a capital letter. Possessive: a page of dots must not be scanned again from every dot.
_STOP = re.compile(
    r"[.!?…]++(?:''|[\"'”’»)\]}*_`$]|;(?: ;){0,5}|</[A-Za-z][\w:-]{0,30}\s{0,9}>)*+"
    r"(?:\s?\[\d{1,3}(?:[,–-]\s?\d{1,3}){0,9}\])?(?=\s|$|<[A-Za-z])"
    rf"|[{UNAMBIGUOUS}]++[」』”’）*_]*+"
    r"|(?<=[\w)\]%])[.!?](?=[A-Z(])"
)
#: Before a bracket that is a sentence of its own.
_AFTER_SENTENCE = re.compile(r"(?:^|[.!?…][\"'”’)\]*_]{0,3})\s*$")
_CAPITALISED = re.compile(r"\s+\(?([A-Z][a-z]*)")
_PARAGRAPH = re.compile(
    r"\n[^\S\n]*+\n\s*+|</(?:\w{1,15}:)?(?:p|sec)\s{0,9}>(?=[^<]{0,9}<(?:\w{1,15}:)?(?:p|sec|title)\b)"
)
#: In characters; a longer bracket contains sentences of its own.
_LONGEST_ASIDE = 400
_ENUMERATOR = re.compile(r"\W*(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})\W*")


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
    opaque = _Ranges(opaque_spans(text, dollar_math=dollar_math), formula_spans(text), _brackets(text))
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
    ends = [match.end() if match.group()[0] == "<" else match.start() for match in _PARAGRAPH.finditer(text)]
    found = [end for end in ends if end not in opaque]
    start = 0
    for run in _RUN.finditer(text):
        stop = _STOP.match(text, run.start())
        if stop and _is_free(text, stop, opaque) and ends_sentence(text, start, stop):
            start = stop.end()
            found.append(start)
    return sorted({end for end in found if end < len(text)})


def _is_free(text: str, stop: re.Match[str], opaque: "_Ranges") -> bool:
    """Return whether a stop stands outside what must not be split, or at its very end, as in `$x = y.$ We`."""
    end = opaque.end_of(stop.start())
    if end is None:
        return True
    start = opaque.start_of(stop.start())
    alone = _AFTER_SENTENCE.search(text[max(0, start - 9) : start]) is not None
    return end <= stop.end() and (alone or text[end - 1] in "$}" or _starts(text, stop.end()))


def _starts(text: str, index: int) -> bool:
    """Return whether one of the commonest words that begin sentences stands behind `index`."""
    word = _CAPITALISED.match(text, index)
    return word is not None and word[1].lower() in STARTERS


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
        return self.end_of(offset) is not None

    def end_of(self, offset: int) -> int | None:
        """Return the end of the range around `offset`; None if there is none."""
        index = bisect_right(self._starts, offset) - 1
        return self._ends[index] if index >= 0 and offset < self._ends[index] else None

    def start_of(self, offset: int) -> int:
        """Return the start of the last range that starts at or before `offset`."""
        return self._starts[bisect_right(self._starts, offset) - 1]
