"""Claims about what several networks think together of an abstract."""

from collections.abc import Sequence

import numpy as np
import pytest

pytest.importorskip("torch", reason="needs torch: python3 dev.py install --extra training")

from summarizer.encoder.session import Encoder
from summarizer.evaluation.evaluate import rouge
from summarizer.evaluation.measures import read_rows
from summarizer.training.examples import Example, examples
from summarizer.training.opinions import Opinion, both, mean, opinions
from tests.conftest import ROOT

SAMPLE = ROOT / "tests/samples/summarizer/summaries.jsonl"


def opinion(forms: list[float], roles: list[list[float]]) -> Opinion:
    """Return an opinion with these probabilities."""
    return Opinion(forms=np.log(np.array(forms, np.float32)), roles=np.array(roles, np.float32))


def test_the_mean_of_equals_is_between_them() -> None:
    """Roles are averaged over the sentences that all have read."""
    found = mean([opinion([0.5, 0.5], [[1, 0], [1, 0]]), opinion([0.5, 0.5], [[0, 1]])])
    assert [[0.5, 0.5]] == found.roles.tolist()
    assert [0.5, 0.5] == pytest.approx(np.exp(found.forms).tolist())


def test_two_kinds_of_network_multiply_their_probabilities() -> None:
    """What both find likely is likelier still, and the probabilities sum to one again."""
    found = both(opinion([0.8, 0.2], [[1, 0]]), opinion([0.8, 0.2], [[0, 1]]))
    assert [16 / 17, 1 / 17] == pytest.approx(np.exp(found.forms).tolist())
    assert [[0.5, 0.5]] == found.roles.tolist()


def test_opinions_come_in_the_order_of_the_abstracts() -> None:
    """Abstracts are read in batches of similar length, but each keeps its place."""
    rows = list(examples(read_rows(SAMPLE), Encoder()._tokenizer, rouge())) * 7

    def lengths(batch: Sequence[Example]) -> list[Opinion]:
        return [opinion([float(len(row.layout.ids))], [[1.0]]) for row in batch]

    found = opinions(lengths, rows, tell=lambda *_: None)
    assert [len(row.layout.ids) for row in rows] == [round(float(np.exp(each.forms[0]))) for each in found]
