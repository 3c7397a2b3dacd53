"""Settings of the web page."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from bots.domain.channels import Channel
from bots.domain.errors import SettingsError
from bots.endpoints.clients import LOOPBACK, Network
from summarizer import Secret

_AS_GIVEN = ("listen", "public_url", "channels", "sign_up", "timezone", "operators", "trusted_proxies")
#: Characters; NIST SP 800-131A asks for keys of 112 bits, which a random text of this length has in base64.
_SHORTEST_SECRET = 20


def _random_secret() -> Secret:
    return Secret(secrets.token_urlsafe(32))


@dataclass(frozen=True, kw_only=True, slots=True)
class ProviderSettings:
    """The application by which a site says who somebody is."""

    #: `slack` or `discord`.
    platform: str
    client_id: str
    client_secret: Secret
    #: The address of the site.
    site: str


@dataclass(frozen=True, kw_only=True, slots=True)
class WebSettings:
    """What the web page shows, and where it is served."""

    #: Host and port on this machine.
    listen: tuple[str, int] = ("127.0.0.1", 3003)
    #: Where people reach the page; empty if it is only on this machine.
    public_url: str = ""
    #: The channels whose archives everyone may read, each with the name it is shown under.
    channels: tuple[tuple[str, Channel], ...] = ()
    #: The page on which people sign up for mail; empty if there is none.
    sign_up: str = ""
    #: Signs cookies and forms.
    secret: Secret = field(default_factory=_random_secret)
    #: Signed them before; what it signed is still accepted. Empty if there is none.
    former_secret: Secret = field(default_factory=lambda: Secret(""))
    #: The time zone of days and times.
    timezone: ZoneInfo = ZoneInfo("UTC")
    #: Signs in the operator; empty if nobody can sign in with a token.
    operator_token: Secret = field(default_factory=lambda: Secret(""))
    #: The people who may operate Paperwire when they have signed in, as platform, workspace and person.
    operators: tuple[Channel, ...] = ()
    #: The sites by which people sign in.
    providers: tuple[ProviderSettings, ...] = ()
    #: The reverse proxies that are believed about whose requests they pass on.
    trusted_proxies: tuple[Network, ...] = LOOPBACK
    #: Whether to serve the page; a command that only posts does not need to.
    listening: bool = True

    @property
    def over_tls(self) -> bool:
        """Whether people reach the page by https, so that cookies are sent over TLS only."""
        return self.public_url.startswith("https://")


def web_settings(given: Mapping[str, Any], *, listening: bool) -> WebSettings:
    """Return the settings from the values by name.

    Raises:
        SettingsError: the secret is too short.
    """
    secret: Secret = given["secret"]
    if secret and len(secret.reveal()) < _SHORTEST_SECRET:
        raise SettingsError(
            f"web.secret is shorter than {_SHORTEST_SECRET} characters.",
            hint="Give a random text, such as openssl rand -base64 32 prints, or leave it out.",
        )
    if given["former_secret"] and not secret:
        raise SettingsError("web.former_secret is set, but web.secret is not.", hint="Set web.secret to a new text.")
    token: Secret = given["operator_token"]
    if token and len(token.reveal()) < _SHORTEST_SECRET:
        raise SettingsError(
            f"web.operator_token is shorter than {_SHORTEST_SECRET} characters.",
            hint="Give a random text, such as openssl rand -base64 32 prints.",
        )
    return WebSettings(
        **{name: given[name] for name in _AS_GIVEN},
        operator_token=token,
        providers=tuple(filter(None, (_provider(given, platform) for platform in ("slack", "discord")))),
        secret=secret or _random_secret(),
        former_secret=given["former_secret"],
        listening=listening,
    )


def _provider(given: Mapping[str, Any], platform: str) -> ProviderSettings | None:
    """Return the settings of a site by which people sign in; None if it is not set up.

    Raises:
        SettingsError: one of its two settings is missing, or people cannot come back from it.
    """
    client_id, secret = given[f"{platform}_client_id"], given[f"{platform}_client_secret"]
    if not client_id and not secret:
        return None
    if not client_id or not secret:
        names = f"web.{platform}_client_id and web.{platform}_client_secret"
        raise SettingsError(f"{names} belong together.", hint="Set both or neither.")
    if not given["public_url"]:
        raise SettingsError(
            f"People cannot come back from {platform.capitalize()} when they sign in.",
            hint="Set web.public_url to the address at which people reach the web page.",
        )
    site = given[f"{platform}_site"]
    return ProviderSettings(platform=platform, client_id=client_id, client_secret=secret, site=site)
