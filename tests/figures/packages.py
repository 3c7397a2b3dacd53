"""The figures of each package: its size, and the lengths of the bodies of its functions."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median

from tests.figures.code import Source

#: Longer bodies should be reviewed.
LONG_BODY = 25
#: The name of the row for all packages together.
ALL = "all"


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """One package without its subpackages, or all packages together."""

    package: str
    files: int
    lines: int
    functions: int
    #: Lines of code of function bodies: the median, and the 90th percentile.
    body_median: float
    body_p90: int
    #: The share of bodies of more than `LONG_BODY` lines, in per cent.
    long_bodies: float
    #: The lines of the longest file.
    longest: int


def by_package(sources: Iterable[Source]) -> tuple[Figures, ...]:
    """Return the figures of every package that holds a file, sorted by name, then those of all together."""
    found: dict[str, list[Source]] = defaultdict(list)
    for source in sources:
        found[source.package].append(source)
        found[ALL].append(source)
    together = found.pop(ALL, [])
    return (*(figures(name, found[name]) for name in sorted(found)), figures(ALL, together))


def figures(package: str, sources: Sequence[Source]) -> Figures:
    """Return the figures of these files."""
    bodies = sorted(length for source in sources for length in source.bodies)
    return Figures(
        package=package,
        files=len(sources),
        lines=sum(source.length for source in sources),
        functions=len(bodies),
        body_median=median(bodies or [0]),
        body_p90=p90(bodies),
        long_bodies=100 * sum(length > LONG_BODY for length in bodies) / max(len(bodies), 1),
        longest=max((source.length for source in sources), default=0),
    )


def p90(ordered: Sequence[int]) -> int:
    """Return the 90th percentile of sorted numbers by nearest rank; 0 for none."""
    return ordered[ceil(0.9 * len(ordered)) - 1] if ordered else 0
