"""A channel that refuses digests: nothing more goes out, and the person who subscribed is told what to do."""

from dataclasses import replace
from pathlib import Path

import pytest

from bots.domain.errors import ChannelGone
from bots.domain.runs import RunState
from tests.discord.conftest import Clock, at_work, founded
from tests.discord.posting import EIGHT, digest_for, place, room_in, shown
from tests.fakes.discord.faults import Trouble
from tests.fakes.discord.permissions import LEAST, Permissions
from tests.fakes.discord.server import FakeDiscord


def posts_to(discord: FakeDiscord, channel: str) -> int:
    """Return how many times a message was sent to a channel, in vain or not."""
    return len([each for each in discord.hub.happenings.all if f"POST /channels/{channel}/messages" in str(each.text)])


@pytest.mark.parametrize("denied", [Permissions.SEND_MESSAGES, Permissions.VIEW_CHANNEL])
async def test_a_refused_digest_is_not_tried_part_by_part(
    discord: FakeDiscord, tmp_path: Path, denied: Permissions
) -> None:
    """After a refusal the other parts are not sent, also without a subscription that could be paused."""
    founded(discord)
    papers = discord.channel("papers", denied=denied)
    async with at_work(discord, tmp_path) as application:
        run = await application.executor.post_now(digest_for(place(discord, papers), 3 * EIGHT))
    assert RunState.FAILED is run.state
    assert "0 of " in run.note
    assert "accepts no posts" in run.note
    assert 1 == posts_to(discord, papers.id)


@pytest.mark.parametrize("lock", [True, False])
async def test_a_locked_thread_is_called_locked(discord: FakeDiscord, lock: bool) -> None:
    """A thread that is archived and locked is refused in words; one that is only archived wakes."""
    founded(discord)
    async with room_in(discord) as adapter:
        forum = discord.channel("forum", kind="forum")
        (part,) = adapter.compose(digest_for(place(discord, forum)))
        there = replace(place(discord, forum), channel=await adapter.post(part, "run-0"))
        (thread,) = discord.threads(forum)
        boss = discord.person("boss", discord.guild(), permissions=Permissions.ADMINISTRATOR | LEAST)
        await boss.archives(thread, lock=lock)
        if lock:
            with pytest.raises(ChannelGone, match="thread is locked") as refused:
                await adapter.post(replace(part, channel=there), "run-1")
            assert "Unlock the thread" in refused.value.hint
        else:
            assert await adapter.post(replace(part, channel=there), "run-1")


async def test_a_digest_for_a_thread_starts_no_thread_in_it(discord: FakeDiscord) -> None:
    """All parts of a digest for a thread are messages of that thread: Discord has no threads in threads."""
    founded(discord)
    async with room_in(discord) as adapter:
        forum = discord.channel("forum", kind="forum")
        (first,) = adapter.compose(digest_for(place(discord, forum)))
        there = replace(place(discord, forum), channel=await adapter.post(first, "run-0"))
        (thread,) = discord.threads(forum)
        parts, ids = adapter.compose(digest_for(there, 2 * EIGHT)), list[str]()
        for part in parts:
            ids.append(await adapter.post(part, f"next-{part.number}", root=ids[0] if ids else ""))
        assert ids == [seen.id for seen in shown(discord, thread)][1:]


async def test_not_for_us_in_a_thread_counts_for_the_channel(discord: FakeDiscord, tmp_path: Path) -> None:
    """Pressed in a forum post, it hides the paper from the forum's digests; in a subscribed thread, from its own."""
    guild = founded(discord)
    ada, forum = (
        discord.person("ada", guild, permissions=Permissions.MANAGE_CHANNELS | LEAST),
        discord.channel("forum", guild, kind="forum"),
    )
    here = place(discord, forum)
    async with at_work(discord, tmp_path) as application:
        await application.executor.post_now(digest_for(here, 2))
        (thread,) = discord.threads(forum)
        papers = [entry.paper for entry in digest_for(here, 2).entries]
        await application.store.remember(papers, source="sample", day=Clock()().date())
        digest = next(seen for seen in shown(discord, thread) if "Paper 0" in seen.text)
        await ada.presses(digest, "Not for us")
        await ada.presses(
            await ada.waits(
                lambda: next((each for each in ada.sees(thread, only_me=True) if "Hide it" in each.buttons), None),
                what="the question",
            ),
            "Hide it",
        )
        await ada.reads("Hidden:", thread, only_me=True)
        assert {papers[0].id} == await application.store.turned_down(here, [paper.id for paper in papers])


@pytest.mark.parametrize("trouble", [Trouble.RESET, Trouble.DOWN_BEFORE])
async def test_an_answer_whose_connection_was_lost_is_sent_again(
    discord: FakeDiscord, tmp_path: Path, trouble: Trouble
) -> None:
    """The person reads the answer and no failure."""
    guild = founded(discord)
    ada, papers = discord.person("ada", guild), discord.channel("papers", guild)
    async with at_work(discord, tmp_path):
        discord.hub.faults.switch(trouble, "PATCH /webhooks/*/*/messages/@original", left=1)
        await ada.uses("/paper help", papers)
        assert "/paper lookup" in (await ada.reads("/paper lookup", papers, only_me=True)).text


@pytest.mark.parametrize("route", ["POST /interactions/*/*/callback", "PATCH /webhooks/*/*/messages/@original"])
async def test_our_own_malformed_answer_is_an_error_and_a_word(
    discord: FakeDiscord, tmp_path: Path, route: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Discord's 50035 is logged as an error, and the person is told that it is not their fault."""
    guild = founded(discord)
    manager = discord.person("ada", guild, permissions=LEAST | Permissions.MANAGE_CHANNELS | Permissions.ADMINISTRATOR)
    papers = discord.channel("papers", guild)
    async with at_work(discord, tmp_path):
        discord.hub.faults.switch(Trouble.REFUSED, route, left=1, code=50035)
        await manager.uses("/paper subscribe" if "callback" in route else "/paper help", papers)
        await manager.reads("did not accept", papers, only_me=True)
    assert "a fault of Paperwire" in caplog.text
