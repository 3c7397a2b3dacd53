"""One call to the Web API: its arguments, its caller, and the objects that the caller may use."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from tests.fakes.slack import limits
from tests.fakes.slack.problems import Json, SlackRefusal

if TYPE_CHECKING:
    from tests.fakes.slack.hub import Hub
    from tests.fakes.slack.world import Channel, Installation, Message, User, Workspace

#: Arguments that are JSON within a form or a query, and Slack's errors for invalid JSON.
_NESTED = {
    "attachments": "invalid_attachments",
    "blocks": "invalid_blocks_format",
    "files": "invalid_arguments",
    "metadata": "invalid_metadata_format",
    "source": "invalid_arguments",
    "unfurls": "invalid_unfurls_format",
    "user_auth_blocks": "invalid_blocks_format",
    "view": "invalid_arguments",
}


@dataclass(kw_only=True, slots=True)
class Call:
    """A call with its caller."""

    hub: Hub
    method: str
    arguments: Json = field(default_factory=dict)
    #: The installation of the bot token; None for app-level tokens and for calls without a token.
    installation: Installation | None = None
    basic: tuple[str, str] | None = None

    def text(self, name: str, default: str = "") -> str:
        """Return an argument as a string."""
        value = self.arguments.get(name)
        return default if value is None else str(value)

    def needed(self, name: str, error: str = "invalid_arguments") -> str:
        """Return a required argument."""
        value = self.text(name)
        if not value:
            missing = f"[ERROR] missing required field: {name}"
            raise SlackRefusal(error, response_metadata={"messages": [missing]})
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return an argument as a boolean; "1" and "true" are true."""
        value = self.arguments.get(name)
        return default if value is None or value == "" else str(value).lower() in ("1", "true")

    def number(self, name: str, default: int, error: str = "invalid_arguments") -> int:
        """Return an argument as an integer."""
        try:
            return int(self.text(name) or default)
        except ValueError:
            raise SlackRefusal(error) from None

    def nested(self, name: str) -> Any:
        """Return an argument parsed from JSON; None if it is absent."""
        value = self.arguments.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except ValueError:
            if name == "source":
                return value
            raise SlackRefusal(_NESTED.get(name, "invalid_arguments")) from None

    @property
    def caller(self) -> Installation:
        """The calling installation."""
        if self.installation is None:
            raise SlackRefusal("not_allowed_token_type")
        return self.installation

    @property
    def workspace(self) -> Workspace:
        """The workspace of the call; with an organisation's token the call must name one."""
        team = self.text("team_id")
        if not team and len(self.caller.teams) > 1:
            raise SlackRefusal("missing_argument", needed="team_id")
        if team and team not in self.caller.teams:
            raise SlackRefusal("team_not_found")
        return self.hub.world.workspaces[team or self.caller.teams[0]]

    def bot(self, team: str) -> User:
        """Return the caller's bot user in a workspace."""
        return self.caller.bot_in(team)

    def require_scope(self, *any_of: str) -> None:
        """Check that the caller has one of the scopes; docs.slack.dev/reference/scopes.

        Raises:
            SlackRefusal: missing_scope, with the needed and the granted scopes.
        """
        if any_of and not set(any_of) & self.caller.scopes:
            provided = ",".join(sorted(self.caller.scopes))
            raise SlackRefusal("missing_scope", needed=any_of[0], provided=provided)

    def channel(self, name: str = "channel", *, scope: str = "", by_name: bool = False) -> Channel:
        """Return the conversation that an argument names, if the caller can see it.

        Args:
            name: the argument.
            scope: history or read: the required scope, completed by the kind of the conversation.
            by_name: whether "#name" and a person's id are accepted as well, as in chat.postMessage.
        """
        given = self.needed(name, "channel_not_found" if by_name else "invalid_arguments")
        for team in self.caller.teams:
            channel = self._in_team(team, given, by_name=by_name)
            if channel is not None:
                if scope:
                    self.require_scope(f"{channel.kind}:{scope}")
                return channel
        raise SlackRefusal("channel_not_found")

    def _in_team(self, team: str, given: str, *, by_name: bool) -> Channel | None:
        workspace = self.hub.world.workspaces[team]
        bot = self.bot(team)
        channel = workspace.channels.get(given)
        if channel is None and by_name:
            if given in workspace.users and not workspace.users[given].is_bot:
                return self.hub.world.direct(workspace, given, bot.id)
            channel = workspace.channel_named(given)
        if channel is not None and channel.kind != "channels" and bot.id not in channel.members:
            return None
        return channel

    def user(self, name: str = "user") -> tuple[Workspace, User]:
        """Return the person that an argument names, and their workspace."""
        given = self.needed(name, "user_not_found")
        for team in self.caller.teams:
            workspace = self.hub.world.workspaces[team]
            if given in workspace.users:
                return workspace, workspace.users[given]
        raise SlackRefusal("user_not_found")

    def message(self, channel: Channel, name: str = "ts", error: str = "message_not_found") -> Message:
        """Return the message that an argument names."""
        found = channel.find(self.needed(name, error))
        if found is None or found.only_for is not None:
            raise SlackRefusal(error)
        return found

    def page(self, found: list[Any], default: int, most: int) -> tuple[list[Any], Json]:
        """Return the page of a list at the cursor, and the next cursor."""
        limit = self.number("limit", default, "invalid_limit")
        if not 1 <= limit <= most:
            raise SlackRefusal("invalid_limit")
        pace = self.hub.pacing.pace
        if pace is not None and pace.outsider and self.method.endswith((".history", ".replies")):
            limit = min(limit, limits.OUTSIDER_PAGE)
        start = self._start()
        rest = found[start + limit :]
        cursor = f"next:{start + limit}" if rest else ""
        return found[start : start + limit], {"response_metadata": {"next_cursor": cursor}}

    def _start(self) -> int:
        cursor = self.text("cursor")
        if not cursor:
            return 0
        if not cursor.removeprefix("next:").isdecimal():
            raise SlackRefusal("invalid_cursor")
        return int(cursor.removeprefix("next:"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Method:
    """A method of the Web API: its handler, its rate limit tier, and the callers that may use it."""

    run: Callable[[Call], Json]
    #: docs.slack.dev/apis/web-api/rate-limits; 0 is "special".
    tier: int
    #: Scopes of which one is required.
    scopes: tuple[str, ...] = ()
    #: The required kind of token: bot, app, or none.
    token: str = "bot"


def read_arguments(kind: str, query: list[tuple[str, str]], body: bytes) -> Json:
    """Return the arguments of a request, from its query and its body."""
    found: Json = dict(query)
    if kind == "application/json":
        try:
            said = json.loads(body or b"{}")
        except ValueError:
            raise SlackRefusal("invalid_json") from None
        if not isinstance(said, dict):
            raise SlackRefusal("json_not_object")
        # docs.slack.dev/apis/web-api: with a JSON body, a token is accepted only in the header.
        return found | {name: value for name, value in said.items() if name != "token" and value is not None}
    if kind == "application/x-www-form-urlencoded":
        try:
            return found | dict(parse_qsl(body.decode(), keep_blank_values=True))
        except UnicodeDecodeError:
            raise SlackRefusal("invalid_form_data") from None
    return found
