"""Vectors of texts as arithmetic takes them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

#: One vector a row, each of length 1, or all zeros for a text that has no word to read: (texts, 384).
Matrix = NDArray[np.float32]
#: The length of a vector of the shipped encoder.
WIDTH = 384


def matrix(vectors: Sequence[bytes | None]) -> Matrix:
    """Return packed vectors, as `summarizer.Embedder` returns them, as rows; None becomes zeros."""
    rows = np.zeros((len(vectors), WIDTH), np.float32)
    for row, vector in zip(rows, vectors, strict=True):
        if vector is not None:
            row[:] = np.frombuffer(vector, "<f2")
    return rows


def cosines(one: bytes | None, others: Sequence[bytes | None]) -> tuple[float, ...]:
    """Return the cosine of each other vector and `one`; -1 if either has no word to read."""
    if one is None:
        return (-1.0,) * len(others)
    near = matrix(others) @ matrix([one])[0]
    return tuple(-1.0 if vector is None else float(value) for vector, value in zip(others, near, strict=True))
