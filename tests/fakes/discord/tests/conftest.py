"""Fixtures: a fake Discord with one server, two people and the app."""

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
    """A clock that tests set."""

    now: float = 1_780_000_000.0

    def __call__(self) -> float:
        """Return the current time."""
        return self.now


@dataclass
class Lab:
    """A server with the app, two people and a channel."""

    discord: FakeDiscord
    clock: Clock
    guild: Guild
    ada: Person
    bo: Person
    papers: Channel


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still until a test moves it."""
    return Clock()


@pytest.fixture
async def lab(clock: Clock) -> AsyncIterator[Lab]:
    """A server Lab with Ada, who may manage channels, Bo, who may not, a channel #papers, and the app."""
    async with FakeDiscord(clock=clock) as discord:
        guild = discord.guild("Lab")
        discord.invite(guild)
        ada = discord.person("ada", guild, permissions=MEMBER | Permissions.MANAGE_CHANNELS)
        yield Lab(discord, clock, guild, ada, discord.person("bo", guild), discord.channel("papers", guild))
        assert [] == discord.hub.wrongs


@pytest.fixture
async def rest(lab: Lab) -> AsyncIterator[Rest]:
    """A client for calls with the bot's token."""
    async with Rest(lab.discord) as calls:
        yield calls
