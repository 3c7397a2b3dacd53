"""What the Slack room is told, and which of the two ways to Slack that sets up."""

from dataclasses import dataclass, field

from bots.domain.errors import SettingsError
from bots.slack.connection import STUCK_AFTER
from bots.usecases.quotas import Quota
from summarizer import Secret

_SOCKET_MODE = ("bot_token", "app_token")
_HTTP = ("client_id", "client_secret", "signing_secret", "public_url", "token_keys")
#: By these it is known what somebody means to set up.
_TELLING = {"Socket Mode": _SOCKET_MODE, "HTTP": _HTTP[:3]}
#: Where each is found, in the app's settings at api.slack.com/apps.
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
    """Who may do what, and how much."""

    #: Whether only admins of the workspace may change a channel's subscriptions.
    admins_only: bool = False
    quota: Quota = field(default_factory=lambda: Quota(kind="request", person=300, workspace=10_000))


@dataclass(frozen=True, kw_only=True, slots=True)
class SlackSettings:
    """How Slack is reached: with the first two over Socket Mode, with the next five over HTTP."""

    api_url: str = "https://slack.com/api/"
    #: Of one workspace.
    bot_token: Secret = field(default_factory=Secret)
    #: Opens the line of Socket Mode; a command that only posts needs none.
    app_token: Secret = field(default_factory=Secret)
    client_id: str = ""
    client_secret: Secret = field(default_factory=Secret)
    signing_secret: Secret = field(default_factory=Secret)
    #: Where Slack and browsers reach us.
    public_url: str = ""
    #: Encrypt the tokens of workspaces; here it only counts whether there are any.
    token_keys: tuple[Secret, ...] = ()
    #: Host and port of this machine.
    listen: tuple[str, int] = ("127.0.0.1", 3000)
    #: Whether links to papers are unfurled, and the scopes for it asked for.
    unfurl: bool = False
    #: Whether people are listened to; a command that only posts need not.
    listening: bool = True
    access_policy: AccessPolicy = field(default_factory=AccessPolicy)
    stuck_after: float = STUCK_AFTER


def is_over_http(settings: SlackSettings) -> bool:
    """Return whether Slack is reached over HTTP rather than over Socket Mode.

    Raises:
        SettingsError: neither is set up whole; it says what is missing and where to find it.
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
    raise SettingsError(f"Slack is set up by half: {said}.", hint=f"{'. '.join(where)}. See docs/how-to/slack.md.")
