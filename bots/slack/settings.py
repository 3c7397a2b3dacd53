"""The settings of the Slack adapter, and the choice between Socket Mode and HTTP that they imply."""

from dataclasses import dataclass, field

from bots.domain.errors import SettingsError
from bots.slack.connection import STUCK_AFTER
from bots.usecases.quotas import Quota
from summarizer import Secret

_SOCKET_MODE = ("bot_token", "app_token")
_HTTP = ("client_id", "client_secret", "signing_secret", "public_url", "token_keys")
#: The settings that indicate which mode the operator wants.
_TELLING = {"Socket Mode": _SOCKET_MODE, "HTTP": _HTTP[:3]}
#: Where to find each value in the app's settings at api.slack.com/apps.
_WHERE = {
    "bot_token": "OAuth & Permissions, Bot User OAuth Token",
    "app_token": "Basic Information, App-Level Tokens, with the scope connections:write",
    "client_id": "Basic Information, App Credentials",
    "client_secret": "Basic Information, App Credentials",
    "signing_secret": "Basic Information, App Credentials",
    "public_url": "the address at which Slack reaches this machine, such as https://papers.example.org",
    "token_keys": "make one with: paperwire slack key",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class AccessPolicy:
    """Who may change subscriptions, and how many requests a person may make."""

    #: Whether only admins of the workspace may change a channel's subscriptions.
    admins_only: bool = False
    quota: Quota = field(default_factory=lambda: Quota(kind="request", person=300, workspace=10_000))


@dataclass(frozen=True, kw_only=True, slots=True)
class SlackSettings:
    """Connection settings: the first two for Socket Mode, the next five for HTTP."""

    api_url: str = "https://slack.com/api/"
    #: Bot token of one workspace.
    bot_token: Secret = field(default_factory=Secret)
    #: Opens the Socket Mode connection; a command that only posts does not need it.
    app_token: Secret = field(default_factory=Secret)
    #: How many Socket Mode connections to keep open.
    connections: int = 1
    client_id: str = ""
    client_secret: Secret = field(default_factory=Secret)
    signing_secret: Secret = field(default_factory=Secret)
    #: The URL at which Slack and browsers reach us.
    public_url: str = ""
    #: Encrypt the workspaces' tokens; checked here only for presence.
    token_keys: tuple[Secret, ...] = ()
    #: Host and port to bind on this machine.
    listen: tuple[str, int] = ("127.0.0.1", 3000)
    #: Whether to unfurl links to papers and request the scopes for it.
    unfurl: bool = False
    #: Whether to receive events and interactions; a command that only posts does not need them.
    listening: bool = True
    access_policy: AccessPolicy = field(default_factory=AccessPolicy)
    stuck_after: float = STUCK_AFTER


def is_over_http(settings: SlackSettings) -> bool:
    """Return whether the settings choose HTTP rather than Socket Mode.

    Raises:
        SettingsError: neither is set up completely; the message names what is missing and where to find it.
    """
    missing = {
        way: [name for name in names if not getattr(settings, name)]
        for way, names in (("Socket Mode", _SOCKET_MODE), ("HTTP", _HTTP))
    }
    for way, names in missing.items():
        if not names:
            return way == "HTTP"
    if settings.bot_token and not settings.listening:
        return False
    begun = [way for way, names in missing.items() if any(name not in names for name in _TELLING[way])]
    shown = [(way, missing[way]) for way in begun or ["Socket Mode"]]
    said = "; ".join(f"for {way} set {', '.join(f'slack.{name}' for name in names)}" for way, names in shown)
    where = [f"{name}: {_WHERE[name]}" for _, names in shown for name in names]
    raise SettingsError(f"Slack's setup is incomplete: {said}.", hint=f"{'. '.join(where)}. See docs/how-to/slack.md.")
