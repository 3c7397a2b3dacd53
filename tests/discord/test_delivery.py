"""Delivery of a digest to Discord: its location, its overflow, and that each part is posted once despite failures."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bots.discord.app import DiscordAdapter
from bots.discord.poster import DiscordPoster
from bots.discord.rest_client import rest
from bots.discord.settings import MessageFormat
from bots.discord.transport import RequestBudget
from bots.domain.errors import ChannelGone, PostRefused, PostUnknown
from tests.discord.conftest import founded, settings_for
from tests.discord.posting import EIGHT, digest_for, found, place, posted, room_in, shown
from tests.fakes.discord.faults import Trouble
from tests.fakes.discord.permissions import LEAST, Permissions
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.shapes import user_json

_POST = "POST /channels/*/messages"
_FORUM = "POST /channels/*/threads"


@pytest.fixture
async def adapter(discord: FakeDiscord) -> AsyncIterator[DiscordAdapter]:
    """The adapter as it ships."""
    founded(discord)
    async with room_in(discord) as opened:
        yield opened


async def test_what_overflows_stands_in_the_thread(discord: FakeDiscord, adapter: DiscordAdapter) -> None:
    """The channel has one message; the thread has the rest, and its name is the digest's headline."""
    papers = discord.channel("papers")
    here = place(discord, papers)
    parts = adapter.compose(digest_for(here, EIGHT))
    ids = await posted(adapter, parts)
    (first,) = [seen for seen in shown(discord, papers) if seen.text]
    thread = discord.thread_of(first)
    assert thread is not None
    assert "8 papers for Tuesday 24 November 2026" == thread.name
    assert "Paper 7" in shown(discord, thread)[-1].text
    assert ids == [await found(adapter, here, f"run-{number}", ids[0] if number > 1 else "") for number in (1, 2)]


async def test_a_threaded_digest_is_a_header_and_its_thread(discord: FakeDiscord, adapter: DiscordAdapter) -> None:
    """All papers of a threaded digest are in the thread of one message."""
    papers = discord.channel("papers")
    await posted(adapter, adapter.compose(digest_for(place(discord, papers), 3, threaded=True)))
    (first,) = [seen for seen in shown(discord, papers) if seen.text]
    assert "Paper 1" not in first.text
    assert "Paper 1" in shown(discord, discord.thread_of(first))[-1].text


@pytest.mark.parametrize("hindrance", ["permission", "too many"])
async def test_where_no_thread_can_be_begun_the_channel_has_it_all(discord: FakeDiscord, hindrance: str) -> None:
    """No paper is lost if a permission is missing or the server allows no more threads."""
    guild = discord.guild()
    discord.invite(guild)
    papers = discord.channel("papers")
    if hindrance == "permission":
        discord.channel("papers", denied=Permissions.CREATE_PUBLIC_THREADS)
    else:
        discord.hub.active_threads = 0
    async with room_in(discord) as adapter:
        ids = await posted(adapter, adapter.compose(digest_for(place(discord, papers), EIGHT)))
    assert ids == [seen.id for seen in shown(discord, papers)]


async def test_a_forum_gets_one_post_a_digest(discord: FakeDiscord, adapter: DiscordAdapter) -> None:
    """A forum gets one post with its tag for papers, which also contains the parts that do not fit into one message."""
    forum = discord.channel("forum", kind="forum", tags=("papers", "other"), require_tag=True)
    here = place(discord, forum)
    ids = await posted(adapter, adapter.compose(digest_for(here, EIGHT)))
    (post,) = discord.threads(forum)
    assert ids == [seen.id for seen in shown(discord, post)]
    assert ["papers"] == [forum.tags[tag] for tag in post.applied]
    assert ids == [await found(adapter, here, f"run-{number}", ids[0] if number > 1 else "") for number in (1, 2)]
    assert await found(adapter, here, "another") is None


async def test_a_forum_without_a_tag_for_us_says_which_to_add(discord: FakeDiscord, adapter: DiscordAdapter) -> None:
    """A forum that requires a tag, and has none for papers, is not posted to; the error says what to add."""
    forum = discord.channel("forum", kind="forum", tags=("cats",), require_tag=True)
    (part, *_) = adapter.compose(digest_for(place(discord, forum)))
    with pytest.raises(ChannelGone, match="requires a tag") as refused:
        await adapter.post(part, "run-1")
    assert "add one named papers" in refused.value.hint
    assert [] == discord.threads(forum)


