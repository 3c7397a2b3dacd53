"""Claims about the script that learns the engine's weights."""

import importlib.util
import json
from pathlib import Path

import pytest

from summarizer.engines import weights
from summarizer.engines.features import CUES
from tests.conftest import ROOT

SAMPLE = ROOT / "tests/samples/summarizer/summaries.jsonl"


def test_every_weight_belongs_to_a_feature() -> None:
    """No line of the table is dead: each names a cue, a word, or a feature of place, length, title or context."""
    shapes = ("word ", "place_", "fifth_", "longer_than_", "after_", "title_", "names_itself", "alone")
    ends = ("_first", "_again")
    names = {*weights.SALIENCE, *weights.ROLES}
    assert [] == [n for n in sorted(names) if not (n in CUES or n.startswith(shapes) or n.endswith(ends))]


def test_training_writes_a_module_of_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From summaries and labelled sentences comes a table that prefers what people kept, the same every time."""
    pytest.importorskip("numpy", reason="training needs the extra `training`")
    from summarizer.training import surface

    roles = tmp_path / "roles.jsonl"
    labelled = {
        "sentences": ["Links are often slow.", "We propose postcards.", "They outperform all."],
        "labels": ["background", "method", "result"],
    }
    roles.write_text(f"{json.dumps(labelled)}\n" * 30, encoding="utf-8")
    summaries = tmp_path / "summaries.jsonl"
    summaries.write_text(SAMPLE.read_text(encoding="utf-8") * 10, encoding="utf-8")
    written = []
    for name in ("a.py", "b.py"):
        options = ["--summaries", str(summaries), "--roles", str(roles), "--out", str(tmp_path / name)]
        monkeypatch.setattr("sys.argv", ["surface", *options])
        surface.main()
        written.append((tmp_path / name).read_text(encoding="utf-8"))
    assert written[0] == written[1]
    spec = importlib.util.spec_from_file_location("learnt", tmp_path / "a.py")
    assert spec is not None
    assert spec.loader is not None
    learnt = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(learnt)
    assert learnt.SALIENCE["proposes"] > 0 > learnt.SALIENCE["code"]
    assert learnt.ROLES["outperforms"][3] == max(learnt.ROLES["outperforms"])
