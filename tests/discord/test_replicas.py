"""Two instances behind one address behave as one: every interaction of a day goes to the other one than the last."""

from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from bots.bootstrap.app import App, open_app
from bots.config.settings import read_settings
from bots.discord.app import connect
from bots.discord.command_definitions import commands
from bots.discord.http import INTERACTIONS_PATH
from bots.discord.settings import ConnectionMode, DiscordSettings
from bots.domain.shards import read_shards
from tests.discord import test_day as day_of
from tests.discord.conftest import Clock, founded, settings_for
from tests.discord.test_day import BERLIN, Day
from tests.fakes.discord.permissions import MEMBER, Permissions
from tests.fakes.discord.server import FakeDiscord
from tests.slack.conftest import free_port
from tests.slack.test_replicas import database
from tests.store.stores import needs_postgres
from tests.support.clocks import with_its_time


async def opened(stack: AsyncExitStack, place: str, clock: Clock, settings: DiscordSettings) -> App:
    """Open an instance on a database."""
    given: dict[str, Any] = {"screen": StringIO(), "clock": clock, "libraries": ("sample",)}
    read = read_settings({}, database=place)
    opening = open_app(read, connectors=(partial(connect, settings),), **given)
    return with_its_time(await stack.enter_async_context(opening))


def a_day(discord: FakeDiscord, clock: Clock, folder: Path, way: ConnectionMode) -> Day:
    """Return Ada's day in a server."""
    guild = founded(discord)
    ada = discord.person("ada", guild, permissions=MEMBER | Permissions.MANAGE_CHANNELS)
    papers = discord.channel("papers", guild)
    return Day(discord=discord, guild=guild, clock=clock, ada=ada, papers=papers, folder=folder, way=way)


async def has_commands(discord: FakeDiscord) -> None:
    """Wait until people can use the commands."""
    await discord.until(lambda: len(discord.hub.commands.of(None)) >= len(commands()), within=30, what="the commands")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=needs_postgres)])
async def test_a_day_with_two_instances_over_http(kind: str, tmp_path: Path) -> None:
    """Windows, drafts, previews, Undo, cards and pasted texts work when each step reaches another instance."""
    clock = Clock()
    async with FakeDiscord(clock=lambda: clock().timestamp()) as discord, AsyncExitStack() as stack:
        day = a_day(discord, clock, tmp_path, ConnectionMode.HTTP)
        place = stack.enter_context(database(kind, tmp_path))
        ports = [free_port(), free_port()]
        one = settings_for(discord, ConnectionMode.HTTP, timezone=BERLIN, listen=("127.0.0.1", ports[0]))
        apps = [await opened(stack, place, clock, replace(one, listen=("127.0.0.1", port))) for port in ports]
        urls = [f"http://127.0.0.1:{port}{INTERACTIONS_PATH}" for port in ports]
        discord.hub.office.hooks.behind = urls
        await discord.declare(interactions_url=urls[0])
        await discord.until(
            lambda: len(discord.hub.commands.of(None)) >= len(commands()), within=30, what="the commands"
        )
        day.application, day.scheduler = apps[0], apps[0].scheduler()
        await day.scheduler.poll()
        thread = await day_of.subscribes(day)
        await day.becomes(9)
        await day_of.presses_everything(day, await day_of.arrives(day, thread))
        for part in (day_of.looks_things_up, day_of.pastes, day_of.changes_it, day_of.goes_wrong):
            await part(day)
        assert [] == discord.hub.wrongs
        assert [] == day.ada.notices


@pytest.mark.slow
async def test_a_form_is_finished_by_the_instance_that_took_its_shard_over(tmp_path: Path) -> None:
    """Over the gateway a server's events go to one instance; when it ends, the next answers its windows and buttons."""
    clock = Clock()
    async with FakeDiscord(clock=lambda: clock().timestamp()) as discord, AsyncExitStack() as stack:
        day = a_day(discord, clock, tmp_path, ConnectionMode.GATEWAY)
        gateway, place = discord.hub.gateway, str(tmp_path / "paperwire.sqlite3")
        settings = settings_for(discord, timezone=BERLIN, shards=read_shards("auto"), shard_lease=1.5)
        running = await stack.enter_async_context(AsyncExitStack())
        await opened(running, place, clock, settings)

        async def changes_hands() -> None:
            """Start the next instance, and end the one that has the shard."""
            nonlocal running
            before, running = running, await stack.enter_async_context(AsyncExitStack())
            await opened(running, place, clock, settings)
            await before.aclose()
            await gateway.connected(1, within=30)

        await gateway.connected(1, within=30)
        await discord.until(
            lambda: len(discord.hub.commands.of(None)) >= len(commands()), within=30, what="the commands"
        )
        await day.ada.uses("/paper subscribe", day.papers)
        await day.ada.gets_modal("New subscription")
        await changes_hands()
        before = day.private()
        await day.ada.submits()
        shown = await day.told(before, "New subscription")
        await changes_hands()
        before = day.private()
        await day.ada.chooses(shown, "3 papers at most")
        shown = await day.told(before, "Up to 3 papers")
        await changes_hands()
        before = day.private()
        await day.ada.presses(shown, "Subscribe")
        await day.told(before, "Subscribed")
        assert [] == day.ada.notices
