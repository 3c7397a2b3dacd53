"""Tests that docs/reference/least-privilege.md lists what is asked for, and that nothing is asked for without a use."""

import re

import discord

from bots.discord.channel_kinds import TARGETS
from bots.discord.permissions import WANTED, Permission, names_of, needed_in
from bots.slack.manifest import OPTIONAL_SCOPES, SCOPES
from tests.conftest import ROOT

PAGE = (ROOT / "docs/reference/least-privilege.md").read_text(encoding="utf-8")
#: What of a message needs them beyond being posted: links of embeds, and files.
OF_CONTENT = Permission.EMBED_LINKS | Permission.ATTACH_FILES
#: What would let the bot change others, or read what is not for it.
TOO_MUCH = ("administrator", "manage_guild", "manage_channels", "manage_messages", "manage_roles", "mention_everyone")


def rows(section: str) -> dict[str, str]:
    """Return the table of a section: what is asked for, and what needs it."""
    part = PAGE.partition(f"## {section}\n")[2].partition("\n## ")[0]
    found = re.findall(r"(?m)^\| ([^|]+) \| ([^|]+) \|$", part)
    return {name.strip("` "): use for name, use in found if name not in ("scope", "permission") and "---" not in name}


def test_slacks_scopes_are_those_of_the_manifest() -> None:
    """Each scope of the manifest is on the page with its reason; optional ones are marked."""
    said = {**SCOPES, **{f"{name}` (optional)": use for name, use in OPTIONAL_SCOPES.items()}}
    assert said == rows("Slack")


def test_discords_permissions_are_those_of_the_invitation() -> None:
    """Each permission of the invitation is on the page, and each is needed to post in some channel or for content."""
    assert {names_of(right).localized for right in Permission if right & WANTED} == set(rows("Discord"))
    needed = OF_CONTENT
    for kind in TARGETS:
        needed |= needed_in(kind)
    assert needed == WANTED


def test_the_bot_is_no_moderator() -> None:
    """No permission lets the bot change members, channels or others' messages, or wake everybody."""
    asked = discord.Permissions(int(WANTED))
    assert [] == [name for name in TOO_MUCH if getattr(asked, name)]


def test_no_privileged_intent_is_asked_for() -> None:
    """The gateway is not asked for members, presences or the content of messages."""
    written = (ROOT / "bots/discord/connection.py").read_text(encoding="utf-8")
    (intents,) = re.findall(r"discord\.Intents\(([^)]*)\)", written)
    assert not {"members", "presences", "message_content"} & set(re.findall(r"\w+", intents))
