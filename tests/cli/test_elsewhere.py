"""What is typed in a terminal and stands elsewhere: options, commands of the chats, platforms that are not set up."""

import pytest

from bots.__main__ import hoisted
from bots.cli.context import Exit
from tests.cli.conftest import Run


@pytest.mark.parametrize("command", ["edit", "follow", "following", "hidden", "hide", "mentions", "unfollow"])
def test_a_command_of_the_chats_is_explained(run: Run, command: str) -> None:
    """A command that only chats have is refused in a terminal with where to type it."""
    shown = run(command, "something")

    assert Exit.ASKED_WRONGLY == shown.exit_code
    assert f"`{command}` is a command of the chats: in Slack or Discord, type it after /paper." in shown.stderr


@pytest.mark.parametrize(
    ("place", "setting"),
    [
        ("web:daily", "web.listen (or PAPERWIRE_WEB_LISTEN)"),
        ("slack:T1:C1", "slack.bot_token (or PAPERWIRE_SLACK_BOT_TOKEN)"),
        ("discord:1", "discord.token (or PAPERWIRE_DISCORD_TOKEN)"),
        ("email:ada@example.org", "email.server (or PAPERWIRE_EMAIL_SERVER)"),
        ("webhook:https://example.org/in", "webhook.enabled (or PAPERWIRE_WEBHOOK_ENABLED)"),
    ],
)
def test_a_platform_that_is_not_set_up_is_refused_with_its_setting(run: Run, place: str, setting: str) -> None:
    """A channel of a platform that no setting switches on is refused with the setting that does."""
    shown = run("subscribe", "--source", "sample", "--to", place)

    assert Exit.DONE != shown.exit_code
    words = " ".join(shown.stderr.split())
    assert f"{place.partition(':')[0]} is not set up here." in words
    assert f"Set {setting}, then check it: paperwire doctor" in words


def test_a_platform_that_does_not_exist_gets_no_setting(run: Run) -> None:
    """A platform that nobody installed is named, and no setting is made up for it."""
    shown = run("subscribe", "--source", "sample", "--to", "pigeon:x")

    assert Exit.DONE != shown.exit_code
    assert "No adapter named 'pigeon' is connected" in " ".join(shown.stderr.split())


@pytest.mark.parametrize(
    ("typed", "parsed"),
    [
        (["digest", "--json"], ["--json", "digest"]),
        (["digest", "--database", "x", "--limit", "3"], ["--database", "x", "digest", "--limit", "3"]),
        (["digest", "--database=x"], ["--database=x", "digest"]),
        (["lookup", "--", "--json"], ["lookup", "--", "--json"]),
        (["--config"], ["--config"]),
        ([], []),
    ],
)
def test_options_of_every_command_may_stand_anywhere(typed: list[str], parsed: list[str]) -> None:
    """`digest --json` means `--json digest`; everything after `--` is text."""
    assert parsed == hoisted(typed)
