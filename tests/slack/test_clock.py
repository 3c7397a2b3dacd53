"""Slack's clock and this machine's: a message is found by Slack's, and a wrong clock is told."""

import json
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bots.bootstrap.app import utc_now
from bots.domain.errors import PostRefused, PostUnknown
from bots.slack.health import check_health
from bots.store.memory import MemoryStore
from tests.fakes.slack.faults import Trouble
from tests.fakes.slack.server import FakeSlack
from tests.slack.conftest import Site, abroad
from tests.slack.delivery.test_refused import a_part, web_of
from tests.slack.mornings import found, place
from tests.slack.test_health import set_up, wrong
from tests.slack.test_http import REFUSED

_POST = "chat.postMessage"
#: Slack's time in these tests: years from this machine's.
_SLACKS = datetime(2031, 3, 4, 5, 6, 7, tzinfo=UTC)


@pytest.fixture
async def site(slack: FakeSlack, tmp_path: Path) -> AsyncIterator[Site]:
    """Paperwire over HTTP, without any installation yet."""
    async with abroad(slack, tmp_path) as served:
        yield served


async def test_slacks_own_time_is_read_from_any_answer() -> None:
    """Slack's time is that of its last response, whatever this machine's clock shows; without one, Slack is asked."""
    async with FakeSlack(clock=_SLACKS.timestamp) as slack:
        found(slack)
        poster = web_of(slack)
        asked = await poster.platform_time()
        assert asked is not None
        assert timedelta() <= asked - _SLACKS < timedelta(minutes=1)
        await poster.post(a_part(slack), "key", "")
        await poster.platform_time()
        assert ["api.test", _POST] == [each.text for each in slack.hub.happenings.of("call")]


async def test_a_message_is_found_by_slacks_time() -> None:
    """A message is found after an instant of Slack's clock before the post, and not after a later one."""
    async with FakeSlack(clock=_SLACKS.timestamp) as slack:
        found(slack)
        poster = web_of(slack)
        since = await poster.platform_time()
        assert since is not None
        ts = await poster.post(a_part(slack), "key", "")
        assert ts == await poster.find(place(slack, "papers"), "key", since, "")
        later = _SLACKS + timedelta(minutes=5)
        assert await poster.find(place(slack, "papers"), "key", later, "") is None


@pytest.mark.parametrize("trouble", [Trouble.ANSWER_LOST, Trouble.DOWN_BEFORE, Trouble.RATE_LIMITED])
async def test_a_slack_that_does_not_tell_its_time(slack: FakeSlack, trouble: Trouble) -> None:
    """If Slack's time cannot be read, that is an error at which nothing was posted; the next call may succeed."""
    poster = web_of(slack)
    slack.hub.faults.switch(trouble, "api.test", left=1)
    if trouble is Trouble.ANSWER_LOST:
        with pytest.raises(PostUnknown):
            await poster.platform_time()
    else:
        # Even a refusal has a Date; the page of a proxy may be that of another clock, but is the best there is.
        with pytest.raises((PostRefused, PostUnknown)):
            await poster.platform_time()
    assert await poster.platform_time() is not None


@pytest.mark.parametrize(("ahead", "said"), [(330, "5 minutes"), (-86_430, "1 day")])
async def test_a_wrong_clock_is_a_finding(slack: FakeSlack, ahead: int, said: str) -> None:
    """If this machine's clock differs from Slack's, the finding says by how much, and how to set it right."""
    settings = set_up(slack)
    away = timedelta(seconds=ahead)

    def clock() -> datetime:
        return datetime.fromtimestamp(slack.hub.clock(), UTC) + away

    (fault,) = wrong(await check_health(settings, MemoryStore(), clock))

    assert "slack clock" == fault.name
    assert fault.says.startswith(f"this machine's clock is wrong: it is {said}")
    assert fault.says.endswith("ahead of Slack's" if ahead > 0 else "behind Slack's")
    assert "NTP" in fault.fix


async def test_a_right_clock_is_told_as_well(slack: FakeSlack) -> None:
    """If this machine's clock agrees with Slack's, the doctor says so."""
    settings = set_up(slack)
    found = await check_health(settings, MemoryStore(), utc_now)
    assert "this machine's clock agrees with Slack's" in [each.says for each in found]


async def test_a_wrong_clock_is_told_once(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    """Requests that Slack signed at another time are refused; the log says why once, and again after a right one."""
    caplog.set_level("ERROR", "bots.chat.platform_clock")
    body = json.dumps({"type": "url_verification", "challenge": "c"})
    url, hooks = f"{site.url}/slack/events", site.slack.hub.hooks

    async def signed(seconds: int, **changes: str) -> int:
        stamp = str(int(time.time()) + seconds)
        given = {"Content-Type": "application/json", "X-Slack-Request-Timestamp": stamp, **changes}
        return (await hooks.post(url, body, given))[0]

    assert [REFUSED] * 3 == [await signed(-3600) for _ in range(3)]
    # Anybody can send these, so they say nothing about the clock.
    assert REFUSED == await signed(-7200, **{"X-Slack-Signature": "v0=" + "0" * 64})
    (told,) = _told(caplog)
    assert told.request.startswith("it is 1 hour")
    assert 200 == await signed(0)
    assert REFUSED == await signed(900)
    assert 2 == len(_told(caplog))
    assert "ahead of this machine" in _told(caplog)[1].request


def _told(caplog: pytest.LogCaptureFixture) -> list[Any]:
    return [each for each in caplog.records if "refused for its time" in each.getMessage()]
