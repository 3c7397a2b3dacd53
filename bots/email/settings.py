"""Settings of the e-mail adapter, and what is wrong with them together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bots.domain.errors import SettingsError
from bots.domain.mail_addresses import MailAddress, MailSender
from bots.email.dkim_signature import DkimKey
from bots.endpoints.clients import LOOPBACK, Network
from summarizer import Secret

#: The ports of submission (RFC 6409), of submission over TLS (RFC 8314), and of a mail server on this machine.
_SUBMISSION, _OVER_TLS, _LOCAL = 587, 465, 25
_ANYONE = "*"


class Security(StrEnum):
    """How a connection to a mail server is encrypted."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class WhenUnknown(StrEnum):
    """What to do with a mail that the server may or may not have accepted."""

    REPOST = "repost"
    HOLD = "hold"


@dataclass(frozen=True, kw_only=True, slots=True)
class MailServer:
    """The server that accepts our mail."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: Secret = field(default_factory=Secret)
    #: Certificates to trust instead of the system's; empty for those.
    ca_file: str = ""

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, kw_only=True, slots=True)
class EmailSettings:
    """Settings for the mail server, the messages and the pages."""

    server: MailServer
    sender: MailSender
    #: Where readers reach the pages; empty if there are none.
    public_url: str = ""
    #: Host and port on this machine, for the pages.
    listen: tuple[str, int] = ("127.0.0.1", 3002)
    #: The domains whose people may sign up; `*` is anyone, and an empty tuple nobody.
    sign_up: tuple[str, ...] = ()
    #: Mails per minute to the addresses of one domain.
    per_minute: int = 60
    when_unknown: WhenUnknown = WhenUnknown.REPOST
    #: Signs the mails; None leaves that to the mail server.
    dkim: DkimKey | None = None
    #: The time zone that is suggested to a new reader.
    timezone: ZoneInfo = ZoneInfo("UTC")
    #: The reverse proxies that are believed about whose requests they pass on.
    trusted_proxies: tuple[Network, ...] = LOOPBACK
    #: Whether to serve the pages; a command that only posts does not need to.
    listening: bool = True

    def welcomes(self, address: MailAddress) -> bool:
        """Return whether people with this address may sign up."""
        return _ANYONE in self.sign_up or address.domain in self.sign_up


_AS_GIVEN = ("public_url", "listen", "sign_up", "per_minute", "timezone", "trusted_proxies")


def email_settings(given: Mapping[str, Any], *, listening: bool) -> EmailSettings:
    """Return the settings from the values by name.

    Raises:
        SettingsError: a setting is missing, or two contradict each other.
    """
    host, port = given["server"]
    if not host or given["sender"] is None:
        missing = [f"email.{name}" for name, there in (("server", host), ("sender", given["sender"])) if not there]
        raise SettingsError(
            f"E-mail's setup is incomplete: set {' and '.join(missing)}.",
            hint='For example server = "smtp.example.org" and sender = "Paperwire <papers@example.org>". '
            "See docs/how-to/email.md.",
        )
    if given["sign_up"] and not given["public_url"]:
        raise SettingsError(
            "email.sign_up is set, but there is no page to sign up on.",
            hint="Set email.public_url to the address at which readers reach Paperwire.",
        )
    return EmailSettings(
        server=_server(host, port, given),
        sender=given["sender"],
        **{
            name: given[name]
            for name in ("public_url", "listen", "sign_up", "per_minute", "timezone", "trusted_proxies")
        },
        when_unknown=WhenUnknown(given["when_unknown"]),
        dkim=_dkim(given),
        listening=listening,
    )


def _server(host: str, port: int | None, given: Mapping[str, Any]) -> MailServer:
    here, asked = is_loopback(host), given["security"]
    security = _security(asked, port, here=here)
    if given["password"] and security is Security.NONE and not here:
        raise SettingsError(
            f"The password would be sent to {host} without encryption.",
            hint="Set email.security to starttls or tls.",
            place=host,
        )
    if bool(given["user"]) != bool(given["password"]):
        raise SettingsError("email.user and email.password belong together.", hint="Set both or neither.")
    if given["ca_file"] and not Path(given["ca_file"]).is_file():
        raise SettingsError("email.ca_file is not a file.", hint="Give the path of a PEM file.", place=given["ca_file"])
    ports = {Security.TLS: _OVER_TLS, Security.STARTTLS: _SUBMISSION, Security.NONE: _LOCAL}
    return MailServer(
        host=host,
        port=port or ports[security],
        security=security,
        user=given["user"],
        password=given["password"],
        ca_file=given["ca_file"],
    )


def _dkim(given: Mapping[str, Any]) -> DkimKey | None:
    selector, file = given["dkim_selector"], given["dkim_key"]
    if bool(selector) != bool(file):
        raise SettingsError("email.dkim_selector and email.dkim_key belong together.", hint="Set both or neither.")
    if not file:
        return None
    try:
        private = Path(file).read_bytes()
    except OSError as error:
        said = error.strerror or type(error).__name__
        raise SettingsError(f"email.dkim_key cannot be read: {said}.", hint="Give a file.", place=file) from error
    key = DkimKey(selector=selector, domain=given["sender"].address.domain, private=private)
    key.check()
    return key


def _security(asked: str, port: int | None, *, here: bool) -> Security:
    if asked != "auto":
        return Security(asked)
    if port == _OVER_TLS:
        return Security.TLS
    return Security.NONE if here else Security.STARTTLS


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
