"""Slack that is away when the program starts: the program waits and says so, and connects as soon as it can."""

import asyncio
import logging
from pathlib import Path

import pytest

from bots.bootstrap import supervisor
from bots.domain.errors import SettingsError
from tests.fakes.slack.faults import Trouble
from tests.fakes.slack.server import FakeSlack
from tests.slack.conftest import at_work

#: Seconds. Longer than connecting takes on a busy machine.
_PATIENCE = 20.0


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        (Trouble.REFUSED, "internal_error"),
        (Trouble.RATE_LIMITED, ""),
        (Trouble.DOWN_BEFORE, ""),
        (Trouble.RESET, ""),
        (Trouble.NOT_JSON, ""),
    ],
)
async def test_an_outage_at_the_start_is_waited_for(
    slack: FakeSlack,
    tmp_path: Path,
    trouble: Trouble,
    error: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The other platforms start without Slack, the log says why, and Slack is connected when it is back."""
    monkeypatch.setattr(supervisor, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(supervisor, "LONGEST_PAUSE", 0.01)
    installation = slack.hub.install(slack.workspace())
    slack.hub.faults.switch(trouble, "auth.test", error=error)
    with caplog.at_level(logging.ERROR):
        async with at_work(slack, tmp_path, installation.token) as application:
            delivery = application.executor.part_delivery
            assert "slack" not in delivery.adapters
            assert "Slack " in " ".join(delivery.absent.values())
            assert "a platform is skipped" in caplog.text

            slack.hub.faults.heal()

            async with asyncio.timeout(_PATIENCE):
                while "slack" not in delivery.adapters:  # noqa: ASYNC110 - no event tells of it
                    await asyncio.sleep(0.01)


async def test_a_wrong_token_ends_the_start(slack: FakeSlack, tmp_path: Path) -> None:
    """Waiting would not mend a token; the error names the setting."""
    with pytest.raises(SettingsError, match=r"slack\.bot_token: invalid_auth"):
        async with at_work(slack, tmp_path, "xoxb-0-wrong"):
            pass
