"""`python3 dev.py bench threats`: each defence of docs/explanation/threats.md is broken, and its tests must fail.

The breaks are in `threat_mutants.toml`, by the number of the threat. `python -m tests.bench.threat_mutants [NUMBER …]`
names for each break the tests that did not fail; `--only WORDS` plants those whose name has the words.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench.mutants import copy_checkout
from tests.bench.planting import Named, failing, planted
from tests.bench.rows import Row
from tests.conftest import ROOT

_PAGE, _TABLE = ROOT / "docs/explanation/threats.md", Path(__file__).with_suffix(".toml")
#: The part of the table with tests that no single fault makes fail.
_HELD_TWICE = "held twice"
_TEST = re.compile(r"`(tests/[\w/]+\.py::\w+)`")


def named_tests() -> dict[str, frozenset[str]]:
    """Return the tests that the page names, by the number of their threat."""
    _, *pairs = re.split(r"^## (\d+)\. ", _PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {number: frozenset(_TEST.findall(section)) for number, section in zip(pairs[::2], pairs[1::2], strict=True)}


def breaks() -> Mapping[str, tuple[Named, ...]]:
    """Return the breaks of each threat's defence, by its number; their tests are single ones, some with a parameter."""
    return {
        number: tuple(Named(**{**each, "tests": tuple(each["tests"])}) for each in several)
        for number, several in _table().items()
        if number != _HELD_TWICE
    }


def held_twice() -> Mapping[str, str]:
    """Return the tests on the page that no single fault makes fail, or for which none was tried, and why."""
    found: Mapping[str, str] = _table()[_HELD_TWICE]
    return found


def _table() -> Mapping[str, Any]:
    with _TABLE.open("rb") as table:
        return tomllib.load(table)


def names(fault: Named) -> frozenset[str]:
    """Return the tests of a break without their parameters."""
    return frozenset(each.partition("[")[0] for each in fault.tests)


def _surviving(fault: Named, tree: Path) -> list[str]:
    """Return the tests that a break shall fail and does not."""
    with planted(fault, tree):
        return sorted(names(fault) - failing(fault.tests, tree, first=False))


def _copied(folder: str) -> Path:
    """Return a copy of the checkout that git knows, for the tests that search every file of the project."""
    tree = Path(folder) / "tree"
    copy_checkout(tree)
    subprocess.run((shutil.which("git") or "git", "init", "--quiet"), cwd=tree, check=True)
    return tree


def measure(_data: Path) -> Iterator[Row]:
    """Yield, for each threat, how many of its tests fail when the defence is broken that they hold."""
    with TemporaryDirectory() as folder:
        tree = _copied(folder)
        for number, several in breaks().items():
            wanted = sum(len(names(each)) for each in several)
            missed = sum(len(_surviving(each, tree)) for each in several)
            what = f"threat {number}: failing of {wanted} tests, {len(several)} breaks"
            yield Row(what=what, ours=wanted - missed, unit="", peer="wanted", theirs=wanted, more_is_better=True)


def main() -> int:
    """Plant each break and print the tests that did not fail; return 1 if there was one."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.threat_mutants", description=__doc__)
    parser.add_argument("numbers", nargs="*", help="of which threats; of all without it")
    parser.add_argument("--only", default="", help="plant only those whose name has these words")
    asked, survived = parser.parse_args(), 0
    with TemporaryDirectory() as folder:
        tree = _copied(folder)
        for number, several in breaks().items():
            for each in several:
                if (not asked.numbers or number in asked.numbers) and asked.only in each.name:
                    missed = _surviving(each, tree)
                    survived += bool(missed)
                    sys.stdout.write(
                        f"{number} {each.name}: {' '.join(('SURVIVED', *missed)) if missed else 'found'}\n"
                    )
                    sys.stdout.flush()
    return min(survived, 1)


if __name__ == "__main__":
    raise SystemExit(main())
