"""Keep Socket Mode connections up: each is replaced before Slack ends it, and one that broke is opened again.

A connection is opened once. The library would close an old connection before it opens the next, and after a failed
handshake it would retry the same used ticket for ever; here every attempt has a ticket and a client of its own.
"""

import asyncio
import logging
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from bots.chat.health import ConnectionReport
from bots.domain.errors import SettingsError
from bots.slack.web_client import UNCONFIRMED, new_client, said_by

_log = logging.getLogger(__name__)

#: Slack's greeting comes within a second; a connection without it for longer than this is given up.
STUCK_AFTER = 45.0
#: Seconds between two looks whether a connection is lost: Slack sends again at once what was not acknowledged.
_LOOK_EVERY = 0.2
#: A close can hang for ever (NousResearch/hermes-agent#91630).
_CLOSE = 5.0
#: Timeout of the first connections; after it, startup continues and they are tried again.
_FIRST = 20.0
_PING = 10.0
#: Seconds until the next attempt: doubled each time, up to the second value. apps.connections.open is of tier 1, which
#: allows a burst and about one call a minute (docs.slack.dev, apps.connections.open).
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 60.0
#: Seconds that a replaced connection may still answer what it has received; Slack waits three for an acknowledgement.
_ANSWERS = 4.0
#: Seconds that Slack's last envelopes may take to reach a connection that another one has replaced.
_ON_ITS_WAY = 1.0
#: An app may have ten connections (docs.slack.dev, Using Socket Mode).
MOST = 10
_TOO_MANY, _DISABLED, _WARNING = "too_many_websockets", "link_disabled", "warning"
#: Slack's errors that retrying cannot fix, each with a hint for the operator.
HINTS = {
    "not_allowed_token_type": "slack.app_token must be an app-level token: it begins with xapp-.",
    "invalid_auth": "Make an app-level token with connections:write under Basic Information.",
    "missing_scope": "Give the app-level token the scope connections:write.",
    "socket_mode_not_enabled": "Switch Socket Mode on in the app's settings.",
    "forbidden_for_interactive_apps": "Switch Socket Mode on in the app's settings.",
}
#: Why Slack ends or refuses a connection, as the operator reads it.
_REASONS = {
    _TOO_MANY: f"Slack allows {MOST} Socket Mode connections per app: lower slack.connections, or run fewer processes",
    _DISABLED: "Socket Mode is switched off in the app's settings",
}


class _NotOpened(Exception):
    """Slack refused a connection; the message is its reason."""


class _Link(SocketModeClient):
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
            _NotOpened: Slack refused, or did not greet in time.
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
            raise _NotOpened(self.reason)

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

    def __init__(self, app: AsyncApp, token: str, link: _Link) -> None:
        self.app = app
        self.app_token = token
        self.client = link
        link.socket_mode_request_listeners.append(self.handle)  # type: ignore[arg-type]  # as the library does it


