"""A day of work with Paperwire in Discord, from the invitation to the removal, over each connection mode."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bots.bootstrap.app import App
from bots.discord.settings import ConnectionMode
from bots.scheduling.scheduler import Scheduler
from tests.discord.conftest import Clock, at_work, founded
from tests.discord.forms import opens_more
from tests.fakes.discord.permissions import MEMBER, Permissions
from tests.fakes.discord.person import Person
from tests.fakes.discord.reading import Seen
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.transcript import Transcript
from tests.fakes.discord.world import Channel, ChannelType, Guild
from tests.support.rows import rows_of

BERLIN = ZoneInfo("Europe/Berlin")
_HERE: dict[str, Any] = {"timezone": BERLIN}
FIRST = "Generative Agents: Interactive Simulacra of Human Behavior"
ABSTRACT = (
    "Research teams face more papers every day than they can read. Existing alerts either send everything or hide why "
    "a paper was chosen. In this paper, we present a digest that filters the day's papers by the interests of a team "
    "and condenses each abstract to one sentence that the abstract itself supports. In a trial with 12 groups over "
    "eight weeks, readers opened 3.4 times as many of the papers they were sent. "
)


@dataclass(kw_only=True)
class Day:
    """The server, the shared clock, and Ada."""

    discord: FakeDiscord
    guild: Guild
    clock: Clock
    ada: Person
    papers: Channel
    folder: Path
    way: ConnectionMode
    application: App = field(init=False)
    scheduler: Scheduler = field(init=False)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run Paperwire until the context exits; its database stays."""
        async with at_work(
            self.discord, self.folder, self.way, clock=self.clock, look_every=0.1, **_HERE
        ) as application:
            self.application, self.scheduler = application, application.scheduler()
            yield

    async def uses(self, line: str, answer: str, /, **given: Any) -> Seen:
        """Use a command as Ada, and return the reply that only she sees."""
        before = self.private()
        await self.ada.uses(line, self.papers, **given)
        return await self.told(before, answer)

    async def presses(self, where: Seen, label: str, answer: str, *, nth: int = 0) -> Seen:
        """Click a button as Ada, and return the reply that only she sees."""
        before = self.private()
        await self.ada.presses(where, label, nth=nth)
        return await self.told(before, answer)

    def private(self) -> dict[str, str]:
        """Return the texts that only Ada sees, by message id."""
        return {str(seen.message["id"]): seen.text for seen in self.ada.sees(self.papers, only_me=True)}

    async def told(self, before: dict[str, str], answer: str) -> Seen:
        """Wait until Ada sees a new text that only she sees."""

        def told() -> Seen | None:
            new = self.ada.sees(self.papers, only_me=True)
            fresh = (seen for seen in new if before.get(str(seen.message["id"])) != seen.text)
            return next((seen for seen in fresh if answer in seen.text), None)

        return await self.ada.waits(told, what=repr(answer))

    async def becomes(self, hour: int) -> None:
        """Move the clock of Discord and Paperwire to an hour of a working day in Berlin."""
        now = self.clock().astimezone(BERLIN)
        then = datetime.combine(now.date(), time_of_day(hour), BERLIN)
        while then <= now or then.weekday() > 4:
            then += timedelta(days=1)
        self.clock.ahead += then - now
        await self.scheduler.poll()
        await self.application.dispatcher.drain()


async def test_a_day_in_discord(tmp_path: Path, way: ConnectionMode) -> None:
    """Every feature works from one morning to the next and after a restart; removing the app leaves no row."""
    clock = Clock()
    async with FakeDiscord(clock=lambda: clock().timestamp()) as discord:
        guild = founded(discord)
        ada = discord.person("ada", guild, permissions=MEMBER | Permissions.MANAGE_CHANNELS)
        papers = discord.channel("papers", guild)
        day = Day(discord=discord, guild=guild, clock=clock, ada=ada, papers=papers, folder=tmp_path, way=way)
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(day.running())
            await day.scheduler.poll()
            thread = await subscribes(day)
            await day.becomes(9)
            digest = await arrives(day, thread)
            await presses_everything(day, digest)
        async with day.running():
            await presses_everything(day, digest, again=True)
            await looks_things_up(day)
            await pastes(day)
            await changes_it(day)
            await goes_wrong(day)
            await leaves(day)
        (tmp_path / "day.txt").write_text(Transcript(discord.hub, zone=BERLIN).text(), encoding="utf-8")
        assert [] == discord.hub.wrongs
        assert [] == ada.notices


