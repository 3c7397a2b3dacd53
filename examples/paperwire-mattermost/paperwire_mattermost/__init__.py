"""Posts digests to Mattermost: what can be set, and how the adapter is connected."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from bots.api import AdapterPlugin, Secret, Service, read_address, read_key, setting
from paperwire_mattermost.adapter import Mattermost


@dataclass(frozen=True, kw_only=True, slots=True)
class MattermostSettings:
    """What is set in `[adapters.mattermost]` or as `PAPERWIRE_ADAPTERS_MATTERMOST_*`."""

    url: str = setting(says="The server's address, such as https://chat.example.org.", read=read_address, required=True)
    token: Secret = setting(
        says="An access token of the bot account that posts.", read=read_key, secret=True, required=True
    )


@asynccontextmanager
async def connect(settings: MattermostSettings, service: Service) -> AsyncIterator[Mattermost]:  # noqa: ARG001
    """Yield the adapter, able to post; the connection is closed behind it."""
    headers = {"Authorization": f"Bearer {settings.token.reveal()}"}
    async with httpx.AsyncClient(base_url=f"{settings.url}/api/v4", headers=headers) as client:
        yield Mattermost(client)


PLUGIN = AdapterPlugin(settings=MattermostSettings, connect=connect)
