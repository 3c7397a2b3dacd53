"""Tells the clients of an endpoint apart, and limits how often each may ask."""

from collections.abc import Callable
from ipaddress import ip_address, ip_network

from aiohttp import web

#: Clients that are counted at a time; above it the oldest windows are dropped, and with them at most some patience.
_MOST = 10_000
#: A household or a company has at least this much of the address space (RFC 6177).
_IPV6_NETWORK = 64


def client_of(request: web.Request) -> str:
    """Return the network address that a request came from; the network, for IPv6.

    A reverse proxy beside us names it in the last entry of X-Forwarded-For; from anyone else that header is ignored.
    """
    peer = request.remote or ""
    named = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return _network(named if named and _is_inside(peer) else peer) or peer


def _is_inside(address: str) -> bool:
    try:
        return not ip_address(address.partition("%")[0]).is_global
    except ValueError:
        return False


def _network(address: str) -> str:
    try:
        plain = ip_address(address.partition("%")[0])
    except ValueError:
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
        began, count = self._windows.pop(client, (now, 0))
        if now - began >= self._seconds:
            began, count = now, 0
        # Inserted last, so that the first entry is the one that was counted longest ago.
        self._windows[client] = (began, count + 1)
        if len(self._windows) > _MOST:
            del self._windows[next(iter(self._windows))]
        return count < self._most
