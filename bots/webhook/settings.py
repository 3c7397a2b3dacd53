"""Settings of webhooks."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class WebhookSettings:
    """Where webhooks may be sent."""

    #: Hosts of the operator's own network, each with its port.
    private_hosts: frozenset[str] = frozenset()
    #: Seconds for one request.
    seconds: float = 20.0
