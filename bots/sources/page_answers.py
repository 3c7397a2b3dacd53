"""Checks of the answers of a service that all sources share: statuses, JSON, addresses that a person named."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from bots.domain.errors import SettingsError, SourceDown, SourceRefused
from bots.sources._allowed_hosts import Reach
from bots.sources.reading.json_text import load_json
from bots.sources.web import Page
from bots.translation.speech import gettext_lazy

_OK = 200
#: Characters: the address of an alert of PubMed or Google Scholar has some 150. A spec is part of messages and buttons.
_ADDRESS_MOST = 300
#: Slack and Discord send an address as <https://…> or <https://…|label>.
_MARKED = re.compile(r"<([^<>|]{1,2000})(?:\|[^<>]*)?>")
_HINTS: Mapping[int, str] = {
    400: gettext_lazy("Paperwire may need an update."),
    401: gettext_lazy("It requires a sign-in or a key."),
    403: gettext_lazy("It refuses this machine, or requires a sign-in; a proxy in between may be the cause."),
    404: gettext_lazy("Check the address: it does not exist there."),
}


def check_status(page: Page, name: str) -> None:
    """Raise if a response does not have the status 200.

    Raises:
        SourceRefused: the status is another one.
    """
    if page.status != _OK:
        raise SourceRefused(
            gettext_lazy("{source} refused the request: HTTP {status}.", source=name, status=page.status),
            hint=_HINTS.get(page.status, ""),
        )


def json_of(page: Page, name: str) -> Any:
    """Return the JSON value of a successful response.

    Raises:
        SourceDown: it is a web page or blank, as from a server under maintenance.
        SourceRefused: it has an error status, or is unreadable.
    """
    check_status(page, name)
    try:
        return load_json(page.body)
    except ValueError as error:
        start = page.body.lstrip()[:1]
        if not start or start == b"<":
            raise SourceDown(gettext_lazy("{source} answered with a web page instead of data.", source=name)) from error
        raise SourceRefused(
            gettext_lazy("{source} answered with unreadable data.", source=name),
            hint=gettext_lazy("Paperwire may need an update."),
        ) from error


def unknown_shape(name: str) -> SourceRefused:
    """Return the error for an answer that has another shape than the service documents."""
    return SourceRefused(
        gettext_lazy("{source} answered in an unknown format.", source=name),
        hint=gettext_lazy("Paperwire may need an update."),
    )


def named_address(typed: str, source: str, reach: Reach) -> str:
    """Return the address that a person typed behind the name of a source, as it is requested.

    Raises:
        SettingsError: it is none, has a name and a password, or is one that the source may not read.
    """
    marked = _MARKED.fullmatch(typed.strip())
    address = (marked[1] if marked else typed).strip().partition("#")[0]
    hint = gettext_lazy("Write {name}:https://… with the address as a browser shows it.", name=source)
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise SettingsError(gettext_lazy("“{text}” is no address.", text=address[:80]), hint=hint) from None
    if parts.scheme not in ("https", "http") or not host or not address.isprintable() or " " in address:
        raise SettingsError(gettext_lazy("“{text}” is no address.", text=address[:80]), hint=hint)
    if "@" in parts.netloc:
        raise SettingsError(gettext_lazy("An address with a name and a password in it cannot be read."), hint=hint)
    if len(address) > _ADDRESS_MOST:
        raise SettingsError(
            gettext_lazy("The address is longer than {most} characters.", most=_ADDRESS_MOST), hint=hint
        )
    if not reach.host(parts.scheme, host, None if (parts.scheme, port) == ("https", 443) else port):
        raise SettingsError(
            gettext_lazy(
                "{scheme}://{host} is no address of a public site that begins with https://.",
                scheme=parts.scheme,
                host=parts.netloc[:80],
            ),
            hint=gettext_lazy(
                "Whoever runs Paperwire here can allow addresses in your network. The setting is sources.feed_hosts."
            ),
        )
    return address
