"""Claims about what training counts as wrong. Needs torch."""

import random
from typing import Any

import numpy as np
import pytest

torch: Any = pytest.importorskip("torch", reason="needs torch: python3 dev.py install --extra training")

from summarizer.encoder.layout import Layout  # noqa: E402  # behind the skip
from summarizer.training import batches  # noqa: E402
from summarizer.training.losses import disorder, distance, role_surprise, surprise, word_surprise  # noqa: E402
from summarizer.training.trainer import Rates, spread, train  # noqa: E402


def layout(tokens: int, *places: tuple[int, int]) -> Layout:
    """Return a layout of so many tokens."""
    return Layout(ids=np.arange(1, tokens + 1), places=places, offsets=((0, 0),) * tokens)


def test_the_wanted_distribution_surprises_least() -> None:
    """A choice that is not there counts neither as wanted nor as predicted."""
    wanted, seen = torch.tensor([[1.0, 3.0, 9.0]]), torch.tensor([[True, True, False]])
    least = surprise(wanted, wanted, seen)
    assert least < surprise(torch.tensor([[3.0, 1.0, 9.0]]), wanted, seen)
    assert torch.isclose(least, surprise(torch.tensor([[1.0, 3.0, -5.0]]), wanted, seen))


def test_words_without_a_summary_do_not_count() -> None:
    """Only tokens with a share of at least 0 count."""
    told = torch.tensor([1.0, 0.0, -1.0])
    right = torch.tensor([4.0, -4.0, 0.0])
    assert word_surprise(right, told) < 0.1
    assert word_surprise(right, told) == word_surprise(torch.tensor([4.0, -4.0, 99.0]), told)


def test_a_sure_label_counts_more_than_an_unsure_one() -> None:
    """Two sentences with contrary labels: the surer label is learnt; a doubted one leaves room for other roles."""
    logits, labels = torch.tensor([[2.0, 0.0], [2.0, 0.0]]), torch.tensor([0, 1])
    assert role_surprise(logits, labels, torch.tensor([0.9, 0.3])) < role_surprise(
        logits, labels, torch.tensor([0.3, 0.9])
    )
    sure = torch.tensor([[9.0, 0.0]])
    assert role_surprise(sure, torch.tensor([0]), torch.tensor([1.0])) < role_surprise(
        sure, torch.tensor([0]), torch.tensor([0.3])
    )


def test_the_bases_own_vectors_are_not_far_from_them() -> None:
    """The distance is 0 for equal vectors, 1 for vectors at right angles; order is learnt from nearness."""
    vectors = torch.eye(3)
    assert torch.isclose(torch.tensor(0.0), distance(vectors, vectors))
    assert torch.isclose(torch.tensor(1.0), distance(vectors, vectors.roll(1, 0)))
    assert disorder(vectors, vectors, vectors, vectors) < disorder(vectors, vectors.roll(1, 0), vectors, vectors)


def test_every_row_is_in_one_batch() -> None:
    """No row is lost or doubled, and a batch has rows of a similar length."""
    found = batches.batches(list(range(100)), random.Random(0), lambda row: row, size=8)  # noqa: S311  # an order, no secret
    assert list(range(100)) == sorted(row for batch in found for row in batch)
    assert max(max(batch) - min(batch) for batch in found) <= 8


def test_a_batch_is_filled_up_to_whole_blocks() -> None:
    """Tokens beyond an abstract are padding; an abstract that is too long is cut."""
    ids, real = batches.padded([layout(5), layout(40)], padding=7)
    assert (2, 64) == tuple(ids.shape)
    assert ([1, 2, 3, 4, 5, 7], 5) == (ids[0, :6].tolist(), int(real[0].sum()))
    assert (1, batches.MOST_TOKENS) == tuple(batches.padded([layout(500)])[0].shape)


def test_a_sentence_covers_its_own_tokens() -> None:
    """A sentence that was cut off covers only what was read of it."""
    found = batches.bodies([layout(6, (1, 3), (4, 6)), layout(500, (380, 499))], 512)
    assert [2, 2] == found[0].sum(-1).tolist()
    assert 4 == int(found[1, 0].sum())


def test_steps_aside_are_spread_evenly() -> None:
    """Every step is taken once, and those aside do not come all at the end."""
    assert ["m", "m", "a", "m", "m", "a"] == spread(["m"] * 4, ["a"] * 2)
    assert ["m", "a", "a", "a", "m", "a", "a", "a"] == spread(["m"] * 2, ["a"] * 6)


def test_training_moves_the_average_towards_the_answer() -> None:
    """The result is near what the loss wants; every step is told."""
    network = torch.nn.Module()
    network.body = torch.nn.Linear(1, 1)
    network.head = torch.nn.Linear(1, 1)
    asked, told = torch.ones(1, 1), list[int]()

    def loss() -> Any:
        return (network.head(network.body(asked)) - 3).square().sum()

    trained = train(
        network,
        [loss] * 200,
        Rates(body=0.05, heads=0.05, memory=0.9),
        tell=lambda step, steps, _: told.append(steps - step),
    )
    assert abs(float(trained.head(trained.body(asked)).detach()) - 3) < 0.2
    assert list(range(199, -1, -1)) == told


def test_a_row_is_cut_or_filled_up() -> None:
    """Values beyond the width are left out, missing ones are filled."""
    assert [[1.0, 2.0], [3.0, -1.0]] == batches.filled([[1, 2, 3], [3]], 2, -1.0).tolist()
