"""Trouble of a workspace pauses nothing: its digests are held, and are posted by themselves when its access works."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bots.domain.runs import DeliveryState, RunState
from bots.slack.refusals import LOST
from tests.fakes.slack.faults import Trouble
from tests.fakes.slack.server import FakeSlack
from tests.slack.mornings import Morning, cut_short, morning
from tests.support.doubles import Hand

_POST = "chat.postMessage"


async def passes(today: Morning, hours: float) -> None:
    """Let time pass in steps of two minutes, and the scheduler look at each."""
    for _ in range(int(hours * 30)):
        today.hand.turn(minutes=2)
        await today.looks()


def told(today: Morning) -> str:
    """Return what the operator's terminal shows."""
    screen: Any = today.application.console._settings.stream
    return " ".join(screen.getvalue().split())


@pytest.mark.parametrize("word", sorted(LOST))
async def test_a_workspaces_trouble_is_waited_for(today: Morning, word: str) -> None:
    """Whatever ails the workspace, the digest is held; ten minutes after it is mended, it is posted once."""
    today.slack.hub.faults.switch(Trouble.REFUSED, _POST, error=word)
    await passes(today, 0.5)
    assert [DeliveryState.PLANNED] == [part.state for part in await today.parts()]
    assert (True, "") == ((await today.kept()).enabled, (await today.kept()).off_because)

    today.slack.hub.faults.heal()
    await passes(today, 0.2)

    assert await today.sent_once()


async def test_a_token_that_is_revoked_for_a_night(
    slack: FakeSlack, hand: Hand, tmp_path: Path, template: Path
) -> None:
    """After sixteen hours without a token, longer than parts are retried for, the digest is posted once."""
    async with morning(slack, hand, tmp_path, template, admin="console:terminal") as today:
        slack.hub.world.installations[0].revoked = True
        await passes(today, 16)
        assert [] == today.posted()
        assert (await today.kept()).enabled

        slack.hub.world.installations[0].revoked = False
        await passes(today, 0.2)

        assert await today.sent_once()
        (part,) = await today.parts()
        assert 1 == part.attempts


async def test_one_notice_for_a_workspace(
    slack: FakeSlack, hand: Hand, tmp_path: Path, template: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Three subscriptions due in a workspace without a token make one notice, in words, and no notice per run."""
    async with morning(slack, hand, tmp_path, template, admin="console:terminal") as today:
        for number in range(2):
            await today.application.store.keep_subscription(replace(today.subscription, id=f"more{number}"))
        slack.hub.world.installations[0].revoked = True
        await passes(today, 1)

        assert 1 == told(today).count("token_revoked")
        assert "no subscription is paused" in told(today)
        assert 1 == sum("accepts no posts" in each.message for each in caplog.records)
        runs = await today.application.store.runs(limit=10)
        due = [run for run in runs if not run.subscription_id.startswith("notice:")]
        assert 3 == len(due)
        assert all(run.note.startswith("held: ") for run in due)

        slack.hub.world.installations[0].revoked = False
        await passes(today, 0.5)
        ended = [await today.application.store.run(run.key) for run in due]
        assert [RunState.DONE] * 3 == [run.state for run in ended if run]


async def test_three_bad_days(slack: FakeSlack, hand: Hand, tmp_path: Path, template: Path) -> None:
    """After three mornings without a token two digests come, the held one and the newest; no paper comes twice."""
    async with morning(slack, hand, tmp_path, template, admin="console:terminal") as today:
        slack.hub.world.installations[0].revoked = True
        await passes(today, 50)
        slack.hub.world.installations[0].revoked = False
        await passes(today, 0.5)

        assert (await today.kept()).enabled
        runs = [run for run in await today.application.store.runs(limit=20) if run.subscription_id == "order"]
        assert {RunState.DONE, RunState.SKIPPED} >= {run.state for run in runs}
        sent = [part for part in await today.parts() if part.state is DeliveryState.SENT]
        assert 2 == len({part.run_key for part in sent})
        named = [paper for part in sent for paper in part.part.paper_ids]
        assert len(set(named)) == len(named)


async def test_a_restart_in_between(slack: FakeSlack, hand: Hand, tmp_path: Path, template: Path) -> None:
    """A part whose answer was lost before the token was revoked is looked up when it works, and is not posted twice."""
    slack.hub.faults.switch(Trouble.ANSWER_LOST, _POST, left=1)
    async with morning(slack, hand, tmp_path, template, admin="console:terminal") as today:
        await cut_short(today)
    async with morning(slack, hand, tmp_path, template, admin="console:terminal") as later:
        slack.hub.world.installations[0].revoked = True
        await passes(later, 0.5)
        assert [DeliveryState.SENDING] == [part.state for part in await later.parts()]
        slack.hub.world.installations[0].revoked = False
        await passes(later, 0.3)
        assert 1 == len(later.posted())
        assert await later.sent_once()


@pytest.mark.parametrize("word", ["not_in_channel", "is_archived", "restricted_action", "channel_not_found"])
async def test_the_maker_is_told_of_a_pause(
    slack: FakeSlack, hand: Hand, tmp_path: Path, template: Path, word: str
) -> None:
    """Who made a paused subscription reads in direct messages which channel, why, how to mend it, and can resume it."""
    ada = slack.person("ada")
    channel = slack.channel("papers")
    slack.hub.faults.switch(Trouble.REFUSED, _POST, channel=channel.id, error=word)
    async with morning(slack, hand, tmp_path, template, made_by=ada.user.id) as today:
        await today.comes()
        await passes(today, 0.2)

        (seen,) = [each for each in ada.sees(ada.direct) if "is paused" in each.text]
        assert "#papers" in seen.text
        assert "Resume" in seen.text
        assert ["Edit", "Resume", "Unsubscribe"] == seen.buttons
        assert "slack:" not in seen.text
        assert not (await today.kept()).enabled


async def test_a_pause_without_a_maker(today: Morning) -> None:
    """A subscription that nobody in Slack made is paused as before: the admin is told, and nobody else."""
    channel = today.slack.channel("papers").id
    today.slack.hub.faults.switch(Trouble.REFUSED, _POST, channel=channel, error="not_in_channel")
    await today.comes()
    await passes(today, 0.2)
    assert 1 == today.said("ops").count("is paused")
    assert {"papers", "ops", "general"} >= {each.name for each in today.slack.workspace().channels.values()}