async def subscribes(day: Day) -> Channel:
    """Subscribe a channel, a thread and a forum, with a preview and a change before each subscription is saved."""
    assert "/artikel" not in day.ada.commands(day.papers)
    thread = await talked_about(day)
    forum = day.discord.channel("forum", day.guild, kind="forum", tags=("papers", "other"), require_tag=True)
    for place in (day.papers, thread, forum):
        await subscribes_in(day, place)
    assert 3 == len(await day.application.store.subscriptions())
    return thread


async def talked_about(day: Day) -> Channel:
    """Return a thread that a person created."""
    world = day.discord.hub.world
    thread = Channel(
        id=day.discord.hub.new_id(), type=ChannelType.THREAD, name="reading", guild=day.guild.id, parent=day.papers.id,
        owner=day.ada.user.id,
    )  # fmt: skip
    world.channels[thread.id] = thread
    day.discord.hub.channel_changed("THREAD_CREATE", thread)
    return thread


async def subscribes_in(day: Day, place: Channel) -> None:
    """Complete the modal and the draft message; the time zone is that of the settings."""
    if place is day.papers:
        await day.ada.uses("/paper subscribe", day.papers)
    else:
        await day.ada.uses("/paper subscribe", day.papers, channel=place)
    window = await day.ada.gets_modal("New subscription")
    assert (["09:00"], ["Europe/Berlin"], [place.id]) == tuple(
        window.field(name).value for name in ("time", "zone", "channel")
    )
    before = day.private()
    await day.ada.submits()
    shown = await day.told(before, "New subscription")
    await opens_more(day.ada, shown, "papers", "Which papers")
    await day.ada.fills({"Only papers that match": "agents OR language", "All sources, by name": "sample"})
    before = day.private()
    await day.ada.submits()
    shown = await day.told(before, "agents OR language")
    before = day.private()
    await day.ada.chooses(shown, "3 papers at most")
    shown = await day.told(before, "Up to 3 papers")
    preview = await day.presses(shown, "Preview", "papers for")
    assert FIRST in preview.text
    before = day.private()
    await day.ada.presses(shown, "Subscribe")
    assert "9:00" in (await day.told(before, "Subscribed")).text


async def arrives(day: Day, thread: Channel) -> Seen:
    """Check the digest at nine in Berlin: in the channel, in the thread, and as a post with the forum's tag."""
    digest = await day.ada.reads(FIRST, day.papers)
    said = datetime.fromisoformat(str(digest.message["timestamp"])).astimezone(BERLIN)
    assert (9, 0) == (said.hour, said.minute)
    assert FIRST in (await day.ada.reads(FIRST, thread)).text
    forum = day.discord.channel("forum", day.guild)
    (post,) = day.discord.threads(forum)
    assert FIRST in (await day.ada.reads(FIRST, post)).text
    assert re.match(r"3 papers for \w+ \d+ November|3 papers for", post.name)
    assert ["papers"] == [forum.tags[tag] for tag in post.applied]
    return digest


async def presses_everything(day: Day, digest: Seen, *, again: bool = False) -> None:
    """Click all five buttons below the first paper."""
    assert "believable" in (await day.presses(digest, "Abstract", "believable", nth=1)).text
    assert ("before" if again else "aved") in (await day.presses(digest, "Save", "aved", nth=1)).text
    await day.presses(digest, "More like this", "similar to", nth=1)
    await day.presses(digest, "BibTeX", "@", nth=1)
    asks = await day.presses(digest, "Not for us", "Generative", nth=1)
    await day.presses(asks, "Hide it", "Hidden:")


async def looks_things_up(day: Day) -> None:
    """Look up papers by suggestion, words and message; list saved papers, make a digest, share a reply."""
    offered = await day.ada.suggests("/paper lookup", day.papers, "paper", typed="interactive simulacra")
    assert [(FIRST, "2304.03442")] == offered
    card = await day.uses("/paper lookup", FIRST, paper=offered[0][1])
    await day.ada.presses(card, "Share")
    shared = await day.ada.reads("Shared by", day.papers)
    assert FIRST in shared.text
    assert () == tuple(shared.pings)
    assert FIRST in (await day.uses("/paper search", "paper for", words="agents")).text
    assert FIRST in (await day.uses("/paper saved", FIRST)).text
    assert "papers for" in (await day.uses("/paper digest", "papers for", source="sample", limit=2)).text
    assert "/paper subscribe" in (await day.uses("/paper help", "/paper subscribe")).text
    said = await day.ada.says("Have you seen https://arxiv.org/abs/2304.03442 ?", day.papers)
    before = day.private()
    await day.ada.uses_on_message("Summarize", said)
    assert FIRST in (await day.told(before, FIRST)).text


