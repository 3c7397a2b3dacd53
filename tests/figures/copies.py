"""Finds duplicated code: runs of lines that are identical except for indentation."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tests.figures.code import Source

#: Shorter runs are mostly the language itself: the head of a class, a call with one argument on each line.
LEAST = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A run of lines that also occurs elsewhere."""

    path: str
    first: int
    last: int


def copied(sources: Iterable[Source]) -> tuple[Place, ...]:
    """Return every maximal run of lines in which each `LEAST` consecutive lines also occur elsewhere.

    Imports, comments, docstrings and blank lines are skipped: they neither count nor end a run.
    """
    files = [source for source in sources if len(source.code) >= LEAST]
    starts = _starts(files)
    return tuple(place for at, source in enumerate(files) for place in _places(source, starts[at]))


def _starts(files: Sequence[Source]) -> dict[int, list[int]]:
    """Return by file each index in its code at which `LEAST` lines begin that also occur elsewhere."""
    windows: dict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
    for at, source in enumerate(files):
        texts = [text for _, text in source.code]
        for start in range(len(texts) - LEAST + 1):
            windows[tuple(texts[start : start + LEAST])].append((at, start))
    found: dict[int, list[int]] = defaultdict(list)
    for where in windows.values():
        for at, start in where:
            if any(other != at or abs(there - start) >= LEAST for other, there in where):
                found[at].append(start)
    return found


def _places(source: Source, starts: Sequence[int]) -> Iterator[Place]:
    """Merge overlapping runs."""
    ends: list[tuple[int, int]] = []
    for start in sorted(starts):
        joined = bool(ends) and start <= ends[-1][1]
        first = ends.pop()[0] if joined else start
        ends.append((first, start + LEAST - 1))
    for first, last in ends:
        yield Place(path=source.path, first=source.code[first][0], last=source.code[last][0])
