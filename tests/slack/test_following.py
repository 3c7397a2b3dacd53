"""Following, mentions and reactions in Slack: what a person does, what the channel sees, what the ranking learns."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bots.domain.channels import Channel as Place
from bots.domain.channels import Reader
from bots.domain.feedback import Feedback, Sign
from bots.domain.subscriptions import Look, Subscription
from bots.slack.app import SlackSettings
from bots.slack.manifest import manifest
from summarizer import Secret
from tests.fakes.slack.server import FakeSlack
from tests.slack.conftest import Clock, at_home
from tests.slack.test_day import FIRST, VIENNA, Day, _day

#: An author of the first paper of the sample day.
AUTHOR = "Joon Sung Park"


@pytest.fixture
async def day(clock: Clock, tmp_path: Path) -> AsyncIterator[Day]:
    """A channel with Ada and Bob, and a subscription that is due at nine."""
    async with FakeSlack(manifest("socket"), clock=lambda: clock().timestamp()) as slack:
        ada = slack.person("ada", tz=str(VIENNA))
        installation = slack.hub.install(slack.workspace())
        tokens = {"bot_token": Secret(installation.token), "app_token": Secret(slack.hub.app_token)}
        settings = SlackSettings(api_url=slack.api, **tokens)  # type: ignore[arg-type]
        async with at_home(settings, tmp_path, clock=clock) as application:
            made = _day(slack, application, clock, ada, tmp_path)
            await subscribed(made)
            yield made


def here(day: Day) -> Place:
    """Return the channel as Paperwire names it."""
    return Place(platform="slack", workspace=day.slack.workspace().id, channel=day.papers.id)


async def subscribed(day: Day, look: Look = Look.CARDS) -> None:
    """Store a subscription of the channel that is due at nine in Vienna."""
    kept = Subscription(
        id="a1",
        channel=here(day),
        sources=("sample",),
        timezone=VIENNA,
        look=look,
        limit=5,
        query="agents",
        created=day.clock(),
    )
    await day.application.store.keep_subscription(kept)
    await day.scheduler.poll()


async def mentioned(day: Day) -> list[str]:
    """Return the ids of the people whom the digest in the channel mentions, as blocks for Slack."""
    await day.becomes(9)
    digest = await day.ada.reads(FIRST, day.papers)
    return [
        str(leaf["user_id"])
        for block in digest.message.blocks
        if block["type"] == "rich_text"
        for section in block["elements"]
        for leaf in section["elements"]
        if leaf["type"] == "user"
    ]


async def statements(day: Day, *, any_: bool) -> tuple[Feedback, ...]:
    """Wait until the channel's ranking has learned from some statements, or from none; return them."""
    async with asyncio.timeout(30):
        while any_ != bool(said := await day.application.store.feedback(here(day))):  # noqa: ASYNC110 - the database has no event
            await asyncio.sleep(0.01)
    return said


async def test_a_person_follows_and_undoes_it(day: Day) -> None:
    """The confirmation says what happens, Undo ends it, the list ends what is left."""
    reader = Reader(platform="slack", workspace=here(day).workspace, user=day.ada.user.id)
    done = await day.types(f"follow author {AUTHOR}", f"You follow the author {AUTHOR} now")
    assert [AUTHOR] == [each.text for each in await day.application.store.follows(reader)]
    await day.presses(done, "Undo", f"You no longer follow the author {AUTHOR}")
    assert () == await day.application.store.follows(reader)
    await day.types("follow topic agents here", "This channel follows the topic “agents” now")
    listed = await day.types("following", "this channel follows 1")
    await day.presses(listed, "Unfollow", "This channel no longer follows the topic “agents”")
    assert () == await day.application.store.follows(here(day))


async def test_what_the_channel_follows_comes_first_and_says_so(day: Day) -> None:
    """The entry says whose paper it is."""
    await day.types("follow author Geoffrey Hinton here", "This channel follows the author")
    await day.types(f"follow author {AUTHOR} here", "This channel follows the author")
    await day.becomes(9)
    digest = await day.ada.reads(FIRST, day.papers)
    assert f"author you follow: {AUTHOR}" in digest.text


async def test_a_member_is_mentioned_only_after_both_switches_and_leaves_in_one_press(day: Day) -> None:
    """Ada agrees, the channel allows it; the digest mentions her and no one else; the button under it ends it."""
    bob = day.slack.person("bob", tz=str(VIENNA))
    await day.types(f"follow author {AUTHOR}", "You follow")
    await day.types("mentions on", "mentions are off in this channel")
    await day.types("mentions allow", "may mention members who agree")
    outsider = Reader(platform="slack", workspace=here(day).workspace, user=bob.user.id)
    for follow in await day.application.store.follows(
        Reader(platform="slack", workspace=here(day).workspace, user=day.ada.user.id)
    ):
        await day.application.store.keep_follow(outsider, follow)
    # Bob agreed once and has left the channel since: he cannot read it, so he is not mentioned.
    await day.application.store.agree(here(day), outsider, now=day.clock())
    assert [day.ada.user.id] == await mentioned(day)
    digest = await day.ada.reads(FIRST, day.papers)
    await day.presses(digest, "Do not mention me", "You are not mentioned here")
    agreed = (await day.application.store.consents(here(day))).readers
    assert [bob.user.id] == [reader.user for reader in agreed]


@pytest.mark.parametrize("words", ["mentions on", "mentions allow"])
async def test_one_switch_alone_mentions_nobody(day: Day, words: str) -> None:
    """Neither the person nor the channel alone is enough."""
    await day.types(f"follow author {AUTHOR}", "You follow")
    await day.types(words, "mention")
    assert [] == await mentioned(day)


async def test_reactions_teach_the_channel(day: Day) -> None:
    """A thumb on the digest is a statement of its papers; taking it off ends it; eyes say nothing."""
    await day.becomes(9)
    digest = await day.ada.reads(FIRST, day.papers)
    await day.ada.reacts(digest, "eyes")
    await day.ada.reacts(digest, "+1::skin-tone-3")

    said = await statements(day, any_=True)
    assert {(Sign.LIKED, day.ada.user.id, len(said))} == {(each.sign, each.user, each.among) for each in said}
    await day.ada.reacts(digest, "+1::skin-tone-3", off=True)
    await statements(day, any_=False)
