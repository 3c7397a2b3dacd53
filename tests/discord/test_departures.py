"""A server's data is deleted after it removes Paperwire, even if Paperwire was offline; a wrong token deletes none."""

import asyncio
import logging
import sqlite3
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bots.discord.departures import ServerDepartures, invited_again, removed, removed_at
from bots.discord.rest_client import RestClient, rest
from bots.discord.transport import RequestBudget
from bots.domain.channels import Channel
from bots.store.memory import MemoryStore
from tests.discord.conftest import at_work, founded, settings_for
from tests.fakes.discord.faults import Trouble
from tests.fakes.discord.server import FakeDiscord
from tests.support.factories import a_paper, a_subscription


async def a_store(*servers: str) -> MemoryStore:
    """Return a store with a subscription in each server."""
    store = MemoryStore()
    for server in servers:
        place = Channel(platform="discord", workspace=server, channel="1")
        await store.keep_subscription(a_subscription(id=f"order-{server}", channel=place))
    return store


@dataclass
class At:
    """The application's clock, set by hand."""

    now: datetime = datetime(2026, 11, 30, 6, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the instant it shows."""
        return self.now


def departures(store: MemoryStore, speaking: RestClient, at: At | None = None) -> ServerDepartures:
    """Return the object under test."""
    return ServerDepartures(store=store, rest=speaking, clock=at or At(), every=1.0)


async def is_on(store: MemoryStore, server: str) -> bool:
    """Return whether the subscription of a server is on."""
    kept = await store.subscription(f"order-{server}")
    assert kept is not None
    return kept.enabled


async def test_a_server_that_removed_us_while_we_were_away_is_let_go(discord: FakeDiscord) -> None:
    """The subscriptions of a server that removed the bot are paused for 7 days, then its data is deleted."""
    stays, leaves = discord.guild("stays"), discord.guild("leaves")
    discord.invite(stays)
    store, at = await a_store(stays.id, leaves.id), At()
    async with rest(settings_for(discord), RequestBudget()) as speaking:
        servers = departures(store, speaking, at)
        await servers.look()
        assert not await is_on(store, leaves.id)
        assert await is_on(store, stays.id)
        at.now += timedelta(days=7) - timedelta(seconds=1)
        await servers.look()
        assert {stays.id, leaves.id} == set(await store.workspaces("discord"))
        at.now += timedelta(seconds=1)
        await servers.look()
    assert (stays.id,) == await store.workspaces("discord")


async def test_a_server_that_invites_us_again_has_its_subscriptions_back(discord: FakeDiscord) -> None:
    """Within 7 days a new invitation resumes what the kick paused, without catching up; a person's own pause stays."""
    guild = discord.guild("Lab")
    discord.invite(guild)
    store, at = await a_store(guild.id), At()
    resting = a_subscription(id="resting", channel=Channel(platform="discord", workspace=guild.id, channel="2"))
    await store.keep_subscription(replace(resting, enabled=False))
    async with rest(settings_for(discord), RequestBudget()) as speaking:
        servers = departures(store, speaking, at)
        await servers.look()
        discord.kick(guild)
        await servers.look()
        assert not await is_on(store, guild.id)
        at.now += timedelta(days=6)
        discord.invite(guild)
        await servers.look()
    kept, other = await store.subscription(f"order-{guild.id}"), await store.subscription("resting")
    assert kept is not None
    assert other is not None
    assert (True, "", at.now) == (kept.enabled, kept.off_because, kept.resumes)
    assert (False, "") == (other.enabled, other.off_because)


@pytest.mark.parametrize(
    ("enabled", "why", "goes_on"),
    [
        (True, "", True),
        (False, "", False),
        (False, "Paperwire lacks the permission View Channel in the channel.", True),
        (False, "Discord refused discord:1:2: Missing Access (50001).", True),
        (False, "The thread is locked, so nothing can be posted there.", False),
    ],
)
def test_what_a_removal_paused_goes_on_and_what_else_was_paused_does_not(
    enabled: bool, why: str, goes_on: bool
) -> None:
    """A pause by the removal ends with it, even one for access that failed first; any other pause keeps its reason."""
    before = replace(a_subscription(), enabled=enabled, off_because=why)
    gone = removed(before, At().now)
    assert (False, At().now) == (gone.enabled, removed_at(gone))
    assert gone == removed(gone, At().now + timedelta(days=3))
    back = invited_again(gone, At().now)
    assert (goes_on, "" if goes_on else why) == (back.enabled, back.off_because)
    assert before == invited_again(before, At().now)


async def test_a_server_without_subscriptions_is_deleted_at_once(discord: FakeDiscord) -> None:
    """Nothing is kept for a server that has no subscription to restore."""
    guild, other = discord.guild("Lab"), discord.guild("other")
    discord.invite(other)
    store = await a_store(guild.id, other.id)
    place = Channel(platform="discord", workspace=guild.id, channel="1")
    await store.turn_down(place, a_paper().id, user="5", now=At().now)
    await store.drop_subscription(f"order-{guild.id}")
    async with rest(settings_for(discord), RequestBudget()) as speaking:
        await departures(store, speaking).look()
    assert (other.id,) == await store.workspaces("discord")


async def test_a_bot_that_is_in_no_server_it_knows_deletes_nothing(discord: FakeDiscord) -> None:
    """A bot in none of the known servers may have a wrong token: nothing is paused, unless the removal was known."""
    guild = discord.guild("Lab")
    store, at = await a_store(guild.id), At()
    async with rest(settings_for(discord), RequestBudget()) as speaking:
        await departures(store, speaking, at).look()
        assert await is_on(store, guild.id)
        discord.invite(guild)
        servers = departures(store, speaking, at)
        await servers.look()
        discord.kick(guild)
        await servers.look()
        assert not await is_on(store, guild.id)
        # A restart in the meantime changes nothing.
        at.now += timedelta(days=8)
        await departures(store, speaking, at).look()
    assert () == await store.workspaces("discord")


async def test_a_kick_and_an_invitation_are_noticed_at_once_over_the_gateway(
    discord: FakeDiscord, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Over the gateway a kick pauses the subscription, and the next invitation resumes it."""
    caplog.set_level(logging.INFO)
    guild = founded(discord)
    papers = discord.channel("papers", guild)
    place = Channel(platform="discord", workspace=guild.id, channel=papers.id)
    async with at_work(discord, tmp_path) as application:
        await application.store.keep_subscription(a_subscription(id="one", channel=place))
        async with asyncio.timeout(10):
            # Until then the library takes a server that is new for one it was in before.
            while "connected to Discord" not in caplog.text:  # noqa: ASYNC110 - a log has no event
                await asyncio.sleep(0.05)
        for change, on in ((discord.kick, False), (discord.invite, True)):
            change(guild)
            async with asyncio.timeout(30):
                while (kept := await application.store.subscription("one")) is None or kept.enabled is not on:  # noqa: ASYNC110 - no event
                    await asyncio.sleep(0.02)


@pytest.mark.parametrize("trouble", [Trouble.DOWN_BEFORE, Trouble.RESET, Trouble.CLOUDFLARE])
async def test_a_discord_that_does_not_answer_removes_nobody(discord: FakeDiscord, trouble: Trouble) -> None:
    """A server's data is deleted only if Discord itself says that the bot is not in it."""
    guild, other = discord.guild("Lab"), discord.guild("other")
    discord.invite(other)
    store = await a_store(guild.id, other.id)
    async with rest(settings_for(discord), RequestBudget()) as speaking:
        discord.hub.faults.switch(trouble, f"GET /guilds/{guild.id}")
        await departures(store, speaking).look()
    assert 2 == len(await store.workspaces("discord"))
    assert await is_on(store, guild.id)


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
