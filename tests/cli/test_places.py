"""`--to` is checked before anything is posted or kept: its form, the channel, and what the bot may do there."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from typer.testing import Result

from bots.cli.context import Exit
from bots.slack.manifest import manifest
from tests.cli.conftest import NOWHERE, Run, said
from tests.fakes.discord.faults import Trouble as DiscordTrouble
from tests.fakes.discord.permissions import Permissions
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.world import Guild
from tests.fakes.slack.faults import Trouble as SlackTrouble
from tests.fakes.slack.person import Person
from tests.fakes.slack.server import FakeSlack

_DIGEST = ("digest", "--source", "sample", "--day", "2026-11-24", "--to")
_SUBSCRIBE = ("subscribe", "--source", "sample", "--to")
COMMANDS = pytest.mark.parametrize("command", [_DIGEST, _SUBSCRIBE], ids=["digest", "subscribe"])


@pytest.fixture
async def discord(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeDiscord]:
    """Yield a fake Discord whose URL and token are in the settings."""
    async with FakeDiscord() as server:
        monkeypatch.setenv("PAPERWIRE_DISCORD_API_URL", server.api)
        monkeypatch.setenv("PAPERWIRE_DISCORD_TOKEN", server.hub.token)
        yield server


@pytest.fixture
def guild(discord: FakeDiscord) -> Guild:
    """A server with the app in it."""
    found = discord.guild("Lab")
    discord.invite(found)
    return found


@pytest.fixture
async def slack(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeSlack]:
    """Yield a fake Slack whose URL and tokens are in the settings."""
    async with FakeSlack(manifest("socket")) as server:
        installation = server.hub.install(server.workspace())
        monkeypatch.setenv("PAPERWIRE_SLACK_API_URL", server.api)
        monkeypatch.setenv("PAPERWIRE_SLACK_BOT_TOKEN", installation.token)
        monkeypatch.setenv("PAPERWIRE_SLACK_APP_TOKEN", server.hub.app_token)
        yield server


@pytest.fixture
def ada(slack: FakeSlack) -> Person:
    """A member of the workspace."""
    return slack.person("ada")


async def runs(run: Run, *arguments: str) -> Result:
    """Run a command in a thread beside the fake, because the command line starts its own event loop."""
    return await asyncio.to_thread(run, *arguments)


async def kept(run: Run) -> int:
    """Return the number of stored subscriptions."""
    return len(said(await runs(run, "subscriptions", "--json"))["items"])


def words(done: Result) -> str:
    """Return what was printed on stderr, without line breaks."""
    return " ".join(done.stderr.split())


# ── Discord ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@COMMANDS
async def test_a_channel_of_discord_is_accepted(
    run: Run, discord: FakeDiscord, guild: Guild, command: tuple[str, ...]
) -> None:
    """In a channel where the bot may post, the digest is posted, and the subscription is stored."""
    papers = discord.channel("papers", guild)
    done = await runs(run, *command, f"discord:{guild.id}:{papers.id}")
    assert (Exit.DONE, "") == (done.exit_code, done.stderr)
    posts = command is _DIGEST
    assert (int(not posts), posts) == (await kept(run), bool(discord.messages(papers)))


@COMMANDS
@pytest.mark.parametrize("place", ["discord:papers", "discord:lab:1234", "discord:1234:#papers"])
async def test_what_is_no_id_of_discord(run: Run, discord: FakeDiscord, command: tuple[str, ...], place: str) -> None:
    """A name in place of a number is refused with the form; nothing is asked of Discord about channels."""
    done = await runs(run, *command, place)
    assert Exit.ASKED_WRONGLY == done.exit_code
    assert "is no channel of Discord. Give discord:SERVER:CHANNEL" in words(done)
    assert 0 == await kept(run)


@COMMANDS
@pytest.mark.parametrize(
    ("what", "code", "says"),
    [
        ("unknown", Exit.FAILED, "The channel or thread was deleted"),
        ("unseen", Exit.FAILED, "it lacks the permission View Channel"),
        ("deaf", Exit.FAILED, "lacks the permissions Send Messages and Create Public Threads in #papers"),
        ("voice", Exit.FAILED, "because of its type"),
        ("forum", Exit.FAILED, "requires a tag on each post"),
        ("elsewhere", Exit.ASKED_WRONGLY, "Give discord:"),
        ("no server", Exit.ASKED_WRONGLY, "Give discord:"),
    ],
)
async def test_a_channel_of_discord_that_takes_no_digest(
    run: Run, discord: FakeDiscord, guild: Guild, command: tuple[str, ...], what: str, code: Exit, says: str
) -> None:
    """What is wrong with the channel is said in a sentence, and nothing is posted or stored."""
    denied = {
        "unseen": Permissions.VIEW_CHANNEL,
        "deaf": Permissions.SEND_MESSAGES | Permissions.CREATE_PUBLIC_THREADS,
    }.get(what, Permissions(0))
    kind = what if what in ("voice", "forum") else "text"
    papers = discord.channel("papers", guild, kind=kind, denied=denied, require_tag=what == "forum")
    server = {"elsewhere": discord.guild("Other").id, "no server": ""}.get(what, guild.id)
    channel = "1234567890" if what == "unknown" else papers.id
    done = await runs(run, *command, ":".join(filter(None, ("discord", server, channel))))
    assert code == done.exit_code
    assert says in words(done)
    assert (0, []) == (await kept(run), discord.messages(papers))


async def test_a_discord_that_does_not_tell(run: Run, discord: FakeDiscord, guild: Guild) -> None:
    """If Discord cannot be asked, the subscription is stored, and what was not checked is printed."""
    papers = discord.channel("papers", guild)
    discord.hub.faults.switch(DiscordTrouble.DOWN_BEFORE, "GET /channels/*")
    done = await runs(run, *_SUBSCRIBE, f"discord:{guild.id}:{papers.id}")
    assert Exit.DONE == done.exit_code
    assert f"Not checked: whether Paperwire can post to discord:{guild.id}:{papers.id}." in words(done)
    assert 1 == await kept(run)


# ── Slack ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@COMMANDS
async def test_a_public_channel_of_slack_is_joined(
    run: Run, slack: FakeSlack, ada: Person, command: tuple[str, ...]
) -> None:
    """A public channel without the bot is joined, so that what was promised can be posted."""
    papers = slack.channel("papers", ada, bot=False)
    done = await runs(run, *command, f"slack:{ada.workspace.id}:{papers.id}")
    assert (Exit.DONE, "") == (done.exit_code, done.stderr)
    assert ["conversations.join"] == [each.text for each in slack.hub.happenings.of("call") if "join" in each.text]


@COMMANDS
@pytest.mark.parametrize(
    ("what", "code", "says"),
    [
        ("name", Exit.ASKED_WRONGLY, "is no channel of Slack. Give slack:WORKSPACE:CHANNEL"),
        ("unknown", Exit.FAILED, "/invite @Paperwire"),
        ("private", Exit.FAILED, "/invite @Paperwire"),
        ("archived", Exit.FAILED, "That channel is archived."),
        ("workspace", Exit.FAILED, "another Slack workspace"),
    ],
)
async def test_a_channel_of_slack_that_takes_no_digest(
    run: Run, slack: FakeSlack, ada: Person, command: tuple[str, ...], what: str, code: Exit, says: str
) -> None:
    """What is wrong with the channel is said in a sentence, and nothing is posted or stored."""
    papers = slack.channel("papers", ada, is_private=what == "private", bot=False)
    papers.is_archived = what == "archived"
    channel = {"name": "papers", "unknown": "C0NOWHERE"}.get(what, papers.id)
    done = await runs(run, *command, f"slack:{'T0OTHER' if what == 'workspace' else ada.workspace.id}:{channel}")
    assert code == done.exit_code
    assert says in words(done)
    assert (0, []) == (await kept(run), slack.messages(papers))


@pytest.mark.parametrize("trouble", [SlackTrouble.REFUSED, SlackTrouble.DOWN_BEFORE])
async def test_a_slack_that_does_not_tell(run: Run, slack: FakeSlack, ada: Person, trouble: SlackTrouble) -> None:
    """If Slack cannot be asked, the subscription is stored, and what was not checked is printed."""
    papers = slack.channel("papers", ada)
    slack.hub.faults.switch(trouble, "conversations.info", error="internal_error")
    done = await runs(run, *_SUBSCRIBE, f"slack:{ada.workspace.id}:{papers.id}")
    assert Exit.DONE == done.exit_code
    assert "Not checked: whether Paperwire can post to slack:" in words(done)
    assert 1 == await kept(run)


@COMMANDS
async def test_a_platform_that_cannot_be_reached_is_named(
    run: Run, slack: FakeSlack, ada: Person, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    """Without a network nothing is promised: the command says which platform is not connected, and why."""
    monkeypatch.setenv("PAPERWIRE_SLACK_API_URL", NOWHERE)
    done = await runs(run, *command, f"slack:{ada.workspace.id}:C0PAPERS")
    assert Exit.DONE != done.exit_code
    assert "cannot be reached" in words(done)
    assert 0 == await kept(run)


@pytest.mark.parametrize("patience", [0.0, 60.0])
async def test_who_waits_for_a_post_is_told(
    run: Run, slack: FakeSlack, ada: Person, monkeypatch: pytest.MonkeyPatch, patience: float
) -> None:
    """A digest that is not posted at once says so and where to read why, and one that is posted in time does not."""
    monkeypatch.setattr("bots.cli.digests._PATIENCE", patience)
    papers = slack.channel("papers", ada)
    done = await runs(run, *_DIGEST, f"slack:{ada.workspace.id}:{papers.id}")
    assert Exit.DONE == done.exit_code
    assert ("has not accepted the digest yet" in words(done)) is (patience == 0)
    assert ("Why: paperwire deliveries" in words(done)) is (patience == 0)


async def test_a_dry_run_asks_nothing_of_the_channel(run: Run, slack: FakeSlack, ada: Person) -> None:
    """`--dry-run` neither posts nor joins: it prints what would be posted."""
    papers = slack.channel("papers", ada, bot=False)
    done = await runs(run, *_DIGEST, f"slack:{ada.workspace.id}:{papers.id}", "--dry-run")
    assert Exit.DONE == done.exit_code
    assert [] == [each for each in slack.hub.happenings.of("call") if "join" in each.text or "info" in each.text]
