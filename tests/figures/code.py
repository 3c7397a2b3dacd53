"""Reads source files: their lines of code, and the lengths of the bodies of their functions.

A line of code is a line that has more than white space, a comment or a docstring. A function's body is its lines of
code after the signature; the lines of a nested function count in both bodies.
"""

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

_Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
_READ = _Documented | ast.Import | ast.ImportFrom | ast.Constant | ast.JoinedStr


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """One file of Python."""

    #: Relative to the tree that was read, with slashes.
    path: str
    #: All lines, blank lines and comments included.
    length: int
    #: The lines of code except imports, in order: number, and text without indentation.
    code: tuple[tuple[int, str], ...]
    #: The number of lines of code in the body of each function.
    bodies: tuple[int, ...]
    #: The number of its functions that are tests.
    tests: int

    @property
    def package(self) -> str:
        """The dotted name of the file's package."""
        return self.path.rpartition("/")[0].replace("/", ".")


def read_tree(root: Path, *folders: str) -> tuple[Source, ...]:
    """Return every source file in the folders of a tree, in the order of their paths."""
    found = sorted(path for folder in folders for path in (root / folder).rglob("*.py"))
    return tuple(read_source(path.relative_to(root).as_posix(), path.read_text("utf-8")) for path in found)


def read_source(path: str, text: str) -> Source:
    """Read the text of one file."""
    nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, _READ)]
    lines = [line.strip() for line in text.split("\n")]
    coded = _coded(lines, nodes)
    plain = coded - _lines_of(node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom))
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return Source(
        path=path,
        length=len(text.splitlines()),
        code=tuple((number, lines[number - 1]) for number in sorted(plain)),
        bodies=tuple(len(coded & _lines_of(function.body)) for function in functions),
        tests=sum(function.name.startswith("test_") for function in functions),
    )


def _coded(lines: Sequence[str], nodes: Sequence[ast.AST]) -> set[int]:
    """Return the numbers of the lines of code."""
    texts = _lines_of(node for node in nodes if isinstance(node, ast.Constant | ast.JoinedStr))
    documented = (node for node in nodes if isinstance(node, _Documented) and ast.get_docstring(node) is not None)
    numbered = enumerate(lines, 1)
    # A line that begins with # within a string is not a comment.
    coded = {number for number, line in numbered if line and (number in texts or not line.startswith("#"))}
    return coded - _lines_of(node.body[0] for node in documented)


def _lines_of(nodes: Iterable[ast.stmt | ast.expr]) -> set[int]:
    return {number for node in nodes for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)}
