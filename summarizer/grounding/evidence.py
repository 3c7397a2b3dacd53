"""What an abstract says, cut up so that any claim about it can be looked up at once: pure, linear."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from summarizer.grounding.polarity import Reading, read, root
from summarizer.grounding.quantities import Quantity, Token, fold, quantities, tokens

#: How far from a number the word it counts may stand in the abstract, in words.
_NEAR = 12
_MARKS = re.compile(r"[\W_]+")
_INITIAL_STOPS = frozenset("a an and as at by for from in is of on or the to via with".split())
_LONGEST_ACRONYM = 8
#: No compound has more; a chain of a thousand is an attack.
_MOST_PIECES = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """What an abstract and its title say, ready to be looked up."""

    #: Words, and up to three in a row, in small letters without marks: "gpt4", "imagenet1k".
    names: frozenset[str]
    words: frozenset[str]
    #: The first letters of three to eight words in a row.
    initials: frozenset[str]
    #: What stands near each number.
    numbers: dict[tuple[str, str], frozenset[str]]
    #: Words near a denial, near a doubt; and neighbours that never stand together without one.
    denied: frozenset[str]
    doubted: frozenset[str]
    only_denied: frozenset[tuple[str, str]]
    only_doubted: frozenset[tuple[str, str]]


def ground(sentences: Iterable[str], title: str) -> Evidence:
    """Read the clean sentences of an abstract, and its clean title, to look claims up in."""
    texts = [fold(sentence) for sentence in (title, *sentences)]
    found = [tokens(text) for text in texts]
    readings = [read(text, words) for text, words in zip(texts, found, strict=True)]
    cues = [cue for reading in readings for cue in reading.cues]
    return Evidence(
        names=frozenset(key for words in found for key in _names(words)),
        words=frozenset(piece for words in found for word in words for piece in _stems(word)),
        initials=frozenset(short for words in found for short in _initials(words)),
        numbers=_numbers(texts, found),
        denied=frozenset().union(*(cue.around for cue in cues if not cue.doubts), *(one.soft for one in readings)),
        doubted=frozenset().union(*(cue.around for cue in cues if cue.doubts)),
        only_denied=_crossed(readings, doubts=False),
        only_doubted=_crossed(readings, doubts=True),
    )


def _numbers(texts: Sequence[str], found: Sequence[Sequence[Token]]) -> dict[tuple[str, str], frozenset[str]]:
    numbers: dict[tuple[str, str], set[str]] = {}
    for text, words in zip(texts, found, strict=True):
        stems = [_stems(word) for word in words]
        said = quantities(text, words)
        for place, quantity in enumerate(said):
            near = stems[_reach(said, place, len(stems))]
            for kind in {quantity.kind, quantity.shared or quantity.kind}:
                numbers.setdefault((quantity.value, kind), set()).update(*near)
    return {key: frozenset(near) for key, near in numbers.items()}


def _stems(word: Token) -> list[str]:
    """Return the stem of a word and, of a compound, those of its pieces."""
    text = word.text.lower()
    return [root(piece) for piece in (text, *text.split("-", _MOST_PIECES))] if "-" in text else [root(text)]


def _reach(said: Sequence[Quantity], place: int, count: int) -> slice:
    """Return where to look for what a number counts: if a noun follows it, not beyond other numbers."""
    here = said[place].index
    start, end = max(0, here - _NEAR), min(count, here + _NEAR + 1)
    if said[place].counted:
        start = max(start, *(said[place - 1].index + 1 if place else 0, 0))
        end = min(end, max(here + 2, said[place + 1].index) if place + 1 < len(said) else end)
    return slice(min(start, here), end)


def _crossed(readings: Sequence[Reading], *, doubts: bool) -> frozenset[tuple[str, str]]:
    """Return the pairs of words that the abstract only has with a denial (or a doubt) between them."""
    parted = {pair for reading in readings for pair in reading.crossed(doubts=doubts)}
    for reading in readings:
        parted.difference_update(reading.undoubted if doubts else reading.undenied)
        parted.difference_update((first, last) for kind, first, last in reading.beside if kind == doubts)
    return frozenset(parted)


def _names(found: Sequence[Token]) -> Iterator[str]:
    """Yield the keys of words, of pieces of compounds, and of up to three words in a row."""
    keys = [key_of(token.text.rstrip("% ")) for token in found]
    yield from keys
    for token in found:
        pieces = token.text.split("-")
        if len(pieces) > 1:
            yield from map(key_of, pieces)
            yield key_of("".join(piece for piece in pieces if not is_common(piece)))
    for size in (2, 3):
        for index in range(len(keys) - size + 1):
            yield "".join(keys[index : index + size])


def _initials(found: Sequence[Token]) -> Iterator[str]:
    """Yield what could be the acronym of some words in a row; one across an "of" would be chance."""
    letters = "".join(map(_initial, found))
    for size in range(3, _LONGEST_ACRONYM + 1):
        for index in range(len(letters) - size + 1):
            yield letters[index : index + size]


def _initial(token: Token) -> str:
    if token.text.lower() in _INITIAL_STOPS:
        return " "
    return "".join(piece[:1].lower() for piece in token.text.split("-"))


def is_common(piece: str) -> bool:
    """Tell a piece that any compound may have, as "based" in "GPT-4-based", from one of a name."""
    return piece.isalpha() and piece.islower()


def key_of(word: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKC", word)).casefold()
