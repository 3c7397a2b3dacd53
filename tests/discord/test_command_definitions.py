"""The commands as registered with Discord."""

import copy
import re
import string
from typing import Any

import pytest

from bots.discord.command_definitions import commands, fingerprint, languages, places
from bots.discord.help import TOPICS, help_reply

#: The languages that ship; docs.discord.com, Reference, Locales.
SHIPPED = {"de", "es-ES", "fr", "ja", "zh-CN"}


def test_every_language_names_every_command() -> None:
    """Every table that ships is complete."""
    assert SHIPPED == set(languages())
    for table in languages().values():
        assert set(places()) == set(table["names"])
        assert {place for place in places() if not place.startswith(("choice", "menu"))} == set(table["descriptions"])


@pytest.mark.parametrize("language", sorted(SHIPPED))
def test_names_and_descriptions_are_such_as_discord_takes(language: str) -> None:
    """Names have up to 32 lower-case characters, no spaces and no duplicates among siblings; descriptions 100."""
    table = languages()[language]
    names = {place: name for place, name in table["names"].items() if not place.startswith(("choice", "menu"))}
    assert [] == [name for name in names.values() if not re.fullmatch(r"[-_'\w]{1,32}", name) or name != name.lower()]
    assert [] == [said for said in table["descriptions"].values() if not 1 <= len(said) <= 100]
    siblings = [(place.rpartition(".")[0], name) for place, name in names.items()]
    assert len(siblings) == len(set(siblings))


def test_each_command_keeps_within_what_discord_counts() -> None:
    """A command has at most 8,000 characters in names, descriptions and values, each in its longest language."""
    assert [] == [command["name"] for command in commands() if _size(command) > 8000]


def _size(made: dict[str, Any]) -> int:
    own = sum(
        max([len(made.get(what) or ""), *map(len, made.get(f"{what}_localizations", {}).values())])
        for what in ("name", "description")
    )
    value = len(made["value"]) if isinstance(made.get("value"), str) else 0
    return own + value + sum(map(_size, [*made.get("options", ()), *made.get("choices", ())]))


def test_what_discord_adds_does_not_count_as_a_change() -> None:
    """The hash ignores the ids, versions and defaults that Discord adds, and the order of sets."""
    theirs = copy.deepcopy(commands())
    for place, command in enumerate(theirs):
        command |= {"id": str(place), "version": "9", "nsfw": False, "application_id": "1", "dm_permission": None}
        command["contexts"] = command["contexts"][::-1]
        command.setdefault("description", "")
    assert fingerprint(commands()) == fingerprint(theirs[::-1])


@pytest.mark.parametrize("place", range(3))
def test_what_is_said_otherwise_is_a_change(place: int) -> None:
    """A change of a description, a translation or an option changes the hash."""
    changed = copy.deepcopy(commands())
    match place:
        case 0:
            changed[0]["description"] += "!"
        case 1:
            changed[0]["options"][0]["name_localizations"]["de"] = "anders"
        case 2:
            changed[0]["options"][0]["options"][0]["autocomplete"] = False
    assert fingerprint(commands()) != fingerprint(changed)


def test_help_shows_what_is_typed_in_discord() -> None:
    """Every subcommand has a help topic, and an unknown topic returns all."""
    inner = {option["name"] for option in commands()[0]["options"]} - {"help"}
    assert inner <= {topic.name for topic in TOPICS}
    assert 1 == len(help_reply("digest").topics)
    assert TOPICS == help_reply("nonsense").topics
    assert [] == [topic.name for topic in TOPICS if set(topic.name) - set(string.ascii_lowercase)]
