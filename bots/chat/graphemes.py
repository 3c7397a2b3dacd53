"""Where a text may be cut: never inside what a reader sees as one character. Pure functions."""

import regex

#: One character as readers see it: a letter with its accents, an emoji of several people, a flag
#: (unicode.org/reports/tr29, Extended Grapheme Clusters).
_CLUSTER = regex.compile(r"\X")
#: Characters before a cut that are read to find the clusters around it. The longest emoji has some 20 code points; of
#: a letter with more accents than this, a part is shown.
_LOOK_BACK = 64
#: Letters of flags that follow each other; a text that is one long row of flags may lose half of one.
_MOST_FLAGS = 2000
_FLAGS = regex.compile("[\U0001f1e6-\U0001f1ff]+$")


def border(text: str, end: int) -> int:
    """Return the last position up to `end` that is not inside a character as readers see it.

    Args:
        text: any text.
        end: a position in it; inside a cluster of more than 64 code points, it is returned as it is.
    """
    # Neighbours in ASCII never belong together, but for a line break of two signs, which no line holds.
    if not 0 < end < len(text) or text[end - 1 : end + 1].isascii():
        return end
    start = _start(text, end)
    place = start
    for found in _CLUSTER.finditer(text, start):
        if found.end() > end:
            break
        place = found.end()
    return place if place > start or not start else end


def _start(text: str, end: int) -> int:
    """Return a position before `end` from which the clusters can be told: a space, or far enough away."""
    least = max(end - _LOOK_BACK, 0)
    space = text.rfind(" ", least, end)
    if space >= 0:
        return space
    # Two such letters are a flag, so it must be known which of many belong together.
    flags = _FLAGS.search(text[max(least - _MOST_FLAGS, 0) : least])
    return least - len(flags[0]) if flags else least
