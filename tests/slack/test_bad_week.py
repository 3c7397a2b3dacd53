"""A workspace's bad week: a revoked token, a bot that is removed and invited again, an archived and a shut channel."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bots.bootstrap.app import App
from bots.domain.subscriptions import Subscription
from bots.scheduling.scheduler import Scheduler
from bots.slack.app import SlackSettings
from bots.slack.manifest import manifest
from summarizer import Secret
from tests.fakes.slack.faults import Trouble
from tests.fakes.slack.person import Person
from tests.fakes.slack.reading import Seen
from tests.fakes.slack.server import FakeSlack
from tests.fakes.slack.transcript import Transcript
from tests.fakes.slack.world import Channel
from tests.slack.conftest import Clock, at_home

VIENNA = ZoneInfo("Europe/Vienna")
#: What no line of a chat may hold: codes of Slack, commands of the terminal, raw ids, code blocks, Python.
_NEVER = ("token_revoked", "restricted_action", "is_archived", "paperwire ", "C0FAKE", "U0FAKE", "`", "source=", "None")


@dataclass(frozen=True, kw_only=True)
class Week:
    """The workspace, its clock, and Ada, who subscribed a channel to digests on working days at nine."""

    slack: FakeSlack
    application: App
    scheduler: Scheduler
    clock: Clock
    ada: Person
    papers: Channel

    async def becomes_nine(self) -> None:
        """Move the clock to nine of the next working day, and let all that is due go out."""
        now = self.clock().astimezone(VIENNA)
        then = datetime.combine(now.date(), time_of_day(9), VIENNA)
        while then <= now or then.weekday() > 4:
            then += timedelta(days=1)
        self.clock.ahead += then - now
        await self.polls()

    async def polls(self, *, after: timedelta = timedelta()) -> None:
        """Let all that is due go out, and then the notices about what went wrong."""
        self.clock.ahead += after
        for _ in range(2):
            await self.scheduler.poll()
            await self.application.dispatcher.drain()

    async def types(self, words: str, answer: str) -> str:
        """Have Ada type a command, and return the answer."""
        await self.ada.types(f"/paper {words}", self.papers)
        return (await self.ada.reads(answer, self.papers, only_me=True)).text

    async def resumes(self, offer: Seen) -> None:
        """Have Ada press Resume, and wait for the answer."""
        before = len(self.ada.sees(self.papers, only_me=True))
        await self.ada.presses(offer, "Resume")

        def answer() -> Seen | None:
            new = self.ada.sees(self.papers, only_me=True)[before:]
            return next((seen for seen in new if "Resumed" in seen.text), None)

        await self.ada.waits(answer, what="the confirmation")

    def digests(self) -> int:
        """Return how many digests the channel has."""
        return len([seen for seen in self.ada.sees(self.papers) if "papers for" in seen.text])

    async def subscription(self) -> Subscription:
        """Return the channel's subscription."""
        (found,) = await self.application.store.subscriptions()
        return found


@pytest.fixture
async def week(tmp_path: Path) -> AsyncIterator[Week]:
    """The week, over Socket Mode; the app may not post in channels that it is not in."""
    clock = Clock()
    async with FakeSlack(manifest("socket"), clock=lambda: clock().timestamp()) as slack:
        ada = slack.person("ada", tz=str(VIENNA))
        installation = slack.hub.install(slack.workspace())
        installation.scopes -= {"chat:write.public"}
        bot, app = Secret(installation.token), Secret(slack.hub.app_token)
        settings = SlackSettings(api_url=slack.api, bot_token=bot, app_token=app)
        async with at_home(settings, tmp_path, clock=clock) as application:
            papers = slack.channel("papers", ada)
            scheduler = application.scheduler()
            yield Week(
                slack=slack, application=application, scheduler=scheduler, clock=clock, ada=ada, papers=papers
            )  # fmt: skip
        text = Transcript(slack.hub, zone=VIENNA).text()
        (tmp_path / "week.txt").write_text(text, encoding="utf-8")
        said = [line for line in text.splitlines() if "http" not in line]
        assert [] == [(word, line) for line in said for word in _NEVER if word in line]


async def test_a_workspaces_bad_week(week: Week) -> None:
    """Each trouble is told with who can mend it; then one press or none goes on, and nothing is doubled."""
    await week.types("subscribe to the sample day at 9am", "Subscribed in")
    await week.becomes_nine()
    assert 1 == week.digests()
    await the_token_is_revoked(week)
    await the_bot_is_removed(week)
    await the_channel_is_archived(week)
    await the_channel_is_read_only(week)


async def the_token_is_revoked(week: Week) -> None:
    """A digest waits, the list and the home tab say who can mend it, and it comes by itself when the token works."""
    week.slack.hub.faults.switch(Trouble.REFUSED, "chat.postMessage", error="token_revoked")
    await week.becomes_nine()
    listed = await week.types("status", "A digest waits to be posted")
    assert "Ask whoever runs Paperwire to install the app again" in listed
    await week.ada.opens_home()
    await week.ada.waits(lambda: "A digest waits" in (week.ada.home.text if week.ada.home else "") or None)
    week.slack.hub.faults.heal()
    await week.polls(after=timedelta(minutes=6))
    assert 2 == week.digests()
    assert (await week.subscription()).enabled


async def the_bot_is_removed(week: Week) -> None:
    """No digest comes; who subscribed is told at once; the invitation offers to go on."""
    await week.ada.removes_bot(week.papers)
    await week.ada.reads("was removed from that channel", week.ada.direct)
    await week.becomes_nine()
    assert "Paused" in await week.types("subscriptions", "Paused")
    await week.ada.invites_bot(week.papers)
    await week.resumes(await week.ada.reads("This channel's digest is paused", week.papers))
    await week.ada.reads("ada resumed this channel's subscription", week.papers)
    await week.becomes_nine()
    assert 3 == week.digests()


async def the_channel_is_archived(week: Week) -> None:
    """The digest is paused with the reason, and the channel that comes back from the archive is offered to go on."""
    await week.ada.archives(week.papers)
    await week.becomes_nine()
    told = await week.ada.reads("That channel is archived", week.ada.direct)
    assert "Unarchive the channel" in told.text
    before = len(week.ada.sees(week.papers))
    await week.ada.archives(week.papers, undo=True)
    offer = await week.ada.waits(
        lambda: next((seen for seen in week.ada.sees(week.papers)[before:] if "Resume" in seen.buttons), None)
    )
    await week.resumes(offer)
    await week.becomes_nine()
    assert 4 == week.digests()


async def the_channel_is_read_only(week: Week) -> None:
    """Where apps may not post, the person reads who can let them."""
    week.slack.hub.faults.switch(Trouble.REFUSED, "chat.postMessage", left=1, error="restricted_action")
    await week.becomes_nine()
    told = await week.ada.reads("Apps may not post in that channel", week.ada.direct)
    assert "Posting permissions" in told.text
    assert 4 == week.digests()
