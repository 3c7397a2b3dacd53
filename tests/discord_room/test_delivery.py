"""A digest on its way into Discord: where it goes, what overflows, and that it is there once, whatever happens."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bots.channels import Channel
from bots.digest import Digest, Part
from bots.discord.app import DiscordRoom
from bots.discord.reach import Budget
from bots.discord.rest import rest
from bots.discord.ways import Look
from bots.discord.web import Web
from bots.errors import ChannelGone, DeliveryError, HistoryClosed, PostRefused, PostTooLarge, PostUnknown
from bots.papers import PaperId
from bots.wiring import utc_now
from tests.discord_room.conftest import founded, settings_for
from tests.factories import a_digest, a_paper, an_entry
from tests.platforms.discord.faults import Trouble
from tests.platforms.discord.permissions import LEAST, Permissions
from tests.platforms.discord.reading import Seen
from tests.platforms.discord.server import FakeDiscord
from tests.platforms.discord.world import Channel as Chat

_POST = "POST /channels/*/messages"
_FORUM = "POST /channels/*/threads"
#: Two messages.
EIGHT = 8


@asynccontextmanager
async def room_in(
    discord: FakeDiscord, *, publish: bool = False, look: Look = Look.CARDS
) -> AsyncIterator[DiscordRoom]:
    """Yield the room, able to post."""
    async with rest(settings_for(discord, listening=False), Budget(most=10_000)) as speaking:
        yield DiscordRoom(Web(speaking, look=look, publish=publish, seconds=5.0))


@pytest.fixture
async def room(discord: FakeDiscord) -> AsyncIterator[DiscordRoom]:
    """The room as it ships."""
    founded(discord)
    async with room_in(discord) as opened:
        yield opened


def place(discord: FakeDiscord, chat: Chat) -> Channel:
    """Return a channel as orders name it."""
    return Channel(platform="discord", workspace=discord.guild().id, channel=chat.id)


def digest_for(channel: Channel, papers: int = 1, **changes: Any) -> Digest:
    """Return a digest of so many papers."""
    papers_ = [a_paper(id=PaperId.arxiv(f"2611.{number:05}"), title=f"Paper {number}") for number in range(papers)]
    entries = tuple(an_entry(paper=paper) for paper in papers_)
    return a_digest(channel=channel, entries=entries, **changes)


async def posted(room: DiscordRoom, parts: tuple[Part, ...], key: str = "run") -> list[str]:
    """Post a digest's parts in order, and return their ids."""
    ids: list[str] = []
    for part in parts:
        ids.append(await room.post(part, f"{key}-{part.number}", root=ids[0] if ids else ""))
    return ids


async def found(room: DiscordRoom, channel: Channel, key: str, root: str = "") -> str | None:
    """Look for a part that was posted lately."""
    return await room.find(channel, key, utc_now() - timedelta(minutes=1), root=root)


def shown(discord: FakeDiscord, chat: Chat | None) -> list[Seen]:
    """Return what is seen somewhere."""
    assert chat is not None
    return discord.messages(chat)


async def test_what_overflows_stands_in_the_thread(discord: FakeDiscord, room: DiscordRoom) -> None:
    """The channel has one message; the thread has the rest, and goes by the digest's headline."""
    papers = discord.channel("papers")
    here = place(discord, papers)
    parts = room.compose(digest_for(here, EIGHT))
    ids = await posted(room, parts)
    (first,) = [seen for seen in shown(discord, papers) if seen.text]
    thread = discord.thread_of(first)
    assert thread is not None
    assert "8 papers for Tuesday 24 November 2026" == thread.name
    assert "Paper 7" in shown(discord, thread)[-1].text
    assert ids == [await found(room, here, f"run-{number}", ids[0] if number > 1 else "") for number in (1, 2)]


async def test_a_threaded_digest_is_a_header_and_its_thread(discord: FakeDiscord, room: DiscordRoom) -> None:
    """All papers hang under one message."""
    papers = discord.channel("papers")
    await posted(room, room.compose(digest_for(place(discord, papers), 3, threaded=True)))
    (first,) = [seen for seen in shown(discord, papers) if seen.text]
    assert "Paper 1" not in first.text
    assert "Paper 1" in shown(discord, discord.thread_of(first))[-1].text


@pytest.mark.parametrize("hindrance", ["permission", "too many"])
async def test_where_no_thread_can_be_begun_the_channel_has_it_all(discord: FakeDiscord, hindrance: str) -> None:
    """A missing permission or a full server is no reason to lose papers."""
    guild = discord.guild()
    discord.invite(guild)
    papers = discord.channel("papers")
    if hindrance == "permission":
        discord.channel("papers", denied=Permissions.CREATE_PUBLIC_THREADS)
    else:
        discord.hub.active_threads = 0
    async with room_in(discord) as room:
        ids = await posted(room, room.compose(digest_for(place(discord, papers), EIGHT)))
    assert ids == [seen.id for seen in shown(discord, papers)]


