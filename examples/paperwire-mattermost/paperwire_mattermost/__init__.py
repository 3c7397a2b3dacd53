"""Posts digests to Mattermost: the settings, and the function that connects the adapter."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from bots.api import AdapterPlugin, Secret, Service, read_address, read_key, setting
from paperwire_mattermost.adapter import Mattermost


@dataclass(frozen=True, kw_only=True, slots=True)
class MattermostSettings:
    """The settings in `[adapters.mattermost]` or `PAPERWIRE_ADAPTERS_MATTERMOST_*`."""

    url: str = setting(says="The server's address, such as https://chat.example.org.", read=read_address, required=True)
    token: Secret = setting(
        says="An access token of the bot account that posts.", read=read_key, secret=True, required=True
    )


@asynccontextmanager
async def connect(settings: MattermostSettings, service: Service) -> AsyncIterator[Mattermost]:  # noqa: ARG001
    """Yield an adapter that can post; the connection is closed when the context exits."""
    headers = {"Authorization": f"Bearer {settings.token.reveal()}"}
    async with httpx.AsyncClient(base_url=f"{settings.url}/api/v4", headers=headers) as client:
        yield Mattermost(client)


PLUGIN = AdapterPlugin(settings=MattermostSettings, connect=connect)
