"""An app's manifest: scopes, commands, shortcuts and events, read from Slack's format."""

from dataclasses import dataclass, field
from typing import Any, Self

from tests.fakes.slack import limits

#: docs.slack.dev/reference/events: the events that a bot can subscribe to, each with the scope it needs; "" for none.
EVENT_SCOPES = {
    "app_home_opened": "",
    "app_mention": "app_mentions:read",
    "app_rate_limited": "",
    "app_uninstalled": "",
    "channel_archive": "channels:read",
    "channel_created": "channels:read",
    "channel_deleted": "channels:read",
    "channel_left": "channels:read",
    "channel_rename": "channels:read",
    "channel_unarchive": "channels:read",
    "group_left": "groups:read",
    "group_unarchive": "groups:read",
    "link_shared": "links:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "team_access_revoked": "",
    "team_join": "users:read",
    "tokens_revoked": "",
    "user_change": "users:read",
}
#: docs.slack.dev/reference/scopes: the scopes for bots that read and write.
BOT_SCOPES = frozenset(
    "app_mentions:read assistant:write channels:history channels:join channels:manage channels:read chat:write "
    "chat:write.customize chat:write.public commands emoji:read files:read files:write groups:history groups:read "
    "groups:write im:history im:read im:write incoming-webhook links:read links:write metadata.message:read "
    "mpim:history mpim:read mpim:write pins:read pins:write reactions:read reactions:write team:read usergroups:read "
    "users:read users:read.email users.profile:read".split()
)


class ManifestError(ValueError):
    """Raised for a manifest that Slack would refuse; the message lists the errors."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Command:
    """A slash command."""

    name: str
    description: str = ""
    url: str = ""
    should_escape: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Shortcut:
    """A shortcut: `global`, or `message` for one in a message's menu."""

    name: str
    callback_id: str
    kind: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """An app's manifest."""

    name: str = "Paperwire"
    scopes: frozenset[str] = frozenset()
    commands: tuple[Command, ...] = ()
    shortcuts: tuple[Shortcut, ...] = ()
    events: frozenset[str] = frozenset()
    unfurl_domains: tuple[str, ...] = ()
    redirect_urls: tuple[str, ...] = ()
    socket_mode: bool = True
    interactivity: bool = True
    home_tab: bool = True
    messages_tab: bool = True
    org_deploy: bool = False
    #: URL of events and interactions without Socket Mode; a command's own URL takes precedence.
    events_url: str = ""
    interactivity_url: str = ""
    options_url: str = ""
    raw: dict[str, Any] = field(default_factory=dict, hash=False, compare=False)

    @classmethod
    def from_dict(cls, raw: dict[str, Any]) -> Self:
        """Read a manifest.

        Raises:
            ManifestError: Slack would refuse the manifest.
        """
        features, settings = raw.get("features", {}), raw.get("settings", {})
        events, interactivity = settings.get("event_subscriptions", {}), settings.get("interactivity", {})
        scopes = raw.get("oauth_config", {}).get("scopes", {})
        home = features.get("app_home", {})
        manifest = cls(
            name=raw.get("display_information", {}).get("name", ""),
            scopes=frozenset([*scopes.get("bot", []), *scopes.get("bot_optional", [])]),
            commands=tuple(_command(each) for each in features.get("slash_commands", [])),
            shortcuts=tuple(_shortcut(each) for each in features.get("shortcuts", [])),
            events=frozenset(events.get("bot_events", [])),
            unfurl_domains=tuple(features.get("unfurl_domains", [])),
            redirect_urls=tuple(raw.get("oauth_config", {}).get("redirect_urls", [])),
            socket_mode=bool(settings.get("socket_mode_enabled")),
            interactivity=bool(interactivity.get("is_enabled")),
            home_tab=bool(home.get("home_tab_enabled")),
            messages_tab=bool(home.get("messages_tab_enabled")) and not home.get("messages_tab_read_only_enabled"),
            org_deploy=bool(settings.get("org_deploy_enabled")),
            events_url=events.get("request_url", ""),
            interactivity_url=interactivity.get("request_url", ""),
            options_url=interactivity.get("message_menu_options_url", ""),
            raw=raw,
        )
        if faults := list(manifest.faults()):
            raise ManifestError("; ".join(faults))
        return manifest

    def command(self, name: str) -> Command | None:
        """Return a command by its name, including the slash."""
        return next((each for each in self.commands if each.name == name), None)

    def shortcut(self, callback_id: str, kind: str) -> Shortcut | None:
        """Return a shortcut of a kind."""
        return next((each for each in self.shortcuts if (each.callback_id, each.kind) == (callback_id, kind)), None)

    def faults(self) -> list[str]:
        """Return the errors for which Slack would refuse the manifest; docs.slack.dev/reference/app-manifest."""
        found = [f"unknown scope {name}" for name in sorted(self.scopes - BOT_SCOPES)]
        found += [f"unknown event {name}" for name in sorted(self.events - set(EVENT_SCOPES))]
        for name in sorted(self.events & set(EVENT_SCOPES)):
            if EVENT_SCOPES[name] and EVENT_SCOPES[name] not in self.scopes:
                found.append(f"event {name} needs scope {EVENT_SCOPES[name]}")
        if self.commands and "commands" not in self.scopes:
            found.append("commands need scope commands")
        return found + self._over_limits() + self._without_url()

    def _over_limits(self) -> list[str]:
        checks = {
            "name": 0 < len(self.name) <= limits.MANIFEST_NAME,
            "number of commands": len(self.commands) <= limits.MANIFEST_COMMANDS,
            "number of shortcuts": len(self.shortcuts) <= limits.MANIFEST_SHORTCUTS,
            "number of unfurl domains": len(self.unfurl_domains) <= limits.MANIFEST_UNFURL_DOMAINS,
            "command": all(_is_command(each.name) for each in self.commands),
            "unfurl domain": not any("/" in each or ":" in each for each in self.unfurl_domains),
            "shortcut": all(0 < len(each.callback_id) <= limits.CALLBACK_ID for each in self.shortcuts),
        }
        return [f"{what} is outside its limits" for what, fits in checks.items() if not fits]

    def _without_url(self) -> list[str]:
        if self.socket_mode:
            return []
        wanted = {
            "event_subscriptions.request_url": bool(self.events) and not self.events_url,
            "interactivity.request_url": self.interactivity and not self.interactivity_url,
            "a command's url": any(not each.url for each in self.commands),
        }
        return [f"{what} is missing, and Socket Mode is off" for what, missing in wanted.items() if missing]


def _is_command(name: str) -> bool:
    return name.startswith("/") and 1 < len(name) <= limits.MANIFEST_COMMAND and " " not in name


def _command(raw: dict[str, Any]) -> Command:
    return Command(
        name=raw.get("command", ""),
        description=raw.get("description", ""),
        url=raw.get("url", ""),
        should_escape=bool(raw.get("should_escape")),
    )


def _shortcut(raw: dict[str, Any]) -> Shortcut:
    return Shortcut(name=raw.get("name", ""), callback_id=raw.get("callback_id", ""), kind=raw.get("type", ""))
