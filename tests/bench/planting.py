"""Plants a fault by hand in a copy of the checkout, and tells which tests fail with it."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.mutants import PYTEST

_FAILED = re.compile(r"^(?:FAILED|ERROR) ([^\s\[]+)", re.MULTILINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """A fault with a name."""

    name: str
    file: str
    before: str
    after: str
    #: Those that shall find it.
    tests: tuple[str, ...]


@contextmanager
def planted(fault: Named, tree: Path) -> Iterator[None]:
    """Plant a fault until the context exits.

    Raises:
        ValueError: its text does not stand in its file exactly once.
    """
    file = tree / fault.file
    whole = with_fault(fault, tree)
    before = file.read_text(encoding="utf-8")
    file.write_text(whole, encoding="utf-8")
    try:
        yield
    finally:
        file.write_text(before, encoding="utf-8")


def with_fault(fault: Named, tree: Path) -> str:
    """Return the text of a fault's file with the fault in it.

    Raises:
        ValueError: its text does not stand in its file exactly once.
    """
    whole = (tree / fault.file).read_text(encoding="utf-8")
    if whole.count(fault.before) != 1:
        raise ValueError(f"{fault.file} does not have the text of {fault.name!r} once")
    return whole.replace(fault.before, fault.after)


def failing(tests: Sequence[str], tree: Path, *, first: bool = True) -> frozenset[str]:
    """Return the tests that fail, without their parameters; how pytest ended if it did not get that far.

    Args:
        tests: files, folders or tests, as pytest takes them.
        tree: the checkout.
        first: stop at the first failure.
    """
    options = [each for each in PYTEST if first or each != "-x"]
    command = (sys.executable, *options, "-p", "tests.bench.first_failure", "-m", "slow or not slow", *tests)
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    ended = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True)
    if ended.returncode == 0:
        return frozenset()
    return frozenset(_FAILED.findall(ended.stdout)) or frozenset({f"pytest ended with {ended.returncode}"})
