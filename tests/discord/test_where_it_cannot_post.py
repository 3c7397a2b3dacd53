"""No draft is shown, and no subscription confirmed, where digests cannot be posted."""

from pathlib import Path
from typing import Any

import pytest

from tests.discord.conftest import Lab, at_work, founded
from tests.discord.forms import drafts_sample
from tests.fakes.discord.permissions import LEAST, MEMBER, Permissions
from tests.fakes.discord.person import Person
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.world import Channel, ChannelType, Guild


def thread_of(discord: FakeDiscord, guild: Guild, papers: Channel, owner: Person) -> Channel:
    """Return a thread that a person has begun."""
    made = Channel(
        id=discord.hub.new_id(), type=ChannelType.THREAD, name="reading", guild=guild.id, parent=papers.id,
        owner=owner.user.id,
    )  # fmt: skip
    discord.hub.world.channels[made.id] = made
    discord.hub.channel_changed("THREAD_CREATE", made)
    return made


@pytest.mark.parametrize("inside", [True, False])
async def test_a_locked_thread_is_refused_before_any_draft(lab: Lab, inside: bool) -> None:
    """Whoever subscribes a locked thread, in it or from elsewhere, reads that it is locked, and no window opens."""
    thread = thread_of(lab.discord, lab.guild, lab.papers, lab.ada)
    thread.locked = True
    where = thread if inside else lab.papers
    options: dict[str, Any] = {} if inside else {"channel": thread}
    await lab.ada.uses("/paper subscribe", where, **options)
    said = await lab.ada.reads("The thread is locked", where, only_me=True)
    assert "Unlock the thread" in said.text
    assert lab.ada.modal is None


async def test_a_draft_is_checked_again_when_it_is_kept(lab: Lab) -> None:
    """If the thread is locked while the draft is read, Subscribe says so; after it is unlocked, it subscribes."""
    thread = thread_of(lab.discord, lab.guild, lab.papers, lab.ada)
    await lab.ada.uses("/paper subscribe", lab.papers, channel=thread)
    await lab.ada.gets_modal("New subscription")
    draft = await drafts_sample(lab.ada, lab.papers)
    thread.locked = True
    await lab.ada.presses(draft, "Subscribe")
    said = await lab.ada.reads("Nothing was subscribed", lab.papers, only_me=True)
    assert "The thread is locked" in said.text
    assert () == await lab.application.store.subscriptions()
    thread.locked = False
    await lab.ada.presses(draft, "Subscribe")
    await lab.ada.reads("Subscribed in", lab.papers, only_me=True)
    assert 1 == len(await lab.application.store.subscriptions())


async def test_who_may_post_in_locked_threads_subscribes_them(discord: FakeDiscord, tmp_path: Path) -> None:
    """A bot with the permission Manage Threads posts in locked threads, so their digests are confirmed."""
    guild = founded(discord)
    guild.roles[guild.id].permissions |= Permissions.MANAGE_THREADS
    ada = discord.person("ada", guild, permissions=MEMBER | Permissions.MANAGE_CHANNELS | LEAST)
    papers = discord.channel("papers", guild)
    thread = thread_of(discord, guild, papers, ada)
    thread.locked = True
    async with at_work(discord, tmp_path):
        await ada.uses("/paper subscribe", papers, channel=thread)
        await ada.gets_modal("New subscription")


async def test_direct_messages_are_called_so(lab: Lab) -> None:
    """In direct messages the draft names the place in words: they are no channel with a name."""
    await lab.ada.uses("/paper subscribe", lab.ada.dm)
    await lab.ada.gets_modal("New subscription")
    await lab.ada.submits()
    draft = await lab.ada.reads("The first digest comes", lab.ada.dm)
    assert "In your direct messages" in draft.text