@pytest.mark.parametrize("trouble", [Trouble.ANSWER_LOST, Trouble.DOWN_AFTER])
async def test_a_post_in_a_forum_is_never_repeated(
    discord: FakeDiscord, adapter: DiscordAdapter, trouble: Trouble
) -> None:
    """A forum post has no nonce, so it is sent once, and is found by its key if the response is lost."""
    forum = discord.channel("forum", kind="forum")
    here = place(discord, forum)
    discord.hub.faults.switch(trouble, _FORUM, left=1)
    (part,) = adapter.compose(digest_for(here))
    with pytest.raises(PostUnknown):
        await adapter.post(part, "run-1")
    (post,) = discord.threads(forum)
    assert post.id == await found(adapter, here, "run-1")


async def test_a_forum_that_wants_a_tag_we_have_none_for_says_so(discord: FakeDiscord, adapter: DiscordAdapter) -> None:
    """The error for a forum without our required tag names the tag to add."""
    forum = discord.channel("forum", kind="forum", tags=("other",), require_tag=True)
    (part,) = adapter.compose(digest_for(place(discord, forum)))
    with pytest.raises(ChannelGone) as refused:
        await adapter.post(part, "run-1")
    assert "papers" in refused.value.hint


@pytest.mark.parametrize("trouble", [Trouble.DOWN_AFTER, Trouble.ANSWER_LOST, Trouble.HALF_OPEN])
async def test_what_is_stored_and_not_answered_is_there_once(discord: FakeDiscord, trouble: Trouble) -> None:
    """A message whose response is lost is posted once, even if it is sent again under its nonce."""
    founded(discord)
    papers = discord.channel("papers")
    here = place(discord, papers)
    async with rest(settings_for(discord, listening=False), RequestBudget(most=10_000)) as speaking:
        adapter = DiscordAdapter(DiscordPoster(speaking, look=MessageFormat.CARDS, publish=False, seconds=2.0))
        (part,) = adapter.compose(digest_for(here))
        discord.hub.faults.switch(trouble, _POST, left=1)
        try:
            await adapter.post(part, "run-1")
        except PostUnknown:
            assert await found(adapter, here, "run-1")
            await adapter.post(part, "run-1")
    assert 1 == len(shown(discord, papers))


async def test_a_message_that_was_deleted_meanwhile_is_not_posted_again(
    discord: FakeDiscord, adapter: DiscordAdapter
) -> None:
    """A message that was posted and then deleted is not posted again, since Discord knows its nonce."""
    papers = discord.channel("papers")
    (part,) = adapter.compose(digest_for(place(discord, papers)))
    await adapter.post(part, "run-1")
    boss = discord.person("boss", discord.guild(), permissions=Permissions.ADMINISTRATOR | LEAST)
    await boss.deletes(shown(discord, papers)[0])
    await adapter.post(part, "run-1")
    assert [] == shown(discord, papers)


async def test_a_thread_that_was_put_away_is_woken_and_a_locked_one_refused(
    discord: FakeDiscord, adapter: DiscordAdapter
) -> None:
    """A digest for an archived thread is posted, and one for a locked thread is refused."""
    forum = discord.channel("forum", kind="forum")
    (part,) = adapter.compose(digest_for(place(discord, forum)))
    thread_id = await adapter.post(part, "run-0")
    (thread,) = discord.threads(forum)
    boss = discord.person("boss", discord.guild(), permissions=Permissions.ADMINISTRATOR | LEAST)
    there = replace(place(discord, forum), channel=thread_id)
    await boss.archives(thread)
    await adapter.post(replace(part, channel=there), "run-1")
    assert 2 == len(shown(discord, thread))
    await boss.archives(thread, lock=True)
    with pytest.raises(ChannelGone):
        await adapter.post(replace(part, channel=there), "run-2")


async def test_the_first_message_of_an_announcement_channel_is_published(discord: FakeDiscord) -> None:
    """The first message is published once, and a failure to publish does not cause another post."""
    founded(discord)
    news = discord.channel("news", kind="announcement")
    async with room_in(discord, publish=True) as adapter:
        await posted(adapter, adapter.compose(digest_for(place(discord, news), EIGHT)))
        (first,) = [seen for seen in shown(discord, news) if seen.text]
        assert first.flags & 1
        discord.hub.faults.switch(Trouble.REFUSED, "POST /channels/*/messages/*/crosspost", code=50013)
        await posted(adapter, adapter.compose(digest_for(place(discord, news))), key="next")
    assert 2 == len([seen for seen in shown(discord, news) if seen.text])


