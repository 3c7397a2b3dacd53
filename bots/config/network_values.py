"""Reads networks, as a setting names them."""

from ipaddress import IPv4Network, IPv6Network, ip_network


def networks(value: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Read addresses and networks with commas between them; `nobody` is none.

    Raises:
        ValueError: a part is neither, or is a network so large that it is everybody.
    """
    if value.strip().lower() in ("", "nobody"):
        return ()
    try:
        found = tuple(ip_network(part.strip()) for part in value.split(",") if part.strip())
    except ValueError as error:
        raise ValueError("give addresses and networks such as 127.0.0.1, 10.0.5.0/24, or nobody") from error
    if any(not each.prefixlen for each in found):
        raise ValueError("give networks that are your own: with /0 everybody is believed")
    return found
