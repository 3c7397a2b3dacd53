"""Who may read a channel's archive on the web page: what Discord's permissions say, and nobody in doubt."""

import pytest

from bots.domain.channels import Channel as Place
from bots.domain.channels import Reader
from bots.ports import ShowsChannels
from tests.discord.conftest import Lab
from tests.fakes.discord.permissions import MEMBER, Permissions
from tests.fakes.discord.person import Person
from tests.fakes.discord.world import Channel, Overwrite

_HISTORY = Permissions.READ_MESSAGE_HISTORY


async def read(lab: Lab, person: Person, *channels: Channel, alone: bool = True) -> set[str]:
    """Return the ids of the channels that Discord lets a person read."""
    adapter = lab.application.executor.part_delivery.adapters["discord"]
    assert isinstance(adapter, ShowsChannels)
    reader = Reader(platform="discord", workspace=lab.guild.id, user=person.user.id)
    places = [Place(platform="discord", workspace=lab.guild.id, channel=each.id) for each in channels]
    return {each.channel for each in await adapter.readable(reader, places, alone=alone)}


async def test_every_member_reads_an_open_channel(lab: Lab) -> None:
    """A channel that everyone sees is read by every member, and by nobody outside the server."""
    eve = lab.discord.person("eve", lab.guild)
    stranger = lab.discord.person("mallory")
    assert {lab.papers.id} == await read(lab, eve, lab.papers)
    assert set() == await read(lab, stranger, lab.papers)


async def test_a_channel_for_some_is_read_by_them(lab: Lab) -> None:
    """A channel that is hidden from everyone is read by who is let in; in a reply it is named to nobody."""
    eve = lab.discord.person("eve", lab.guild)
    board = lab.discord.channel("board", lab.guild)
    lab.papers.overwrites.append(Overwrite(id=lab.guild.id, is_member=False, allowed=Permissions.VIEW_CHANNEL))
    bot = Overwrite(id=lab.discord.hub.bot.id, is_member=True, allowed=Permissions.VIEW_CHANNEL)
    everyone = Overwrite(id=lab.guild.id, is_member=False, denied=Permissions.VIEW_CHANNEL)
    board.overwrites += [everyone, bot, Overwrite(id=eve.user.id, is_member=True, allowed=Permissions.VIEW_CHANNEL)]
    assert {lab.papers.id, board.id} == await read(lab, eve, lab.papers, board)
    assert {lab.papers.id} == await read(lab, lab.ada, lab.papers, board)
    assert {lab.papers.id} == await read(lab, eve, lab.papers, board, alone=False)


@pytest.mark.parametrize("lacking", [_HISTORY, Permissions.VIEW_CHANNEL])
async def test_who_may_not_read_the_history_reads_no_archive(lab: Lab, lacking: Permissions) -> None:
    """An archive is a channel's history: without the permission to read it, it stays closed."""
    eve = lab.discord.person("eve", lab.guild, permissions=MEMBER)
    lab.papers.overwrites.append(Overwrite(id=eve.user.id, is_member=True, denied=lacking))
    assert set() == await read(lab, eve, lab.papers)
