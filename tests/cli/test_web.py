"""The web page from the terminal: a file of papers is published, and the demo serves the sample day."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from bots.cli.context import Exit
from tests.cli.conftest import Run
from tests.conftest import ROOT

_PAPERS = (
    "Adaptive Instrument Design\n"
    "Indirect experiments estimate treatment effects where trials are impractical. We take first steps towards better "
    "sample efficiency by designing a policy over instrumental variables. Experiments show how the method helps.\n"
)


def test_a_file_is_published(run: Run, tmp_path: Path) -> None:
    """The papers of a file are published as the list of a day, and the answer says how many and when."""
    file = tmp_path / "papers.txt"
    file.write_text(_PAPERS, encoding="utf-8")
    result = run("web", "add", str(file), "--day", "2026-11-24")
    assert Exit.DONE == result.exit_code, result.output
    assert "1 paper published on the web page for Tuesday 24 November 2026." in result.stdout
    again = run("--json", "web", "add", str(file), "--day", "2026-11-25")
    assert {"papers": 1, "day": "2026-11-25"} == json.loads(again.stdout)


def test_a_file_without_papers_says_so(run: Run, tmp_path: Path) -> None:
    """A file that is missing or holds no papers is an error in words, and nothing is published."""
    result = run("web", "add", str(tmp_path / "none.bib"))
    assert Exit.DONE != result.exit_code
    # A long path is broken at the width of the terminal.
    assert "none.bib" in result.stderr.replace("\n", "")


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process without a signal that it hears")
def test_the_demo_serves_the_sample_day() -> None:
    """The demo prints an address of this machine, serves the sample day and an archive there, and ends with Ctrl-C."""
    command = [sys.executable, "-m", "bots", "demo", "--web"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as demo:
        assert demo.stdout
        address = demo.stdout.readline().split()[-1]
        try:
            assert address.startswith("http://127.0.0.1:")
            with httpx.Client(base_url=address, trust_env=False, timeout=30) as browser:
                assert "Attention Is All You Need" in browser.get("/").text
                assert "Reading group" in browser.get("/channels").text
                assert browser.get("/channel/reading-group").text.count("<article") >= 3
        finally:
            demo.send_signal(signal.SIGINT)
        assert 0 == demo.wait(timeout=30)
