"""A search in Discord names the channels in which a paper was posted: those that everyone in the server can view."""

from dataclasses import replace
from datetime import UTC, datetime

from bots.domain.channels import Channel
from bots.domain.papers import PaperId
from tests.discord.conftest import Lab
from tests.fakes.discord.permissions import MEMBER, Permissions
from tests.fakes.discord.world import Channel as Chat
from tests.fakes.discord.world import Overwrite
from tests.store.stores import a_run, some_parts
from tests.support.factories import a_paper

AT = datetime(2026, 5, 3, 12, tzinfo=UTC)


async def posted(lab: Lab, chat: Chat) -> None:
    """Record that a paper was posted in a channel."""
    channel = Channel(platform="discord", workspace=lab.guild.id, channel=chat.id)
    store = lab.application.store
    await store.remember([a_paper()], source="arxiv", day=AT.date())
    run = a_run(str(channel))
    await store.open_run(run)
    (part, *_) = some_parts(run, 1, channel)
    await store.plan(run.key, [replace(part, part=replace(part.part, paper_ids=(PaperId.arxiv("1706.03762"),)))])
    await store.confirm(part.key, "1", now=AT)


def closed(lab: Lab, name: str) -> Chat:
    """Return a channel that only Ada views, by an overwrite of hers."""
    chat = lab.discord.channel(name, lab.guild)
    chat.overwrites.append(Overwrite(id=lab.guild.id, is_member=False, denied=Permissions.VIEW_CHANNEL))
    chat.overwrites.append(Overwrite(id=lab.ada.user.id, is_member=True, allowed=Permissions.VIEW_CHANNEL))
    return chat


def everyone_views(lab: Lab) -> None:
    """Let everyone in the server view its channels, as in a server that Discord creates."""
    lab.guild.roles[lab.guild.id].permissions = MEMBER


async def test_channels_that_everyone_views_are_named(lab: Lab) -> None:
    """The channel that is asked in and one that everyone views are named; one for a few is not, even for Ada."""
    everyone_views(lab)
    open_, private = lab.discord.channel("open", lab.guild), closed(lab, "private")
    for chat in (lab.papers, open_, private):
        await posted(lab, chat)
    await lab.ada.uses("/paper search", lab.papers, words="attention")
    said = (await lab.ada.reads("Posted in", lab.papers)).text
    assert (True, True, False) == ("#papers" in said, "#open" in said, "private" in said)
    assert "3 May 2026" in said


async def test_a_channel_for_a_few_is_named_in_itself(lab: Lab) -> None:
    """In such a channel its own postings are named."""
    private = lab.discord.channel("private", lab.guild)
    await posted(lab, private)
    private.overwrites.append(Overwrite(id=lab.guild.id, is_member=False, denied=Permissions.VIEW_CHANNEL))
    private.overwrites.append(Overwrite(id=lab.ada.user.id, is_member=True, allowed=Permissions.VIEW_CHANNEL))
    await lab.ada.uses("/paper search", private, words="attention")
    assert "#private on" in (await lab.ada.reads("Posted in", private)).text


async def test_a_server_whose_members_view_by_roles_names_the_own_channel(lab: Lab) -> None:
    """Where only roles view channels, no channel beside the own one is named."""
    for chat in (lab.papers, lab.discord.channel("open", lab.guild)):
        await posted(lab, chat)
    await lab.ada.uses("/paper search", lab.papers, words="attention")
    said = (await lab.ada.reads("Posted in", lab.papers)).text
    assert (True, False) == ("#papers" in said, "#open" in said)
