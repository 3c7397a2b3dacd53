"""Real connections of several processes to the gateway: each server's events come once, and no limit is exceeded."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest

from bots.bootstrap.app import App
from bots.discord.app import DiscordAdapter
from bots.domain.channels import Channel as Place
from bots.domain.shards import read_shards
from tests.discord.conftest import at_home, settings_for
from tests.fakes.discord.pacing import LENIENT
from tests.fakes.discord.permissions import MEMBER, Permissions
from tests.fakes.discord.person import Person
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.world import Channel, Guild
from tests.support.factories import a_subscription

SHARDS = 4
#: Seconds of a lease, of which the product has 25, and between two sessions, of which it has six.
LAPSE, EVERY = 3.0, 0.25


@dataclass(frozen=True, kw_only=True)
class Town:
    """A Discord that recommends several shards, with a server on each of them."""

    discord: FakeDiscord
    folder: Path
    stack: AsyncExitStack
    homes: tuple[tuple[Guild, Person, Channel], ...]

    async def starts(self, shards: str = "auto") -> App:
        """Start a process on the common database."""
        settings = settings_for(self.discord, shards=read_shards(shards), shard_lease=LAPSE)
        return await self.stack.enter_async_context(at_home(settings, self.folder))

    def sessions(self) -> list[int]:
        """Return the shards that have a session with a connection, each as often as it has one."""
        return sorted(session.shard for session in self.discord.hub.gateway.ready())

    async def is_whole(self) -> None:
        """Wait until each shard has one session."""
        await self.discord.until(lambda: list(range(SHARDS)) == self.sessions(), within=30, what="one session a shard")

    async def is_answered(self) -> None:
        """Use a command in each server, and check that each is answered once and acknowledged once."""
        before = [len(ada.sees(papers, only_me=True)) for _, ada, papers in self.homes]
        for _, ada, papers in self.homes:
            await ada.uses("/paper subscriptions", papers)
        for seen, (_, ada, papers) in zip(before, self.homes, strict=True):
            await ada.waits(partial(_more, ada, papers, seen), within=30, what="an answer")
            assert seen + 1 == len(ada.sees(papers, only_me=True))


def _more(ada: Person, papers: Channel, seen: int) -> bool:
    return len(ada.sees(papers, only_me=True)) > seen


@pytest.fixture
async def town(discord: FakeDiscord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Town]:
    """No process yet; sessions of a bucket must be some time apart."""
    monkeypatch.setattr("bots.discord.identifies.EVERY", EVERY)
    monkeypatch.setattr("tests.fakes.discord.limits.IDENTIFY_SECONDS", EVERY * 0.9)
    discord.hub.pacing.pace = replace(LENIENT, identifies=True)
    discord.hub.gateway.shards = SHARDS
    homes: dict[int, tuple[Guild, Person, Channel]] = {}
    for number in range(10 * SHARDS):
        # Ids of the fake are evenly spaced: every other server would be on the same shards.
        discord.hub.world.ids.founded += number % 2
        guild = discord.guild(f"Lab {number}")
        shard = (int(guild.id) >> 22) % SHARDS
        if shard not in homes:
            discord.invite(guild)
            ada = discord.person(f"ada{shard}", guild, permissions=MEMBER | Permissions.MANAGE_CHANNELS)
            homes[shard] = (guild, ada, discord.channel("papers", guild))
    assert set(range(SHARDS)) == set(homes)
    async with AsyncExitStack() as stack:
        yield Town(discord=discord, folder=tmp_path, stack=stack, homes=tuple(homes.values()))


async def eventually(look: Callable[[], Awaitable[bool]] | Callable[[], bool]) -> None:
    """Wait until a condition is true of which nobody is told."""
    async with asyncio.timeout(30):
        while True:
            found = look()
            if found if isinstance(found, bool) else await found:
                return
            await asyncio.sleep(0.05)


def report(application: App) -> tuple[int, int]:
    """Return how many shards a process keeps connected, and how many are."""
    adapter = application.executor.part_delivery.adapters["discord"]
    assert isinstance(adapter, DiscordAdapter)
    found = adapter.connections()
    return found.wanted, found.open


def too_soon(discord: FakeDiscord) -> list[str]:
    """Return the complaints of the gateway about sessions that began too soon."""
    return [each.text for each in discord.hub.happenings.of("gateway") if "too soon" in each.text]


async def test_two_processes_share_the_shards(town: Town) -> None:
    """Each shard has one session, each process its half; every interaction is answered once, and no limit exceeded."""
    one = await town.starts()
    await town.is_whole()
    two = await town.starts()
    await eventually(lambda: report(one) == report(two) == (2, 2))
    await town.is_whole()
    await town.is_answered()
    assert [] == too_soon(town.discord)


async def test_a_shutdown_hands_the_shards_over(town: Town) -> None:
    """When one process ends, the other has all shards soon after, and answers for all servers."""
    await town.starts()
    async with AsyncExitStack() as leaving:
        await replace(town, stack=leaving).starts()
        await town.is_whole()
    await town.is_whole()
    await town.is_answered()
    assert [] == too_soon(town.discord)


async def test_a_server_that_leaves_is_heard_on_its_shard(town: Town) -> None:
    """Each process hears of its own servers, and one of them pauses what any process stored of a server."""
    one = await town.starts("0-1/4")
    await town.starts("2-3/4")
    await town.is_whole()
    for guild, _, papers in town.homes:
        place = Place(platform="discord", workspace=guild.id, channel=papers.id)
        await one.store.keep_subscription(a_subscription(id=f"of-{guild.id}", channel=place))
        town.discord.kick(guild)

    async def paused() -> bool:
        return not any(each.enabled for each in await one.store.subscriptions())

    await eventually(paused)


async def test_more_sessions_than_a_day_has_are_not_started(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    """When the day's starts are used up the program waits and says until when: one more would cost the token."""
    town.discord.hub.gateway.starts.total = 3
    application = await town.starts()
    await town.discord.until(lambda: town.sessions() == [0, 1, 2], within=30, what="three sessions")
    adapter = application.executor.part_delivery.adapters["discord"]
    assert isinstance(adapter, DiscordAdapter)
    await eventually(lambda: "used up" in adapter.connections().problem)
    assert "all 3 session starts of a day are used up; more in 24.0 hours" in caplog.text
    assert (0, False) == (adapter.connections().starts_left, adapter.connections().is_open)
    assert town.discord.hub.gateway.starts.remaining == 0
