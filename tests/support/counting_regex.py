"""A regular-expression matcher that counts its steps, for claims about the cost of patterns.

It backtracks as the standard library's matcher does, one character or group at a time, and has none of its shortcuts:
a pattern whose steps grow in proportion to the text here does so there. It reads the pattern with the library's own
parser, and knows the parts of the language that this project uses.
"""

import re
import sys
from collections.abc import Callable, Iterator
from functools import cache
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

Node = tuple[Any, Any]
Groups = dict[int, tuple[int, int]]


class Steps:
    """Matches one pattern and counts what it does."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.count = 0
        self._flags = pattern.flags
        self._nodes = list(parser.parse(pattern.pattern, pattern.flags))
        self._text = ""

    def scan(self, text: str) -> int:
        """Return the number of steps of a search for every match from left to right, as in `sub` or `findall`."""
        self.count, self._text = 0, text
        start = 0
        while start <= len(text):
            self.count += 1
            end = next(self._sequence(self._nodes, 0, start, {}), None)
            start = end if end is not None and end > start else start + 1
        return self.count

    def _sequence(self, nodes: list[Node], place: int, at: int, groups: Groups) -> Iterator[int]:
        """Yield every end of a match of the nodes from `place` on, in the order of preference."""
        if place == len(nodes):
            yield at
            return
        for end in self._node(nodes[place], at, groups):
            yield from self._sequence(nodes, place + 1, end, groups)

    def _node(self, node: Node, at: int, groups: Groups) -> Iterator[int]:
        self.count += 1
        kind, value = node
        if kind in _SINGLE:
            if at < len(self._text) and self._fits(node, self._text[at]):
                yield at + 1
        elif kind is op.AT:
            if self._anchor(value, at):
                yield at
        elif kind is op.SUBPATTERN:
            for end in self._sequence(list(value[3]), 0, at, groups):
                if value[0] is not None:
                    groups[value[0]] = (at, end)
                yield end
        elif kind is op.BRANCH:
            for branch in value[1]:
                yield from self._sequence(list(branch), 0, at, groups)
        elif kind is op.GROUPREF:
            start, end = groups.get(value, (0, 0))
            same = self._text[start:end]
            self.count += len(same)
            if value in groups and self._text.startswith(same, at):
                yield at + len(same)
        elif kind in (op.ASSERT, op.ASSERT_NOT):
            if self._looks(value, at, groups) == (kind is op.ASSERT):
                yield at
        elif kind is op.ATOMIC_GROUP:
            yield from self._first(self._sequence(list(value), 0, at, groups))
        elif kind is op.POSSESSIVE_REPEAT:
            yield from self._first(self._repeat(value, at, groups, greedy=True))
        elif kind in (op.MAX_REPEAT, op.MIN_REPEAT):
            yield from self._repeat(value, at, groups, greedy=kind is op.MAX_REPEAT)
        elif kind is op.GROUPREF_EXISTS:
            group, yes, no = value
            yield from self._sequence(list((yes if group in groups else no) or ()), 0, at, groups)
        else:
            raise NotImplementedError(str(kind))

    @staticmethod
    def _first(ends: Iterator[int]) -> Iterator[int]:
        for end in ends:
            yield end
            return

    def _repeat(self, value: Any, at: int, groups: Groups, *, greedy: bool) -> Iterator[int]:
        least, most, inside = value[0], value[1], list(value[2])
        if len(inside) == 1 and inside[0][0] in _SINGLE:
            yield from self._run(least, most, inside[0], at, greedy=greedy)
        else:
            yield from self._rounds(least, most, inside, at, groups, greedy=greedy)

    def _run(self, least: int, most: Any, node: Node, at: int, *, greedy: bool) -> Iterator[int]:
        end = at
        while end < len(self._text) and end - at < most and self._fits(node, self._text[end]):
            self.count += 1
            end += 1
        ends = range(at + least, end + 1)
        for each in reversed(ends) if greedy else ends:
            self.count += 1
            yield each

    def _rounds(
        self, least: int, most: Any, inside: list[Node], at: int, groups: Groups, *, greedy: bool
    ) -> Iterator[int]:
        """Yield the ends of a repeated group: depth first, without a call for each round."""
        stack: list[tuple[int, int, Iterator[int]]] = [(0, at, self._sequence(inside, 0, at, groups))]
        if not greedy and least == 0:
            yield at
        while stack:
            done, start, ends = stack[-1]
            end = next(ends, None) if done < most else None
            self.count += 1
            if end is None:
                stack.pop()
                if greedy and done >= least:
                    yield start
            elif end > start or done < least:
                if not greedy and done + 1 >= least:
                    yield end
                stack.append((done + 1, end, self._sequence(inside, 0, end, groups)))

    def _looks(self, value: Any, at: int, groups: Groups) -> bool:
        direction, inside = value[0], value[1]
        nodes = list(inside)
        if direction > 0:
            return next(self._sequence(nodes, 0, at, dict(groups)), None) is not None
        width = inside.getwidth()[0]
        return at >= width and next(self._sequence(nodes, 0, at - width, dict(groups)), None) == at

    def _anchor(self, where: Any, at: int) -> bool:
        text = self._text
        if where in (op.AT_BEGINNING, op.AT_BEGINNING_STRING):
            lines = where is op.AT_BEGINNING and self._flags & re.MULTILINE
            return at == 0 or bool(lines and text[at - 1] == "\n")
        if where in (op.AT_END, op.AT_END_STRING):
            if where is op.AT_END and self._flags & re.MULTILINE and at < len(text):
                return text[at] == "\n"
            return at == len(text) or (where is op.AT_END and at == len(text) - 1 and text[at] == "\n")
        before = at > 0 and _is_word(text[at - 1])
        after = at < len(text) and _is_word(text[at])
        return (before != after) == (where is op.AT_BOUNDARY)

    def _fits(self, node: Node, char: str) -> bool:
        return _matcher(*_hashable(node), self._flags & _ONE_CHARACTER)(char)


_SINGLE = frozenset({op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN})
_ONE_CHARACTER = re.IGNORECASE | re.DOTALL | re.ASCII


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def _hashable(node: Node) -> tuple[Any, Any]:
    kind, value = node
    return kind, tuple(value) if isinstance(value, list) else value


@cache
def _matcher(kind: Any, value: Any, flags: int) -> Callable[[str], bool]:
    """Return whether a character fits a node, decided by the library itself and remembered for each character."""
    tree = parser.SubPattern(parser.State(), [(kind, list(value) if kind is op.IN else value)])
    tree.state.flags, tree.state.str = flags, ""
    compiled = re._compiler.compile(tree, flags)  # type: ignore[attr-defined]

    @cache
    def fits(char: str) -> bool:
        return compiled.match(char) is not None

    return fits


def steps(pattern: re.Pattern[str], text: str) -> int:
    """Return the number of steps in which a pattern searches a text for all its matches."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, 20_000))
    try:
        return Steps(pattern).scan(text)
    finally:
        sys.setrecursionlimit(before)
