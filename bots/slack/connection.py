"""Keep Socket Mode connections up: each is replaced before Slack ends it, and one that broke is opened again.

A connection is opened once. The library would close an old connection before it opens the next, and after a failed
handshake it would retry the same used ticket for ever; here every attempt has a ticket and a client of its own.
"""

import asyncio
import logging
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress

from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from bots.chat.health import ConnectionReport
from bots.domain.errors import SettingsError
from bots.slack.socket_link import SocketLink
from bots.slack.web_client import UNCONFIRMED, new_client, said_by

_log = logging.getLogger(__name__)

#: Slack's greeting comes within a second; a connection without it for longer than this is given up.
STUCK_AFTER = 45.0
#: Timeout of the first connections; after it, startup continues and they are tried again.
_FIRST = 20.0
#: Seconds until the next attempt: doubled each time, up to the second value. apps.connections.open is of tier 1, which
#: allows a burst and about one call a minute (docs.slack.dev, apps.connections.open).
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 60.0
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


class SocketModeConnection:
    """A place for one Socket Mode connection: while Slack ends one, the next is open already."""

    def __init__(self, app: AsyncApp, token: str, api_url: str, *, stuck_after: float = STUCK_AFTER) -> None:
        self._app = app
        self._token = token
        self._api_url = api_url
        self._stuck_after = stuck_after
        self._link: SocketLink | None = None
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
            _log.info("connected to Slack")
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

    async def _opened(self) -> SocketLink:
        """Return the next connection, after as many attempts as it takes."""
        pause = FIRST_PAUSE
        while True:
            link = SocketLink(self._app, self._token, self._api_url)
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

    def _retire(self, link: SocketLink) -> None:
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
