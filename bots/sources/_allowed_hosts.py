"""The hosts that one source may contact: those in its description, and the addresses in its settings. Pure: no I/O."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import urlsplit

from bots.config.source_descriptions import HostPace, SourceDescription

_PORTS = {"http": 80, "https": 443}
#: A name of two parts or more whose last begins with a letter; numbers, with or without dots, are addresses.
_PUBLIC = re.compile(r"(?=.{4,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_PRIVATE = frozenset({"localhost", "local", "internal", "intranet", "lan", "home", "corp", "arpa", "onion", "test"})
_TRANSLATOR = IPv6Network("64:ff9b::/96")


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


def may_be_public(host: str) -> bool:
    """Return whether a host's name can be that of a public site: it has a dot, letters at its end, and is no address.

    `.local`, `.internal` and the like are names of private networks (RFC 6761, RFC 6762, ICANN's SAC113).
    """
    name = host.rstrip(".").lower()
    last = name.rpartition(".")[2]
    return _PUBLIC.fullmatch(name) is not None and last not in _PRIVATE


def is_public(address: str) -> bool:
    """Return whether an address of the network is one of the public internet, also inside an IPv6 address."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        inside = found.ipv4_mapped or found.sixtofour or _translated(found)
        if inside is not None:
            return is_public(str(inside))
    return found.is_global and not found.is_multicast


def _translated(found: IPv6Address) -> IPv4Address | None:
    """Return the address that a translator of IPv6 to IPv4 would contact (RFC 6052), or None."""
    return IPv4Address(int(found) & 0xFFFF_FFFF) if found in _TRANSLATOR else None


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
