"""`python3 dev.py figures [--write] [--coverage]`: the state of the code base, as a table in Markdown.

`--write` also writes the stable figures, without coverage, into docs/architecture.md. `--coverage` runs the quick tests
first and adds a column: the share of each package's lines that they execute.
"""

import argparse
import sys

from tests.conftest import ROOT
from tests.figures.code import read_tree
from tests.figures.copies import copied
from tests.figures.cycles import cycles
from tests.figures.packages import Figures, by_package
from tests.figures.report import Whole, put, report, summary

PACKAGES = ("bots", "summarizer")
#: Files with this many lines are listed.
LONG_FILE = 250
PAGE = ROOT / "docs/architecture.md"


def measured() -> tuple[tuple[Figures, ...], Whole]:
    """Return the figures of this checkout: by package, and for the whole tree."""
    product, tests = read_tree(ROOT, *PACKAGES), read_tree(ROOT, "tests")
    whole = Whole(
        cycles=cycles(*PACKAGES),
        copies=copied(product),
        copies_in_tests=len(copied(tests)),
        tests=sum(source.tests for source in tests),
        longest=sorted((source for source in product if source.length >= LONG_FILE), key=lambda each: -each.length),
    )
    return by_package(product), whole


def main() -> int:
    """Print the figures, and with `--write` also write the stable ones."""
    parser = argparse.ArgumentParser(prog="dev.py figures", description=__doc__, allow_abbrev=False)
    parser.add_argument("--write", action="store_true", help="write the stable figures into docs/architecture.md")
    parser.add_argument("--coverage", action="store_true", help="run the quick tests and measure their coverage")
    asked = parser.parse_args()
    rows, whole = measured()
    if asked.write:
        PAGE.write_text(put(PAGE.read_text("utf-8"), summary(rows, whole)), encoding="utf-8")
    covered = None
    if asked.coverage:
        from tests.figures.coverage import covered_by_tests

        covered = covered_by_tests(ROOT, PACKAGES)
    sys.stdout.write(report(rows, whole, covered))
    return 0


if __name__ == "__main__":
    sys.exit(main())
