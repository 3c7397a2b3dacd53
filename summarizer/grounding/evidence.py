"""Index the sentences of an abstract, so that any claim about it can be looked up at once. Pure; linear time."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from summarizer.grounding.directions import turns_of
from summarizer.grounding.polarity import Reading, read, root
from summarizer.grounding.quantities import Quantity, Token, fold, quantities, tokens

#: The greatest distance in words, in the abstract, between a number and the word it counts.
_NEAR = 12
_MARKS = re.compile(r"[\W_]+")
_INITIAL_STOPS = frozenset("a an and as at by for from in is of on or the to via with".split())
_LONGEST_ACRONYM = 8
#: No real compound has more; a chain of a thousand pieces is an attack.
_MOST_PIECES = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """The index of an abstract and its title."""

    #: Words, and up to three consecutive ones, in lower case without punctuation: "gpt4", "imagenet1k".
    names: frozenset[str]
    words: frozenset[str]
    #: The first letters of three to eight consecutive words.
    initials: frozenset[str]
    #: For each number, by value and kind, the words near it.
    numbers: dict[tuple[str, str], frozenset[str]]
    #: For each number, by value and kind, the directions of all sentences with it: increase, reduction.
    turns: dict[tuple[str, str], frozenset[int]]
    #: Words near a negation; words near a hedge; neighbouring words that only occur with a negation, or a hedge.
    denied: frozenset[str]
    doubted: frozenset[str]
    only_denied: frozenset[tuple[str, str]]
    only_doubted: frozenset[tuple[str, str]]


def ground(sentences: Iterable[str], title: str) -> Evidence:
    """Return the index of an abstract, made from its plain-text sentences and title."""
    texts = [fold(sentence) for sentence in (title, *sentences)]
    found = [tokens(text) for text in texts]
    readings = [read(text, words) for text, words in zip(texts, found, strict=True)]
    cues = [cue for reading in readings for cue in reading.cues]
    return Evidence(
        names=frozenset(key for words in found for key in _names(words)),
        words=frozenset(piece for words in found for word in words for piece in _stems(word)),
        initials=frozenset(short for words in found for short in _initials(words)),
        numbers=_numbers(texts, found),
        turns=_turns(texts, found),
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


def _turns(texts: Sequence[str], found: Sequence[Sequence[Token]]) -> dict[tuple[str, str], frozenset[int]]:
    turns: dict[tuple[str, str], frozenset[int]] = {}
    for text, words in zip(texts, found, strict=True):
        ways = turns_of(words)
        for quantity in quantities(text, words):
            key = (quantity.value, quantity.kind)
            # A sentence without a direction may say anything about the number.
            turns[key] = turns.get(key, frozenset()) | (ways or frozenset({0}))
    return turns


def _stems(word: Token) -> list[str]:
    """Return the stem of a word and, for a compound, also the stems of its pieces."""
    text = word.text.lower()
    return [root(piece) for piece in (text, *text.split("-", _MOST_PIECES))] if "-" in text else [root(text)]


def _reach(said: Sequence[Quantity], place: int, count: int) -> slice:
    """Return the range of words to search for what a number counts: if a noun follows it, not beyond other numbers."""
    here = said[place].index
    start, end = max(0, here - _NEAR), min(count, here + _NEAR + 1)
    if said[place].counted:
        start = max(start, *(said[place - 1].index + 1 if place else 0, 0))
        end = min(end, max(here + 2, said[place + 1].index) if place + 1 < len(said) else end)
    return slice(min(start, here), end)


def _crossed(readings: Sequence[Reading], *, doubts: bool) -> frozenset[tuple[str, str]]:
    """Return the pairs of words that the abstract only has with a negation (or a hedge) between them."""
    parted = {pair for reading in readings for pair in reading.crossed(doubts=doubts)}
    for reading in readings:
        parted.difference_update(reading.undoubted if doubts else reading.undenied)
        parted.difference_update((first, last) for kind, first, last in reading.beside if kind == doubts)
    return frozenset(parted)


def _names(found: Sequence[Token]) -> Iterator[str]:
    """Yield the lookup keys of words, of pieces of compounds, and of up to three consecutive words."""
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
    """Yield the possible acronyms of consecutive words; a match across an "of" would be a coincidence."""
    letters = "".join(map(_initial, found))
    for size in range(3, _LONGEST_ACRONYM + 1):
        for index in range(len(letters) - size + 1):
            yield letters[index : index + size]


def _initial(token: Token) -> str:
    if token.text.lower() in _INITIAL_STOPS:
        return " "
    return "".join(piece[:1].lower() for piece in token.text.split("-"))


def is_common(piece: str) -> bool:
    """Return whether a piece of a compound is a common word, as "based" in "GPT-4-based", not part of a name."""
    return piece.isalpha() and piece.islower()


def key_of(word: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKC", word)).casefold()
