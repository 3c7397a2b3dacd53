"""A call to the REST interface, and the routing table."""

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
    """One parsed call."""

    hub: "Hub"
    method: str
    #: The path below `/api/v10`.
    path: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any = None
    uploads: Sequence[Upload] = ()

    @property
    def json(self) -> Json:
        """The body; it must be an object."""
        return self.body if isinstance(self.body, dict) else {}

    def flag(self, name: str) -> bool:
        """Return whether a query parameter is true."""
        return self.query.get(name, "").lower() in ("true", "1")

    def guild(self) -> Guild:
        """Return the server named in the path.

        Raises:
            DiscordRefusal: the server does not exist, or the app is not in it.
        """
        found = self.hub.world.guilds.get(self.params["guild"])
        if found is None:
            raise DiscordRefusal(10004)
        if not self.hub.is_in(found):
            raise DiscordRefusal(50001)
        return found

    def channel(self, *needed: Permissions) -> Channel:
        """Return the channel named in the path.

        Raises:
            DiscordRefusal: the channel does not exist, the app does not see it, or the app lacks a permission.
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
        """Return the message named in the path.

        Raises:
            DiscordRefusal: the message does not exist, or is ephemeral.
        """
        found = self.hub.world.find(channel, self.params["message"])
        if found is None or found.only_for is not None:
            raise DiscordRefusal(10008)
        return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """The response to a call."""

    status: int = 200
    body: Any = None


Run = Callable[[Call], Answer]


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """A method and a path pattern, with their handler."""

    method: str
    pattern: str
    run: Run
    #: Whether the call needs the bot's token; otherwise the path holds a token.
    bot: bool = True
    #: Whether the body is validated against the OpenAPI spec here; otherwise the handler does it.
    checked: bool = True

    @property
    def name(self) -> str:
        """The route's name in rate limits."""
        return f"{self.method} {self.pattern}"


@dataclass(kw_only=True, slots=True)
class Routes:
    """The routing table; literal path segments match before parameters in braces."""

    all: Sequence[Route]
    _compiled: list[tuple[re.Pattern[str], Route]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Sort the routes with the fewest parameters first."""
        ordered = sorted(self.all, key=lambda route: route.pattern.count("{"))
        self._compiled = [(re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", r.pattern)), r) for r in ordered]

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        """Return the route of a path and the path's parameters.

        Raises:
            NoRoute: no route matches.
        """
        known = False
        for pattern, route in self._compiled:
            if match := pattern.fullmatch(path):
                if route.method == method:
                    return route, match.groupdict()
                known = True
        raise NoRoute(status=405 if known else 404)