async def pastes(day: Day) -> None:
    """Condense an abstract: pasted into the modal, uploaded as a text file, and from a message."""
    await day.ada.uses("/summarize", day.papers)
    await day.ada.gets_modal("Condense an abstract")
    await day.ada.fills({"Abstract": ABSTRACT})
    before = day.private()
    await day.ada.submits()
    assert "filters the day's papers" in (await day.told(before, "abstract's own words")).text
    await day.ada.uses("/summarize", day.papers)
    await day.ada.gets_modal("Condense an abstract")
    await day.ada.fills({"Or a text file": ("a.txt", ABSTRACT.replace("digest", "brief").encode())})
    before = day.private()
    await day.ada.submits()
    assert "brief" in (await day.told(before, "brief")).text
    said = await day.ada.says(ABSTRACT.replace("digest", "letter"), day.papers)
    before = day.private()
    await day.ada.uses_on_message("Summarize", said)
    assert "letter" in (await day.told(before, "letter")).text


async def changes_it(day: Day) -> None:
    """Edit, pause, resume and end a subscription; ending requires a confirmation."""
    listed = await day.uses("/paper subscriptions", "1 subscription")
    await day.ada.presses(listed, "Edit")
    await day.ada.gets_modal("Edit subscription")
    await day.ada.fills({"Time": "10:00"})
    before = day.private()
    await day.ada.submits()
    shown = await day.told(before, "Change this subscription?")
    before = day.private()
    await day.ada.presses(shown, "Save")
    await day.told(before, "10:00")
    await day.presses(listed, "Pause", "Paused")
    resting = await day.uses("/paper subscriptions", "Paused.")
    await day.presses(resting, "Resume", "Resumed")
    sure = await day.presses(listed, "Unsubscribe", "End this subscription?")
    await day.presses(sure, "Unsubscribe", "Unsubscribed")
    assert 2 == len(await day.application.store.subscriptions())


async def goes_wrong(day: Day) -> None:
    """Check that each mistake is explained to Ada alone, and that the modal keeps her input."""
    assert "2999.99999" in (await day.uses("/paper lookup", "2999.99999", paper="2999.99999")).text
    assert "never closed" in (await day.uses("/paper digest", "bracket", query="(((")).text
    await day.ada.uses("/paper subscribe", day.papers)
    await day.ada.gets_modal("New subscription")
    before = day.private()
    await day.ada.submits()
    shown = await day.told(before, "New subscription")
    await opens_more(day.ada, shown, "times", "When")
    await day.ada.fills({"Times of day": "25:00", "Quiet hours, from – to": "22"})
    before = day.private()
    await day.ada.submits()
    shown = await day.told(before, "25:00")
    await day.ada.presses(shown, "Change")
    window = await day.ada.gets_modal("When")
    assert ("25:00", "22") == (window.field("at").value, window.field("quiet").value)
    await day.ada.fills({"Times of day": "8 am, 17:30", "Quiet hours, from – to": ""})
    before = day.private()
    await day.ada.submits()
    shown = await day.told(before, "8:00 and 17:30")
    before = day.private()
    await day.ada.presses(shown, "Discard")
    await day.told(before, "Nothing was saved")


async def leaves(day: Day) -> None:
    """Remove the app and forget the server, and check that no row written during the day names the server."""
    assert {"subscription", "delivery", "tenant"} <= set(rows_of(day.folder, day.guild.id))
    await day.application.store.purge_workspace("discord", day.guild.id)
    day.discord.kick(day.guild)
    await gone(day)


async def gone(day: Day) -> None:
    """Wait until no row is left."""
    async with asyncio.timeout(30):
        while rows_of(day.folder, day.guild.id):  # noqa: ASYNC110 - the database has no event to wait for
            await asyncio.sleep(0.02)
