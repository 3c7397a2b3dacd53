"""Whether what the program holds stays as it is: the trend of its memory with a bound, and the rest as counts."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median

from tests.soak.samples import Sample

#: What must not grow at all; each may differ by what is under way at the moment of a sample.
COUNTS = ("handles", "threads", "tasks", "connections")
#: Things under way at the moment of a sample: a few requests, a digest, pooled connections.
_UNDER_WAY = 6
#: Samples are averaged in this many groups, because neighbours resemble each other; Student's t for 8 degrees, 95 %.
_GROUPS, _T = 10, 2.306
#: Fewer points say nothing about a trend.
_FEWEST = 5
_HOUR = 3600.0
#: Growth of the memory per hour that counts as flat, as a share of it: a tenth in ten hours.
_FLAT = 0.01


@dataclass(frozen=True, kw_only=True, slots=True)
class Trend:
    """A straight line through figures over time."""

    #: Per hour.
    slope: float
    #: The slope is within this much of the true one, in 95 cases of 100.
    bound: float
    mean: float

    @property
    def least(self) -> float:
        """The smallest slope that the figures allow."""
        return self.slope - self.bound


def trend(points: Sequence[tuple[float, float]]) -> Trend:
    """Return the line of least squares through points of seconds and figures, by the means of ten groups of them."""
    size = max(1, len(points) // _GROUPS)
    groups = [points[start : start + size] for start in range(0, size * min(_GROUPS, len(points)), size)]
    times = [fmean(at for at, _ in each) / _HOUR for each in groups]
    values = [fmean(value for _, value in each) for each in groups]
    middle, mean = fmean(times), fmean(values)
    spread = sum((each - middle) ** 2 for each in times)
    if len(groups) < _FEWEST or not spread:
        return Trend(slope=0.0, bound=math.inf, mean=mean)
    slope = sum((x - middle) * (y - mean) for x, y in zip(times, values, strict=True)) / spread
    left = sum((y - mean - slope * (x - middle)) ** 2 for x, y in zip(times, values, strict=True))
    freedom = max(1, len(groups) - 2)
    return Trend(slope=slope, bound=_T * math.sqrt(left / freedom / spread), mean=mean)


def second_half(samples: Sequence[Sample]) -> Sequence[Sample]:
    """Return the samples of the second half: before it, caches fill and modules load."""
    return samples[len(samples) // 2 :]


def memory_of(samples: Sequence[Sample]) -> Trend:
    """Return the trend of the memory, in MiB."""
    return trend([(each.at, each.memory) for each in samples])


def growing(before: Sequence[Sample], after: Sequence[Sample]) -> list[str]:
    """Return what was held more of later than before, each in words; empty if nothing was."""
    grown = []
    for name in COUNTS:
        first, last = (median(getattr(each, name) for each in some) for some in (before, after))
        if last > first + _UNDER_WAY:
            grown.append(f"{name} grew from {first:g} to {last:g}")
    return grown


def faults(samples: Sequence[Sample]) -> list[str]:
    """Return what was not flat in the second half, each in words; empty if everything was."""
    late = second_half(samples)
    half = len(late) // 2
    memory = memory_of(late)
    wrong = growing(late[:half], late[half:]) if half else []
    if memory.least > 0 and memory.slope > _FLAT * memory.mean:
        wrong.append(f"the memory grew by {memory.slope:.2f} ± {memory.bound:.2f} MiB an hour")
    return wrong


def summary(samples: Sequence[Sample]) -> str:
    """Return the result in a few lines."""
    late = second_half(samples)
    first, last, memory = samples[0], samples[-1], memory_of(late)
    database = trend([(each.at, each.database) for each in late])
    counts = [f"{name} {min(v)} to {max(v)}" for name in COUNTS if (v := [getattr(each, name) for each in late])]
    minutes = (last.at - first.at) / 60
    return "\n".join(
        (
            f"{minutes:.0f} minutes, {last.requests} things done by people, {last.digests} digests; the second half:",
            f"  memory {memory.mean:.1f} MiB, slope {memory.slope:+.3f} ± {memory.bound:.3f} MiB an hour (95 %)",
            f"  {', '.join(counts)}",
            f"  database {late[0].database:.1f} to {last.database:.1f} MiB, {database.slope:+.2f} MiB an hour",
            f"  processor {fmean(each.processor for each in late):.1f} % of a core",
            f"  verdict: {'; '.join(faults(samples)) or 'flat'}",
        )
    )