class SocketModeConnection:
    """A place for one Socket Mode connection: while Slack ends one, the next is open already."""

    def __init__(self, app: AsyncApp, token: str, api_url: str, *, stuck_after: float = STUCK_AFTER) -> None:
        self._app = app
        self._token = token
        self._api_url = api_url
        self._stuck_after = stuck_after
        self._link: _Link | None = None
        self._retiring: set[asyncio.Task[None]] = set()
        self._draw = random.Random()  # noqa: S311 - so that many connections are not opened at the same moment
        self._said = ""
        self.is_open = asyncio.Event()
        #: Why there is no connection, as a clause; empty if there is one.
        self.problem = ""

    async def keep(self) -> None:
        """Keep a connection open; runs until it is cancelled."""
        while True:
            fresh = await self._opened()
            before, self._link = self._link, fresh
            self._note("")
            self.is_open.set()
            if before is not None:
                self._retire(before)
            reason = await fresh.ends()
            _log.info("a connection to Slack ends", extra={"reason": reason or "it was lost"})
            if reason not in (_WARNING, "refresh_requested"):
                # Nothing comes over it any more, and after `too_many_websockets` it would count.
                self.is_open.clear()
                self._link = None
                await fresh.end()
            self._note(reason)

    async def _opened(self) -> _Link:
        """Return the next connection, after as many attempts as it takes."""
        pause = FIRST_PAUSE
        while True:
            link = _Link(self._app, self._token, self._api_url)
            try:
                await link.open(self._stuck_after)
            except asyncio.CancelledError:
                await link.end()
                raise
            except Exception as error:  # noqa: BLE001 - after any failure the connection is opened again
                await link.end()
                await self._refused(error)
            else:
                return link
            await asyncio.sleep(pause * self._draw.uniform(0.5, 1.0))
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _refused(self, error: Exception) -> None:
        reason = said_by(error)[0] if isinstance(error, SlackApiError) else str(error) or type(error).__name__
        if self._link is not None and not await self._link.is_connected():
            self.is_open.clear()
        if reason == _TOO_MANY and self._link is not None:
            # All ten are in use, and one of them is the one to replace: there is a short gap, and no other way.
            self.is_open.clear()
            before, self._link = self._link, None
            await before.finish()
        self._note(HINTS.get(reason, reason))

    def _note(self, reason: str) -> None:
        """Remember why there is no connection, and log a reason once."""
        if not self.is_open.is_set() or reason in _REASONS:
            self.problem = _REASONS.get(reason, reason)
        else:
            self.problem = ""
        if self.problem and self.problem != self._said:
            log = _log.error if reason in _REASONS else _log.warning
            log("a connection to Slack could not be opened: %s", self.problem)
        self._said = self.problem

    def _retire(self, link: _Link) -> None:
        task = asyncio.create_task(link.finish(), name="a replaced connection to Slack")
        self._retiring.add(task)
        task.add_done_callback(self._retiring.discard)

    async def is_up(self) -> bool:
        """Return whether the connection is up."""
        return self._link is not None and bool(await self._link.is_connected())

    async def close(self) -> None:
        """Close the connection, within seconds."""
        link, self._link = self._link, None
        self.is_open.clear()
        for task in self._retiring:
            task.cancel()
        ends = [link.end()] if link else []
        await asyncio.gather(*ends, *self._retiring, return_exceptions=True)


class SocketModeConnections:
    """All Socket Mode connections of this process."""

    def __init__(self, held: tuple[SocketModeConnection, ...]) -> None:
        self._held = held
        self._has_been_open = False

    def report(self) -> ConnectionReport:
        """Return how the connections stand."""
        up = sum(each.is_open.is_set() for each in self._held)
        self._has_been_open = self._has_been_open or up == len(self._held)
        problem = next((each.problem for each in self._held if each.problem), "")
        return ConnectionReport(
            wanted=len(self._held), open=up, has_been_open=self._has_been_open, problem=problem if not up else ""
        )


async def _check(token: str, api_url: str) -> None:
    """Return if Socket Mode can be used, or if Slack cannot be asked.

    Raises:
        SettingsError: the app-level token is not usable, or Socket Mode is off.
    """
    try:
        await new_client(token, api_url).apps_connections_open(app_token=token)
    except SlackApiError as error:
        said = said_by(error)[0]
        if said in HINTS:
            raise SettingsError(f"Slack refused a Socket Mode connection: {said}.", hint=HINTS[said]) from error
    except UNCONFIRMED as error:
        _log.warning("Slack cannot be reached yet", extra={"error": str(error)})


@asynccontextmanager
async def lines(
    app: AsyncApp, token: str, api_url: str, *, count: int = 1, stuck_after: float = STUCK_AFTER
) -> AsyncIterator[SocketModeConnections]:
    """Keep some Socket Mode connections up until the context exits.

    Raises:
        SettingsError: the app-level token is not usable, or Socket Mode is off.
    """
    await _check(token, api_url)
    held = tuple(SocketModeConnection(app, token, api_url, stuck_after=stuck_after) for _ in range(count))
    async with AsyncExitStack() as stack:
        for each in held:
            stack.push_async_callback(_ended, each, asyncio.create_task(each.keep(), name="a connection to Slack"))
        with suppress(TimeoutError):
            async with asyncio.timeout(_FIRST):
                await asyncio.gather(*(each.is_open.wait() for each in held))
        yield SocketModeConnections(held)


async def _ended(held: SocketModeConnection, keeping: "asyncio.Task[None]") -> None:
    keeping.cancel()
    await asyncio.wait({keeping})
    await held.close()
