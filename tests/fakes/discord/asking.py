"""How a person finds a command and fills in its options, within the limits of Discord's client."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.fakes.discord.commands import GROUP, MESSAGE_MENU, SLASH, SUBCOMMAND, in_language
from tests.fakes.discord.payloads import IN_GUILD, PRIVATE, Resolved, context_of, owners_of
from tests.fakes.discord.permissions import Permissions
from tests.fakes.discord.problems import Json, NotDeclared, NotPossible
from tests.fakes.discord.world import FORUMS, Channel, User

if TYPE_CHECKING:
    from tests.fakes.discord.hub import Hub

#: docs.discord.com, Application Commands, "Application Command Option Type".
STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(3, 12)
_THINGS: Mapping[int, str] = {USER: "users", CHANNEL: "channels", ROLE: "roles", MENTIONABLE: "mentionables"}
#: docs.discord.com, "Integration Types": installed in a server, installed by a user.
_GUILD_INSTALL, _USER_INSTALL = 0, 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A command with the options filled in."""

    command: Json
    data: Json
    #: Such as `/paper lookup`.
    name: str
    owners: Json


def offered(hub: "Hub", user: User, channel: Channel) -> list[Json]:
    """Return the commands that a person is offered in a channel."""
    guild = hub.world.guilds.get(channel.guild or "")
    found = [*hub.commands.of(guild.id)] if guild is not None and hub.is_in(guild) else []
    found += [each for each in hub.commands.of(None) if _reaches(hub, each, user, channel)]
    return [each for each in found if _may_use(hub, each, user, channel)]


def _reaches(hub: "Hub", command: Mapping[str, Any], user: User, channel: Channel) -> bool:
    context, types = context_of(channel), command["integration_types"]
    contexts = command.get("contexts")
    if contexts is None:
        contexts = [0, 1, 2] if command["dm_permission"] else [0]
    by_person = _USER_INSTALL in types and user.installed
    if context not in contexts:
        return False
    if context == PRIVATE:
        return by_person
    guild = hub.world.guilds.get(channel.guild or "")
    here = hub.is_in(guild) if context == IN_GUILD else any(user.id in each.members for each in hub.guilds())
    return by_person or (_GUILD_INSTALL in types and here)


def _may_use(hub: "Hub", command: Mapping[str, Any], user: User, channel: Channel) -> bool:
    if channel.guild is None:
        return True
    held, wanted = hub.world.may(user, channel), command["default_member_permissions"]
    if held & Permissions.ADMINISTRATOR:
        return True
    if not held & Permissions.USE_APPLICATION_COMMANDS or wanted == "0":
        return False
    return not int(wanted or 0) & ~held


def spelled(command: Mapping[str, Any], locale: str) -> list[str]:
    """Return the command's name, or those of its subcommands, in the person's language."""
    own = in_language(command.get("name_localizations"), locale) or str(command["name"])
    if command.get("type", SLASH) not in (SLASH, SUBCOMMAND, GROUP):
        return [own]
    inner = [each for each in command.get("options") or () if each["type"] in (SUBCOMMAND, GROUP)]
    return [f"{own} {rest}" for each in inner for rest in spelled(each, locale)] or [own]


