"""Finds where a host that a person named is in the network, and refuses it unless that is on the public internet."""

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.request import getproxies, proxy_bypass

#: Returns the addresses of a host's name; raises OSError if it has none.
Resolve = Callable[[str], Awaitable[Sequence[str]]]

#: A name of two parts or more whose last begins with a letter; numbers, with or without dots, are addresses.
_PUBLIC = re.compile(r"(?=.{4,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_PRIVATE = frozenset({"localhost", "local", "internal", "intranet", "lan", "home", "corp", "arpa", "onion", "test"})
#: Prefixes of IPv6 addresses that stand for the IPv4 address at their end: RFC 6052, RFC 2765, and RFC 4291, 2.5.5.1.
_TRANSLATORS = tuple(map(IPv6Network, ("64:ff9b::/96", "::ffff:0:0:0/96", "::/96")))
#: Networks of one site, which Python takes for public: RFC 8215 and RFC 3879.
_LOCAL = tuple(map(IPv6Network, ("64:ff9b:1::/48", "fec0::/10")))


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
        if any(found in network for network in _LOCAL):
            return False
    return found.is_global and not found.is_multicast


def _translated(found: IPv6Address) -> IPv4Address | None:
    """Return the address that a translator of IPv6 to IPv4 would contact, or None."""
    translated = any(found in network for network in _TRANSLATORS)
    return IPv4Address(int(found) & 0xFFFF_FFFF) if translated else None
