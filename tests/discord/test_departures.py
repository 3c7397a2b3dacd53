"""A server's data is deleted after it removes Paperwire, even if Paperwire was offline; a wrong token deletes none."""

import asyncio
import sqlite3
from contextlib import AsyncExitStack, closing
from pathlib import Path

import pytest

from bots.discord.departures import ServerDepartures
from bots.discord.rest_client import rest
from bots.discord.transport import RequestBudget
from bots.domain.channels import Channel
from bots.store.memory import MemoryStore
from tests.discord.conftest import at_work, founded, settings_for
from tests.fakes.discord.faults import Trouble
from tests.fakes.discord.server import FakeDiscord
from tests.support.factories import a_subscription


async def a_store(*servers: str) -> MemoryStore:
    """Return a store with a subscription in each server."""
    store = MemoryStore()
    for server in servers:
        place = Channel(platform="discord", workspace=server, channel="1")
        await store.keep_subscription(a_subscription(id=f"order-{server}", channel=place))
    return store


async def test_a_server_that_removed_us_while_we_were_away_is_let_go(discord: FakeDiscord) -> None:
    """The data of a server that removed the bot is deleted, and that of other servers is kept."""
    stays, leaves = discord.guild("stays"), discord.guild("leaves")
    discord.invite(stays)
    store = await a_store(stays.id, leaves.id)
    async with rest(settings_for(discord), RequestBudget()) as speaking:
        await ServerDepartures(store=store, rest=speaking, every=1.0).look()
    assert (stays.id,) == await store.workspaces("discord")


async def test_a_bot_that_is_in_no_server_it_knows_deletes_nothing(discord: FakeDiscord) -> None:
    """A bot that is in none of the known servers may be another bot with a wrong token, so it deletes nothing."""
    guild = discord.guild("Lab")
    store = await a_store(guild.id)
    async with rest(settings_for(discord), RequestBudget()) as speaking:
        servers = ServerDepartures(store=store, rest=speaking, every=1.0)
        await servers.look()
        assert (guild.id,) == await store.workspaces("discord")
        discord.invite(guild)
        await servers.look()
        discord.kick(guild)
        await servers.look()
    assert () == await store.workspaces("discord")


@pytest.mark.parametrize("trouble", [Trouble.DOWN_BEFORE, Trouble.RESET, Trouble.CLOUDFLARE])
async def test_a_discord_that_does_not_answer_removes_nobody(discord: FakeDiscord, trouble: Trouble) -> None:
    """A server's data is deleted only if Discord itself says that the bot is not in it."""
    guild, other = discord.guild("Lab"), discord.guild("other")
    discord.invite(other)
    store = await a_store(guild.id, other.id)
    async with rest(settings_for(discord), RequestBudget()) as speaking:
        discord.hub.faults.switch(trouble, f"GET /guilds/{guild.id}")
        await ServerDepartures(store=store, rest=speaking, every=1.0).look()
    assert 2 == len(await store.workspaces("discord"))


async def test_who_still_waits_at_the_end_is_told(discord: FakeDiscord, tmp_path: Path) -> None:
    """At shutdown a person whose request is blocked by a locked database is notified, and shutdown goes on."""
    guild = founded(discord)
    ada, papers = discord.person("ada", guild), discord.channel("papers", guild)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(at_work(discord, tmp_path))
        with closing(sqlite3.connect(tmp_path / "paperwire.sqlite3", isolation_level=None)) as held:
            held.execute("BEGIN IMMEDIATE")
            await ada.uses("/paper help", papers)
            ending = asyncio.create_task(stack.aclose())
            assert (await ada.reads("restarting", papers, only_me=True, within=9)).ephemeral
            held.execute("ROLLBACK")
        await ending
