"""Where one source may go on the web: the hosts it named, and the addresses that its settings hold. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from bots.config.source_descriptions import HostPace, SourceDescription

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """The hosts of one source, and the places that stand in for them."""

    #: Said to readers: "arXiv".
    title: str
    hosts: Mapping[str, HostPace]
    #: By scheme, host and port of an address that is set: the host that it stands in for, whose pace it keeps.
    instead: Mapping[tuple[str, str, int], str] = field(default_factory=dict)

    def host(self, scheme: str, host: str, port: int | None) -> str:
        """Return the host whose pace holds for an address; empty where the source may not go there.

        Args:
            port: None for the scheme's own.
        """
        if scheme == "https" and port is None and host in self.hosts:
            return host
        return self.instead.get((scheme, host, port or _PORTS.get(scheme, 0)), "")


def reach_of(description: SourceDescription, settings: Mapping[str, Any]) -> Reach:
    """Return where a source may go.

    An address that a setting holds may be asked: a mirror, a rehearsal, an institution's own server. Where the
    setting's default is on one of the source's hosts, it stands in for that host and is asked at its pace.

    Args:
        settings: what was set, by name.
    """
    hosts = {pace.host: pace for pace in description.hosts}
    instead: dict[tuple[str, str, int], str] = {}
    for setting in description.settings:
        stands_for, place = _origin(setting.default), _origin(settings.get(setting.name))
        if place:
            instead[place] = stands_for[1] if stands_for else place[1]
    return Reach(title=description.title, hosts=hosts, instead=instead)


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
