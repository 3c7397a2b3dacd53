"""Read external data without trust: any field may be missing or of another type. Pure functions."""

from collections.abc import Collection, Mapping
from urllib.parse import urlsplit


def at(payload: object, *path: str | int) -> object:
    """Return the value at a path of keys and indexes; None if there is none."""
    for step in path:
        if isinstance(payload, Mapping) and isinstance(step, str):
            payload = payload.get(step)
        elif isinstance(payload, list) and isinstance(step, int) and step < len(payload):
            payload = payload[step]
        else:
            return None
    return payload


def text_at(payload: object, *path: str | int) -> str:
    """Return the text at a path; empty if there is none."""
    found = at(payload, *path)
    return found if isinstance(found, str) else ""


def is_theirs(url: str, hosts: Collection[str], configured: str) -> bool:
    """Return whether an address leads to the platform itself: to one of its hosts over https, or where we were told.

    A request from a platform is signed, but an address in it must not lead to another server of the operator's network.

    Args:
        url: the address that a request named.
        hosts: the platform's own hosts for such addresses, in lower case.
        configured: the address of the platform's API in our settings; its scheme, host and port are allowed.
    """
    try:
        parts, ours = urlsplit(url), urlsplit(configured)
        place, place_of_ours = (parts.scheme, parts.hostname, parts.port), (ours.scheme, ours.hostname, ours.port)
    except ValueError:
        return False
    # urllib and the HTTP clients differ about what a backslash ends.
    if "@" in parts.netloc or "\\" in url:
        return False
    return place == place_of_ours or (place[::2] == ("https", None) and parts.hostname in hosts)
