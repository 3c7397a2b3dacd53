"""One Socket Mode connection, which is opened once and never reopened."""

import asyncio
import logging
from contextlib import suppress
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from bots.slack.web_client import new_client

_log = logging.getLogger(__name__)

#: Seconds between two looks whether a connection is lost: Slack sends again at once what was not acknowledged.
_LOOK_EVERY = 0.2
#: A close can hang for ever (NousResearch/hermes-agent#91630).
_CLOSE = 5.0
_PING = 10.0
#: Seconds that a replaced connection may still answer what it has received; Slack waits three for an acknowledgement.
_ANSWERS = 4.0
#: Seconds that Slack's last envelopes may take to reach a connection that another one has replaced.
_ON_ITS_WAY = 1.0


class NotOpened(Exception):
    """Slack refused a connection; the message is its reason."""


class SocketLink(SocketModeClient):
    """One connection, which is never reopened: whatever comes over it is answered over it."""

    def __init__(self, app: AsyncApp, token: str, api_url: str) -> None:
        web = new_client(token, api_url)
        super().__init__(
            token, logger=app.logger, web_client=web, proxy=web.proxy, auto_reconnect_enabled=False, ping_interval=_PING
        )
        # Set afterwards: given no proxy, the library takes one of the environment for every host.
        self.proxy = web.proxy
        _Handler(app, token, self)
        #: Set when Slack has greeted us, and when it has said why the connection ends.
        self.greeted = asyncio.Event()
        self.leaving = asyncio.Event()
        self.reason = ""
        self._busy: set[asyncio.Task[Any]] = set()

    async def connect(self) -> None:
        """Open the connection, with one attempt."""
        self.current_session = await self.aiohttp_client_session.ws_connect(
            str(self.wss_uri),
            autoping=False,
            heartbeat=self.ping_interval,
            proxy=self.proxy,
            ssl=self.web_client.ssl if self.web_client.ssl is not None else True,
        )
        self.current_session_monitor = asyncio.ensure_future(self.monitor_current_session())
        self.message_receiver = asyncio.ensure_future(self.receive_messages())

    async def send_message(self, message: str) -> None:
        """Send an acknowledgement; on a connection that is lost it is lost, and Slack sends its envelope again."""
        try:
            if self.current_session is not None:
                await self.current_session.send_str(message)
        except ConnectionError:
            _log.info("an acknowledgement was lost with its connection")

    async def run_message_listeners(self, message: dict[str, Any], raw_message: str) -> None:
        """Note Slack's greeting and its farewell; pass everything else on."""
        match message.get("type"):
            case "hello":
                self.greeted.set()
            case "disconnect":
                self.reason = str(message.get("reason") or "disconnect")
                self.leaving.set()
            case _:
                task = asyncio.current_task()
                if task is not None:
                    self._busy.add(task)
                    task.add_done_callback(self._busy.discard)
                await super().run_message_listeners(message, raw_message)

    async def open(self, seconds: float) -> None:
        """Ask for a ticket, connect, and wait for Slack's greeting.

        Raises:
            NotOpened: Slack refused, or did not greet in time.
            SlackApiError, OSError, TimeoutError, aiohttp.ClientError: Slack cannot be reached, or refuses a ticket.
        """
        async with asyncio.timeout(seconds):
            self.wss_uri = await self.issue_new_wss_url()
            await self.connect()
            waits = [asyncio.ensure_future(each.wait()) for each in (self.greeted, self.leaving)]
            try:
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for each in waits:
                    each.cancel()
        if not self.greeted.is_set():
            raise NotOpened(self.reason)

    async def ends(self) -> str:
        """Return when Slack says that the connection ends, with its reason, or when it is lost, with none."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_EVERY):
                    await self.leaving.wait()
                return self.reason
            if not await self.is_connected():
                return ""

    async def finish(self) -> None:
        """Close the connection when what it has received, and what is still on its way, is answered."""
        try:
            await asyncio.sleep(_ON_ITS_WAY)
            if self._busy:
                await asyncio.wait(set(self._busy), timeout=_ANSWERS)
        finally:
            await self.end()

    async def end(self) -> None:
        """Close the connection within seconds, whatever the library does."""
        with suppress(Exception):
            async with asyncio.timeout(_CLOSE):
                await self.close()  # type: ignore[no-untyped-call]  # the library says no type here
            return
        for task in (self.message_processor, self.message_receiver, self.current_session_monitor):
            if task is not None:
                task.cancel()
        with suppress(Exception):
            async with asyncio.timeout(_CLOSE):
                if self.current_session is not None:
                    await self.current_session.close()
        with suppress(Exception):
            await self.aiohttp_client_session.close()


class _Handler(AsyncSocketModeHandler):
    """Has the app answer what comes over a connection of ours; the library's would open one of its own."""

    def __init__(self, app: AsyncApp, token: str, link: SocketLink) -> None:
        self.app = app
        self.app_token = token
        self.client = link
        link.socket_mode_request_listeners.append(self.handle)  # type: ignore[arg-type]  # as the library does it
