"""Choose the papers, without a human summary, that the encoder learns from."""

import random
from itertools import islice
from pathlib import Path

from summarizer.evaluation.measures import Row, read_rows

#: In words; a shorter title says too little about its abstract.
_SHORTEST_TITLE = 5


def chosen(path: Path, count: int, skip: int) -> list[Row]:
    """Return a fixed random choice of the papers after the first `skip`, which are kept for measuring."""
    rows = [row for row in islice(read_rows(path), skip, None) if len(row.abstract.title.split()) >= _SHORTEST_TITLE]
    random.Random(1).shuffle(rows)  # noqa: S311  # a choice, no secret
    return rows[:count]
