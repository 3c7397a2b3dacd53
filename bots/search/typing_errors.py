"""Reads words with typing errors as the words that were meant."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bots.search.likeness import errors_between
from bots.search.records import WordCounts
from bots.search.weights import COMMONER, ONE_ERROR, RARE, SHORTEST_CORRECTED
from summarizer.text.words import stem

if TYPE_CHECKING:
    from bots.search.image import Image  # needs numpy, which other requests do without

#: Words that one may be read as, which are counted.
_MOST = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """A word, and a word that it may be read as."""

    word: str
    meant: str
    #: 0 for a word that the other one is the beginning of.
    errors: int


def readings(image: "Image", asked: Mapping[str, str], counts: WordCounts) -> tuple[Reading, ...]:
    """Return what the words of a search may be read as: those that no paper or almost no paper contains.

    Args:
        image: the words of titles and names.
        asked: the words by their stems.
        counts: how many papers contain each stem.
    """
    doubtful = [word for each, word in asked.items() if counts.found.get(each, 0) <= RARE and _is_correctable(word)]
    return tuple(reading for word in doubtful for reading in _readings(image, word))


def _is_correctable(word: str) -> bool:
    # An identifier or a number is not a word with a typing error.
    return len(word) >= SHORTEST_CORRECTED and word.isalpha()


def _readings(image: "Image", word: str) -> Sequence[Reading]:
    begun = [Reading(word=word, meant=meant, errors=0) for meant in image.words_beginning(word) if meant != word]
    if begun:
        return begun[:_MOST]
    most = 1 if len(word) <= ONE_ERROR else 2
    near = (near for near in image.near_words(word) if near != word)
    found = [(near, errors_between(word, near, most)) for near in near]
    close = [Reading(word=word, meant=near, errors=errors) for near, errors in found if errors is not None]
    # A first letter is rarely wrong, so a word with the same one comes first.
    return sorted(close, key=lambda each: (each.errors, each.meant[0] != word[0]))[:_MOST]


def chosen_readings(found: Iterable[Reading], counts: WordCounts) -> dict[str, tuple[Reading, ...]]:
    """Return for each word what it is read as: all words that it begins, or the nearest one that most papers contain.

    A word that some papers contain is read otherwise only if far more papers contain the other one.
    """
    chosen: dict[str, tuple[Reading, ...]] = {}
    for each in found:
        own, meant = (counts.found.get(stem(word), 0) for word in (each.word, each.meant))
        if not meant or stem(each.word) == stem(each.meant) or (own and meant < COMMONER * own):
            continue
        rivals = chosen.get(each.word, ())
        if not each.errors:
            chosen[each.word] = () if own else (*rivals, each)
        elif not rivals or (-each.errors, meant) > (-rivals[0].errors, counts.found.get(stem(rivals[0].meant), 0)):
            chosen[each.word] = (each,)
    return chosen
