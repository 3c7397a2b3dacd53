"""Group examples into batches of similar length, and turn batches into tensors."""

import random
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import torch

from summarizer.encoder.layout import Layout
from summarizer.training.examples import Example

_Row = TypeVar("_Row")
#: Abstracts in a batch.
SIZE = 16
#: Abstracts are sorted by length within this many batches, so that a batch contains similar lengths.
_BUCKET = 20
#: The tokens of an abstract that are read in training: the few longer ones would slow down their whole batch.
MOST_TOKENS = 384
#: Batches are padded to a multiple of this, because the processor's kernels are compiled anew for each new length.
_ROUND = 32


def batches(
    rows: Sequence[_Row], order: random.Random, length: Callable[[_Row], int], size: int = SIZE
) -> list[list[_Row]]:
    """Return all rows in random batches of rows with a similar length."""
    shuffled = list(rows)
    order.shuffle(shuffled)
    found = []
    for start in range(0, len(shuffled), size * _BUCKET):
        bucket = sorted(shuffled[start : start + size * _BUCKET], key=length)
        found += [bucket[place : place + size] for place in range(0, len(bucket), size)]
    order.shuffle(found)
    return found


def padded(layouts: Sequence[Layout], padding: int = 0) -> tuple[Any, Any]:
    """Return the tokens, padded with the token `padding`, and a mask, 1 for a token: both (abstracts, tokens)."""
    longest = min(MOST_TOKENS, max(len(layout.ids) for layout in layouts))
    tokens = -(-longest // _ROUND) * _ROUND
    ids = torch.full((len(layouts), tokens), padding, dtype=torch.long)
    real = torch.zeros((len(layouts), tokens), dtype=torch.long)
    for place, layout in enumerate(layouts):
        read = torch.from_numpy(layout.ids[:MOST_TOKENS])
        ids[place, : len(read)] = read
        real[place, : len(read)] = 1
    return ids, real


def covers(batch: Sequence[Example], tokens: int) -> Any:
    """Return 1 for each token that belongs to a form: (abstracts, forms, tokens)."""
    found = torch.zeros(len(batch), max(len(example.covers) for example in batch), tokens)
    for place, example in enumerate(batch):
        length = min(tokens, MOST_TOKENS, example.covers.shape[1])
        found[place, : len(example.covers), :length] = torch.from_numpy(example.covers[:, :length]).float()
    return found


def bodies(layouts: Sequence[Layout], tokens: int) -> Any:
    """Return 1 for each token that belongs to a sentence: (abstracts, sentences, tokens)."""
    found = torch.zeros(len(layouts), max(len(layout.places) for layout in layouts), tokens)
    for place, layout in enumerate(layouts):
        for number, (start, end) in enumerate(layout.places):
            found[place, number, start : min(end, MOST_TOKENS)] = 1
    return found


def filled(rows: Sequence[Any], width: int, empty: float = 0.0) -> Any:
    """Return the rows as one tensor, each cut or filled up with `empty`: (rows, width)."""
    found = torch.full((len(rows), width), empty)
    for place, row in enumerate(rows):
        values = torch.as_tensor(row, dtype=torch.float32)[:width]
        found[place, : len(values)] = values
    return found


def told(batch: Sequence[Example], tokens: int) -> Any:
    """Return for each token the share of human summaries that contain its word, -1 if it has none."""
    return filled([example.told[:MOST_TOKENS] for example in batch], tokens, -1.0)
