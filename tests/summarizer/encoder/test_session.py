"""Claims about the shipped encoder: what it reads, what it tells, and what happens to a damaged one."""

import json
import shutil
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

TITLE = "Gradient Postcards"
SENTENCES = (
    "Training one model in two data centres is difficult because the link between them is slow.",
    "We propose Gradient Postcards, a method that sends only the largest entries of each gradient.",
    "Experiments on three tasks show that it outperforms prior work with 40% less traffic.",
)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    """The encoder as it is shipped."""
    return Encoder()


def test_everything_shipped_fits_in_25_megabytes() -> None:
    """Weights and tokenizer together; a megabyte is a million bytes."""
    assert 25_000_000 >= sum(path.stat().st_size for path in SHIPPED.iterdir())


def test_encoder_and_table_are_of_one_making(encoder: Encoder) -> None:
    """The version that blurbs name is that of both, since they were taught to be added up."""
    assert encoder.version == weights.VERSION == ExtractiveEngine().model


def test_the_contribution_is_worth_more_than_the_background(encoder: Encoder) -> None:
    """Salience tells the sentence people would keep."""
    reading = encoder.read(TITLE, SENTENCES, [[(number, text)] for number, text in enumerate(SENTENCES)])
    assert 1 == int(reading.salience.argmax())


def test_each_sentence_has_a_role(encoder: Encoder) -> None:
    """Trust in the five roles adds up to one, and the likeliest is the right one where the text says it."""
    reading = encoder.read(TITLE, SENTENCES, [])
    assert [Role.BACKGROUND, Role.METHOD] == [tuple(Role)[int(shares.argmax())] for shares in reading.roles[:2]]
    assert pytest.approx([1, 1, 1], abs=1e-5) == reading.roles.sum(axis=1).tolist()


def test_vectors_tell_what_is_alike(encoder: Encoder) -> None:
    """Texts on one subject are closer than texts on two, and every vector has length 1."""
    texts = [
        "Learning with few labels.",
        "Semi-supervised training from little annotation.",
        "Ice on the moons of Saturn.",
    ]
    first, second, other = (encoder.read("", [text], []).paper for text in texts)
    assert first @ second > first @ other + 0.2
    assert pytest.approx(1, abs=1e-5) == float(first @ first)


def test_a_paper_and_its_sentences_have_vectors(encoder: Encoder) -> None:
    """One vector of 384 numbers for the whole and for each sentence."""
    reading = encoder.read(TITLE, SENTENCES, [])
    assert ((384,), (3, 384)) == (reading.paper.shape, reading.sentences.shape)


def test_what_does_not_fit_is_not_read(encoder: Encoder) -> None:
    """A text of ten thousand words is read as far as the encoder can; the rest has no role and a finite salience."""
    sentences = ["The model reads the words of the text one after the other."] * 800
    reading = encoder.read("", sentences, [[(799, sentences[0])]])
    assert 0 < len(reading.roles) < 40
    assert len(reading.roles) == len(reading.sentences)
    assert np.isfinite(reading.salience).all()


def test_one_sentence_longer_than_the_encoder_is_read_in_part(encoder: Encoder) -> None:
    """There is always something to judge."""
    assert 1 == len(encoder.read("", ["word " * 5000], []).roles)


def test_several_threads_may_read_at_once(encoder: Encoder) -> None:
    """The same text gives the same answer on every thread."""
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
    """Whatever the characters, every token and every place lies where it is said to lie."""
    layout = lay_out(TOKENIZER, title, sentences)
    assert MAX_TOKENS >= len(layout.ids) == len(layout.offsets)
    assert all(end < len(layout.ids) and start <= end for start, end in layout.places)
    assert all(before[1] < after[0] for before, after in pairwise(layout.places))


TOKENIZER = Encoder()._tokenizer  # the real one, without which no layout can be claimed


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_form_of_a_sentence_covers_what_it_keeps(sentence: str) -> None:
    """Every word of every shorter form is found in the sentence, in order."""
    for form in variants(sentence):
        ranges = kept_ranges(sentence, form.text)
        assert all(before[1] <= after[0] for before, after in pairwise(ranges))
        kept = " ".join(sentence[start:end] for start, end in ranges).lower()
        assert form.text.lower().rstrip(".").split()[0].strip(",") in kept


@pytest.mark.parametrize("name", ["encoder.onnx", "tokenizer.json", "manifest.json"])
def test_a_missing_file_is_named(name: str, tmp_path: Path) -> None:
    """Which file it is, and what to do, in one message."""
    shutil.copytree(SHIPPED, tmp_path / "model")
    (tmp_path / "model" / name).unlink()
    with pytest.raises(BadModel, match=rf"{name}.*Install Paperwire anew"):
        Encoder(tmp_path / "model")


@pytest.mark.parametrize("name", ["encoder.onnx", "tokenizer.json"])
def test_an_altered_file_is_named(name: str, tmp_path: Path) -> None:
    """One byte more is not what was shipped."""
    shutil.copytree(SHIPPED, tmp_path / "model")
    with (tmp_path / "model" / name).open("ab") as file:
        file.write(b"\0")
    with pytest.raises(BadModel, match=rf"{name} is not the one that was shipped"):
        Encoder(tmp_path / "model")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": "1"}', '{"version": "1", "sha256": []}'])
def test_a_manifest_that_is_none_is_named(text: str, tmp_path: Path) -> None:
    """Whatever stands in it, the error says which file."""
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(BadModel, match=r"manifest\.json"):
        Encoder(tmp_path)


def test_a_graph_that_is_none_is_a_bad_model(tmp_path: Path) -> None:
    """A file that the manifest vouches for and onnxruntime cannot read is told as such."""
    content = {"encoder.onnx": b"no graph", "tokenizer.json": b"{}"}
    for name, written in content.items():
        (tmp_path / name).write_bytes(written)
    sums = {name: sha256(written).hexdigest() for name, written in content.items()}
    (tmp_path / "manifest.json").write_text(json.dumps({"version": "1", "sha256": sums}), encoding="utf-8")
    with pytest.raises(BadModel, match="cannot be loaded"):
        Encoder(tmp_path)


def test_an_engine_without_its_encoder_says_so_for_every_abstract(tmp_path: Path) -> None:
    """A damaged installation is told, not covered up by a worse blurb."""
    engine = ExtractiveEngine(tmp_path)
    for _ in range(2):
        with pytest.raises(BadModel, match=r"manifest\.json"):
            engine.condense(Abstract(text=" ".join(SENTENCES)))
