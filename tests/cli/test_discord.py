"""Tests of `paperwire discord`: the invite links, the registration of commands, and deleting a server's data."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from typer.testing import Result

from bots.cli.context import Exit
from bots.discord.command_definitions import commands
from tests.cli.conftest import NOWHERE, Run, said
from tests.fakes.discord.faults import Trouble
from tests.fakes.discord.permissions import LEAST
from tests.fakes.discord.server import FakeDiscord
from tests.support.rows import rows_of


@pytest.fixture
async def discord(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeDiscord]:
    """Yield a fake Discord whose URL and token are in the settings."""
    async with FakeDiscord() as server:
        monkeypatch.setenv("PAPERWIRE_DISCORD_API_URL", server.api)
        monkeypatch.setenv("PAPERWIRE_DISCORD_TOKEN", server.hub.token)
        yield server
        assert [] == server.hub.wrongs


async def runs(run: Run, *arguments: str) -> Result:
    """Run a command in a thread beside the fake, because the command line starts its own event loop."""
    return await asyncio.to_thread(run, *arguments)


async def test_the_links_ask_for_what_is_needed_and_no_more(run: Run, discord: FakeDiscord) -> None:
    """The server link requests only the permissions that a digest needs; the person link requests none."""
    links = said(await runs(run, "discord", "invite", "--json"))
    server, person = (parse_qs(urlsplit(links[name]).query) for name in ("server", "person"))

    assert {discord.hub.application_id} == {server["client_id"][0], person["client_id"][0]}
    assert [str(int(LEAST))] == server["permissions"]
    assert (["bot applications.commands"], ["applications.commands"]) == (server["scope"], person["scope"])
    assert (["0"], ["1"]) == (server["integration_type"], person["integration_type"])
    assert "permissions" not in person


async def test_the_links_are_printed_for_people_too(run: Run, discord: FakeDiscord) -> None:
    """Each link is printed under its purpose, and a server given by id is preselected."""
    links = said(await runs(run, "discord", "invite", "--server", "77", "--json"))
    done = await runs(run, "discord", "invite", "--server", "77")

    assert ["77"] == parse_qs(urlsplit(links["server"]).query)["guild_id"]
    lines = [line.strip() for line in done.stdout.splitlines()]
    assert ["Into a server:", links["server"], "For your account, in all your chats:", links["person"]] == lines


async def test_commands_are_told_when_discord_knows_others(run: Run, discord: FakeDiscord) -> None:
    """`sync` registers the commands only if Discord's differ, and reports if they are already registered."""
    assert {"changed": True} == said(await runs(run, "discord", "sync", "--json"))
    assert len(commands()) == len(discord.hub.commands.of(None))
    assert {"changed": False} == said(await runs(run, "discord", "sync", "--json"))
    assert "Discord's commands are up to date.\n" == (await runs(run, "discord", "sync")).stdout
    discord.hub.commands.of(None).clear()
    assert "Discord's commands were updated.\n" == (await runs(run, "discord", "sync")).stdout


async def test_for_development_one_server_is_told(
    run: Run, discord: FakeDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With discord.dev_server set, the commands are registered only for that server."""
    guild = discord.guild("Lab")
    discord.invite(guild)
    monkeypatch.setenv("PAPERWIRE_DISCORD_DEV_SERVER", guild.id)

    assert {"changed": True} == said(await runs(run, "discord", "sync", "--json"))
    assert (3, 0) == (len(discord.hub.commands.of(guild.id)), len(discord.hub.commands.of(None)))


@pytest.mark.parametrize("command", ["invite", "sync"])
@pytest.mark.parametrize(("token", "says"), [("", "discord.token is not set"), ("wrong", "refused discord.token")])
async def test_a_token_that_is_missing_or_wrong_is_named(
    run: Run, discord: FakeDiscord, monkeypatch: pytest.MonkeyPatch, command: str, token: str, says: str
) -> None:
    """A missing or wrong token is reported on stderr with instructions; nothing is printed on stdout."""
    monkeypatch.setenv("PAPERWIRE_DISCORD_TOKEN", token)

    done = await runs(run, "discord", command)

    assert (Exit.SETTINGS, "") == (done.exit_code, done.stdout)
    assert says in done.stderr
    assert "Reset Token" in " ".join(done.stderr.split())


@pytest.mark.parametrize("command", ["invite", "sync"])
async def test_a_discord_that_is_not_there_is_named(
    run: Run, discord: FakeDiscord, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """If Discord cannot be reached, the command fails and refers to the doctor."""
    monkeypatch.setenv("PAPERWIRE_DISCORD_API_URL", NOWHERE)

    done = await runs(run, "discord", command)

    assert (Exit.FAILED, "") == (done.exit_code, done.stdout)
    assert "paperwire doctor" in done.stderr


async def test_commands_that_discord_does_not_take_are_a_failure(run: Run, discord: FakeDiscord) -> None:
    """If Discord rejects the commands, `sync` fails and shows Discord's reason."""
    discord.hub.faults.switch(Trouble.REFUSED, "PUT /applications/*", code=30034)

    done = await runs(run, "discord", "sync")

    assert Exit.FAILED == done.exit_code
    assert "daily application command creates" in " ".join(done.stderr.split())


def test_a_server_can_be_forgotten_by_hand(run: Run) -> None:
    """`forget` reports that nothing is stored for an unknown server."""
    result = run("discord", "forget", "77")

    assert Exit.NOTHING == result.exit_code
    assert "There is no data of the server 77" in result.stdout


def holds(folder: Path, words: str) -> bool:
    """Return whether the bytes of a database or of its log contain the words."""
    return any(words.encode() in each.read_bytes() for each in folder.glob("paperwire.sqlite3*"))


async def test_a_server_is_forgotten_at_once(run: Run, discord: FakeDiscord, tmp_path: Path) -> None:
    """After `forget` no table holds a row of the server; those of another server stay, and its digests go on."""
    servers = [discord.guild("Lab"), discord.guild("Other")]
    for guild in servers:
        discord.invite(guild)
        place = f"discord:{guild.id}:{discord.channel('papers', guild).id}"
        assert Exit.DONE == (await runs(run, "subscribe", "--source", "sample", "--to", place)).exit_code
        assert Exit.DONE == (await runs(run, "digest", "--source", "sample", "--to", place)).exit_code
    lab, other = (guild.id for guild in servers)
    before, others = rows_of(tmp_path, lab), rows_of(tmp_path, other)
    assert {"subscription", "delivery", "digest_run", "tenant"} <= set(before)
    assert sum(before.values()) == said(await runs(run, "discord", "forget", lab, "--json"))["deleted"]
    assert ({}, others) == (rows_of(tmp_path, lab), rows_of(tmp_path, other))
    assert (False, True) == (holds(tmp_path, lab), holds(tmp_path, other))
    assert 1 == len(said(await runs(run, "subscriptions", "--json"))["items"])
    assert Exit.NOTHING == (await runs(run, "discord", "forget", lab)).exit_code
