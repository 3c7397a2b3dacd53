"""Claims about the stages of a training run."""

from pathlib import Path

import pytest

from summarizer.training.stages import Stages


def begun(folder: Path, *, seed: int = 0) -> Stages:
    """Return the stages of a run over one small file."""
    data = folder.parent / "data.jsonl"
    if not data.exists():
        data.write_text("{}\n", encoding="utf-8")
    return Stages.of(folder, {"seed": seed}, [data])


def test_a_finished_stage_is_not_made_again(tmp_path: Path) -> None:
    """The second run takes the kept result, the first one of a folder makes it."""
    made: list[int] = []

    def make() -> str:
        made.append(1)
        return "result"

    assert "result" == begun(tmp_path / "work").result("table", make)
    assert "result" == begun(tmp_path / "work").result("table", make)
    assert [1] == made


def test_a_stage_that_was_stopped_is_made_again(tmp_path: Path) -> None:
    """What a stopped stage left behind is no result."""
    (tmp_path / "work").mkdir()
    (tmp_path / "work/table.unfinished").write_bytes(b"\x80\x05half")

    assert "whole" == begun(tmp_path / "work").result("table", lambda: "whole")


def test_a_stage_that_fails_leaves_no_result(tmp_path: Path) -> None:
    """The next run makes the stage that failed."""
    stages = begun(tmp_path / "work")
    with pytest.raises(ZeroDivisionError):
        stages.result("table", lambda: 1 // 0)

    assert 1 == stages.result("table", lambda: 1)


def test_the_folder_of_another_training_is_refused(tmp_path: Path) -> None:
    """Other options and other data would make other stages; the error says what to do."""
    begun(tmp_path / "work")
    with pytest.raises(ValueError, match="name an empty folder with --work"):
        begun(tmp_path / "work", seed=1)
    (tmp_path / "data.jsonl").write_text("{}\n{}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="another training"):
        begun(tmp_path / "work")
