"""Claims about the evaluation of an engine."""

import gzip
import itertools
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer import Abstract, Blurb, Role, Span, Style, load
from summarizer.evaluation.evaluate import Row, evaluate, main, read_rows, role_f1, rouge, score_blurb
from summarizer.evaluation.intervals import bootstrap
from summarizer.evaluation.measures import RoleRow, read_role_rows
from tests.conftest import ROOT

SAMPLE = ROOT / "tests/samples/summarizer/summaries.jsonl"


def test_the_command_prints_its_figures(capsys: pytest.CaptureFixture[str]) -> None:
    """The table has one row per figure; an abstract that is too short counts as a failure."""
    assert 0 == main([str(SAMPLE)])
    shown = {line[:16].strip(): line[16:].split() for line in capsys.readouterr().out.splitlines()}
    assert (["4"], ["1"], ["one-line"]) == (shown["abstracts"], shown["failures"], shown["style"])
    mean, low, high = (float(figure.strip("[],")) for figure in shown["rouge1"])
    assert 0 <= low < mean < high < 100
    assert (["100.00"], ["-"]) == (shown["grounded"], shown["role f1"])
    assert 10 < float(shown["peak mebibytes"][0]) < 2000


def test_the_command_speaks_json(capsys: pytest.CaptureFixture[str]) -> None:
    """With --json, the same figures are one JSON object."""
    assert 0 == main([str(SAMPLE), "--json", "--style", "structured"])
    report = json.loads(capsys.readouterr().out)
    assert ("extractive", "structured", 4) == (report["engine"], report["style"], report["abstracts"])
    assert report["rouge1"] > report["rougeL"] > report["rouge2"] > 0
    assert report["rouge1"] == report["intervals"]["rouge1"]["mean"]


FILLER = "Experiments on three kinds of lists show that it is as fast as others."


def test_gzipped_data_without_summaries_give_the_other_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without summaries there is no ROUGE; the other figures are computed for at most `--limit` abstracts."""
    text = "We propose a new way to sort long lists of numbers that needs no memory at all. " + FILLER
    with gzip.open(tmp_path / "papers.jsonl.gz", "wt") as lines:
        lines.writelines(json.dumps({"abstract": text, "title": "Sort lists"}) + "\n" for _ in range(5))
    assert 0 == main([str(tmp_path / "papers.jsonl.gz"), "--limit", "3", "--json"])
    report = json.loads(capsys.readouterr().out)
    assert (3, None, 100.0) == (report["abstracts"], report["rouge1"], report["grounded"])
    assert 50 < report["novelty"] < 100


def test_roles_are_measured_beside(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With --roles, the report contains the share of correctly labelled sentences."""
    row = {"sentences": ["We propose a new method.", "Results show that it wins."], "labels": ["method", "result"]}
    (tmp_path / "roles.jsonl").write_text(json.dumps(row), encoding="utf-8")
    assert 0 == main([str(SAMPLE), "--roles", str(tmp_path / "roles.jsonl"), "--json"])
    assert json.loads(capsys.readouterr().out)["role_f1"]["mean"] in (50.0, 100.0)


def test_role_f1_is_the_share_labelled_right() -> None:
    """Two correct labels of four are 50 percent."""
    row = RoleRow(sentences=("a", "b"), labels=(Role.METHOD, Role.RESULT))
    interval = role_f1([row, row], lambda sentences: [Role.METHOD] * len(sentences))
    assert interval is not None
    assert 50.0 == interval.mean


@pytest.mark.parametrize("row", ['{"sentences": ["a"], "labels": []}', '{"sentences": ["a"], "labels": ["x"]}', "[]"])
def test_labels_of_another_shape_are_refused(row: str, tmp_path: Path) -> None:
    """The error names the line."""
    (tmp_path / "roles.jsonl").write_text(row, encoding="utf-8")
    with pytest.raises(ValueError, match=r"roles\.jsonl, line 1"):
        list(read_role_rows(tmp_path / "roles.jsonl"))


@given(st.lists(st.floats(0, 100), min_size=1, max_size=20))
def test_an_interval_lies_around_its_mean_and_stays(values: list[float]) -> None:
    """The seed is fixed, so the same values give the same interval; equal values give one without width."""
    interval = bootstrap(values)
    assert interval is not None
    assert interval == bootstrap(values)
    assert interval.low - 1e-9 <= interval.mean <= interval.high + 1e-9 or len(values) < 20
    assert min(values) - 1e-9 <= interval.low <= interval.high <= max(values) + 1e-9


def test_without_values_there_is_no_interval() -> None:
    """Without values, `bootstrap` returns None."""
    assert bootstrap([]) is None


class Inventor:
    """An engine whose blurb is never supported by the abstract."""

    engine = model = "inventor"

    async def summarize(self, abstract: Abstract, style: Style = Style.ONE_LINE) -> Blurb:
        """Return a blurb with an invented claim."""
        end = len(abstract.text)
        return Blurb(text="It beats GPT-9 by 99%.", evidence=(Span(start=0, end=end),), engine="inventor", model=style)


async def test_inventions_are_counted_and_rows_are_never_all_in_memory() -> None:
    """An engine that invents has no grounded blurb; each row is read only after the previous one is done."""
    read: list[int] = []
    done: list[int] = []

    def rows() -> Iterator[Row]:
        for number in range(4):
            assert len(done) == number
            read.append(number)
            yield Row(abstract=Abstract(text="We sort lists."), targets=())

    report = await evaluate(
        rows(), Inventor(), name="x", style=Style.SHORT, scorer=None, clock=lambda: 0.0, tell=done.append
    )
    assert (0.0, 100.0, 4) == (report.grounded, report.novelty, report.abstracts)
    assert [1, 2, 3, 4] == done


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
    """The error names the line."""
    data = tmp_path / "data.jsonl"
    data.write_text(content, encoding="utf-8")
    assert 2 == main([str(data)])
    assert said in capsys.readouterr().err


def test_an_empty_or_absent_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty or missing file is an error, without figures."""
    (tmp_path / "empty.jsonl").touch()
    assert [2, 2] == [main([str(tmp_path / name)]) for name in ("empty.jsonl", "absent.jsonl")]
    assert capsys.readouterr().err.count("Cannot evaluate") == 2


def test_the_best_fitting_summary_counts() -> None:
    """A blurb equal to one of the summaries scores 100, whatever the other summaries say."""
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
    """On the development part of SciTLDR, the default engine reaches ROUGE-1 41.5 or more and refuses no abstract."""
    rows = list(read_rows(shared / "data/scitldr/dev.jsonl"))
    report = await evaluate(
        rows, load(), name="extractive", style=Style.ONE_LINE, scorer=rouge(), clock=itertools.count().__next__
    )
    assert report.rouge1 is not None
    assert 41.5 <= report.rouge1
    assert 0 == report.failures
