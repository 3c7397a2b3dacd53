"""Parse the numbers of a text with units, so that "3x", "three times" and "3-fold" are equal. Pure; linear time."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

#: Replaces one character by one, so that positions stay: dashes, multiplication signs, primes, narrow spaces.
_FOLDED = str.maketrans(
    "‐‑‒–—―−﹣－×✕⨯’ʼ′＄％\u00a0\u2009\u202f\u2007～",
    "---------xxx'''$%    ~",
)
#: A word with the characters attached to it: `GPT-3.5`, `$1,000`, `10^-4`, `it's`, `40%`.
_TOKEN = re.compile(
    r"[$€£¥]?(?:(?<![\w.])\.(?=[0-9]))?\w+"
    r"(?:(?:[-'^@&]|\^-|\.(?=[0-9])|,(?=[0-9]{3}(?![0-9])))\w+)*(?:\s?%)?"
)
_HYPHEN = re.compile(r"(?<!\^)-")
_AMOUNT = re.compile(r"([$€£¥]?)(\.?[0-9][0-9,]*(?:\.[0-9]+)?)(.*)", re.DOTALL)
_EXPONENT = re.compile(r"(?:\^-?[0-9]+|[⁺⁻]?[⁰¹²³⁴-⁹]+|[eE]-?[0-9]+)$")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")

_WRITTEN = {
    word: str(value)
    for value, word in enumerate(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
        sixteen seventeen eighteen nineteen twenty""".split()
    )
}
_WRITTEN |= {
    word: f"{value}0" for value, word in enumerate("thirty forty fifty sixty seventy eighty ninety".split(), 3)
}
_WRITTEN["dozen"] = "12"
#: The number of places by which a word or letter moves the decimal point.
_SCALES = {
    **dict.fromkeys(("k", "thousand", "thousands"), 3),
    **dict.fromkeys(("M", "mn", "million", "millions", "mio"), 6),
    **dict.fromkeys(("b", "B", "bn", "billion", "billions"), 9),
    **dict.fromkeys(("T", "tn", "trillion", "trillions"), 12),
    **dict.fromkeys(("hundred", "hundreds"), 2),
    "K": 3,
}
_PERCENT, _TIMES, _MAGNITUDE, _POINTS = "%", "times", "orders of magnitude", "points"
#: The kind of a number, by the word or sign next to it.
_KINDS = {
    **dict.fromkeys(("%", "percent", "per cent", "pct"), _PERCENT),
    **dict.fromkeys(("x", "X", "times", "fold"), _TIMES),
    **dict.fromkeys(("points", "point", "pp", "percentage", "pts"), _POINTS),
    **dict.fromkeys(("order", "orders"), _MAGNITUDE),
    **dict.fromkeys(("$", "dollar", "dollars", "usd", "USD"), "$"),
    **dict.fromkeys(("€", "euro", "euros", "EUR"), "€"),
    **dict.fromkeys(("£", "pounds", "GBP"), "£"),
    **dict.fromkeys(("¥", "yen", "yuan"), "¥"),
}
#: Units attached to numbers, and the words they stand for.
_UNITS = {
    **dict.fromkeys(("s", "sec", "secs", "seconds"), "second"),
    **dict.fromkeys(("ms", "milliseconds"), "millisecond"),
    **dict.fromkeys(("min", "mins", "minutes"), "minute"),
    **dict.fromkeys(("h", "hr", "hrs", "hours"), "hour"),
    **dict.fromkeys(("kb", "kilobytes"), "kilobyte"),
    **dict.fromkeys(("mb", "megabytes"), "megabyte"),
    **dict.fromkeys(("gb", "gigabytes"), "gigabyte"),
    **dict.fromkeys(("tb", "terabytes"), "terabyte"),
    **dict.fromkeys(("hz", "khz", "mhz", "ghz", "km", "cm", "mm", "nm", "m", "kg", "g", "mg", "db", "fps"), ""),
}
#: Words that are multiples by themselves.
_MULTIPLES = {
    **dict.fromkeys(("twice", "double", "doubles", "doubled", "doubling", "twofold"), "2"),
    **dict.fromkeys(("thrice", "triple", "triples", "tripled", "tripling", "threefold"), "3"),
    **dict.fromkeys(("tenfold",), "10"),
}
_HALVES = frozenset("half halve halves halved halving".split())
#: Common words that a number never counts.
_UNCOUNTABLE = frozenset(
    """
    a an and are as at based be but by do during for from has have in is it its of on or that the to
    via was we with
    """.split()
)
#: The most characters between two numbers that share the unit of the second.
_LONGEST_LINK = 12
_LINK_GAP = re.compile(r"\W*(?:(?:to|and|or|vs|versus|over)\W+)?", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Token:
    """A word of a text with the characters attached to it."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Quantity:
    """A number with its kind and its position."""

    #: Decimal digits without needless zeros, so that 1,000 and 1k are equal.
    value: str
    #: Percent, times, money and the like; empty for a plain count.
    kind: str
    #: The kind that the number takes from the next one, as 60 in "60 to 70%".
    shared: str = ""
    #: The word the number counts, if the next word may be that; as written.
    counted: str = ""
    #: The index of the first token.
    index: int
    start: int
    end: int


def fold(text: str) -> str:
    """Return the text with one notation of dashes, times and percent; every character keeps its position."""
    return text.translate(_FOLDED)


def tokens(text: str) -> list[Token]:
    """Return the words of a folded text in order."""
    return [Token(text=m.group(), start=m.start(), end=m.end()) for m in _TOKEN.finditer(text)]


def quantities(text: str, words: Sequence[Token]) -> tuple[Quantity, ...]:
    """Return every number of a folded text, whose tokens are `words`, in order."""
    found = [quantity for index in range(len(words)) for quantity in _read(text, words, index)]
    for place in range(len(found) - 2, -1, -1):
        here, after = found[place], found[place + 1]
        near = after.start - here.end <= _LONGEST_LINK
        if near and not here.kind and _LINK_GAP.fullmatch(text[here.end : after.start]):
            found[place] = replace(here, shared=after.kind or after.shared)
    return tuple(found)


def is_amount(token: str) -> bool:
    """Return whether a token is an amount (`30`, `$5M`, `10-20%`, `5-shot`), not a name with digits (`3D`, `2nd`)."""
    return _plain_amount(_HYPHEN.split(token.rstrip("% "), 1)[0])


def _plain_amount(piece: str) -> bool:
    match = _AMOUNT.fullmatch(piece)
    return match is not None and (not match[3] or match[3] in _SCALES or _glued(match[3]) or _is_exponent(match[3]))


def _is_exponent(rest: str) -> bool:
    return _EXPONENT.match(rest) is not None


def _glued(rest: str) -> bool:
    return rest in _KINDS or rest.lower() in _UNITS


def _read(text: str, words: Sequence[Token], index: int) -> Iterator[Quantity]:
    """Yield the numbers that start at the token with this index."""
    token = words[index]
    bare = token.text.rstrip("% ")
    pieces = _HYPHEN.split(bare)
    low = pieces[0].lower()
    if _AMOUNT.fullmatch(pieces[0]) and is_amount(bare):
        yield from _digits(text, words, index, pieces)
    elif low in _WRITTEN:
        yield from _written(text, words, index, pieces)
    elif low in _MULTIPLES:
        yield _plain(token, index, _MULTIPLES[low], _TIMES)
    elif low in _HALVES:
        yield _plain(token, index, "half", "")
    elif not _counted_before(words, index):
        yield from _uncounted(words, index, low)


def _uncounted(words: Sequence[Token], index: int, word: str) -> Iterator[Quantity]:
    """Yield quantities without a number before them: "an order of magnitude" and "millions"."""
    if _KINDS.get(word) == _MAGNITUDE and _follows(words, index, ("of", "magnitude")):
        yield _plain(words[index], index, "1" if word == "order" else "many", _MAGNITUDE)
    elif word in _SCALES and len(word) > 2:
        yield _plain(words[index], index, word, "")


def _digits(text: str, words: Sequence[Token], index: int, pieces: Sequence[str]) -> Iterator[Quantity]:
    """Yield the one number of `30`, the two of `10-20%`, and the number of `5-shot`."""
    token, start = words[index], words[index].start
    numbers = list(takewhile(_plain_amount, pieces))
    tail = "%" if token.text.endswith("%") else "".join(pieces[len(numbers) :][:1])
    for piece in numbers[:-1]:
        yield _number(_place(index, start, start + len(piece)), piece, "")
        start += len(piece) + 1
    yield _complete(text, words, _number(_place(index, start, token.end), numbers[-1], tail), alone=not tail)


def _number(place: Quantity, piece: str, tail: str) -> Quantity:
    """Return the number in one piece of a token, with the unit attached to it or given by the next piece."""
    match = _AMOUNT.fullmatch(piece)
    sign, digits, rest = match.groups() if match else ("", piece, "")
    exponent = rest.translate(_SUPERSCRIPTS).lstrip("^eE+") if _is_exponent(rest) else ""
    value = _shift(digits.replace(",", ""), _SCALES.get(rest, 0)) + (f"^{exponent}" if exponent else "")
    kind = _KINDS.get(sign, "") or _KINDS.get(rest, "") or _KINDS.get(tail, "")
    unit = _UNITS.get(rest.lower(), "") or (tail if tail.isalpha() and not kind else "")
    return replace(place, value=value, kind=kind, counted=unit)


def _complete(text: str, words: Sequence[Token], said: Quantity, *, alone: bool) -> Quantity:
    """Add the scale and unit in the next words to a number that has none attached."""
    if not alone or said.counted or said.kind not in ("", "$", "€", "£", "¥"):
        return said
    ahead = said.index + 1
    word = _near(text, words, said.index)
    if len(word) > 1 and word in _SCALES:
        said = replace(said, value=_shift(said.value, _SCALES[word]), end=words[ahead].end)
        ahead += 1
    return said if said.kind else _with_next(text, words, ahead, said)


def _written(text: str, words: Sequence[Token], index: int, pieces: Sequence[str]) -> Iterator[Quantity]:
    """Yield the number of `three`, `twenty-five`, `two hundred` and `two-stage`."""
    token, value, rest = words[index], _WRITTEN[pieces[0].lower()], list(pieces[1:])
    if rest and value.endswith("0") and len(value) == 2 and 0 < int(_WRITTEN.get(rest[0].lower(), "0")) < 10:
        value = value[0] + _WRITTEN[rest.pop(0).lower()]
    said = replace(_place(index, token.start, token.end), value=value)
    if rest:
        kind = _KINDS.get(rest[0], "")
        yield replace(said, kind=kind, counted="" if kind else rest[0])
        return
    said = _complete(text, words, said, alone=True)
    # A "one" that only refers ("one of", "no one") is not a quantity, unless it has a scale or a unit.
    if value != "1" or said.value != "1" or said.kind:
        yield said


def _with_next(text: str, words: Sequence[Token], ahead: int, said: Quantity) -> Quantity:
    """Add the next word as the unit, if only a space separates it from the number."""
    word = _near(text, words, ahead - 1)
    if word == "per" and _follows(words, ahead, ("cent",)):
        return replace(said, kind=_PERCENT, end=words[ahead + 1].end)
    kind = _KINDS.get(word, "")
    is_size = kind == _TIMES and word in "xX" and ahead + 1 < len(words) and words[ahead + 1].text[0].isdigit()
    if is_size or (kind == _MAGNITUDE and not _follows(words, ahead, ("of", "magnitude"))):
        return said
    if kind:
        last = ahead + 2 if kind == _MAGNITUDE else ahead
        return replace(said, kind=kind, end=words[last].end)
    # A word that is a number itself is not the unit of the previous one.
    if not word.isalpha() or word.lower() in _UNCOUNTABLE | _HALVES | _SCALES.keys():
        return said
    return replace(said, counted=_UNITS.get(word.lower(), "") or word, end=words[ahead].end)


def _near(text: str, words: Sequence[Token], index: int) -> str:
    """Return the word after the token at `index`; empty if more than a space or hyphen separates them."""
    if index + 1 >= len(words):
        return ""
    gap = text[words[index].end : words[index + 1].start]
    return words[index + 1].text if gap in (" ", "", "-") else ""


def _follows(words: Sequence[Token], index: int, expected: Sequence[str]) -> bool:
    return tuple(word.text.lower() for word in words[index + 1 : index + 1 + len(expected)]) == tuple(expected)


def _counted_before(words: Sequence[Token], index: int) -> bool:
    """Return whether the previous token is a number, which then already includes this word."""
    if not index:
        return False
    before = words[index - 1].text.rstrip("% ").split("-")[-1]
    return before.lower() in _WRITTEN or _AMOUNT.fullmatch(before) is not None


def _plain(token: Token, index: int, value: str, kind: str) -> Quantity:
    return replace(_place(index, token.start, token.end), value=value, kind=kind)


def _place(index: int, start: int, end: int) -> Quantity:
    return Quantity(value="", kind="", index=index, start=start, end=end)


def _shift(digits: str, places: int) -> str:
    """Return a decimal number times ten to the power of `places`, without needless zeros."""
    whole, _, part = digits.partition(".")
    part = part.ljust(places, "0")
    whole, part = whole + part[:places], part[places:].rstrip("0")
    return (whole.lstrip("0") or "0") + (f".{part}" if part else "")
