"""How alike two short texts are in their letters: shared trigrams, and typing errors between two words."""

import zlib

from bots.search.weights import BITS


def trigrams(row: str) -> frozenset[str]:
    """Return every three adjacent characters of a row of words."""
    return frozenset(row[place : place + 3] for place in range(len(row) - 2))


def signature(row: str, bits: int = BITS) -> bytes:
    """Return a set of bits that stands for the trigrams of a row: alike texts share most of them."""
    marked = 0
    for three in trigrams(row):
        marked |= 1 << zlib.crc32(three.encode("utf-8", "surrogatepass")) % bits
    return marked.to_bytes(bits // 8, "little")


def likeness(one: str, other: str) -> float:
    """Return the trigrams that two rows share as a share of all, from 0 to 1 (Dice)."""
    first, second = trigrams(one), trigrams(other)
    return 2 * len(first & second) / (len(first) + len(second)) if first and second else 0.0


def errors_between(one: str, other: str, most: int) -> int | None:
    """Return the number of typing errors that turn one word into another; None if it is more than `most`.

    An error is a letter too many, too few or wrong, or two adjacent letters in the wrong order (optimal string
    alignment).
    """
    if abs(len(one) - len(other)) > most:
        return None
    before, row = list[int](), list(range(len(other) + 1))
    for here, letter in enumerate(one, start=1):
        above, row = row, [here]
        for there, also in enumerate(other, start=1):
            best = min(above[there] + 1, row[there - 1] + 1, above[there - 1] + (letter != also))
            if here > 1 and there > 1 and letter == other[there - 2] and one[here - 2] == also:
                best = min(best, before[there - 2] + 1)
            row.append(best)
        before = above
        if min(row) > most:
            return None
    return row[-1] if row[-1] <= most else None
