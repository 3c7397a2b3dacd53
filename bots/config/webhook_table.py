"""The settings of webhooks."""

import re

from bots.config.values import Setting, one_of

_HOST = re.compile(r"(?P<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\]):(?P<port>[0-9]{1,5})")


def private_hosts(value: str) -> frozenset[str]:
    """Read hosts with their ports, with commas between them.

    Raises:
        ValueError: a part is no host with a port.
    """
    parts = [part.strip() for part in value.split(",") if part.strip()]
    if not all(map(_HOST.fullmatch, parts)):
        raise ValueError("give hosts with their ports, such as n8n.lan:5678")
    return frozenset(part.lower() for part in parts)


WEBHOOK: tuple[Setting, ...] = (
    Setting(
        section="webhook",
        name="enabled",
        default="no",
        says="Whether digests can be sent to webhooks: yes or no. Then: paperwire subscribe --to webhook:https://…",
        read=one_of("yes", "no"),
    ),
    Setting(
        section="webhook",
        name="private_hosts",
        default="",
        says="Hosts of your own network that may receive webhooks, each with its port, such as n8n.lan:5678. All "
        "others must be on the public internet and have https.",
        read=private_hosts,
    ),
)
