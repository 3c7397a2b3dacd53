"""The demo in Slack shows a conversation, and says where it cannot."""

import sys

import pytest

from bots.cli.context import Exit
from tests.cli.conftest import Run


def test_the_demo_shows_a_conversation_in_slack(run: Run) -> None:
    """In a checkout: a digest, a paper that one person asked for, what she saved, and what she had condensed."""
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
    """An installed Paperwire has no tests, and so no Slack to show: it says so, and how to see both demos."""
    monkeypatch.setitem(sys.modules, "tests.fakes.slack.server", None)

    result = run("demo", "--slack")

    assert Exit.SETTINGS == result.exit_code
    assert "of the tests, which an installed" in result.stderr
    assert "dev.py run demo --slack" in " ".join(result.stderr.split())
