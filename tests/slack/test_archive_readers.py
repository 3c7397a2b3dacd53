"""Who may read a channel's archive on the web page: what Slack says, and nobody where it says nothing."""

from bots.domain.channels import Channel as Place
from bots.domain.channels import Reader
from bots.ports import ShowsChannels
from tests.fakes.slack.faults import Trouble
from tests.fakes.slack.person import Person
from tests.fakes.slack.world import Channel
from tests.slack.conftest import Office


def place(channel: Channel) -> Place:
    """Return a channel as the product names it."""
    return Place(platform="slack", workspace=channel.team, channel=channel.id)


async def read(office: Office, person: Person, *channels: Channel, alone: bool = True) -> set[str]:
    """Return the ids of the channels that Slack lets a person read."""
    adapter = office.application.executor.part_delivery.adapters["slack"]
    assert isinstance(adapter, ShowsChannels)
    reader = Reader(platform="slack", workspace=person.user.team, user=person.user.id)
    return {each.channel for each in await adapter.readable(reader, [*map(place, channels)], alone=alone)}


async def test_members_read_their_private_channels(office: Office) -> None:
    """A private channel is read by who is in it, and by nobody else; a public one by every member."""
    eve = office.slack.person("eve")
    private = office.slack.channel("board", office.ada, is_private=True)
    assert {office.papers.id, private.id} == await read(office, office.ada, office.papers, private)
    assert {office.papers.id} == await read(office, eve, office.papers, private)


async def test_a_reply_names_no_private_channel(office: Office) -> None:
    """Where others may read along, a private channel is not named, even for its members."""
    private = office.slack.channel("board", office.ada, is_private=True)
    assert {office.papers.id} == await read(office, office.ada, office.papers, private, alone=False)


async def test_who_leaves_reads_no_longer(office: Office) -> None:
    """Who has left a private channel reads its archive no longer, at once."""
    private = office.slack.channel("board", office.ada, is_private=True)
    assert {private.id} == await read(office, office.ada, private)
    private.members.remove(office.ada.user.id)
    assert set() == await read(office, office.ada, private)


async def test_a_channel_without_the_bot_is_closed(office: Office) -> None:
    """A private channel that the bot is not in is read by nobody: Slack says nothing about it."""
    private = office.slack.channel("board", office.ada, bot=False, is_private=True)
    assert set() == await read(office, office.ada, private)


async def test_without_an_answer_nothing_is_read(office: Office) -> None:
    """While Slack answers with errors, no channel is read."""
    private = office.slack.channel("board", office.ada, is_private=True)
    office.slack.hub.faults.switch(Trouble.DOWN_BEFORE, "conversations.*")
    assert set() == await read(office, office.ada, private)