async def test_a_forum_gets_one_post_a_digest(discord: FakeDiscord, room: DiscordRoom) -> None:
    """Under its tag for papers; what overflows stands in the same post."""
    forum = discord.channel("forum", kind="forum", tags=("papers", "other"), require_tag=True)
    here = place(discord, forum)
    ids = await posted(room, room.compose(digest_for(here, EIGHT)))
    (post,) = discord.threads(forum)
    assert ids == [seen.id for seen in shown(discord, post)]
    assert ["papers"] == [forum.tags[tag] for tag in post.applied]
    assert ids == [await found(room, here, f"run-{number}", ids[0] if number > 1 else "") for number in (1, 2)]
    assert await found(room, here, "another") is None


@pytest.mark.parametrize("trouble", [Trouble.ANSWER_LOST, Trouble.DOWN_AFTER])
async def test_a_post_in_a_forum_is_never_repeated(discord: FakeDiscord, room: DiscordRoom, trouble: Trouble) -> None:
    """It has no nonce: it is sent once, and looked for when no answer came."""
    forum = discord.channel("forum", kind="forum")
    here = place(discord, forum)
    discord.hub.faults.switch(trouble, _FORUM, left=1)
    (part,) = room.compose(digest_for(here))
    with pytest.raises(PostUnknown):
        await room.post(part, "run-1")
    (post,) = discord.threads(forum)
    assert post.id == await found(room, here, "run-1")


async def test_a_forum_that_wants_a_tag_we_have_none_for_says_so(discord: FakeDiscord, room: DiscordRoom) -> None:
    """With the name of the tag to add."""
    forum = discord.channel("forum", kind="forum", tags=("other",), require_tag=True)
    (part,) = room.compose(digest_for(place(discord, forum)))
    with pytest.raises(ChannelGone) as refused:
        await room.post(part, "run-1")
    assert "papers" in refused.value.hint


@pytest.mark.parametrize("trouble", [Trouble.DOWN_AFTER, Trouble.ANSWER_LOST, Trouble.HALF_OPEN])
async def test_what_is_stored_and_not_answered_is_there_once(discord: FakeDiscord, trouble: Trouble) -> None:
    """Under its nonce it may be sent again, by the library or by us; afterwards it is found by its mark."""
    founded(discord)
    papers = discord.channel("papers")
    here = place(discord, papers)
    async with rest(settings_for(discord, listening=False), Budget(most=10_000)) as speaking:
        room = DiscordRoom(Web(speaking, look=Look.CARDS, publish=False, seconds=2.0))
        (part,) = room.compose(digest_for(here))
        discord.hub.faults.switch(trouble, _POST, left=1)
        try:
            await room.post(part, "run-1")
        except PostUnknown:
            assert await found(room, here, "run-1")
            await room.post(part, "run-1")
    assert 1 == len(shown(discord, papers))


async def test_a_message_that_was_deleted_meanwhile_is_not_posted_again(
    discord: FakeDiscord, room: DiscordRoom
) -> None:
    """Discord knows its nonce and says that it is gone: it was there."""
    papers = discord.channel("papers")
    (part,) = room.compose(digest_for(place(discord, papers)))
    await room.post(part, "run-1")
    boss = discord.person("boss", discord.guild(), permissions=Permissions.ADMINISTRATOR | LEAST)
    await boss.deletes(shown(discord, papers)[0])
    await room.post(part, "run-1")
    assert [] == shown(discord, papers)


async def test_a_thread_that_was_put_away_is_woken_and_a_locked_one_refused(
    discord: FakeDiscord, room: DiscordRoom
) -> None:
    """A digest may be ordered for a thread."""
    forum = discord.channel("forum", kind="forum")
    (part,) = room.compose(digest_for(place(discord, forum)))
    thread_id = await room.post(part, "run-0")
    (thread,) = discord.threads(forum)
    boss = discord.person("boss", discord.guild(), permissions=Permissions.ADMINISTRATOR | LEAST)
    there = replace(place(discord, forum), channel=thread_id)
    await boss.archives(thread)
    await room.post(replace(part, channel=there), "run-1")
    assert 2 == len(shown(discord, thread))
    await boss.archives(thread, lock=True)
    with pytest.raises(ChannelGone):
        await room.post(replace(part, channel=there), "run-2")


async def test_the_first_message_of_an_announcement_channel_is_published(discord: FakeDiscord) -> None:
    """Once; that it could not be is no reason to post it again."""
    founded(discord)
    news = discord.channel("news", kind="announcement")
    async with room_in(discord, publish=True) as room:
        await posted(room, room.compose(digest_for(place(discord, news), EIGHT)))
        (first,) = [seen for seen in shown(discord, news) if seen.text]
        assert first.flags & 1
        discord.hub.faults.switch(Trouble.REFUSED, "POST /channels/*/messages/*/crosspost", code=50013)
        await posted(room, room.compose(digest_for(place(discord, news))), key="next")
    assert 2 == len([seen for seen in shown(discord, news) if seen.text])


