"""Puts scores of different kinds on one scale."""

import numpy as np
from numpy.typing import NDArray

from bots.ranking.weights import PRIOR

Floats = NDArray[np.float64]


def standardised(values: Floats, mean: float, deviation: float) -> Floats:
    """Return how many standard deviations each value is above the mean.

    Mean and deviation are those of the values together with `PRIOR` usual ones: of a short list they are nearly the
    usual, of a long one nearly its own.

    Args:
        values: one for each paper.
        mean: the usual mean.
        deviation: the usual standard deviation.
    """
    number = len(values) + PRIOR
    centre = (values.sum() + PRIOR * mean) / number
    spread = ((values - centre) ** 2).sum() + PRIOR * (deviation**2 + (mean - centre) ** 2)
    scale = float(np.sqrt(spread / number))
    return np.asarray((values - centre) / (scale or 1.0))
