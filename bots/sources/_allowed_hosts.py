"""The hosts that one source may contact: those in its description, and the addresses in its settings. Pure: no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from bots.config.source_descriptions import HostPace, SourceDescription
from bots.outbound.public_hosts import may_be_public

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """The hosts that one source may contact, and the addresses that replace them."""

    #: Display name: "arXiv".
    title: str
    hosts: Mapping[str, HostPace]
    #: Maps scheme, host and port of a configured address to the host that it replaces, whose rate limit applies to it.
    instead: Mapping[tuple[str, str, int], str] = field(default_factory=dict)
    #: Whether it may also read every public host, over https at the usual port.
    open_web: bool = False

    def host(self, scheme: str, host: str, port: int | None) -> str:
        """Return the host whose rate limit applies to an address; empty if the source may not contact it.

        Args:
            port: None for the scheme's default port.
        """
        if scheme == "https" and port is None and host in self.hosts:
            return host
        named = self.instead.get((scheme, host, port or _PORTS.get(scheme, 0)), "")
        return named or (host if self._is_open(scheme, host, port) else "")

    def _is_open(self, scheme: str, host: str, port: int | None) -> bool:
        return self.open_web and scheme == "https" and port is None and may_be_public(host)

    def is_stranger(self, scheme: str, host: str, port: int | None) -> bool:
        """Return whether a host is allowed only because its source may read every public one.

        Where such a host really is must be checked before it is asked.
        """
        place = (scheme, host, port or _PORTS.get(scheme, 0))
        return self.open_web and host not in self.hosts and place not in self.instead


def reach_of(description: SourceDescription, settings: Mapping[str, Any]) -> Reach:
    """Return the hosts and addresses that a source may contact.

    An address in a setting is allowed: a mirror, a test server, an institution's own server. If the setting's default
    is on one of the source's hosts, the address replaces that host and is subject to its rate limit.

    Args:
        settings: the source's settings, by name.
    """
    hosts = {pace.host: pace for pace in description.hosts}
    instead: dict[tuple[str, str, int], str] = {}
    for setting in description.settings:
        stands_for = _origin(setting.default)
        for place in filter(None, map(_origin, _several(settings.get(setting.name)))):
            instead[place] = stands_for[1] if stands_for else place[1]
    return Reach(title=description.title, hosts=hosts, instead=instead, open_web=description.open_web)


def _several(held: object) -> tuple[object, ...]:
    return held if isinstance(held, tuple) else (held,)


def _origin(address: object) -> tuple[str, str, int] | None:
    if not isinstance(address, str):
        return None
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname or "@" in parts.netloc:
        return None
    return parts.scheme, parts.hostname, port or _PORTS[parts.scheme]
