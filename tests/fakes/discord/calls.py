"""A call to the REST interface, and the routes that answer calls."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.fakes.discord.bodies import Upload
from tests.fakes.discord.permissions import NOTHING, Permissions
from tests.fakes.discord.problems import DiscordRefusal, Json, NoRoute
from tests.fakes.discord.world import Channel, Guild, Message

if TYPE_CHECKING:
    from tests.fakes.discord.hub import Hub


@dataclass(kw_only=True, slots=True)
class Call:
    """One call, read."""

    hub: "Hub"
    method: str
    #: Below `/api/v10`.
    path: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any = None
    uploads: Sequence[Upload] = ()

    @property
    def json(self) -> Json:
        """The body, which must be an object."""
        return self.body if isinstance(self.body, dict) else {}

    def flag(self, name: str) -> bool:
        """Tell whether the query says yes to something."""
        return self.query.get(name, "").lower() in ("true", "1")

    def guild(self) -> Guild:
        """Return the server it names.

        Raises:
            DiscordRefusal: there is none, or the app is not in it.
        """
        found = self.hub.world.guilds.get(self.params["guild"])
        if found is None:
            raise DiscordRefusal(10004)
        if not self.hub.is_in(found):
            raise DiscordRefusal(50001)
        return found

    def channel(self, *needed: Permissions) -> Channel:
        """Return the channel it names.

        Raises:
            DiscordRefusal: there is none, the app does not see it, or lacks a permission.
        """
        found = self.hub.world.channels.get(self.params["channel"])
        if found is None or found.deleted:
            raise DiscordRefusal(10003)
        held = self.hub.world.may(self.hub.bot, found)
        if not held & Permissions.VIEW_CHANNEL:
            raise DiscordRefusal(50001)
        wanted = NOTHING
        for each in needed:
            wanted |= each
        if wanted & ~held:
            raise DiscordRefusal(50013)
        return found

    def message(self, channel: Channel) -> Message:
        """Return the message it names.

        Raises:
            DiscordRefusal: there is none, or it is for a person's eyes only.
        """
        found = self.hub.world.find(channel, self.params["message"])
        if found is None or found.only_for is not None:
            raise DiscordRefusal(10008)
        return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a call is answered with."""

    status: int = 200
    body: Any = None


Run = Callable[[Call], Answer]


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """An address and what answers there."""

    method: str
    pattern: str
    run: Run
    #: Whether the bot's token must come with it; else the address holds one.
    bot: bool = True
    #: Whether the OpenAPI description is asked here; else what answers asks it.
    checked: bool = True

    @property
    def name(self) -> str:
        """What it is called in counts."""
        return f"{self.method} {self.pattern}"


@dataclass(kw_only=True, slots=True)
class Routes:
    """All routes; plain words count before names in braces."""

    all: Sequence[Route]
    _compiled: list[tuple[re.Pattern[str], Route]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Put the plainest first."""
        ordered = sorted(self.all, key=lambda route: route.pattern.count("{"))
        self._compiled = [(re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", r.pattern)), r) for r in ordered]

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        """Return what answers a path.

        Raises:
            NoRoute: nothing does.
        """
        known = False
        for pattern, route in self._compiled:
            if match := pattern.fullmatch(path):
                if route.method == method:
                    return route, match.groupdict()
                known = True
        raise NoRoute(status=405 if known else 404)