@pytest.mark.parametrize(
    ("denied", "hint"),
    [(Permissions.VIEW_CHANNEL, "View Channel"), (Permissions.SEND_MESSAGES, "doctor")],
)
async def test_a_channel_that_shuts_us_out_is_gone(
    discord: FakeDiscord, room: DiscordRoom, denied: Permissions, hint: str
) -> None:
    """For good, until somebody changes it; the error says how."""
    papers = discord.channel("papers", denied=denied)
    (part,) = room.compose(digest_for(place(discord, papers)))
    with pytest.raises(ChannelGone) as refused:
        await room.post(part, "run-1")
    assert hint in refused.value.hint


async def test_a_history_that_cannot_be_read_is_closed(discord: FakeDiscord, room: DiscordRoom) -> None:
    """Without Read Message History Discord answers with an empty list, which must not be taken for an absence."""
    papers = discord.channel("papers", denied=Permissions.READ_MESSAGE_HISTORY)
    here = place(discord, papers)
    assert await found(room, here, "run-1") is None
    (part,) = room.compose(digest_for(here))
    await room.post(part, "run-1")
    with pytest.raises(HistoryClosed):
        await found(room, here, "run-1")


@pytest.mark.parametrize(
    ("fault", "error", "retry_after"),
    [
        ({"trouble": Trouble.RATE_LIMITED, "seconds": 40.0}, PostRefused, 40.0),
        ({"trouble": Trouble.CLOUDFLARE}, PostRefused, None),
        ({"trouble": Trouble.REFUSED, "code": 50035}, PostTooLarge, None),
        ({"trouble": Trouble.REFUSED, "code": 10003}, ChannelGone, None),
        ({"trouble": Trouble.REFUSED, "code": 200000}, ChannelGone, None),
        ({"trouble": Trouble.RESET}, PostUnknown, None),
        ({"trouble": Trouble.DOWN_BEFORE, "status": 503}, PostUnknown, None),
    ],
    ids=lambda each: str(each.get("code", each["trouble"])) if isinstance(each, dict) else None,
)
async def test_each_refusal_is_understood(
    discord: FakeDiscord,
    room: DiscordRoom,
    fault: dict[str, Any],
    error: type[DeliveryError],
    retry_after: float | None,
) -> None:
    """Nothing was posted, and delivery knows what to do about it; a moment later all is well."""
    papers = discord.channel("papers")
    (part,) = room.compose(digest_for(place(discord, papers)))
    given = dict(fault)
    discord.hub.faults.switch(given.pop("trouble"), _POST, left=1, **given)
    with pytest.raises(error) as refused:
        await room.post(part, "run-1")
    assert retry_after == pytest.approx(getattr(refused.value, "retry_after", None))
    assert [] == shown(discord, papers)
    await room.post(part, "run-1")
    assert 1 == len(shown(discord, papers))


async def test_a_short_rate_limit_is_sat_out(discord: FakeDiscord, room: DiscordRoom) -> None:
    """By the library, in the same call."""
    papers = discord.channel("papers")
    (part,) = room.compose(digest_for(place(discord, papers)))
    discord.hub.faults.switch(Trouble.RATE_LIMITED, _POST, left=1, seconds=0.05)
    assert await room.post(part, "run-1")


async def test_nobody_who_is_not_us_can_pretend_to_have_posted(discord: FakeDiscord, room: DiscordRoom) -> None:
    """A message of somebody else counts for nothing, whatever is in it; ours is found among many."""
    papers = discord.channel("papers")
    here = place(discord, papers)
    ada = discord.person("ada", discord.guild())
    for number in range(120):
        await ada.says(f"hello {number}", papers)
    (part,) = room.compose(digest_for(here))
    posted_id = await room.post(part, "run-1")
    for number in range(120):
        await ada.says(f"and {number}", papers)
    assert posted_id == await found(room, here, "run-1")
    assert await found(room, here, "run-2") is None


async def test_a_digest_in_embeds_has_the_same_papers_and_unfurls_nothing(discord: FakeDiscord) -> None:
    """For people with old clients."""
    founded(discord)
    papers = discord.channel("papers")
    here = place(discord, papers)
    async with room_in(discord, look=Look.EMBEDS) as room:
        ids = await posted(room, room.compose(digest_for(here, EIGHT)))
        assert ids[0] == await found(room, here, "run-1")
    (first,) = [seen for seen in shown(discord, papers) if seen.text]
    assert first.message["embeds"]
    assert not first.is_v2
    assert "Paper 0" in first.text
    assert () == tuple(first.previews)
