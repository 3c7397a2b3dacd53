"""Compute bootstrap intervals of a mean; the same values give the same interval. Pure functions."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

#: 1,000 resamples fix the ends of a 95 % interval to within a twentieth of its width.
_RESAMPLES = 1000
#: The share of resamples beyond each end of a 95 % interval.
_TAIL = 0.025
_SEED = 20_04_15011


@dataclass(frozen=True, kw_only=True, slots=True)
class Interval:
    """A mean with its 95 % interval."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:.2f} [{self.low:.2f}, {self.high:.2f}]"


def bootstrap(values: Sequence[float]) -> Interval | None:
    """Return the mean with its percentile bootstrap interval (Efron 1979), seeded; None without values."""
    if not values:
        return None
    dice, count = random.Random(_SEED), len(values)  # noqa: S311  # chance for statistics, not for secrets
    means = sorted(sum(dice.choices(values, k=count)) / count for _ in range(_RESAMPLES))
    cut = int(_TAIL * _RESAMPLES)
    return Interval(mean=sum(values) / count, low=means[cut], high=means[-1 - cut])
