"""The real application, connected to a fake Discord over the gateway or HTTP, with one server and people in it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from bots.bootstrap.app import App, open_app, utc_now
from bots.config.settings import read_settings
from bots.discord.app import DiscordSettings, connect
from bots.discord.command_definitions import commands
from bots.discord.http import INTERACTIONS_PATH
from bots.discord.settings import ConnectionMode
from summarizer import Secret
from tests.fakes.discord.permissions import MEMBER, Permissions
from tests.fakes.discord.person import Person
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.world import Channel, Guild
from tests.slack.conftest import free_port


class Clock:
    """The real clock, which a test can move ahead."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        """Return the present instant for the application."""
        return utc_now() + self.ahead


@dataclass(frozen=True, kw_only=True)
class Lab:
    """A server that has Paperwire, and Ada, who may manage its channels."""

    discord: FakeDiscord
    application: App
    guild: Guild
    ada: Person
    papers: Channel


@pytest.fixture(autouse=True)
def swift(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sessions may follow each other at once: the fake demands Discord's five seconds only where a test says so."""
    monkeypatch.setattr("bots.discord.identifies.EVERY", 0.0)
    monkeypatch.setattr("bots.discord.identifies._LOOK", 0.02)


@pytest.fixture
async def discord() -> AsyncIterator[FakeDiscord]:
    """A fake Discord; when it closes, it must have received no invalid request."""
    async with FakeDiscord() as server:
        yield server
        assert [] == server.hub.wrongs


@pytest.fixture(params=["gateway", "http"])
def way(request: pytest.FixtureRequest) -> ConnectionMode:
    """Each of the two connection modes."""
    return ConnectionMode(request.param)


@pytest.fixture
async def lab(discord: FakeDiscord, tmp_path: Path, way: ConnectionMode) -> AsyncIterator[Lab]:
    """A server with the app, a channel and a person."""
    guild = founded(discord)
    ada = discord.person("ada", guild, permissions=MEMBER | Permissions.MANAGE_CHANNELS)
    papers = discord.channel("papers", guild)
    async with at_work(discord, tmp_path, way) as application:
        yield Lab(discord=discord, application=application, guild=guild, ada=ada, papers=papers)


def founded(discord: FakeDiscord) -> Guild:
    """Return a server that the app was added to."""
    guild = discord.guild("Lab")
    discord.invite(guild)
    return guild


def settings_for(discord: FakeDiscord, way: ConnectionMode = ConnectionMode.GATEWAY, **changes: Any) -> DiscordSettings:
    """Return the adapter's settings for the fake Discord."""
    given: dict[str, Any] = {"token": Secret(discord.hub.token), "api_url": discord.api, "way": way}
    if way is ConnectionMode.HTTP:
        given["listen"] = ("127.0.0.1", free_port())
    return DiscordSettings(**{**given, **changes})


@asynccontextmanager
async def at_work(
    discord: FakeDiscord, folder: Path, way: ConnectionMode = ConnectionMode.GATEWAY, **changes: Any
) -> AsyncIterator[App]:
    """Open the application, connect it to Discord, and wait until it has commands and receives interactions.

    `clock` is an argument of the application; every other change is a setting of the adapter.
    """
    clock = {"clock": changes.pop("clock")} if "clock" in changes else {}
    settings = settings_for(discord, way, **changes)
    async with at_home(settings, folder, **clock) as application:
        if way is ConnectionMode.HTTP:
            host, port = settings.listen
            await discord.declare(interactions_url=f"http://{host}:{port}{INTERACTIONS_PATH}")
        else:
            await discord.declare(interactions_url=None)
            await discord.hub.gateway.connected()
        await discord.until(lambda: len(discord.hub.commands.of(None)) >= len(commands()), what="the commands")
        yield application


@asynccontextmanager
async def at_home(settings: DiscordSettings, folder: Path, **changes: Any) -> AsyncIterator[App]:
    """Open the application with a Discord adapter and with a database in a folder."""
    read = read_settings({}, database=str(folder / "paperwire.sqlite3"))
    given: dict[str, Any] = {"clock": utc_now, "libraries": ("sample",), **changes}
    async with open_app(read, screen=StringIO(), connectors=(partial(connect, settings),), **given) as application:
        yield application
