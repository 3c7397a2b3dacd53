"""Keep a Socket Mode connection up: replace a client that stays disconnected, and bound the time a close may take.

The library requests a new URL only when it has none: after a failed handshake it retries the same used ticket
for ever. A client that stays disconnected is therefore replaced by a new one, which requests a new URL.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from bots.chat.library_logs import shorten
from bots.domain.errors import SettingsError
from bots.slack.web_client import new_client, said_by

_log = logging.getLogger(__name__)

#: The library's routine reconnects take a second; a client disconnected for longer than this is stuck.
STUCK_AFTER = 45.0
_LOOK_EVERY = 5.0
#: A close can hang for ever (NousResearch/hermes-agent#91630).
_CLOSE = 5.0
#: Timeout of the first connection; after it, startup continues and the watchdog retries.
_FIRST = 20.0
_PING = 10.0
#: Slack's errors that retrying cannot fix, each with a hint for the operator.
HINTS = {
    "not_allowed_token_type": "slack.app_token must be an app-level token: it begins with xapp-.",
    "invalid_auth": "Make an app-level token with connections:write under Basic Information.",
    "missing_scope": "Give the app-level token the scope connections:write.",
    "socket_mode_not_enabled": "Switch Socket Mode on in the app's settings.",
    "forbidden_for_interactive_apps": "Switch Socket Mode on in the app's settings.",
}


class SocketModeConnection:
    """One Socket Mode connection to Slack, which survives the replacement of its client."""

    def __init__(self, app: AsyncApp, token: str, api_url: str, *, stuck_after: float = STUCK_AFTER) -> None:
        self._app = app
        self._token = token
        self._api_url = api_url
        self._stuck_after = stuck_after
        self._handler: AsyncSocketModeHandler | None = None
        self._connecting: asyncio.Task[None] | None = None
        #: How many times a client was replaced.
        self.replaced = 0

    async def open(self) -> None:
        """Connect; if the connection is not up in time, `watch` retries it.

        Raises:
            SettingsError: the app-level token is not usable, or Socket Mode is off.
        """
        client = new_client(self._token, self._api_url)
        try:
            await client.apps_connections_open(app_token=self._token)
        except SlackApiError as error:
            _check(said_by(error)[0])
        except (OSError, TimeoutError) as error:
            _log.warning("Slack cannot be reached yet", extra={"error": str(error)})
        await self._connect(_FIRST)

    async def _connect(self, seconds: float) -> None:
        client = new_client(self._token, self._api_url)
        shorten(("slack_bolt.AsyncApp",), of=(OSError, TimeoutError, aiohttp.ClientError))
        self._handler = AsyncSocketModeHandler(self._app, self._token, web_client=client, ping_interval=_PING)
        self._handler.client.proxy = client.proxy
        self._connecting = asyncio.create_task(_connected(self._handler))
        await asyncio.wait({self._connecting}, timeout=seconds)

    async def is_up(self) -> bool:
        """Return whether the connection is up."""
        return self._handler is not None and bool(await self._handler.client.is_connected())

    async def watch(self) -> None:
        """Replace a client that has been disconnected for too long; run until cancelled."""
        down = 0.0
        look = min(_LOOK_EVERY, self._stuck_after / 3)
        while True:
            await asyncio.sleep(look)
            down = 0.0 if await self.is_up() else down + look
            if down >= self._stuck_after:
                _log.warning("the connection to Slack is replaced", extra={"seconds": down})
                self.replaced += 1
                await self.close()
                await self._connect(look)
                down = 0.0

    async def close(self) -> None:
        """Close the connection, within seconds."""
        handler, self._handler = self._handler, None
        if self._connecting:
            self._connecting.cancel()
        if handler:
            await _ended(handler)


async def _connected(handler: AsyncSocketModeHandler) -> None:
    await handler.client.connect()  # type: ignore[no-untyped-call]  # the library says no type here


async def _ended(handler: AsyncSocketModeHandler) -> None:
    """Close a client and ignore its errors; if the close hangs, cancel its tasks and close its sessions."""
    client = handler.client
    with suppress(Exception):
        async with asyncio.timeout(_CLOSE):
            await client.close()  # type: ignore[no-untyped-call]  # as above
        return
    for task in (client.message_processor, client.message_receiver, client.current_session_monitor):
        if task is not None:
            task.cancel()
    with suppress(Exception):
        async with asyncio.timeout(_CLOSE):
            if client.current_session is not None:
                await client.current_session.close()
    with suppress(Exception):
        await client.aiohttp_client_session.close()


def _check(said: str) -> None:
    if said in HINTS:
        raise SettingsError(f"Slack refused a Socket Mode connection: {said}.", hint=HINTS[said])


@asynccontextmanager
async def line(
    app: AsyncApp, token: str, api_url: str, *, stuck_after: float = STUCK_AFTER
) -> AsyncIterator[SocketModeConnection]:
    """Keep a Socket Mode connection up until the context exits.

    Raises:
        SettingsError: the app-level token is not usable, or Socket Mode is off.
    """
    held = SocketModeConnection(app, token, api_url, stuck_after=stuck_after)
    await held.open()
    watching = asyncio.create_task(held.watch())
    try:
        yield held
    finally:
        watching.cancel()
        await asyncio.wait({watching})
        await held.close()
