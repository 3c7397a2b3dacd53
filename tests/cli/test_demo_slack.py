"""Tests of the Slack demo."""

import sys

import pytest

from bots.cli.context import Exit
from tests.cli.conftest import Run


def test_the_demo_shows_a_conversation_in_slack(run: Run) -> None:
    """In a checkout the demo shows a digest, a look-up for one person, her saved paper and her condensed abstract."""
    result = run("demo", "--slack")

    assert Exit.DONE == result.exit_code, result.output
    shown = (
        "3 papers for",
        "only Ada sees it",
        "BERT",
        "Saved: “BERT",
        "the interests of a team",
        "[Abstract]  [Save]",
    )
    assert [] == [each for each in shown if each not in result.stdout]


def test_without_a_checkout_the_demo_says_what_it_needs(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed Paperwire has no tests and no fake Slack: the demo says so, and how to run both demos."""
    monkeypatch.setitem(sys.modules, "tests.fakes.slack.server", None)

    result = run("demo", "--slack")

    assert Exit.SETTINGS == result.exit_code
    assert "of the tests, which an installed" in result.stderr
    assert "dev.py run demo --slack" in " ".join(result.stderr.split())
