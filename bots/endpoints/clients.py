"""Tells the clients of an endpoint apart, and limits how often each may ask."""

import logging
from collections.abc import Callable, Collection
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from aiohttp import web

_log = logging.getLogger(__name__)

Network = IPv4Network | IPv6Network

#: Clients that are counted at a time; above it the oldest windows are dropped, and with them at most some patience.
_MOST = 10_000
#: A household or a company has at least this much of the address space (RFC 6177).
_IPV6_NETWORK = 64
#: Proxies in a row that are looked through; more are a forged header.
_MOST_PROXIES = 20
#: A proxy on this machine.
LOOPBACK: tuple[Network, ...] = (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128"))


class TrustedProxies:
    """The reverse proxies that are believed about whose requests they pass on."""

    def __init__(self, networks: Collection[Network] = LOOPBACK) -> None:
        self._networks = tuple(networks)
        self._warned = False

    def client_of(self, peer: str, forwarded: str) -> str:
        """Return the address of the client whose request came from a peer.

        Each trusted proxy adds whom it heard to the end of the header, so the last one who is no trusted proxy is the
        client; what stands before was written by the client itself.

        Args:
            peer: the address at the other end of the connection.
            forwarded: the header X-Forwarded-For.
        """
        client = _address(peer)
        if client is None or not forwarded:
            return peer
        if not self._trusts(client):
            self._warn(client)
            return str(client)
        for named in reversed(forwarded.split(",")[-_MOST_PROXIES:]):
            heard = _address(named.strip())
            if heard is None:
                break
            client = heard
            if not self._trusts(client):
                break
        return str(client)

    def _trusts(self, address: IPv4Address | IPv6Address) -> bool:
        return any(address in network for network in self._networks if network.version == address.version)

    def _warn(self, peer: IPv4Address | IPv6Address) -> None:
        """Log once that a neighbour may be a proxy that is not trusted: then all clients count as one."""
        if self._warned or peer.is_global:
            return
        self._warned = True
        _log.warning(
            "a peer passes requests on and is not in operations.trusted_proxies: its clients are counted as one",
            extra={"peer": str(peer)},
        )


#: Where an application keeps those that it trusts; without any, those on this machine are trusted.
PROXIES: web.AppKey[TrustedProxies] = web.AppKey("proxies", TrustedProxies)
_BESIDE_US = TrustedProxies()


def client_of(request: web.Request) -> str:
    """Return the network address that a request came from; the network, for IPv6.

    A trusted proxy names it in X-Forwarded-For; from anyone else that header is ignored.
    """
    proxies = request.app.get(PROXIES, _BESIDE_US)
    # A proxy may send the header in several lines, which are one list.
    found = proxies.client_of(request.remote or "", ",".join(request.headers.getall("X-Forwarded-For", ())))
    return _network(found) or found


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """Return an address, with the IPv4 address in an IPv6 one taken out; None if it is none.

    Some proxies name the port too: 192.0.2.1:4711, [2001:db8::1]:4711.
    """
    bare = text.partition("%")[0]
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found = ip_address(bare)
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


def _network(address: str) -> str:
    plain = _address(address)
    if plain is None:
        return ""
    return str(ip_network(f"{plain}/{_IPV6_NETWORK}", strict=False)) if plain.version == 6 else str(plain)


class Visits:
    """Counts the requests of each client in windows of time."""

    def __init__(self, most: int, seconds: float, ticks: Callable[[], float]) -> None:
        """Allow `most` requests of a client in any window of `seconds`.

        Args:
            ticks: returns monotonic seconds.
        """
        self._most = most
        self._seconds = seconds
        self._ticks = ticks
        self._windows: dict[str, tuple[float, int]] = {}

    def admit(self, client: str) -> bool:
        """Count a request and return whether it may be served."""
        now = self._ticks()
        self._forget_old(now)
        began, count = self._windows.pop(client, (now, 0))
        if now - began >= self._seconds:
            began, count = now, 0
        # Inserted last, so that the first entry is the one that was counted longest ago.
        self._windows[client] = (began, count + 1)
        if len(self._windows) > _MOST:
            del self._windows[next(iter(self._windows))]
        return count < self._most

    def _forget_old(self, now: float) -> None:
        # Those of a window that is over: without this, a page that few read would remember thousands of addresses.
        while self._windows and now - self._windows[oldest := next(iter(self._windows))][0] >= self._seconds:
            del self._windows[oldest]
