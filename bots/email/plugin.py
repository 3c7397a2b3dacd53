"""The plug-in record of e-mail: its settings, and the function that connects it and loads its libraries."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

from bots.config.email_table import EMAIL
from bots.ports import Adapter, AdapterPlugin
from bots.usecases.service import Service


def connect(given: Mapping[str, Any], service: Service, *, listening: bool) -> AbstractAsyncContextManager[Adapter]:
    """Return the connection to the mail server with these settings."""
    from bots.email.app import connect as connect_email
    from bots.email.settings import email_settings

    return connect_email(email_settings(given, listening=listening), service)


PLUGIN = AdapterPlugin(
    section="email",
    settings=EMAIL,
    # Either one indicates that e-mail is used; the error then reports the other.
    meant_by=("server", "sender"),
    shared=("timezone", "trusted_proxies"),
    connect=connect,
    listens=True,
)
