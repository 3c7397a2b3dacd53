"""Slack's rate limits over several processes: what one was asked to wait, all wait."""

import time

import pytest

from bots.delivery.local_permits import LocalPermits
from bots.domain.errors import PostRefused, StoreError
from bots.ports.permits import Lane, platform_lane
from bots.slack.method_limits import LIMITS
from bots.slack.poster import SlackPoster
from tests.fakes.slack.faults import Trouble
from tests.fakes.slack.server import FakeSlack
from tests.slack.delivery.test_refused import a_part
from tests.slack.mornings import found, place
from tests.support.doubles import Hand

_HISTORY = "conversations.history"


def poster_of(slack: FakeSlack, permits: LocalPermits) -> SlackPoster:
    """Return the poster of one process."""

    async def token_of(_workspace: str) -> str:
        return slack.hub.world.installations[0].token

    return SlackPoster(slack.api, token_of, permits=permits)


async def test_a_refused_post_holds_its_workspace(slack: FakeSlack) -> None:
    """After a 429 for a post, no process takes a permit of that workspace before the time that Slack named."""
    found(slack)
    hand = Hand()
    permits = LocalPermits(ticks=hand.ticks, sleep=hand.pace)
    slack.hub.faults.switch(Trouble.RATE_LIMITED, "chat.postMessage", left=1, seconds=40)
    part = a_part(slack)
    with pytest.raises(PostRefused):
        await poster_of(slack, permits).post(part, "key", "")
    lane = platform_lane("slack", LIMITS.platform, workspace=part.channel.workspace)
    with pytest.raises(TimeoutError):
        await permits.take(lane, within=39)
    await permits.take(platform_lane("slack", LIMITS.platform, workspace="another"), within=0.0)


async def test_a_refused_method_waits_in_every_process(slack: FakeSlack) -> None:
    """A 429 of one method in one process delays the next call of that method in another, and no other method."""
    found(slack)
    hand = Hand()
    permits = LocalPermits(ticks=hand.ticks, sleep=hand.pace)
    one, two = poster_of(slack, permits), poster_of(slack, permits)
    since = await one.platform_time()
    assert since is not None
    slack.hub.faults.switch(Trouble.RATE_LIMITED, _HISTORY, left=1, seconds=40)
    with pytest.raises(PostRefused):
        await one.find(place(slack, "papers"), "key", since, "")
    began = hand.ticks()
    await (await two.of(a_part(slack).channel.workspace)).auth_test()
    assert 1 > hand.ticks() - began
    await two.find(place(slack, "papers"), "key", since, "")
    assert 40 <= hand.ticks() - began


async def test_calls_go_on_without_the_database(slack: FakeSlack) -> None:
    """A method that was never refused needs no permit: if none can be counted, it is called all the same."""

    class Down(LocalPermits):
        async def take(self, lane: Lane, *, within: float = float("inf")) -> str:  # noqa: ARG002 - the port's
            raise StoreError("The database that counts the rate limits does not answer.")

    found(slack)
    poster = poster_of(slack, Down(ticks=time.monotonic, sleep=Hand().pace))
    assert (await (await poster.of(a_part(slack).channel.workspace)).auth_test())["ok"]
