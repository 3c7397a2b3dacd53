"""Readers of settings that are numbers within limits. Pure functions."""

from collections.abc import Callable

#: The database counts tokens in 32 bits; no plan of a vendor allows as many a day.
_MOST_TOKENS = 2_000_000_000


def hours_or_none(value: str) -> float:
    """Read a number of hours; 0 is none."""
    hours = float(value)  # papers of lists that are not out yet cannot be condensed
    if not 0 <= hours <= 24:
        raise ValueError("give hours between 0 and 24")
    return hours


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """Return a reader that accepts whole numbers from `least` to `most`."""

    def read(value: str) -> int:
        bare = value.strip().replace("_", "")
        if not (bare.isascii() and bare.isdigit() and least <= int(bare[:12]) <= most):
            raise ValueError(f"give a whole number from {least:,} to {most:,}")
        return int(bare)

    return read


def tokens(value: str) -> str:
    """Read a number of tokens."""
    bare = value.strip().replace("_", "")
    if not (bare.isascii() and bare.isdigit()):
        raise ValueError("give a whole number; 0 is no limit")
    if int(bare[:12]) > _MOST_TOKENS:
        raise ValueError(f"give at most {_MOST_TOKENS:,}; 0 is no limit")
    return bare