async def test_nobody_who_is_not_us_can_pretend_to_have_posted(discord: FakeDiscord, adapter: DiscordAdapter) -> None:
    """Another author's message is never taken for ours, and our message is found among many."""
    papers = discord.channel("papers")
    here = place(discord, papers)
    ada = discord.person("ada", discord.guild())
    for number in range(120):
        await ada.says(f"hello {number}", papers)
    (part,) = adapter.compose(digest_for(here))
    posted_id = await adapter.post(part, "run-1")
    for number in range(120):
        await ada.says(f"and {number}", papers)
    assert posted_id == await found(adapter, here, "run-1")
    assert await found(adapter, here, "run-2") is None


@pytest.mark.parametrize("look", MessageFormat)
async def test_a_copy_of_our_message_is_not_taken_for_ours(discord: FakeDiscord, look: MessageFormat) -> None:
    """Another bot that copies a message with its mark does not make us believe that the part was posted."""
    founded(discord)
    papers = discord.channel("papers")
    copyist = discord.hub.world.add_user("copyist", is_bot=True)
    async with room_in(discord, look=look) as adapter:
        here = place(discord, papers)
        (part,) = adapter.compose(digest_for(here))
        await adapter.post(part, "run-1")
        (ours,) = papers.messages
        # Without the Message Content intent a bot sees the contents of messages that mention it.
        body = {**ours.body, "mentions": [user_json(discord.hub.bot)]}
        # One whose account is newer than ours, and one whose account is older.
        for copier in (copyist, replace(copyist, id="1")):
            papers.messages[:] = [replace(ours, id=discord.hub.new_id(), author=copier, body=body)]
            assert await found(adapter, here, "run-1") is None
        papers.messages.append(ours)
        assert ours.id == await found(adapter, here, "run-1")


async def test_a_thread_that_exists_already_is_used(discord: FakeDiscord, adapter: DiscordAdapter) -> None:
    """A part whose thread was begun by an earlier attempt, or by a person, is posted into that thread."""
    papers = discord.channel("papers")
    first, second, *_ = adapter.compose(digest_for(place(discord, papers), EIGHT))
    root = await adapter.post(first, "run-1")
    for key in ("run-2", "again"):
        await adapter.post(second, key, root=root)
    (thread,) = discord.threads(papers)
    assert 2 == len(shown(discord, thread))
    assert 1 == len([seen for seen in shown(discord, papers) if seen.text])


@pytest.mark.parametrize(("headers", "wait"), [
    ({"Retry-After": "7"}, 7.0),
    ({"Retry-After": "Tue, 04 Mar 2031 05:07:07 GMT", "Date": "Tue, 04 Mar 2031 05:06:07 GMT"}, 60.0),
    ({"Retry-After": "soon"}, None),
])  # fmt: skip
async def test_a_forum_that_asks_to_wait_by_a_header(
    discord: FakeDiscord, monkeypatch: pytest.MonkeyPatch, headers: dict[str, str], wait: float | None
) -> None:
    """A pause is understood as seconds or as a date, which is compared with Discord's own; other text asks for none."""
    founded(discord)
    forum = discord.channel("forum", kind="forum")

    async def refused(*_arguments: object) -> tuple[int, dict[str, object], dict[str, str]]:
        return 429, {}, headers

    async with room_in(discord) as adapter:
        monkeypatch.setattr(adapter._poster._rest, "once", refused)
        (part,) = adapter.compose(digest_for(place(discord, forum)))
        with pytest.raises(PostRefused) as error:
            await adapter.post(part, "run-1")
    assert wait == error.value.retry_after


async def test_a_digest_in_embeds_has_the_same_papers_and_unfurls_nothing(discord: FakeDiscord) -> None:
    """A digest in embeds, for people with old clients, shows the same papers and unfurls nothing."""
    founded(discord)
    papers = discord.channel("papers")
    here = place(discord, papers)
    async with room_in(discord, look=MessageFormat.EMBEDS) as adapter:
        ids = await posted(adapter, adapter.compose(digest_for(here, EIGHT)))
        assert ids[0] == await found(adapter, here, "run-1")
    (first,) = [seen for seen in shown(discord, papers) if seen.text]
    assert first.message["embeds"]
    assert not first.is_v2
    assert "Paper 0" in first.text
    assert () == tuple(first.previews)
