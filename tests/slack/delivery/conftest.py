"""Fixtures: a fake Slack in which a digest of five papers is due at nine."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.crash.scenes import make_template
from tests.fakes.slack.server import FakeSlack
from tests.slack.mornings import EARLY, Morning, found, morning, slack_at
from tests.support.doubles import Hand


@pytest.fixture(scope="module")
async def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that holds the blurbs of the sample day."""
    return await make_template(tmp_path_factory.mktemp("template") / "paperwire.sqlite3")


@pytest.fixture
def hand() -> Hand:
    """The clock of the app and of Slack, half a minute before nine in Vienna."""
    return Hand(now=EARLY)


@pytest.fixture
async def slack(hand: Hand) -> AsyncIterator[FakeSlack]:
    """A fake Slack with the strictest reading of Slack's documentation, in which the app is installed."""
    async with slack_at(hand) as server:
        found(server)
        yield server


@pytest.fixture
async def today(slack: FakeSlack, hand: Hand, tmp_path: Path, template: Path) -> AsyncIterator[Morning]:
    """A subscription of five papers, one message, due at nine."""
    async with morning(slack, hand, tmp_path, template) as opened:
        yield opened
