"""The commands as registered with Discord."""

import copy
import re
import string
from collections.abc import Iterator
from typing import Any

import pytest

from bots.discord.command_definitions import PLACES, commands, fingerprint
from bots.discord.help import TOPICS, help_reply

#: The locales of the languages that ship; docs.discord.com, Reference, Locales.
SHIPPED = {"de", "es-ES", "es-419", "fr", "ja", "zh-CN"}


def named(parts: list[dict[str, Any]], place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every command, subcommand and option with its place: "paper.lookup.paper"."""
    for part in parts:
        here = f"{place}.{part['name']}" if place else part["name"]
        yield here, part
        yield from named(part.get("options", []), here)


def test_every_language_names_every_command() -> None:
    """Every command and option has a name and a description in each locale, save names that are as in English."""
    found = dict(named(commands()))
    wanted = {place for _, place in PLACES if not place.startswith(("choice", "menu"))}
    assert wanted == set(found) - {"Summarize"}
    for place in wanted:
        assert set(found[place]["description_localizations"]) == SHIPPED
        assert SHIPPED - {"de", "fr"} <= set(found[place]["name_localizations"]) | (
            {"es-ES", "es-419"} if place == "summarize.style" else set()
        )
    assert set(found["Summarize"]["name_localizations"]) == SHIPPED


@pytest.mark.parametrize("language", sorted(SHIPPED))
def test_names_and_descriptions_are_such_as_discord_takes(language: str) -> None:
    """Names have up to 32 lower-case characters, no spaces and no duplicates among siblings; descriptions 100."""
    found = [(place, part) for place, part in named(commands()) if place != "Summarize"]
    names = [(place, part.get("name_localizations", {}).get(language, part["name"])) for place, part in found]
    assert [] == [name for _, name in names if not re.fullmatch(r"[-_'\w]{1,32}", name) or name != name.lower()]
    assert [] == [part for _, part in found if not 1 <= len(part["description_localizations"][language]) <= 100]
    siblings = [(place.rpartition(".")[0], name) for place, name in names]
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
