"""Tell the dollars that enclose mathematics from those that are money, in one text. Pure; linear time.

Neighbouring dollars are weighed as a pair, and the pairs are chosen that weigh most together. So a sum of money does
not take the opening dollar of a formula, and one misread pair does not shift the pairs behind it.
"""

import re
from collections.abc import Sequence

#: Pairs of longer content do not occur in abstracts.
_LONGEST = 1500
_TEX = re.compile(r"[\\^_{]")
#: What certainly is TeX also where a source strips the dollars of mathematics.
_CERTAIN_TEX = re.compile(r"\\[A-Za-z]|[\^_]\{")
#: Between two formulas, as in `$a$, $b$`, stands punctuation.
_PUNCTUATION = re.compile(r"[\s,.;:!?\"]*")
#: A plain word and, behind it, another: mathematics does not contain them.
_FIRST_WORD = re.compile(r"(?:^|(?<=\s))[A-Za-z]{3,},?(?=\s)")
_LATER_WORD = re.compile(r"\s[A-Za-z]{2,}")
_PLAIN_WORD = re.compile(r"(?<![\\A-Za-z])[a-z]{2,}(?![A-Za-z])")
_WORDED = re.compile(r"\\(?:text|textrm|mbox|mathrm|operatorname|textbf|textit)\s?\{[^{}]{0,200}\}")

#: The weights of a pair. Two certain pairs outweigh the wrong pair between them, and a pair that is only likely never
#: displaces a certain one.
_CERTAIN, _LIKELY, _POSSIBLE, _NEVER = 3.0, 2.0, 1.0, 0.0


def pair_dollars(source: str, places: Sequence[int], *, dollar_math: bool = True) -> list[tuple[int, int, int]]:
    """Return the pairs as indices into `places`: the opening dollar, the closing one, and 1 or 2 for `$` or `$$`.

    Args:
        source: the text.
        places: the offsets of its dollars, without escaped ones, in order.
        dollar_math: False if the source strips the dollars of mathematics; then only certain TeX makes a pair.
    """
    count = len(places)
    best = [0.0] * (count + 5)
    choice = [0] * count
    for index in range(count - 1, -1, -1):
        best[index] = best[index + 1]
        for width in (1, 2):
            worth = _worth(source, places, index, width, dollar_math=dollar_math)
            if worth and worth + best[index + 2 * width] >= best[index]:
                best[index], choice[index] = worth + best[index + 2 * width], width
    pairs, index = [], 0
    while index < count:
        width = choice[index]
        if width:
            pairs.append((index, index + 2 * width - 1, width))
        index += 2 * width or 1
    return pairs


def _worth(source: str, places: Sequence[int], index: int, width: int, *, dollar_math: bool) -> float:
    """Weigh the pair of `width` dollars that opens at `index`; 0 if there is no such pair."""
    last = index + 2 * width - 1
    if last >= len(places) or places[last] - places[index] > _LONGEST:
        return _NEVER
    opened, closed = places[index + width - 1] + 1, places[last - width + 1]
    inner = source[opened:closed]
    if width == 2:
        doubled = places[index + 1] == places[index] + 1 and places[last] == places[last - 1] + 1
        return 2 * _CERTAIN if doubled and inner.strip() and (dollar_math or _CERTAIN_TEX.search(inner)) else _NEVER
    after = source[closed + 1 : closed + 2]
    if not dollar_math and not _CERTAIN_TEX.search(inner):
        return _NEVER
    if not _TEX.search(inner) and inner[:1].isdigit() and source[opened - 2 : opened - 1].isalpha() and opened > 1:
        return _NEVER  # US$5 or A$6
    return _inline(inner, before_digit=after.isdigit() and after.isascii())


def _inline(inner: str, *, before_digit: bool) -> float:
    """Weigh one pair of single dollars by what stands inside and whether a digit follows."""
    if _PUNCTUATION.fullmatch(inner) or re.search(r"\n\s*\n", inner):
        return _NEVER
    is_tex = _TEX.search(inner) is not None
    is_prose = _is_prose(_WORDED.sub("", inner))
    amount = inner[0].isdigit()
    if inner[0].isspace() or inner[-1].isspace():
        loose = is_tex and not amount and not _PLAIN_WORD.search(_WORDED.sub("", inner))  # `$\sigma $-ideal`
        return _POSSIBLE if loose else _NEVER
    if is_tex:
        if is_prose:
            return _NEVER if amount and (before_digit or "\\" not in inner) else _POSSIBLE
        return _CERTAIN
    if amount and re.search(r"\s", inner) and not re.search(r"[=<>+*/×·±≤≥~-]", inner):
        return _NEVER
    worded = is_prose or (" " in inner and re.search(r"[A-Za-z]{3}", inner))
    if worded and not re.search(r"[=<>]", inner):
        return _NEVER
    if before_digit:
        return _POSSIBLE if not amount and len(inner) == 1 else _NEVER
    return _LIKELY


def _is_prose(inner: str) -> bool:
    first = _FIRST_WORD.search(inner)
    return first is not None and _LATER_WORD.search(inner, first.end()) is not None
