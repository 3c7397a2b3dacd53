"""Following, mentions and reactions in Discord: what a person does, what the channel sees, what the ranking learns."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bots.discord.settings import ConnectionMode
from bots.domain.channels import Channel as Place
from bots.domain.channels import Reader
from bots.domain.feedback import Feedback, Sign
from bots.domain.subscriptions import Look, Subscription
from tests.discord.conftest import Clock, founded
from tests.discord.test_day import BERLIN, FIRST, Day
from tests.fakes.discord.permissions import MEMBER, Permissions
from tests.fakes.discord.reading import Seen
from tests.fakes.discord.server import FakeDiscord

#: An author of the first paper of the sample day.
AUTHOR = "Joon Sung Park"


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[Day]:
    """A channel of a server with Ada, and a subscription that is due at nine, over the gateway."""
    clock = Clock()
    async with FakeDiscord(clock=lambda: clock().timestamp()) as discord:
        guild = founded(discord)
        ada = discord.person("ada", guild, permissions=MEMBER | Permissions.MANAGE_CHANNELS)
        papers = discord.channel("papers", guild)
        made = Day(
            discord=discord, guild=guild, clock=clock, ada=ada, papers=papers, folder=tmp_path,
            way=ConnectionMode.GATEWAY,
        )  # fmt: skip
        async with made.running():
            kept = Subscription(
                id="a1",
                channel=here(made),
                sources=("sample",),
                timezone=BERLIN,
                look=Look.CARDS,
                limit=5,
                query="agents",
                created=clock(),
            )
            await made.application.store.keep_subscription(kept)
            await made.scheduler.poll()
            yield made
        assert [] == discord.hub.wrongs


def here(day: Day) -> Place:
    """Return the channel as Paperwire names it."""
    return Place(platform="discord", workspace=day.guild.id, channel=day.papers.id)


def reader(day: Day) -> Reader:
    """Return Ada, who is the same person in every server."""
    return Reader(platform="discord", user=day.ada.user.id)


async def the_digest(day: Day) -> Seen:
    """Wait until nine and return the digest."""
    await day.becomes(9)
    return await day.ada.reads(FIRST, day.papers)


async def statements(day: Day, *, any_: bool) -> tuple[Feedback, ...]:
    """Wait until the channel's ranking has learned from some statements, or from none; return them."""
    async with asyncio.timeout(30):
        while any_ != bool(said := await day.application.store.feedback(here(day))):  # noqa: ASYNC110 - the database has no event
            await asyncio.sleep(0.01)
    return said


async def test_a_person_follows_and_undoes_it(day: Day) -> None:
    """The confirmation says what happens, Undo ends it; a channel's follow is in the list of both."""
    store = day.application.store
    done = await day.uses("paper follow", f"You follow the author {AUTHOR} now", kind="author", text=AUTHOR)
    assert [AUTHOR] == [each.text for each in await store.follows(reader(day))]
    await day.presses(done, "Undo", f"You no longer follow the author {AUTHOR}")
    assert () == await store.follows(reader(day))
    await day.uses("paper follow", "This channel follows the topic", kind="topic", text="agents", whom="channel")
    listed = await day.uses("paper following", "this channel follows 1")
    await day.presses(listed, "Unfollow", "This channel no longer follows the topic “agents”")
    assert () == await store.follows(here(day))
    await day.uses("paper unfollow", "You do not follow “agents”", text="agents")


async def test_what_cannot_be_followed_is_told(day: Day) -> None:
    """A filter that cannot be read is answered with the place of the mistake."""
    await day.uses("paper follow", "no field “upvote:”", kind="query", text="upvote:>5")
    await day.uses("paper follow", "Which author, topic or query?", kind="author", text="???")


async def test_a_member_is_mentioned_only_after_both_switches_and_leaves_in_one_press(day: Day) -> None:
    """Ada agrees, the channel allows it: the message may ping her and no one else; the button under it ends it."""
    store = day.application.store
    await day.uses("paper follow", "You follow", kind="author", text=AUTHOR)
    await day.uses("paper mentions", "mentions are off in this channel", step="on")
    await day.uses("paper mentions", "may mention members who agree", step="allow")
    gone = Reader(platform="discord", user="424242424242424242")
    for follow in await store.follows(reader(day)):
        await store.keep_follow(gone, follow)
    # Somebody who agreed once and has left the server since is not mentioned.
    await store.agree(here(day), gone, now=day.clock())
    digest = await the_digest(day)
    assert f"<@{day.ada.user.id}>" in digest.raw
    assert gone.user not in digest.raw
    assert f"author you follow: {AUTHOR}" not in digest.text
    await day.presses(digest, "Do not mention me", "You are not mentioned here")
    assert [gone] == list((await store.consents(here(day))).readers)


async def test_one_switch_alone_mentions_nobody(day: Day) -> None:
    """The person's consent without the channel's is not enough."""
    await day.uses("paper follow", "You follow", kind="author", text=AUTHOR)
    await day.uses("paper mentions", "mentions are off", step="on")
    assert f"<@{day.ada.user.id}>" not in (await the_digest(day)).raw


async def test_reactions_teach_the_channel(day: Day) -> None:
    """A thumb on the digest is a statement of its papers; taking it off ends it; eyes say nothing."""
    digest = await the_digest(day)
    for emoji in ("👀", "👍🏽"):
        assert 1 == await day.ada.reacts(digest, emoji)

    said = await statements(day, any_=True)
    assert {(Sign.LIKED, day.ada.user.id, len(said))} == {(each.sign, each.user, each.among) for each in said}
    await day.ada.reacts(digest, "👍🏽", off=True)
    await statements(day, any_=False)
