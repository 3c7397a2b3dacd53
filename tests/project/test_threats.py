"""Tests that docs/explanation/threats.md names what exists, every threat once, and tests that a break makes fail."""

import ast
import re
from functools import lru_cache

import pytest

from tests.bench.planting import Named, with_fault
from tests.bench.threat_mutants import breaks, held_twice, named_tests, names
from tests.conftest import ROOT

PAGE = (ROOT / "docs/explanation/threats.md").read_text(encoding="utf-8")
#: `tests/folder/test_file.py::test_name`, in code marks.
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))
MODULES = sorted(set(re.findall(r"`((?:bots|summarizer|tests|requirements|deploy)/[\w/.-]*?)`", PAGE)))
BREAKS = [pytest.param(number, each, id=f"{number} {each.name}") for number, some in breaks().items() for each in some]
ROWS = re.findall(r"^## (\d+)\. (.+)$", PAGE, re.MULTILINE)


@lru_cache
def names_in(file: str) -> frozenset[str]:
    """Return the names of the test functions in a file, without importing it."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, kinds) and node.name.startswith("test_"))


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_every_named_test_exists(file: str, name: str) -> None:
    """Each test that the page relies on is in the file that it names."""
    assert (ROOT / file).is_file()
    assert name in names_in(file)


@pytest.mark.parametrize("path", MODULES)
def test_every_named_module_exists(path: str) -> None:
    """Each module or folder that the page names is in the project."""
    assert (ROOT / path).exists()


def test_each_threat_has_its_four_parts() -> None:
    """Every threat says what an attacker does, what is done about it, which tests hold it, and what remains."""
    assert [str(number) for number in range(1, 30)] == [number for number, _ in ROWS]
    _, *sections = re.split(r"^## \d+\. ", PAGE, flags=re.MULTILINE)
    parts = ("**Attack.**", "**Defence.**", "**Tests.**", "**What remains.**")
    assert {} == {
        section.partition("\n")[0]: part
        for section in sections
        for part in parts
        if section.count(part) != 1 and not (part == "**Tests.**" and "**Not yet.**" in section)
    }


def test_the_page_names_many_tests() -> None:
    """The patterns above find what they look for: a page in another form would otherwise pass without a check."""
    assert 40 < len(NAMED)
    assert 30 < len(MODULES)


@pytest.mark.parametrize(("number", "fault"), BREAKS)
def test_every_break_of_a_defence_can_be_planted(number: str, fault: Named) -> None:
    """Its text is in the code, once, what takes its place is Python too, and its tests are those of the threat."""
    broken = with_fault(fault, ROOT)
    assert broken != (ROOT / fault.file).read_text(encoding="utf-8")
    if fault.file.endswith(".py"):
        ast.parse(broken)
    assert set() == names(fault) - named_tests()[number]


def test_every_test_of_a_threat_fails_with_a_break() -> None:
    """`python3 dev.py bench threats` sees each test on the page fail, but those that two defences hold."""
    found = {number: frozenset[str]().union(*map(names, some)) for number, some in breaks().items()}
    assert [number for number, _ in ROWS] == sorted(found, key=int)
    twice = frozenset(held_twice())
    assert {} == {
        number: missing for number, tests in named_tests().items() if (missing := tests - found[number] - twice)
    }
    assert set() == twice - frozenset[str]().union(*named_tests().values())
    assert set() == twice & frozenset[str]().union(*found.values())
