"""Claims about the shipped encoder: its input, its output, and the errors of a damaged one."""

import json
import os
import shutil
import subprocess
import sys
import threading
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer import Abstract, BadModel, Role
from summarizer.compression.clauses import variants
from summarizer.encoder.layout import MAX_TOKENS, kept_ranges, lay_out
from summarizer.encoder.session import SHIPPED, Encoder
from summarizer.engines.extractive import weights
from summarizer.engines.extractive.engine import ExtractiveEngine
from tests.conftest import ROOT

TITLE = "Gradient Postcards"
SENTENCES = (
    "Training one model in two data centres is difficult because the link between them is slow.",
    "We propose Gradient Postcards, a method that sends only the largest entries of each gradient.",
    "Experiments on three tasks show that it outperforms prior work with 40% less traffic.",
)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    """Return the shipped encoder."""
    return Encoder()


def test_everything_shipped_fits_in_25_megabytes() -> None:
    """Weights and tokenizer together have at most 25 million bytes."""
    assert 25_000_000 >= sum(path.stat().st_size for path in SHIPPED.iterdir())


def test_encoder_and_table_are_of_one_making(encoder: Encoder) -> None:
    """Encoder and table have the version that blurbs name, because they were trained together."""
    assert encoder.version == weights.VERSION
    assert ExtractiveEngine().model.startswith(f"{weights.VERSION}.")


def test_the_contribution_is_worth_more_than_the_background(encoder: Encoder) -> None:
    """The salience of the contribution is higher than that of the background."""
    reading = encoder.read(TITLE, SENTENCES, [[(number, text)] for number, text in enumerate(SENTENCES)])
    assert 1 == int(reading.salience.argmax())


def test_each_sentence_has_a_role(encoder: Encoder) -> None:
    """The probabilities of the five roles add up to 1, and the most likely role is correct for a clear sentence."""
    reading = encoder.read(TITLE, SENTENCES, [])
    assert [Role.BACKGROUND, Role.METHOD] == [tuple(Role)[int(shares.argmax())] for shares in reading.roles[:2]]
    assert pytest.approx([1, 1, 1], abs=1e-5) == reading.roles.sum(axis=1).tolist()


def test_vectors_tell_what_is_alike(encoder: Encoder) -> None:
    """Texts on one subject are closer to each other than to a text on another, and every vector has length 1."""
    texts = [
        "Learning with few labels.",
        "Semi-supervised training from little annotation.",
        "Ice on the moons of Saturn.",
    ]
    first, second, other = (encoder.read("", [text], []).paper for text in texts)
    assert first @ second > first @ other + 0.2
    assert pytest.approx(1, abs=1e-5) == float(first @ first)


def test_a_paper_and_its_sentences_have_vectors(encoder: Encoder) -> None:
    """The paper and each sentence have one vector of 384 numbers."""
    reading = encoder.read(TITLE, SENTENCES, [])
    assert ((384,), (3, 384)) == (reading.paper.shape, reading.sentences.shape)


def test_what_does_not_fit_is_not_read(encoder: Encoder) -> None:
    """A text of ten thousand words is read up to the encoder's limit; the rest has no role and a finite salience."""
    sentences = ["The model reads the words of the text one after the other."] * 800
    reading = encoder.read("", sentences, [[(799, sentences[0])]])
    assert 0 < len(reading.roles) < 40
    assert len(reading.roles) == len(reading.sentences)
    assert np.isfinite(reading.salience).all()


def test_one_sentence_longer_than_the_encoder_is_read_in_part(encoder: Encoder) -> None:
    """A sentence longer than the encoder's limit still gets a role."""
    assert 1 == len(encoder.read("", ["word " * 5000], []).roles)


def test_several_threads_may_read_at_once(encoder: Encoder) -> None:
    """The same text has the same result on every thread."""
    pieces = [[(number, text)] for number, text in enumerate(SENTENCES)]
    found: list[list[float]] = []
    threads = [
        threading.Thread(target=lambda: found.append(encoder.read(TITLE, SENTENCES, pieces).salience.tolist()))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[0]] * 4 == found


