"""Claims about the head for vectors that is solved for a finished encoder."""

import shutil
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

pytest.importorskip("onnx", reason="needs onnx: python3 dev.py install --extra training")
pytest.importorskip("torch", reason="needs torch: python3 dev.py install --extra training")

import onnx
from tokenizers import Tokenizer

from summarizer.encoder.session import SHIPPED, Encoder, Floats, Reading
from summarizer.engines.extractive import weights
from summarizer.evaluation.measures import Row, read_rows
from summarizer.training.base import Base
from summarizer.training.network import WIDTH
from summarizer.training.vector_head import Head, Sample, main, put, solve, with_head
from tests.conftest import ROOT
from tests.summarizer.engines.generative.tiny_models import save_bert

SAMPLE = ROOT / "tests/samples/summarizer/summaries.jsonl"
SENTENCES = ("Links are often slow.", "We propose postcards, which are small.", "They outperform all.")
PIECES = [[(1, "We propose postcards.")], [(2, SENTENCES[2])]]


def unit(vectors: NDArray[Any]) -> Floats:
    """Return the vectors at length 1."""
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True), np.float32)


def sample(seed: int, *, rows: int = 400, width: int = 8) -> Sample:
    """Return means, and vectors that a linear map makes of them."""
    chance = np.random.default_rng(seed)
    means = chance.normal(size=(rows, width)).astype(np.float32)
    turned = means @ (np.eye(width) + chance.normal(size=(width, width)) / 4) + 0.1
    return Sample(means=means, wanted=unit(turned), weight=np.ones(rows, np.float32))


def nearness(found: Sample, head: Head) -> float:
    """Return the mean cosine of what a head makes of the means and what was wanted."""
    return float((unit(found.means @ head.matrix + head.bias) * found.wanted).sum(1).mean())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a copy of the shipped encoder."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "model"))


def read(folder: Path) -> Reading:
    """Return what the encoder in a folder makes of a text."""
    return Encoder(folder).read("Postcards", SENTENCES, PIECES)


@given(seed=st.integers(0, 1000))
def test_the_head_comes_nearer_to_the_wanted_vectors_than_none(seed: int) -> None:
    """Beside the means themselves, the solved map leaves less than half of what is missing to a cosine of 1."""
    given_ = sample(seed)
    unmoved = Head(matrix=np.eye(8, dtype=np.float32), bias=np.zeros(8, np.float32))
    assert 1 - nearness(given_, solve(given_, 0.1)) < (1 - nearness(given_, unmoved)) / 2


def test_a_large_penalty_leaves_the_means_as_they_are() -> None:
    """With hardly any trust in the sample, the matrix is the identity."""
    assert np.abs(solve(sample(1), 1e9).matrix - np.eye(8)).max() < 1e-4


def test_what_does_not_count_changes_nothing() -> None:
    """Rows of weight 0 with wrong vectors have no part in the matrix or the bias."""
    right = sample(1)
    wrong = replace(right, wanted=-right.wanted, weight=np.zeros(len(right.means), np.float32))
    both = Sample(
        **{name: np.concatenate([getattr(each, name) for each in (right, wrong)]) for name in Sample.__slots__}
    )
    alone, beside = solve(right, 0), solve(both, 0)
    assert np.abs(alone.matrix - beside.matrix).max() < 1e-3
    assert np.abs(alone.bias - beside.bias).max() < 1e-3


def test_only_the_vectors_of_an_encoder_change(folder: Path) -> None:
    """Salience and roles are the same bit by bit; the vectors are others, of length 1."""
    before = read(folder)
    chance = np.random.default_rng(1)
    matrix, bias = chance.normal(size=(WIDTH, WIDTH)), chance.normal(size=WIDTH)
    put(Head(matrix=matrix.astype(np.float32), bias=bias.astype(np.float32)), folder, "other")
    after = read(folder)
    assert before.salience.tobytes() == after.salience.tobytes()
    assert before.roles.tobytes() == after.roles.tobytes()
    assert pytest.approx(np.ones(3), abs=1e-5) == np.linalg.norm(after.sentences, axis=1)
    assert before.paper @ after.paper < 0.5
    assert "other" == Encoder(folder).version


def test_a_head_can_be_replaced_again(folder: Path) -> None:
    """The second of two heads is the one that counts, and nothing of the first is left in the graph."""
    graph = onnx.load(folder / "encoder.onnx")
    heads = [Head(matrix=np.eye(WIDTH, dtype=np.float32) * size, bias=np.zeros(WIDTH, np.float32)) for size in (1, 2)]
    once, twice = with_head(graph, heads[1]), with_head(with_head(graph, heads[0]), heads[1])
    assert once.SerializeToString() == twice.SerializeToString()


def test_one_command_brings_the_vectors_to_those_of_the_base(folder: Path, tmp_path: Path) -> None:
    """Vectors of papers are nearer to the base's afterwards, and encoder and table have the new version."""
    save_bert(tmp_path / "base", SHIPPED / "tokenizer.json")
    rows = list(islice(read_rows(SAMPLE), 20))
    wanted = base_vectors(tmp_path / "base", rows)
    before = (paper_vectors(folder, rows) * wanted).sum(1).mean()
    data = ["--papers", SAMPLE, "--skip", 0, "--base", tmp_path / "base"]
    goals = ["--version", "v", "--model", folder, "--table", tmp_path / "table.py"]
    main(list(map(str, [*data, *goals])))
    assert (paper_vectors(folder, rows) * wanted).sum(1).mean() > before + 0.1
    written = (tmp_path / "table.py").read_text(encoding="utf-8")
    now = Path(str(weights.__file__)).read_text(encoding="utf-8")
    assert now.replace(f'"{weights.VERSION}"', '"v"') == written


def base_vectors(base: Path, rows: list[Row]) -> Floats:
    """Return the base's vector of each abstract."""
    tokenizer = Tokenizer.from_file(str(SHIPPED / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return np.asarray(Base(base, tokenizer).vectors([row.abstract.text for row in rows]).numpy())


def paper_vectors(folder: Path, rows: list[Row]) -> Floats:
    """Return the encoder's vector of each abstract."""
    encoder = Encoder(folder)
    return np.stack([encoder.read("", [row.abstract.text], []).paper for row in rows])
