"""`dev.py test` and the whole check: which processes tests run in, what torch is asked for, what the summary says."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import dev
import devenv
from tests.conftest import ROOT
from tests.project.test_setup import start


def test_every_check_runs_also_after_one_failed(capfd: pytest.CaptureFixture[str]) -> None:
    """The summary names every step, failed and passed, and the exit code tells that one failed."""
    good, bad = [sys.executable, "-c", ""], [sys.executable, "-c", "raise SystemExit(3)"]
    assert 1 == dev.report([("first", bad), ("second", good)])
    summary = capfd.readouterr().err.partition("== summary")[2].split()
    assert ["first", "FAILED"] == summary[:2]
    assert ["second", "passed"] == summary[4:6]
    assert 0 == dev.report([("first", good)])


@pytest.mark.parametrize("arguments", [[], ["-q"], ["-k", "slots"], ["tests/cli"], ["-x", "--maxfail=3", "--color=no"]])
def test_the_tests_are_spread_over_the_processors(arguments: list[str]) -> None:
    """All tests, those of a folder and those picked by a word run in as many processes as there are processors."""
    assert ["-n", "auto", "--dist", "worksteal"] == dev.spread(arguments)


@pytest.mark.parametrize(
    "arguments", [["-n0"], ["-n", "4"], ["--dist=load"], ["--pdb"], ["-s"], ["--co"], ["--help"], ["-p", "no:xdist"]]
)
def test_one_process_is_enough_where_it_is_asked_for(arguments: list[str]) -> None:
    """Who debugs, looks at output, lists tests or says how to spread them gets what was typed, and nothing more."""
    assert [] == dev.spread(arguments)


@pytest.mark.parametrize(
    "name", ["tests/project/test_setup.py", "tests/project/test_setup.py::test_help_lists_every_command"]
)
def test_named_files_start_no_workers(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run of one file or one test does not pay for workers that import all the others."""
    monkeypatch.chdir(ROOT)
    assert [] == dev.spread(["-k", "a", name])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"PYTHONDONTWRITEBYTECODE": "1"}, {"PYTHONPYCACHEPREFIX": str(ROOT / ".venv" / "pycache")}),
        ({"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPYCACHEPREFIX": "x"}, {"PYTHONPYCACHEPREFIX": "x"}),
        ({"HOME": "h"}, {"HOME": "h"}),
    ],
)
def test_compiled_modules_are_kept_for_the_programs_that_tests_start(
    before: dict[str, str], after: dict[str, str]
) -> None:
    """Where Python may not write beside the sources, it writes under .venv; elsewhere nothing changes."""
    dev.share_compiled(before)
    assert after == before


@pytest.mark.skipif(os.name == "nt", reason="the whole check is a shell script")
def test_the_whole_check_is_one_command(tmp_path: Path) -> None:
    """.ci/run can be started from anywhere, runs everything, and passes the exit code on."""
    told = tmp_path / "python"
    told.write_text('#!/bin/sh\necho "$PWD" "$@"\nexit 5\n', encoding="utf-8")
    told.chmod(0o755)
    environment = {**os.environ, "PYTHON": str(told)}
    done = subprocess.run(
        [ROOT / ".ci/run"], cwd=tmp_path, capture_output=True, text=True, env=environment, check=False
    )
    assert 5 == done.returncode
    assert f"{ROOT} dev.py test --all --torch --chromium\n" == done.stdout


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for Python is a shell script")
@pytest.mark.parametrize(
    ("platform", "there", "installs", "asked"),
    [
        ("linux", 1, 0, ["torch==2.13.0+cpu", "onnx==1.23.2"]),
        ("linux", 1, 1, ["torch==2.13.0+cpu", "onnx==1.23.2"]),
        ("darwin", 1, 0, ["torch==2.13.0", "onnx==1.23.2"]),
        ("linux", 0, 1, []),
    ],
)
def test_only_the_cpu_build_of_torch_is_installed(
    tmp_path: Path, platform: str, there: int, installs: int, asked: list[str]
) -> None:
    """Linux asks for the label of the CPU build, once; where torch is installed already, nothing is asked for."""
    python, told = tmp_path / "python", tmp_path / "told"
    python.write_text(f'#!/bin/sh\n[ "$1" = -c ] && exit {there}\necho "$@" >> {told}\nexit {installs}\n', "utf-8")
    python.chmod(0o755)
    assert devenv.install_torch(python, platform) is (there == 0 or installs == 0)
    words = told.read_text(encoding="utf-8").split() if told.exists() else []
    assert asked == [word for word in words if "==" in word]


def test_torch_for_the_checks_satisfies_the_extras() -> None:
    """The pinned versions are ones that the extras transformers and training allow."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    wanted = [Requirement(text) for extra in ("transformers", "training") for text in devenv.wanted_by(extra, project)]
    pinned = [(each, devenv.FOR_MODELS[each.name]) for each in wanted if each.name in devenv.FOR_MODELS]
    assert {*devenv.FOR_MODELS} == {each.name for each, _ in pinned}
    assert all(each.specifier.contains(version) for each, version in pinned)


def test_what_was_not_tested_is_said_first_and_last(capfd: pytest.CaptureFixture[str]) -> None:
    """A check that has to leave tests out names them in its first line and in its last; it still passes."""
    assert 0 == dev.report([("first", [sys.executable, "-c", ""])], dev.NO_TORCH)
    lines = capfd.readouterr().err.splitlines()
    assert [dev.NO_TORCH] * 2 == [lines[0], lines[-1]]
    assert "\n" not in dev.NO_TORCH


def test_a_browser_that_is_there_is_not_installed() -> None:
    """Where Chromium or Chrome is installed, nothing is; where it cannot be installed, that is said."""
    asked: list[str] = []

    def there(name: str) -> str | None:
        asked.append(name)
        return f"/usr/bin/{name}" if name == "google-chrome" else None

    assert devenv.install_chromium(there)
    assert ["chromium", "google-chrome"] == asked
    assert not devenv.install_chromium(lambda _name: None)
    assert "\n" not in dev.NO_CHROMIUM


def test_torch_is_for_the_whole_check_only() -> None:
    """The tests that need torch are slow, so `--torch` without `--all` is refused in words."""
    done = start("test", "--torch")
    assert 1 == done.returncode
    assert "use --torch with --all" in done.stderr
