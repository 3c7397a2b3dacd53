"""A regular-expression matcher that counts its steps, for claims about the cost of patterns.

It backtracks as the standard library's matcher does, one character or group at a time, and has none of its shortcuts:
a pattern whose steps grow in proportion to the text here does so there. It reads the pattern with the library's own
parser, and knows the parts of the language that this project uses.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any, Self

Node = tuple[Any, Any]
Groups = dict[int, tuple[int, int]]


class Steps:
    """Matches one pattern and counts what it does."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.count = 0
        #: The end of the last match; None if there was none.
        self.end: int | None = None
        self._flags = pattern.flags
        self._nodes = list(parser.parse(pattern.pattern, pattern.flags))
        self._text = ""

    def of(self, text: str, at: int, *, whole: bool, everywhere: bool, once: bool) -> int:
        """Return the number of steps of one call.

        Args:
            text: the text, up to the end of the search.
            at: where it begins.
            whole: whether the match must reach the end of the text.
            everywhere: whether a match may begin later than `at`.
            once: whether the first match is enough.
        """
        self.count, self._text = 0, text
        start = at
        while start <= len(text):
            self.count += 1
            ends = self._sequence(self._nodes, 0, start, {})
            end = next((each for each in ends if not whole or each == len(text)), None)
            self.end = end
            if not everywhere or (once and end is not None):
                break
            start = end if end is not None and end > start else start + 1
        return self.count

    def _sequence(self, nodes: list[Node], place: int, at: int, groups: Groups) -> Iterator[int]:
        """Yield every end of a match of the nodes from `place` on, in the order of preference."""
        if place == len(nodes):
            yield at
            return
        for end in self._node(nodes[place], at, groups):
            yield from self._sequence(nodes, place + 1, end, groups)

    def _node(self, node: Node, at: int, groups: Groups) -> Iterator[int]:  # noqa: C901 - one branch a part of the language
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


@cache
def _steps_of(pattern: re.Pattern[str]) -> Steps:
    return Steps(pattern)


class CountingPattern:
    """A pattern that does what the library's does, and adds the steps of each call to a common count."""

    def __init__(self, pattern: re.Pattern[str], counter: "Counter") -> None:
        self._pattern = pattern
        self._counter = counter
        self._steps = _steps_of(pattern)

    def __getattr__(self, name: str) -> Any:
        """Return an attribute of the pattern; a call of a method is counted."""
        found = getattr(self._pattern, name)
        if name in ("match", "fullmatch"):
            return self._counted(found, name != "match", everywhere=False)
        if name == "search":
            return self._counted(found, False, everywhere=True)
        if name in ("sub", "subn", "split", "findall", "finditer"):
            return self._counted(found, False, everywhere=True, argument=1 if name.startswith("sub") else 0)
        return found

    def _counted(self, call: Callable[..., Any], whole: bool, *, everywhere: bool, argument: int = 0) -> Any:
        once = call.__name__ in ("search", "match", "fullmatch")

        def counted(*given: Any, **more: Any) -> Any:
            text = given[argument]
            at, end = 0, len(text)
            if once or call.__name__ == "finditer":
                at, end = [*given[argument + 1 :], at, end][:2] if len(given) != argument + 2 else (given[-1], end)
            self._counter.count += self._steps.of(text[:end], at, whole=whole, everywhere=everywhere, once=once)
            return call(*given, **more)

        return counted


class Counter:
    """Counts the steps of all patterns of some modules while it is in place."""

    def __init__(self, modules: Iterable[ModuleType]) -> None:
        self.count = 0
        self._modules = tuple(modules)
        self._kept: list[tuple[ModuleType, str, object]] = []

    def __enter__(self) -> Self:
        """Replace the patterns."""
        for module in self._modules:
            for name, value in list(vars(module).items()):
                counting = self._replaced(value)
                if counting is not value:
                    self._kept.append((module, name, value))
                    setattr(module, name, counting)
        return self

    def __exit__(self, *_error: object) -> None:
        """Put the patterns back."""
        for module, name, value in self._kept:
            setattr(module, name, value)

    def _replaced(self, value: object) -> object:
        if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
            return CountingPattern(value, self)
        if type(value) is tuple and any(isinstance(each, re.Pattern | tuple) for each in value):
            replaced = tuple(map(self._replaced, value))
            return replaced if any(new is not old for new, old in zip(replaced, value, strict=True)) else value
        return value
