"""A server's bad week: a locked thread, a forum, a removal and a new invitation, a lost permission."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path

import pytest

from bots.bootstrap.app import App
from bots.scheduling.scheduler import Scheduler
from tests.discord.conftest import Clock, at_work, founded
from tests.discord.forms import drafts_sample
from tests.fakes.discord.permissions import MEMBER, Permissions
from tests.fakes.discord.person import Person
from tests.fakes.discord.reading import Seen
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.transcript import Transcript
from tests.fakes.discord.world import Channel, ChannelType, Guild

_RIGHTS = MEMBER | Permissions.MANAGE_CHANNELS | Permissions.MANAGE_THREADS
#: What no line of a chat may hold: Discord's codes, commands of the terminal, code blocks, Python.
_NEVER = ("(50", "(10", "(16", "paperwire ", "`", "source=", "None")


@dataclass(frozen=True, kw_only=True)
class Week:
    """The server, its clock, and Ada, who manages its channels."""

    discord: FakeDiscord
    application: App
    scheduler: Scheduler
    clock: Clock
    guild: Guild
    ada: Person
    papers: Channel

    async def becomes_ten(self) -> None:
        """Move the clock to ten of the next working day, and let all that is due go out."""
        now = self.clock()
        then = datetime.combine(now.date(), time_of_day(10), now.tzinfo)
        while then <= now or then.weekday() > 4:
            then += timedelta(days=1)
        self.clock.ahead += then - now
        for _ in range(2):
            await self.scheduler.poll()
            await self.application.dispatcher.drain()

    async def subscribes(self, there: Channel) -> None:
        """Have Ada subscribe a channel to the sample day from #papers."""
        await self.ada.uses("/paper subscribe", self.papers, channel=there)
        await self.ada.gets_modal("New subscription")
        draft = await drafts_sample(self.ada, self.papers)
        await self.ada.presses(draft, "Subscribe")
        await self.ada.waits(lambda: "Subscribed in" in draft_now(self, draft).text or None, what="a confirmation")

    async def lists(self, there: Channel, words: str) -> Seen:
        """Have Ada list the subscriptions of a channel from #papers."""
        await self.ada.uses("/paper subscriptions", self.papers, channel=there)
        return await self.ada.reads(words, self.papers, only_me=True)

    def digests(self, there: Channel) -> int:
        """Return how many digests a channel has; in a forum each is a post."""
        if there.type == ChannelType.FORUM:
            return len(self.discord.threads(there))
        return len([seen for seen in self.ada.sees(there) if "papers for" in seen.text])


def draft_now(week: Week, draft: Seen) -> Seen:
    """Return a draft's message as it is now."""
    return next(seen for seen in week.ada.sees(week.papers, only_me=True) if seen.id == draft.id)


@pytest.fixture
async def week(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Week]:
    """The week, over the gateway; no line of it holds what a member cannot act on."""
    caplog.set_level(logging.INFO)
    clock = Clock()
    async with FakeDiscord(clock=lambda: clock().timestamp()) as discord:
        guild = founded(discord)
        ada = discord.person("ada", guild, permissions=_RIGHTS)
        papers = discord.channel("papers", guild)
        async with at_work(discord, tmp_path, clock=clock) as application:
            yield Week(
                discord=discord, application=application, scheduler=application.scheduler(), clock=clock, guild=guild,
                ada=ada, papers=papers,
            )  # fmt: skip
        text = Transcript(discord.hub).text()
        (tmp_path / "week.txt").write_text(text, encoding="utf-8")
        assert [] == [(word, line) for line in text.splitlines() for word in _NEVER if word in line]
        assert [] == discord.hub.wrongs


async def test_a_locked_thread_and_a_forum(week: Week) -> None:
    """A locked thread pauses its digest and says so; a forum's is managed from another channel."""
    forum = week.discord.channel("forum", week.guild, kind="forum")
    thread = Channel(
        id=week.discord.hub.new_id(), type=ChannelType.THREAD, name="reading", guild=week.guild.id,
        parent=week.papers.id, owner=week.ada.user.id,
    )  # fmt: skip
    week.discord.hub.world.channels[thread.id] = thread
    week.discord.hub.channel_changed("THREAD_CREATE", thread)
    for there in (forum, thread):
        await week.subscribes(there)
    await week.becomes_ten()
    assert (1, 1) == (week.digests(forum), week.digests(thread))
    await week.ada.archives(thread, lock=True)
    await week.becomes_ten()
    told = await week.ada.reads("The thread is locked", week.ada.dm)
    assert "with the channel #reading, and press Resume" in told.text
    assert (2, 1) == (week.digests(forum), week.digests(thread))
    listed = await week.lists(thread, "The thread is locked")
    await week.ada.presses(listed, "Resume")
    await week.ada.reads("The subscription stays paused", week.papers, only_me=True)
    thread.locked = thread.archived = False
    await week.ada.presses(listed, "Resume")
    await week.ada.reads("Resumed in #reading", week.papers, only_me=True)
    await week.ada.presses(await week.lists(forum, "1 subscription in #forum"), "Pause")
    await week.ada.reads("Paused in #forum", week.papers, only_me=True)
    await week.becomes_ten()
    assert (2, 2) == (week.digests(forum), week.digests(thread))


async def test_a_removal_and_a_lost_permission(week: Week, caplog: pytest.LogCaptureFixture) -> None:
    """What a removal pauses goes on after the invitation; a missing permission is told by its name."""
    await week.subscribes(week.papers)
    async with asyncio.timeout(10):
        # Until then the library takes a server that is new for one it was in before.
        while "connected to Discord" not in caplog.text:  # noqa: ASYNC110 - a log has no event
            await asyncio.sleep(0.05)
    week.discord.kick(week.guild)
    await turned(week, on=False)
    await week.becomes_ten()
    week.discord.invite(week.guild)
    await turned(week, on=True)
    await week.becomes_ten()
    assert 1 == week.digests(week.papers)
    for each in week.guild.roles.values():
        each.permissions &= ~Permissions.SEND_MESSAGES
    await week.becomes_ten()
    told = await week.ada.reads("lacks the permission Send Messages", week.ada.dm)
    assert "Someone with the permission Manage Channels can give it" in told.text
    assert 1 == week.digests(week.papers)
    for each in week.guild.roles.values():
        each.permissions |= Permissions.SEND_MESSAGES
    await week.ada.presses(await week.lists(week.papers, "Paused"), "Resume")
    await week.ada.reads("Resumed in #papers", week.papers, only_me=True)
    await week.becomes_ten()
    assert 2 == week.digests(week.papers)


async def turned(week: Week, *, on: bool) -> None:
    """Wait until the one subscription is on or off."""
    async with asyncio.timeout(30):
        while (await week.application.store.subscriptions())[0].enabled is not on:  # noqa: ASYNC110 - no event
            await asyncio.sleep(0.02)
