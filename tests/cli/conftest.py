"""Fixtures that run the command line in an empty folder."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bots.__main__ import hoisted
from bots.cli.app import app
from bots.sources import _politeness
from bots.sources._politeness import Pace

#: No server listens on port 9 of this machine: every request is refused at once.
NOWHERE = "http://127.0.0.1:9"

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs the command line in an empty folder, with its own database and no network access."""
    monkeypatch.chdir(tmp_path)
    for place in ("HUGGINGFACE", "ARXIV_API", "ARXIV_FEED", "ARXIV_LIST", "BIORXIV", "PUBMED", "CROSSREF", "OPENALEX"):
        monkeypatch.setenv(f"PAPERWIRE_SOURCES_{place}", NOWHERE)
    # Feeds of journals have no setting for their addresses: a proxy that refuses stands before them.
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, NOWHERE)
    # A loopback port that refuses connections needs no pause between two attempts.
    asked = _politeness.paces_of
    monkeypatch.setattr(_politeness, "paces_of", lambda *of: {host: hurried(pace) for host, pace in asked(*of).items()})
    monkeypatch.setenv("PAPERWIRE_DATABASE", str(tmp_path / "paperwire.sqlite3"))
    runner = CliRunner()

    def invoke(*arguments: str, stdin: str | bytes | None = None) -> Result:
        return runner.invoke(app, hoisted(arguments), input=stdin)

    return invoke


def hurried(pace: Pace) -> Pace:
    """Return a pace without pauses."""
    return replace(pace, interval=0.0, backoff=0.0)


def said(result: Result) -> Any:
    """Return the JSON that a command printed."""
    return json.loads(result.stdout)
