"""Finds where a host that a person named is in the network, and refuses it unless that is on the public internet."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from urllib.request import getproxies, proxy_bypass

from bots.sources._allowed_hosts import is_public

#: Returns the addresses of a host's name; raises OSError if it has none.
Resolve = Callable[[str], Awaitable[Sequence[str]]]


class NotPublic(Exception):
    """The host is in a private network, or on this machine."""


async def resolve(host: str) -> Sequence[str]:
    """Return the addresses of a host as this machine's resolver gives them.

    Raises:
        OSError: the name does not exist, or the resolver does not answer.
    """
    found = await asyncio.get_running_loop().getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(each[4][0]) for each in found))


async def public_address(host: str, resolve: Resolve) -> str:
    """Return the address to connect to; empty if a proxy makes the connection and finds the host itself.

    The connection must be made to this address and no other: a name may be given another one a moment later.

    Raises:
        NotPublic: one of the host's addresses is not public.
        OSError: the name has no address.
    """
    if _has_proxy(host):
        return ""
    addresses = await resolve(host)
    if not addresses:
        raise OSError("the name has no address")
    if not all(map(is_public, addresses)):
        raise NotPublic
    # One address is tried, so the one that more machines can reach.
    return next((each for each in addresses if ":" not in each), addresses[0])


def _has_proxy(host: str) -> bool:
    return not {"https", "all"}.isdisjoint(getproxies()) and not proxy_bypass(host)
