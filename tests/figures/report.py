"""Renders the figures as Markdown: exact for the terminal, rounded for the documentation.

Exact figures in the documentation would be stale after each commit. There they are rounded, and count as stale only if
a figure has changed by more than a tenth and by more than the slack of its column.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tests.figures.code import Source
from tests.figures.copies import LEAST, Place
from tests.figures.packages import LONG_BODY, Figures

BEGIN, END = "<!-- figures: python3 dev.py figures --write -->", "<!-- end of figures -->"
#: A relative change up to this needs no new table.
_TOLERANCE = 0.1
#: A number by itself, not a digit in a name.
_NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?!\w)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """One figure of every package."""

    heading: str
    value: Callable[[Figures], float]
    #: The multiple it is rounded to in the documentation.
    step: float = 1
    #: The absolute change that needs no new table.
    slack: float


COLUMNS = (
    Column(heading="files", value=lambda each: each.files, slack=1),
    Column(heading="lines", value=lambda each: each.lines, step=100, slack=150),
    Column(heading="functions", value=lambda each: each.functions, step=10, slack=15),
    Column(heading="median body", value=lambda each: each.body_median, step=0.5, slack=1),
    Column(heading="p90 body", value=lambda each: each.body_p90, slack=3),
    Column(heading=f"bodies over {LONG_BODY} lines, %", value=lambda each: each.long_bodies, step=0.1, slack=3),
    Column(heading="longest file", value=lambda each: each.longest, step=10, slack=40),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Whole:
    """The figures of the whole tree."""

    cycles: Sequence[Sequence[str]]
    copies: Sequence[Place]
    copies_in_tests: int
    tests: int
    longest: Sequence[Source] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line for the documentation, and the slack of each number in it."""

    text: str
    slacks: tuple[float, ...] = ()


def report(rows: Sequence[Figures], whole: Whole, covered: Mapping[str, float] | None = None) -> str:
    """Return all figures, exact."""
    more = [] if covered is None else ["coverage, %"]
    lines = [_cells(["package", *(column.heading for column in COLUMNS), *more])]
    lines.append(_cells(["---", *["--:"] * (len(COLUMNS) + len(more))]))
    for row in rows:
        cells = [_written(round(column.value(row), 1)) for column in COLUMNS]
        share = [] if covered is None else [f"{covered.get(row.package, 0.0):.1f}"]
        lines.append(_cells([f"`{row.package}`", *cells, *share]))
    lines += ["", *(line.text for line in _of_whole(whole, exact=True)), ""]
    lines += [f"- long file: {source.path}, {source.length} lines" for source in whole.longest]
    lines += [f"- duplicated: {place.path}, lines {place.first} to {place.last}" for place in whole.copies]
    return "\n".join(lines) + "\n"


def summary(rows: Sequence[Figures], whole: Whole) -> tuple[Line, ...]:
    """Return the lines for the documentation."""
    slacks = tuple(column.slack for column in COLUMNS)
    table = [
        Line(text=_cells(["package", *(column.heading for column in COLUMNS)])),
        Line(text=_cells(["---", *["--:"] * len(COLUMNS)])),
    ]
    for row in rows:
        cells = [_rounded(column.value(row), column.step) for column in COLUMNS]
        table.append(Line(text=_cells([f"`{row.package}`", *cells]), slacks=slacks))
    return (*table, Line(text=""), *_of_whole(whole))


def _of_whole(whole: Whole, *, exact: bool = False) -> list[Line]:
    groups = "; ".join(", ".join(f"`{module}`" for module in group) for group in whole.cycles)
    copies, copies_in_tests = len(whole.copies), whole.copies_in_tests
    tests = _written(whole.tests) if exact else _rounded(whole.tests, 50)
    return [
        Line(text=f"- import cycles: {len(whole.cycles)}{groups and f' ({groups})'}"),
        Line(
            text=f"- duplicated places, {LEAST} identical lines or more: {copies}, in tests {copies_in_tests}",
            slacks=(0, 5, 10),
        ),
        Line(text=f"- test functions: {tests}", slacks=(75,)),
    ]


def put(page: str, lines: Sequence[Line]) -> str:
    """Return the page with the lines between its markers.

    Raises:
        ValueError: a marker is missing.
    """
    before, _, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"{BEGIN} or {END} is missing")
    return "\n".join([f"{before}{BEGIN}", "", *(line.text for line in lines), "", f"{END}{after}"])


def stale(page: str, lines: Sequence[Line]) -> list[str]:
    """Return the lines whose counterparts between the page's markers are stale; empty if the page is up to date."""
    written = page.partition(BEGIN)[2].partition(END)[0].strip().splitlines()
    wanted = [line.text for line in lines]
    if [_NUMBER.sub("#", text) for text in written] != [_NUMBER.sub("#", text) for text in wanted]:
        return [text for text in wanted if text not in written] or wanted
    return [line.text for old, line in zip(written, lines, strict=True) if not _alike(old, line)]


def _alike(written: str, line: Line) -> bool:
    pairs = zip(_numbers(written), _numbers(line.text), strict=True)
    slacks = line.slacks or (0,) * len(_numbers(line.text))
    return all(
        abs(old - new) <= max(slack, slack and _TOLERANCE * new)
        for (old, new), slack in zip(pairs, slacks, strict=True)
    )


def _numbers(text: str) -> list[float]:
    return [float(number.replace(",", "")) for number in _NUMBER.findall(text)]


def _cells(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _rounded(value: float, step: float) -> str:
    """Return the number rounded to a multiple of the step; a number below the step is kept, not rounded to 0."""
    return _written(round(round(value / step) * step if value >= step else value, 1))


def _written(value: float) -> str:
    return f"{int(value):,}" if value == int(value) else f"{value:,}"
