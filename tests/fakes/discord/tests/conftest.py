"""A fake Discord with one server, two people and the app in it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from tests.fakes.discord.permissions import MEMBER, Permissions
from tests.fakes.discord.person import Person
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.tests.rest import Rest
from tests.fakes.discord.world import Channel, Guild


@dataclass
class Clock:
    """A clock that a test moves."""

    now: float = 1_780_000_000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


@dataclass
class Lab:
    """A server with the app in it."""

    discord: FakeDiscord
    clock: Clock
    guild: Guild
    ada: Person
    bo: Person
    papers: Channel


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still until it is moved."""
    return Clock()


@pytest.fixture
async def lab(clock: Clock) -> AsyncIterator[Lab]:
    """A server Lab with Ada, who may manage channels, and Bo, who may not; a channel #papers; and the app."""
    async with FakeDiscord(clock=clock) as discord:
        guild = discord.guild("Lab")
        discord.invite(guild)
        ada = discord.person("ada", guild, permissions=MEMBER | Permissions.MANAGE_CHANNELS)
        yield Lab(discord, clock, guild, ada, discord.person("bo", guild), discord.channel("papers", guild))
        assert [] == discord.hub.wrongs


@pytest.fixture
async def rest(lab: Lab) -> AsyncIterator[Rest]:
    """Calls with the bot's token."""
    async with Rest(lab.discord) as calls:
        yield calls
