"""Start of the adapter: the token, an unreachable Discord, and the registration of the commands."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from io import StringIO
from pathlib import Path

import pytest

from bots.bootstrap.app import open_app
from bots.config.settings import read_settings
from bots.discord.app import DiscordAdapter, DiscordSettings, connect
from bots.discord.command_definitions import commands
from bots.discord.http import INTERACTIONS_PATH
from bots.discord.settings import ConnectionMode
from bots.domain.channels import Channel as Place
from bots.domain.errors import PostRefused, SettingsError
from summarizer import Secret
from tests.discord.conftest import at_home, at_work, founded, settings_for
from tests.fakes.discord.faults import Trouble
from tests.fakes.discord.server import FakeDiscord
from tests.support.factories import a_digest


@asynccontextmanager
async def room_in(settings: DiscordSettings, folder: Path) -> AsyncIterator[DiscordAdapter]:
    """Open the application, and beside it the adapter."""
    read = read_settings({}, database=str(folder / "paperwire.sqlite3"))
    async with (
        open_app(read, screen=StringIO(), libraries=("sample",)) as application,
        connect(settings, application.service) as adapter,
    ):
        yield adapter


async def posts(adapter: DiscordAdapter, place: Place) -> str:
    """Post the first message of a digest, and return its id."""
    return await adapter.post(adapter.compose(a_digest(channel=place))[0], "key")


def told(discord: FakeDiscord, method: str = "PUT") -> int:
    """Return how often the commands were registered, or with GET, queried."""
    every = [each.text for each in discord.hub.happenings.of("call")]
    return len([each for each in every if each.startswith(f"{method} /applications/") and each.endswith("/commands")])


def was_asked(discord: FakeDiscord, times: int) -> bool:
    """Return whether the registered commands were queried exactly `times` times."""
    return told(discord, "GET") == times


@pytest.mark.parametrize(
    ("token", "says", "fix"),
    [("", "set discord.token", "Reset Token"), ("wrong", "refused discord.token", "Copy the token again")],
)
@pytest.mark.parametrize("way", list(ConnectionMode))
async def test_without_a_good_token_the_adapter_does_not_open(
    discord: FakeDiscord, tmp_path: Path, way: ConnectionMode, token: str, says: str, fix: str
) -> None:
    """The error names the missing or invalid setting, and says where to get its value."""
    with pytest.raises(SettingsError, match=says) as refused:
        async with at_home(settings_for(discord, way, token=Secret(token)), tmp_path):
            pass

    assert fix in refused.value.hint


async def test_a_discord_that_is_not_there_at_the_start_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: ConnectionMode
) -> None:
    """The application starts and posts are refused for now; all works once Discord is available."""
    monkeypatch.setattr("bots.discord.connection.FIRST_PAUSE", 0.05)
    monkeypatch.setattr("bots.discord.command_sync._FIRST", 0.05)
    async with FakeDiscord() as discord:
        guild = founded(discord)
        papers = discord.channel("papers", guild)
    place, settings = Place(platform="discord", workspace=guild.id, channel=papers.id), settings_for(discord, way)
    async with room_in(settings, tmp_path) as adapter:
        with pytest.raises(PostRefused) as refused:
            await posts(adapter, place)
        assert refused.value.everywhere
        async with discord:
            posted = await posts(adapter, place)
            await listened_to(discord, settings)
            await discord.until(lambda: discord.hub.commands.of(None), what="the commands")

    assert [posted] == [each.id for each in papers.shown()]


async def listened_to(discord: FakeDiscord, settings: DiscordSettings) -> None:
    """Wait until interactions reach the adapter."""
    if settings.way is ConnectionMode.HTTP:
        host, port = settings.listen
        await discord.declare(interactions_url=f"http://{host}:{port}{INTERACTIONS_PATH}")
    else:
        await discord.hub.gateway.connected()


async def test_while_the_line_is_down_digests_are_posted(discord: FakeDiscord, tmp_path: Path) -> None:
    """Digests are posted while the gateway refuses every handshake."""
    guild = founded(discord)
    papers = discord.channel("papers", guild)
    discord.hub.faults.switch(Trouble.HANDSHAKE, "gateway")
    async with room_in(settings_for(discord), tmp_path) as adapter:
        await discord.until(lambda: discord.hub.gateway.refused, what="a handshake that is refused")
        posted = await posts(adapter, Place(platform="discord", workspace=guild.id, channel=papers.id))

    assert [posted] == [each.id for each in papers.shown()]


async def test_commands_are_told_once(discord: FakeDiscord, tmp_path: Path) -> None:
    """A second start queries the registered commands, and does not register them again."""
    guild = founded(discord)
    ada, papers = discord.person("ada", guild), discord.channel("papers", guild)
    for starts in (1, 2):
        async with at_work(discord, tmp_path):
            await discord.until(partial(was_asked, discord, starts), what="the question")
            await ada.uses("/paper help", papers)
            await ada.reads("/paper subscribe", papers, only_me=True)

    assert 1 == told(discord)


async def test_commands_that_were_changed_are_told_again(discord: FakeDiscord, tmp_path: Path) -> None:
    """A later start restores commands that were changed at Discord."""
    async with at_work(discord, tmp_path):
        pass
    discord.hub.commands.of(None)[0]["description"] = "Something else"
    async with at_work(discord, tmp_path):
        await discord.until(lambda: told(discord) == 2, what="the commands again")

    assert [each.get("description", "") for each in commands()] == [
        each["description"] for each in discord.hub.commands.of(None)
    ]


async def test_commands_for_development_go_to_one_server(discord: FakeDiscord, tmp_path: Path) -> None:
    """With a development server the commands are registered only there."""
    guild, other = founded(discord), discord.guild("Other")
    discord.invite(other)
    async with at_home(settings_for(discord, dev_server=guild.id), tmp_path):
        await discord.until(lambda: discord.hub.commands.of(guild.id), what="the commands")

    assert [3, 0, 0] == [len(discord.hub.commands.of(each)) for each in (guild.id, other.id, None)]


async def test_commands_that_discord_does_not_take_at_first_are_told_later(
    discord: FakeDiscord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refusal does not stop the start, and the registration is retried."""
    monkeypatch.setattr("bots.discord.command_sync._FIRST", 0.05)
    discord.hub.faults.switch(Trouble.REFUSED, "PUT /applications/*", code=30034, left=2)
    founded(discord)
    async with at_work(discord, tmp_path):
        assert 3 == told(discord)
