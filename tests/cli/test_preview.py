"""The command `preview`: it begins with its options, prints its address, and ends at Ctrl-C."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import IO

import pytest

from bots.cli.context import Exit
from tests.cli.conftest import Run
from tests.conftest import ROOT

_NO_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@pytest.fixture
def started(tmp_path: Path) -> "subprocess.Popen[str]":
    """The command, running beside the test."""
    command = [
        sys.executable,
        "-m",
        "bots",
        "preview",
        "--sample",
        "--no-browser",
        "--query",
        "protein",
        "--limit",
        "2",
    ]
    environment = {**os.environ, "PAPERWIRE_DATABASE": str(tmp_path / "unused.sqlite3")}
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def address_in(stream: "IO[str] | None") -> str:
    """Return the address that the command prints first."""
    assert stream is not None
    found = re.search(r"http://127\.0\.0\.1:\d+/[\w-]+/", stream.readline())
    assert found is not None
    return found[0]


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_ctrl_c(started: "subprocess.Popen[str]", number: signal.Signals, tmp_path: Path) -> None:
    """The page has the options that were given; Ctrl-C ends it with success, and nothing was stored."""
    with started:
        address = address_in(started.stdout)
        with _NO_PROXY.open(address, timeout=60) as answer:
            page = answer.read().decode()
        assert 'value="protein"' in page
        assert "2 shown" in page
        started.send_signal(number)
        assert Exit.DONE == started.wait(30)
    assert not (tmp_path / "unused.sqlite3").exists()


def test_a_wrong_option_is_named(run: Run) -> None:
    """A filter that cannot be read, and a subscription that does not exist, are named before anything is served."""
    for options, said in ((("--query", "ti:("), "never closed"), (("--subscription", "nope"), "no subscription")):
        result = run("preview", "--sample", "--no-browser", *options)
        assert Exit.FAILED == result.exit_code or Exit.ASKED_WRONGLY == result.exit_code
        assert said in result.stderr


@pytest.mark.slow
def test_a_picture(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With --png a browser makes the picture and the command ends; without a browser it says so."""
    browser = tmp_path / "chromium"
    browser.write_text('#!/bin/sh\nfor word; do case "$word" in --screenshot=*) : > "${word#*=}";; esac; done\n')
    browser.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    result = run("preview", "--sample", "--png", "page.png")
    assert (Exit.DONE, True) == (result.exit_code, (tmp_path / "page.png").exists())
    monkeypatch.setattr("bots.cli.preview._BROWSERS", ("no-such-browser",))
    result = run("preview", "--sample", "--png", "other.png")
    assert Exit.SETTINGS == result.exit_code
    assert "Chromium" in result.stderr
