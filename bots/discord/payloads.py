"""Read the payload of an interaction without trust: any field may be missing or of another type. Pure functions."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from bots.chat.untrusted import at, text_at
from bots.discord.channel_kinds import THREADS, ChannelKind
from bots.domain.channels import Channel, Reader
from bots.domain.errors import BadCommand
from bots.translation.speech import gettext

PLATFORM = "discord"
#: Before a person's id in place of a channel's: their direct messages with the bot, whose id Discord tells when asked.
PERSON = "@"
#: The events of the gateway that are passed on as they came.
INTERACTION, REACTION, REACTION_GONE = "INTERACTION_CREATE", "MESSAGE_REACTION_ADD", "MESSAGE_REACTION_REMOVE"
_PASSED = (INTERACTION, REACTION, REACTION_GONE)
#: Most messages of a busy bot name none of them and are not read twice.
_NAMED = re.compile("|".join(f'"{name}"' for name in _PASSED))


def event_in(message: str) -> tuple[str, Mapping[str, Any]]:
    """Return the name of an event that is passed on, and its data; an empty name for every other message.

    Args:
        message: what came over the gateway. What is no JSON is left to the library, which ends the connection.
    """
    if not _NAMED.search(message):
        return "", {}
    try:
        read = json.loads(message)
    except (ValueError, RecursionError):
        return "", {}
    name, data = at(read, "t"), at(read, "d")
    return (str(name), data) if name in _PASSED and isinstance(data, dict) else ("", {})


class InteractionType(IntEnum):
    """Kinds of interactions (docs.discord.com, Receiving and Responding, Interaction Type)."""

    PING = 1
    COMMAND = 2
    PRESS = 3
    SUGGEST = 4
    MODAL = 5


class CommandType(IntEnum):
    """Kinds of commands (docs.discord.com, Application Commands)."""

    SLASH = 1
    MESSAGE = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Location:
    """Where an interaction happened, who made it, and the ids needed to answer it."""

    channel: Channel
    user: str
    #: Id of the interaction, and the token to answer it: valid for three seconds, and for fifteen minutes once
    #: answered.
    interaction: str
    token: str
    kind: int = ChannelKind.TEXT
    #: Permissions in the channel, as bits: the person's, and the bot's.
    permissions: int = 0
    ours: int = 0
    #: Language of the person's Discord client: `de`, `zh-CN`.
    locale: str = "en-US"
    #: Language of the server, as its owner has set it; empty in direct messages.
    server_locale: str = ""
    #: Whether the app is installed in the server; if not, the person installed it.
    installed: bool = True
    #: Id of the channel or forum that a thread is in; empty elsewhere.
    parent: str = ""
    #: Roles of the person in the server.
    roles: tuple[str, ...] = ()
    #: Id of the message whose button or menu was used; empty if there is none.
    message: str = ""

    @property
    def reader(self) -> Reader:
        """The person as a member of the server; quotas are counted by this."""
        return Reader(platform=PLATFORM, workspace=self.channel.workspace, user=self.user)

    @property
    def own(self) -> Channel:
        """The channel for data that belongs to the person and to no server: it is the same wherever they are."""
        return Channel(platform=PLATFORM, channel=self.user)


def unreadable() -> BadCommand:
    """Return the error for a payload that none of our messages can have caused."""
    return BadCommand(
        gettext("Paperwire could not read this request from Discord."),
        hint=gettext("Try again. /paper help lists the commands."),
    )


def number_at(payload: object, *path: str | int) -> int:
    """Return the integer at a path, sent as a number or in digits; 0 if there is none."""
    found = at(payload, *path)
    if isinstance(found, bool) or not isinstance(found, int | str):
        return 0
    return int(found) if isinstance(found, int) or (found.isascii() and found.isdigit()) else 0


def list_at(payload: object, *path: str | int) -> list[object]:
    """Return the list at a path; empty if there is none."""
    found = at(payload, *path)
    return found if isinstance(found, list) else []


def location_of(payload: object) -> Location:
    """Return the location of an interaction.

    Raises:
        BadCommand: it has no channel or no person, or lacks the ids needed to answer it.
    """
    user = text_at(payload, "member", "user", "id") or text_at(payload, "user", "id")
    channel = text_at(payload, "channel", "id") or text_at(payload, "channel_id")
    needed = (user, channel, text_at(payload, "id"), text_at(payload, "token"))
    if not all(needed):
        raise unreadable()
    guild = text_at(payload, "guild_id")
    return Location(
        channel=Channel(platform=PLATFORM, workspace=guild, channel=channel),
        user=user,
        interaction=needed[2],
        token=needed[3],
        kind=number_at(payload, "channel", "type"),
        permissions=number_at(payload, "member", "permissions"),
        ours=number_at(payload, "app_permissions"),
        locale=text_at(payload, "locale") or "en-US",
        server_locale=text_at(payload, "guild_locale"),
        installed=_is_installed(payload, guild),
        message=text_at(payload, "message", "id"),
        parent=text_at(payload, "channel", "parent_id") if number_at(payload, "channel", "type") in THREADS else "",
        roles=tuple(each for each in list_at(payload, "member", "roles") if isinstance(each, str)),
    )


def _is_installed(payload: object, guild: str) -> bool:
    # "0" is a server's installation; "1" a person's (docs.discord.com, Authorizing Integration Owners Object).
    owners = at(payload, "authorizing_integration_owners")
    return not isinstance(owners, Mapping) or not owners or "0" in owners or not guild


def path_of(payload: object) -> tuple[str, ...]:
    """Return the words of a command: `("paper", "lookup")`."""
    return (text_at(payload, "data", "name"), *(text_at(each, "name") for each in _subcommands(payload)))


def _subcommands(payload: object) -> Iterator[object]:
    options = list_at(payload, "data", "options")
    while options and number_at(options[0], "type") in (1, 2):
        yield options[0]
        options = list_at(options[0], "options")


def options_of(payload: object) -> dict[str, str]:
    """Return the options of a command as text, by name."""
    inner = list(_subcommands(payload))
    options = list_at(inner[-1], "options") if inner else list_at(payload, "data", "options")
    return {text_at(each, "name"): _text(at(each, "value")) for each in options if text_at(each, "name")}


def focused_of(payload: object) -> tuple[str, str]:
    """Return the name of the option that the person is typing, and its text so far; empty if there is none."""
    inner = list(_subcommands(payload))
    options = list_at(inner[-1], "options") if inner else list_at(payload, "data", "options")
    found = next((each for each in options if at(each, "focused") is True), None)
    return text_at(found, "name"), _text(at(found, "value"))


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, str | int | float) else ""


def fields_of(payload: object) -> dict[str, str]:
    """Return the values that a person submitted in a modal, by field id; several choices are joined with commas."""
    return dict(_fields(list_at(payload, "data", "components")))


def _fields(components: list[object]) -> Iterator[tuple[str, str]]:
    for each in components:
        inner = at(each, "component")
        yield from _fields([inner] if inner is not None else [])
        yield from _fields(list_at(each, "components"))
        name = text_at(each, "custom_id")
        if name:
            chosen = ",".join(value for value in list_at(each, "values") if isinstance(value, str))
            yield name, chosen or _text(at(each, "value"))


def resolved(payload: object, kind: str, name: str) -> object:
    """Return the channel, message or attachment for an id in an interaction; None if Discord did not send it."""
    return at(payload, "data", "resolved", kind, name)


def components_in(message: object) -> Iterator[Mapping[str, object]]:
    """Yield every component of a message, including nested ones."""
    waiting = [*list_at(message, "components")]
    while waiting:
        each = waiting.pop(0)
        if isinstance(each, Mapping):
            yield each
            waiting = [*list_at(each, "components"), *waiting]
