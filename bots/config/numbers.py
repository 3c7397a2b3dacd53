"""Readers of settings that are numbers within limits. Pure functions."""

from collections.abc import Callable
from dataclasses import dataclass

#: The database counts tokens in 32 bits; no plan of a vendor allows as many a day.
_MOST_TOKENS = 2_000_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Prices:
    """What a million tokens of a model server cost; the currency is the operator's."""

    prompt: float = 0.0
    completion: float = 0.0

    def cost(self, prompt_tokens: int, completion_tokens: int) -> float:
        """Return what so many tokens cost."""
        return (prompt_tokens * self.prompt + completion_tokens * self.completion) / 1_000_000


def price(value: str) -> float:
    """Read the price of a million tokens."""
    read = float(value)
    if not 0 <= read <= 100_000:
        raise ValueError("give a price between 0 and 100,000")
    return read


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
