"""The plug-in record of webhooks: its settings, and the function that connects it and loads its libraries."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

from bots.config.webhook_table import WEBHOOK
from bots.ports import Adapter, AdapterPlugin
from bots.usecases.service import Service


def connect(given: Mapping[str, Any], service: Service) -> AbstractAsyncContextManager[Adapter]:
    """Return the connection with these settings."""
    from bots.webhook.app import connect as connect_webhook
    from bots.webhook.settings import WebhookSettings

    return connect_webhook(WebhookSettings(private_hosts=given["private_hosts"]), service)


PLUGIN = AdapterPlugin(section="webhook", settings=WEBHOOK, meant_by=("enabled", "private_hosts"), connect=connect)
