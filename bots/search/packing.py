"""Vectors in one byte a number, half of what the encoder gives: 50,000 papers take 19 MB."""

import numpy as np
from numpy.typing import NDArray

from bots.ranking.vectors import WIDTH

#: A packed vector: its scale as a 32-bit number, then its numbers as signed bytes.
PACKED = 4 + WIDTH
_MOST = 127


def pack(vector: bytes) -> bytes:
    """Return a vector of the encoder in one byte a number; cosines are then off by less than 0.005."""
    numbers = np.frombuffer(vector, "<f2").astype(np.float32)
    scale = np.float32(np.abs(numbers).max() / _MOST) or np.float32(1)
    head: bytes = np.asarray(scale, "<f4").tobytes()
    body: bytes = np.rint(numbers / scale).astype(np.int8).tobytes()
    return head + body


def unpack(packed: bytes) -> tuple[float, NDArray[np.int8]]:
    """Return the scale and the numbers of a packed vector."""
    return float(np.frombuffer(packed, "<f4", 1)[0]), np.frombuffer(packed, np.int8, WIDTH, 4)
