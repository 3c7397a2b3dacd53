"""The plug-in record of the web page: its settings, and the function that connects it and loads its libraries."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

from bots.config.web_table import WEB
from bots.ports import Adapter, AdapterPlugin
from bots.usecases.service import Service


def connect(given: Mapping[str, Any], service: Service, *, listening: bool) -> AbstractAsyncContextManager[Adapter]:
    """Return the server of the page with these settings."""
    from bots.web.app import connect as connect_web
    from bots.web.settings import web_settings

    return connect_web(web_settings(given, listening=listening), service)


PLUGIN = AdapterPlugin(
    section="web",
    settings=WEB,
    # Either one indicates that the page is wanted.
    meant_by=("listen", "public_url"),
    shared=("timezone", "trusted_proxies"),
    connect=connect,
    listens=True,
)
