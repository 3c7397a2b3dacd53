"""Claims about measuring an engine."""

import itertools
import json
from pathlib import Path

import pytest

from summarizer import Style, load
from summarizer.evaluate import evaluate, main, read_rows, rouge, score_blurb
from tests.conftest import ROOT

SAMPLE = ROOT / "tests/samples/summarizer/summaries.jsonl"


def test_the_command_prints_its_figures(capsys: pytest.CaptureFixture[str]) -> None:
    """One row a figure; the abstract that is too short counts as a failure."""
    assert 0 == main([str(SAMPLE)])
    shown = dict(line.rsplit(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert ("4", "1", "one-line") == (shown["abstracts"], shown["failures"], shown["style"])
    assert 40 < float(shown["rouge1"]) < 100


def test_the_command_speaks_json(capsys: pytest.CaptureFixture[str]) -> None:
    """With --json the same figures come as one object."""
    assert 0 == main([str(SAMPLE), "--json", "--style", "structured"])
    report = json.loads(capsys.readouterr().out)
    assert ("extractive", "structured", 4) == (report["engine"], report["style"], report["abstracts"])
    assert report["rouge1"] > report["rougeL"] > report["rouge2"] > 0


@pytest.mark.parametrize(
    ("said", "content"),
    [
        ("line 1 is not a row", "[]"),
        ("line 1 is not a row", '{"source": 3}'),
        ("no summary", '{"abstract":"a","tldr":""}'),
    ],
)
def test_a_file_of_another_shape_is_refused(
    said: str, content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The message names the line."""
    data = tmp_path / "data.jsonl"
    data.write_text(content, encoding="utf-8")
    assert 2 == main([str(data)])
    assert said in capsys.readouterr().err


def test_an_empty_or_absent_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No rows, no figures."""
    (tmp_path / "empty.jsonl").touch()
    assert [2, 2] == [main([str(tmp_path / name)]) for name in ("empty.jsonl", "absent.jsonl")]
    assert capsys.readouterr().err.count("Cannot evaluate") == 2


def test_the_best_fitting_summary_counts() -> None:
    """A blurb equal to one of the summaries scores 100, whatever the others say."""
    assert (100.0, 100.0, 100.0) == score_blurb("We sort lists.", ["It is cold.", "We sort lists"], rouge())


async def test_time_is_that_of_the_engine_alone() -> None:
    """The clock is read once before and once after each abstract."""
    ticks = itertools.count()
    rows = list(read_rows(SAMPLE))
    report = await evaluate(
        rows, load(), name="extractive", style=Style.ONE_LINE, scorer=rouge(), clock=lambda: float(next(ticks))
    )
    assert 1000.0 == report.ms_per_abstract
    assert 2 * len(rows) == next(ticks)


@pytest.mark.slow
async def test_the_default_engine_keeps_its_quality(shared: Path) -> None:
    """On the development part of SciTLDR the default engine reaches ROUGE-1 41.5 or more and refuses nothing."""
    rows = list(read_rows(shared / "data/scitldr/dev.jsonl"))
    report = await evaluate(
        rows, load(), name="extractive", style=Style.ONE_LINE, scorer=rouge(), clock=itertools.count().__next__
    )
    assert 41.5 <= report.rouge1
    assert 0 == report.failures
