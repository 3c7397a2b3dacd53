"""A channel's subscriptions managed from another channel: who may, and forums."""

import pytest

from bots.domain.channels import Channel
from tests.discord.conftest import Lab
from tests.fakes.discord.permissions import MEMBER, Permissions
from tests.fakes.discord.world import Channel as Chat
from tests.fakes.discord.world import Overwrite
from tests.support.factories import a_subscription


async def with_one(lab: Lab, chat: Chat) -> None:
    """Store a subscription of a channel."""
    there = Channel(platform="discord", workspace=lab.guild.id, channel=chat.id)
    await lab.application.store.keep_subscription(a_subscription(id="one", channel=there, sources=("sample",)))


async def is_on(lab: Lab) -> bool:
    """Return whether the subscription is on."""
    kept = await lab.application.store.subscription("one")
    assert kept is not None
    return kept.enabled


@pytest.mark.parametrize("kind", ["text", "forum", "announcement"])
async def test_a_subscription_is_managed_from_another_channel(lab: Lab, kind: str) -> None:
    """A forum has no place to type a command in: its subscription is listed, paused and edited from elsewhere."""
    target = lab.discord.channel("target", lab.guild, kind=kind)
    await with_one(lab, target)
    await lab.ada.uses("/paper subscriptions", lab.papers, channel=target)
    listed = await lab.ada.reads("Next on", lab.papers, only_me=True)
    await lab.ada.presses(listed, "Pause")
    await lab.ada.reads("aused", lab.papers, only_me=True)
    assert not await is_on(lab)
    await lab.ada.presses(listed, "Edit")
    assert (await lab.ada.gets_modal("Edit subscription")).labels
    await lab.ada.presses(listed, "Unsubscribe")
    await lab.ada.presses(await lab.ada.reads("End this", lab.papers, only_me=True), "Unsubscribe")
    await lab.ada.reads("nsubscribed", lab.papers, only_me=True)
    assert await lab.application.store.subscription("one") is None


async def test_who_manages_only_the_target_may_manage_it_from_elsewhere(lab: Lab) -> None:
    """Manage Channels in the target channel is what counts, wherever the command is used."""
    bob = lab.discord.person("bob", lab.guild)
    target = lab.discord.channel("target", lab.guild, kind="forum")
    target.overwrites.append(Overwrite(id=bob.user.id, is_member=True, allowed=Permissions.MANAGE_CHANNELS))
    await with_one(lab, target)
    await bob.uses("/paper subscriptions", lab.papers, channel=target)
    await bob.presses(await bob.reads("Next on", lab.papers, only_me=True), "Pause")
    await bob.reads("aused", lab.papers, only_me=True)
    assert not await is_on(lab)
    await bob.uses("/paper subscribe", lab.papers, channel=target)
    assert (await bob.gets_modal("New subscription")).labels


async def test_who_manages_only_this_channel_may_not_manage_another(lab: Lab) -> None:
    """Manage Channels where the command is used gives nothing in the target channel."""
    eve = lab.discord.person("eve", lab.guild, permissions=MEMBER | Permissions.MANAGE_CHANNELS)
    target = lab.discord.channel("target", lab.guild)
    target.overwrites.append(Overwrite(id=eve.user.id, is_member=True, denied=Permissions.MANAGE_CHANNELS))
    await with_one(lab, target)
    await eve.uses("/paper subscriptions", lab.papers, channel=target)
    await eve.presses(await eve.reads("Next on", lab.papers, only_me=True), "Pause")
    await eve.reads("requires the permission Manage Channels", lab.papers, only_me=True)
    assert await is_on(lab)


async def test_who_does_not_see_a_channel_is_not_told_its_subscriptions(lab: Lab) -> None:
    """A client that names a channel which its person does not see gets no list."""
    eve = lab.discord.person("eve", lab.guild)
    target = lab.discord.channel("target", lab.guild)
    target.overwrites.append(Overwrite(id=eve.user.id, is_member=True, denied=Permissions.VIEW_CHANNEL))
    await with_one(lab, target)
    await eve.uses("/paper subscriptions", lab.papers, channel=target)
    await eve.reads("could not read this request", lab.papers, only_me=True)
