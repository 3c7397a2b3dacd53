"""`dev.py figures` on small planted trees, and the table in the documentation against the code."""

from pathlib import Path

import pytest

from tests.figures.__main__ import PAGE, measured
from tests.figures.code import Source, read_source, read_tree
from tests.figures.copies import Place, copied
from tests.figures.coverage import shares
from tests.figures.cycles import cycles
from tests.figures.packages import ALL, by_package, p90
from tests.figures.report import BEGIN, END, Whole, put, report, stale, summary

#: Ten lines. The body of `outer` has five lines of code, the body of `inner` two.
NESTED = '''"""What it is for."""
def outer() -> int:
    """What it does."""
    # Why it does so.

    def inner() -> str:
        return """a
        b"""
    inner()
    return 1
'''
SEVEN = "".join(f"{name} = {name.upper()}()  # why\n" for name in "abcdefg")
NOTHING = Whole(cycles=(), copies=(), copies_in_tests=0, tests=0)


def plant(root: Path, **files: str) -> Path:
    """Write files of Python, each named by its dotted module."""
    for name, text in files.items():
        file = root / f"{name.replace('.', '/')}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return root


def a_source(path: str, *bodies: int, length: int = 10) -> Source:
    """Return a file whose functions have bodies of these lengths."""
    return Source(path=path, length=length, code=(), bodies=bodies, tests=0)


# ── counts ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_body_is_its_lines_of_code() -> None:
    """Docstrings, comments and blank lines do not count; every line of a string does; a nested body counts in both."""
    source = read_source("x.py", NESTED)
    assert (10, [2, 5]) == (source.length, sorted(source.bodies))


@pytest.mark.parametrize(
    ("text", "bodies"),
    [
        ("", ()),
        ("def f(): return 1", (1,)),
        ('def f():\n    """Only says so."""\n', (0,)),
        ("def f(\n    a,\n    b,\n):\n    return a\n", (1,)),
        ('def f():\n    return """\n# no comment\n\n  """\n', (3,)),
        ("class A:\n    async def f(self):\n        x = [\n            1,\n\n        ]\n        return x\n", (4,)),
    ],
)
def test_no_signature_belongs_to_a_body(text: str, bodies: tuple[int, ...]) -> None:
    """A body begins after the signature, however many lines that has; a line that both share counts once."""
    assert bodies == read_source("x.py", text).bodies


def test_the_functions_that_are_tests_are_counted() -> None:
    """Functions and methods whose names begin with `test_` are counted, each once."""
    text = "def test_a(): ...\nclass T:\n    async def test_b(self): ...\ndef attest_c(): ...\n"
    assert 2 == read_source("x.py", text).tests


def test_every_package_is_found(tmp_path: Path) -> None:
    """A package counts its own files, not those of its subpackages; the last row counts all."""
    plant(tmp_path, **{"top.__init__": "", "top.a": "x = 1\n" * 30, "top.deep.down.__init__": "", "other.b": ""})
    rows = by_package(read_tree(tmp_path, "top"))
    assert [("top", 2, 30), ("top.deep.down", 1, 0), (ALL, 3, 30)] == [(r.package, r.files, r.lines) for r in rows]


def test_the_middle_and_the_long_end_of_bodies() -> None:
    """A row has median, 90th percentile, the share of bodies over 25 lines, and the length of the longest file."""
    (row, _) = by_package([a_source("p/a.py", 1, 2, 3, 4, 26), a_source("p/b.py", 5, 6, 7, 25, 99, length=70)])
    assert (10, 5.5, 26, 20.0, 70) == (row.functions, row.body_median, row.body_p90, row.long_bodies, row.longest)


@pytest.mark.parametrize(
    ("ordered", "ninth"), [([], 0), ([4], 4), ([*range(1, 11)], 9), ([*range(1, 12)], 10), ([1] * 9 + [50], 1)]
)
def test_nine_in_ten_do_not_exceed_it(ordered: list[int], ninth: int) -> None:
    """The 90th percentile is by nearest rank, so it is always one of the numbers."""
    assert ninth == p90(ordered)


# ── copies and cycles ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_copy_is_found_in_both_places() -> None:
    """Indentation, blank lines, comments and imports hide no duplicate, and the whole run is returned."""
    there = "import os\n\nif os:\n" + "".join(f"    {line}\n\n    # Why.\n" for line in SEVEN.splitlines())
    found = copied([read_source("a.py", SEVEN), read_source("b.py", there)])
    assert (Place(path="a.py", first=1, last=7), Place(path="b.py", first=4, last=22)) == found