@given(title=st.text(max_size=80), sentences=st.lists(st.text(min_size=1, max_size=200), min_size=1, max_size=12))
def test_any_text_is_laid_out_within_the_limit(title: str, sentences: list[str]) -> None:
    """For any text, the layout has at most `MAX_TOKENS` tokens, and every index lies within it, in order."""
    layout = lay_out(TOKENIZER, title, sentences)
    assert MAX_TOKENS >= len(layout.ids) == len(layout.offsets)
    assert all(end < len(layout.ids) and start <= end for start, end in layout.places)
    assert all(before[1] < after[0] for before, after in pairwise(layout.places))


TOKENIZER = Encoder()._tokenizer  # the real tokenizer, which the claims about layouts need


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_form_of_a_sentence_covers_what_it_keeps(sentence: str) -> None:
    """Words of every shorter form are found in the sentence, in order."""
    for form in variants(sentence):
        ranges = kept_ranges(sentence, form.text)
        assert all(before[1] <= after[0] for before, after in pairwise(ranges))
        kept = " ".join(sentence[start:end] for start, end in ranges).lower()
        assert form.text.lower().rstrip(".").split()[0].strip(",") in kept


@pytest.mark.parametrize("name", ["encoder.onnx", "tokenizer.json", "manifest.json"])
def test_a_missing_file_is_named(name: str, tmp_path: Path) -> None:
    """One message names the missing file and says what to do."""
    shutil.copytree(SHIPPED, tmp_path / "model")
    (tmp_path / "model" / name).unlink()
    with pytest.raises(BadModel, match=rf"{name}.*Install Paperwire again"):
        Encoder(tmp_path / "model")


@pytest.mark.parametrize("name", ["encoder.onnx", "tokenizer.json"])
def test_an_altered_file_is_named(name: str, tmp_path: Path) -> None:
    """A file with one byte more is refused by its name."""
    shutil.copytree(SHIPPED, tmp_path / "model")
    with (tmp_path / "model" / name).open("ab") as file:
        file.write(b"\0")
    with pytest.raises(BadModel, match=rf"{name} is not the file that was shipped"):
        Encoder(tmp_path / "model")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": "1"}', '{"version": "1", "sha256": []}'])
def test_a_manifest_that_is_none_is_named(text: str, tmp_path: Path) -> None:
    """Whatever an invalid manifest contains, the error names the file."""
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(BadModel, match=r"manifest\.json"):
        Encoder(tmp_path)


def test_a_graph_that_is_none_is_a_bad_model(tmp_path: Path) -> None:
    """A file that matches the manifest but that onnxruntime cannot read is a BadModel."""
    content = {"encoder.onnx": b"no graph", "tokenizer.json": b"{}"}
    for name, written in content.items():
        (tmp_path / name).write_bytes(written)
    sums = {name: sha256(written).hexdigest() for name, written in content.items()}
    (tmp_path / "manifest.json").write_text(json.dumps({"version": "1", "sha256": sums}), encoding="utf-8")
    with pytest.raises(BadModel, match="cannot be loaded"):
        Encoder(tmp_path)


def test_an_engine_without_its_encoder_says_so_for_every_abstract(tmp_path: Path) -> None:
    """An engine without encoder files raises BadModel for every abstract, instead of returning a worse blurb."""
    engine = ExtractiveEngine(tmp_path)
    for _ in range(2):
        with pytest.raises(BadModel, match=r"manifest\.json"):
            engine.condense(Abstract(text=" ".join(SENTENCES)))


def test_the_library_reports_to_nobody(tmp_path: Path) -> None:
    """Running the encoder writes no device id and no queue of events into the home folder."""
    code = (
        "from summarizer.encoder.session import opened; "
        "print(len(opened().read('', ['We present a probe.'], []).salience))"
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ORT_", "XDG_"))}
    done = subprocess.run(
        [sys.executable, "-c", code], env={**kept, "HOME": str(tmp_path)}, cwd=ROOT, capture_output=True, text=True
    )
    assert (0, "") == (done.returncode, done.stderr)
    assert [] == list(tmp_path.rglob("*"))
