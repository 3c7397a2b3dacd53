"""The app's registered commands, global and per server.

docs.discord.com, Application Commands.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.fakes.discord import limits
from tests.fakes.discord.problems import DiscordRefusal, Json

_DAY = 86_400.0
SLASH, USER_MENU, MESSAGE_MENU = 1, 2, 3
SUBCOMMAND, GROUP = 1, 2


class Commands:
    """The registry of commands."""

    def __init__(self, application: str, clock: Callable[[], float], new_id: Callable[[], str]) -> None:
        self._application = application
        self._clock = clock
        self._new_id = new_id
        #: Commands by server; None holds the global ones.
        self._held: dict[str | None, list[Json]] = {None: []}
        self._created: dict[str | None, list[float]] = {}

    def of(self, guild: str | None) -> list[Json]:
        """Return the commands of a server, or the global ones."""
        return self._held.setdefault(guild, [])

    def find(self, guild: str | None, command: str) -> Json:
        """Return a command by its id.

        Raises:
            DiscordRefusal: there is no such command.
        """
        found = next((each for each in self.of(guild) if each["id"] == command), None)
        if found is None:
            raise DiscordRefusal(10063)
        return found

    def overwrite(self, guild: str | None, bodies: Sequence[Mapping[str, Any]]) -> list[Json]:
        """Replace all commands; a command whose name is registered already keeps its id.

        Raises:
            DiscordRefusal: too many commands were created in the last day.
        """
        known = {_key(each): each for each in self.of(guild)}
        self._count(guild, len([each for each in bodies if _key(each) not in known]))
        self._held[guild] = [self._completed(guild, each, known.get(_key(each))) for each in bodies]
        return self._held[guild]

    def upsert(self, guild: str | None, body: Mapping[str, Any]) -> tuple[Json, bool]:
        """Register a command and return it, with whether it is new."""
        known = next((each for each in self.of(guild) if _key(each) == _key(body)), None)
        self._count(guild, 0 if known else 1)
        made = self._completed(guild, body, known)
        self._held[guild] = [*(each for each in self.of(guild) if each is not known), made]
        return made, known is None

    def edit(self, guild: str | None, command: str, body: Mapping[str, Any]) -> Json:
        """Edit a command."""
        known = self.find(guild, command)
        known |= self._completed(guild, {**known, **body}, known)
        return known

    def delete(self, guild: str | None, command: str) -> None:
        """Delete a command."""
        self.of(guild).remove(self.find(guild, command))

    def _count(self, guild: str | None, new: int) -> None:
        now = self._clock()
        lately = [at for at in self._created.get(guild, []) if at > now - _DAY]
        if len(lately) + new > limits.COMMAND_CREATES:
            raise DiscordRefusal(30034)
        self._created[guild] = lately + [now] * new

    def _completed(self, guild: str | None, body: Mapping[str, Any], known: Json | None) -> Json:
        made: Json = {
            "id": known["id"] if known else self._new_id(),
            "application_id": self._application,
            "version": self._new_id(),
            "type": body.get("type") or SLASH,
            "name": body["name"],
            "name_localizations": body.get("name_localizations"),
            "description": body.get("description") or "",
            "description_localizations": body.get("description_localizations"),
            "default_member_permissions": _bits(body.get("default_member_permissions")),
            "dm_permission": body.get("dm_permission", True) is not False,
            "nsfw": bool(body.get("nsfw")),
            "integration_types": body.get("integration_types") or [0],
        }
        made |= {"guild_id": guild} if guild else {"contexts": body.get("contexts")}
        if body.get("options"):
            made["options"] = [_option(each) for each in body["options"]]
        if known and {**known, "version": ""} == {**made, "version": ""}:
            made["version"] = known["version"]
        return made


def _key(command: Mapping[str, Any]) -> tuple[int, str]:
    return command.get("type") or SLASH, command["name"]


def _bits(given: Any) -> str | None:
    return None if given is None else str(given)


def _option(body: Mapping[str, Any]) -> Json:
    made = {name: value for name, value in body.items() if value is not None}
    if made.get("options") is not None:
        made["options"] = [_option(each) for each in made["options"]]
    if made.get("required") is False:
        del made["required"]
    return made


def localized(command: Mapping[str, Any], locale: str) -> Json:
    """Return a command as listed without `with_localizations`: with the names in one language only."""
    made: Json = {}
    for name, value in command.items():
        if name.endswith("_localizations"):
            said = in_language(value, locale)
            made |= {name.replace("_localizations", "_localized"): said} if said else {}
        elif name in ("options", "choices"):
            made[name] = [localized(each, locale) for each in value]
        else:
            made[name] = value
    return made


def in_language(names: Mapping[str, str] | None, locale: str) -> str | None:
    """Return a name in a language; each of the two Englishes stands in for the other (Application Commands)."""
    found = names or {}
    twin = {"en-US": "en-GB", "en-GB": "en-US", "es-419": "es-ES"}.get(locale, "")
    return found.get(locale) or found.get(twin)