def test_a_short_run_is_no_copy() -> None:
    """Five identical lines, identical imports, and one line repeated nine times are no duplicates."""
    imports = "".join(f"import {name}\n" for name in "abcdefgh")
    five = "".join(SEVEN.splitlines(keepends=True)[:5])
    files = [imports, imports, five + "x = 1\n", five + "y = 1\n", "x += 1\n" * 9]
    assert () == copied(read_source(f"{number}.py", text) for number, text in enumerate(files))


def test_a_copy_within_one_file_is_found() -> None:
    """Both places are returned, each by itself."""
    found = copied([read_source("a.py", f"{SEVEN}x = 1\n{SEVEN}")])
    assert [(1, 7), (9, 15)] == [(place.first, place.last) for place in found]


def test_a_cycle_is_found_around_corners(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three modules in a ring are one group, also with an import inside a function; one for type checkers is none."""
    only_types = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import ringed.a\n"
    ring = {"a": "import ringed.b", "b": "def f():\n    import ringed.c", "c": "import ringed.a", "d": only_types}
    plant(tmp_path, **{"ringed.__init__": ""}, **{f"ringed.{name}": text for name, text in ring.items()})
    monkeypatch.syspath_prepend(tmp_path)
    assert (("ringed.a", "ringed.b", "ringed.c"),) == cycles("ringed")


def test_what_tests_reach_is_told_by_package() -> None:
    """The lines of a package are summed over its files; a package without lines has no share."""
    counted = {"bots/a.py": (1, 4), "bots/b.py": (5, 6), "bots/c/__init__.py": (0, 0), "bots/c/d.py": (1, 2)}
    files = {path: {"summary": {"covered_lines": hit, "num_statements": n}} for path, (hit, n) in counted.items()}
    assert {"bots": 60.0, "bots.c": 50.0, ALL: 700 / 12} == shares({"files": files})


# ── the table ────────────────────────────────────────────────────────────────────────────────────────────────────────


def a_page(*sources: Source) -> str:
    """Return a page with the figures of these files."""
    return put(f"# Page\n\n{BEGIN}{END}\n\nMore.\n", summary(by_package(sources), NOTHING))


def test_the_table_is_put_between_its_marks() -> None:
    """Text around the markers is kept, and writing twice changes nothing."""
    page = a_page(a_source("p/a.py", 1))
    assert page.startswith(f"# Page\n\n{BEGIN}\n\n| package | files |")
    assert page.endswith(f"\n\n{END}\n\nMore.\n")
    assert page == put(page, summary(by_package([a_source("p/a.py", 1)]), NOTHING))
    with pytest.raises(ValueError, match="is missing"):
        put("# Page", ())


def test_a_small_change_needs_no_new_table() -> None:
    """A page is not stale after 39 more lines and one more function."""
    page = a_page(a_source("p/a.py", 3, 3, 4, length=1000))
    assert [] == stale(page, summary(by_package([a_source("p/a.py", 3, 3, 3, 4, length=1039)]), NOTHING))


@pytest.mark.parametrize(
    ("now", "whole"),
    [
        ([a_source("p/a.py", 3, length=1200)], NOTHING),
        ([a_source("p/a.py", 9, length=1000)], NOTHING),
        ([a_source("q/a.py", 3, length=1000)], NOTHING),
        ([a_source("p/a.py", 3, length=1000), a_source("p/b/c.py", 3)], NOTHING),
        ([a_source("p/a.py", 3, length=1000)], Whole(cycles=(("a", "b"),), copies=(), copies_in_tests=0, tests=0)),
        ([a_source("p/a.py", 3, length=1000)], Whole(cycles=(), copies=(), copies_in_tests=11, tests=0)),
    ],
    ids=["more lines", "longer bodies", "another name", "a new package", "a cycle", "copies"],
)
def test_a_large_change_needs_a_new_table(now: list[Source], whole: Whole) -> None:
    """A page is stale after a package is added or renamed, a new cycle, or a change above tolerance and slack."""
    assert stale(a_page(a_source("p/a.py", 3, length=1000)), summary(by_package(now), whole))


def test_the_report_tells_everything_exactly() -> None:
    """The report has exact numbers, the place of every duplicate, and coverage where it was measured."""
    whole = Whole(cycles=(), copies=(Place(path="p/a.py", first=3, last=9),), copies_in_tests=0, tests=1739)
    told = report(by_package([a_source("p/a.py", 1, 2, length=1234)]), whole, {"p": 97.25})
    assert "| `p` | 1 | 1,234 | 2 | 1.5 | 2 | 0 | 1,234 | 97.2 |" in told
    assert "functions: 1,739" in told
    assert "p/a.py, lines 3 to 9" in told


def test_the_documents_hold_the_figures_of_the_code() -> None:
    """The table in docs/architecture.md agrees with the code, within the tolerance of each figure."""
    found = stale(PAGE.read_text("utf-8"), summary(*measured()))
    assert [] == found, "run python3 dev.py figures --write"
