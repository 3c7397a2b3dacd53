"""Tests of the Discord demo."""

import sys

import pytest

from bots.cli.context import Exit
from tests.cli.conftest import Run


def test_the_demo_shows_a_conversation_in_discord(run: Run) -> None:
    """In a checkout the demo shows a digest, a suggested paper, a saved paper and a condensed abstract."""
    result = run("demo", "--discord")

    assert Exit.DONE == result.exit_code, result.output
    shown = ("3 papers for", "suggested: BERT", "Saved", "the interests of a team", "own words")
    assert [] == [each for each in shown if each not in result.stdout]


def test_without_a_checkout_the_demo_says_what_it_needs(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed Paperwire has no tests and no fake Discord: the demo says so, and how to run both demos."""
    monkeypatch.setitem(sys.modules, "tests.fakes.discord.server", None)

    result = run("demo", "--discord")

    assert Exit.SETTINGS == result.exit_code
    assert "dev.py run demo --discord" in " ".join(result.stderr.split())


def test_the_demo_needs_no_library_of_the_developers(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo runs without the development libraries, such as jsonschema, which a fresh checkout does not have."""
    for name in [each for each in sys.modules if each.startswith(("jsonschema", "tests.fakes.discord.openapi"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "jsonschema", None)

    assert Exit.DONE == run("demo", "--discord").exit_code