class Asking:
    """Lets one person fill in commands in one channel."""

    def __init__(self, hub: "Hub", user: User, channel: Channel) -> None:
        self._hub = hub
        self._user = user
        self._channel = channel
        self._guild = hub.world.guilds.get(channel.guild or "")
        self._resolved = Resolved(hub=hub, user=user, guild=self._guild)

    def slash(self, line: str, values: Mapping[str, Any], *, focused: str = "") -> Asked:
        """Fill in a slash command; `focused` is the option that the person is still typing.

        Raises:
            NotDeclared: there is no such command or option.
            NotPossible: a value does not fit, or a required one is missing.
        """
        if self._channel.type in FORUMS:
            raise NotPossible("commands cannot be used in a forum, only in its posts")
        words = line.removeprefix("/").split()
        command = self._find(words[0], SLASH)
        path, options = self._descend(command, words[1:])
        filled = self._filled(options, values, focused)
        for each in reversed(path):
            filled = [{"type": each["type"], "name": each["name"], "options": filled}]
        name = "/" + " ".join([command["name"], *(each["name"] for each in path)])
        return self._asked(command, name, {"options": filled} if filled else {})

    def menu(self, name: str, message: Any) -> Asked:
        """Use a message command."""
        command = self._find(name, MESSAGE_MENU)
        return self._asked(command, name, {"target_id": self._resolved.message(message)})

    def _asked(self, command: Json, name: str, more: Json) -> Asked:
        data: Json = {"id": command["id"], "name": command["name"], "type": command["type"], **more}
        data |= {"resolved": self._resolved.found} if self._resolved.found else {}
        data |= {"guild_id": command["guild_id"]} if "guild_id" in command else {}
        types = [_GUILD_INSTALL] if "guild_id" in command else command["integration_types"]
        owners = owners_of(self._hub, self._user, self._channel, types)
        return Asked(command=command, data=data, name=name, owners=owners)

    def _find(self, name: str, kind: int) -> Json:
        for each in offered(self._hub, self._user, self._channel):
            own = in_language(each.get("name_localizations"), self._user.locale)
            if each["type"] == kind and name in (each["name"], own):
                return each
        known = [each["name"] for each in offered(self._hub, self._user, self._channel)]
        raise NotDeclared(f"{self._user.name} is offered no command {name!r} here, only {known}")

    def _descend(self, command: Json, words: list[str]) -> tuple[list[Json], list[Json]]:
        path, options = [], list(command.get("options") or ())
        while options and options[0]["type"] in (SUBCOMMAND, GROUP):
            word = words.pop(0) if words else ""
            found = next((o for o in options if word in (o["name"], self._local(o))), None)
            if found is None:
                raise NotDeclared(f"{command['name']} has no {word!r}, only {[o['name'] for o in options]}")
            path.append(found)
            options = list(found.get("options") or ())
        if words:
            raise NotDeclared(f"what follows {command['name']} goes into options: {words}")
        return path, options

    def _local(self, option: Json) -> str | None:
        return in_language(option.get("name_localizations"), self._user.locale)

    def _filled(self, options: list[Json], values: Mapping[str, Any], focused: str) -> list[Json]:
        names = {each["name"] for each in options}
        if unknown := set(values) - names:
            raise NotDeclared(f"there is no option {sorted(unknown)}, only {sorted(names)}")
        if focused:
            return [self._one(each, values[each["name"]], focused) for each in options if each["name"] in values]
        missing = [each["name"] for each in options if each.get("required") and each["name"] not in values]
        if missing:
            raise NotPossible(f"{missing} must be filled in")
        return [self._one(each, values[each["name"]], "") for each in options if each["name"] in values]

    def _one(self, option: Json, value: Any, focused: str) -> Json:
        said: Json = {"name": option["name"], "type": option["type"]}
        if option["name"] == focused:
            if not option.get("autocomplete"):
                raise NotPossible(f"{focused} suggests nothing")
            return said | {"value": value, "focused": True}
        return said | {"value": self._value(option, value)}

    def _value(self, option: Json, value: Any) -> Any:
        kind = option["type"]
        if kind in _THINGS:
            self._fits(option, value)
            return self._resolved.take(_THINGS[kind], value)
        if kind == ATTACHMENT:
            return self._resolved.file(*value)
        _CHECKS[kind](option, value)
        if option.get("choices"):
            return _chosen(option, value)
        return value

    def _fits(self, option: Json, value: Any) -> None:
        types = option.get("channel_types")
        if option["type"] == CHANNEL and not isinstance(value, Channel):
            raise NotPossible(f"{option['name']} takes a channel, not {value!r}")
        if types and int(value.type) not in types:
            raise NotPossible(f"{option['name']} takes no channel of type {int(value.type)}")


def _chosen(option: Json, value: Any) -> Any:
    found = next((each for each in option["choices"] if value in (each["name"], each["value"])), None)
    if found is None:
        raise NotPossible(f"{option['name']} offers {[each['name'] for each in option['choices']]}, not {value!r}")
    return found["value"]


def _text(option: Json, value: Any) -> None:
    if not isinstance(value, str):
        raise NotPossible(f"{option['name']} takes text, not {value!r}")
    if option.get("choices"):
        return
    # 6000 is the maximum length of a string option; docs.discord.com, Application Commands.
    if not (option.get("min_length") or 1) <= len(value) <= (option.get("max_length") or 6000):
        raise NotPossible(f"{option['name']} does not take text of {len(value)} characters")


def _number(option: Json, value: Any) -> None:
    whole = option["type"] == INTEGER
    if option.get("choices"):
        return
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
        raise NotPossible(f"{option['name']} takes a number, not {value!r}")
    low, high = option.get("min_value"), option.get("max_value")
    if (low is not None and value < low) or (high is not None and value > high):
        raise NotPossible(f"{option['name']} takes {low} to {high}, not {value}")


def _yes_or_no(option: Json, value: Any) -> None:
    if not isinstance(value, bool):
        raise NotPossible(f"{option['name']} takes yes or no, not {value!r}")


_CHECKS: Mapping[int, Callable[[Json, Any], None]] = {
    STRING: _text,
    INTEGER: _number,
    NUMBER: _number,
    BOOLEAN: _yes_or_no,
}
