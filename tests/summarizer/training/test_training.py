"""Claims about the training of the default engine."""

import importlib.util
import json
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from summarizer.blurb import Role
from summarizer.encoder.session import SHIPPED, Encoder
from summarizer.engines.extractive import weights
from summarizer.engines.extractive.features import CUES
from summarizer.evaluation.evaluate import rouge
from summarizer.evaluation.measures import RoleRow, read_rows
from summarizer.training import surface
from summarizer.training.examples import Example, examples, labelled
from tests.conftest import ROOT

SAMPLE = ROOT / "tests/samples/summarizer/summaries.jsonl"
LABELLED = RoleRow(
    sentences=("Links are often slow.", "We propose postcards.", "They outperform all."),
    labels=(Role.BACKGROUND, Role.METHOD, Role.RESULT),
)
TOKENIZER = Encoder()._tokenizer  # the real tokenizer, because the examples consist of its tokens


@pytest.fixture(scope="module")
def learnt_from() -> list[Example]:
    """Return the training examples of the sample."""
    return list(examples(read_rows(SAMPLE), TOKENIZER, rouge())) * 10


def loaded(path: Path) -> ModuleType:
    """Return the written tables as a module."""
    spec = importlib.util.spec_from_file_location("learnt", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_weight_belongs_to_a_feature() -> None:
    """Each row of the tables names a cue, a word, or a feature of form, place, length, title or context."""
    shapes = ("word ", "place_", "fifth_", "longer_than_", "after_", "title_", "names_itself", "alone")
    ends = ("_first", "_again")
    of_forms = ("cut_", "more_than_", "title_", "kept", "told_elsewhere", "new_words", "only_title", "looks_back")
    names = {name.removeprefix("in ") for name in weights.FORMS if not name.startswith(of_forms)} | {*weights.ROLES}
    assert [] == [n for n in sorted(names) if not (n in CUES or n.startswith(shapes) or n.endswith(ends))]


def test_an_example_holds_each_form_and_what_it_is_worth(learnt_from: list[Example]) -> None:
    """There are as many rows as forms; a score is from 0 to 1, and the words of the human summaries are marked."""
    for example in learnt_from[:3]:
        forms, tokens = example.covers.shape
        assert (forms, 4) == example.worth.shape
        assert (tokens,) == example.told.shape
        assert 0 <= example.worth.min() <= example.worth.max() <= 1
        assert {-1.0} < set(example.told.tolist())


def test_labels_follow_their_sentences() -> None:
    """A labelled abstract has one label for each sentence that fits."""
    [row] = labelled([LABELLED], TOKENIZER, [role.value for role in Role])
    assert ((0, 2, 3), 3) == (row.labels, len(row.layout.places))


def test_the_table_prefers_what_people_kept(learnt_from: list[Example]) -> None:
    """The weight of a proposal is positive, that of a sentence about code negative."""
    table = surface.learn(learnt_from)
    assert table["in proposes"] > 0 > table["in code"]


def test_a_held_out_example_is_scored_by_a_table_that_has_not_seen_it(learnt_from: list[Example]) -> None:
    """Every form has a score, different from the one of a table learnt from all examples."""
    whole = surface.learn(learnt_from)
    apart = surface.held_out(learnt_from)
    assert [len(example.seen) for example in learnt_from] == [len(scores) for scores in apart]
    assert surface.scores(learnt_from[0], whole) != apart[0]


def test_a_label_nobody_is_sure_of_teaches_nothing() -> None:
    """Doubtful labels beside sure ones change the table of roles less than sure ones would."""
    wrong = LABELLED.labels[::-1]
    sure = surface.learn_roles([LABELLED] * 30)
    doubted = surface.learn_roles([LABELLED] * 30 + [replace(LABELLED, labels=wrong, confidences=(0.1,) * 3)] * 30)
    misled = surface.learn_roles([LABELLED] * 30 + [replace(LABELLED, labels=wrong)] * 30)
    assert 0.9 * sure["outperforms"][3] > misled["outperforms"][3]
    assert doubted["outperforms"][3] > 0.9 * sure["outperforms"][3]


def test_tables_are_written_as_a_module(tmp_path: Path, learnt_from: list[Example]) -> None:
    """The same data give the same file twice."""
    for name in ("a.py", "b.py"):
        surface.write(tmp_path / name, "v", surface.learn(learnt_from), surface.learn_roles([LABELLED] * 30))
    assert (tmp_path / "a.py").read_text(encoding="utf-8") == (tmp_path / "b.py").read_text(encoding="utf-8")
    module = loaded(tmp_path / "a.py")
    assert "v" == module.VERSION
    assert module.ROLES["outperforms"][3] == max(module.ROLES["outperforms"])


# torch warns that its older exporter will be removed; the figures in MODEL.md were measured with that exporter's graph.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.slow
def test_one_command_trains_what_the_engine_loads(tmp_path: Path) -> None:
    """The command trains an encoder and tables that can be loaded, even from little data and a random base model."""
    pytest.importorskip("torch", reason="needs torch: python3 dev.py install --extra training")
    pytest.importorskip("onnx", reason="needs onnx: python3 dev.py install --extra training")
    from summarizer.training.__main__ import main
    from tests.summarizer.engines.generative.tiny_models import save_bert, save_mpnet

    save_bert(tmp_path / "base", SHIPPED / "tokenizer.json")
    roles = tmp_path / "roles.jsonl"
    labels = [label.value for label in LABELLED.labels]
    roles.write_text(f"{json.dumps({'sentences': LABELLED.sentences, 'labels': labels})}\n" * 20, encoding="utf-8")
    save_mpnet(tmp_path / "teacher")
    data = ["--summaries", SAMPLE, "--roles", roles, "--papers", SAMPLE, "--skip", 0, "--work", tmp_path / "work"]
    bases = ["--base", tmp_path / "base", "--teacher", tmp_path / "teacher"]
    goals = ["--version", "v", "--model", tmp_path / "model", "--table", tmp_path / "table.py"]
    main(list(map(str, [*data, *bases, *goals])))
    reading = Encoder(tmp_path / "model").read("A title", ["We propose a lamp."], [[(0, "We propose a lamp.")]])
    assert np.isfinite(reading.salience).all()
    assert "v" == loaded(tmp_path / "table.py").VERSION
