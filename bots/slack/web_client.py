"""Clients of Slack's Web API: none repeats a call that may have succeeded, and each tells the time of its responses."""

import math
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from aiohttp import ClientConnectorError, ClientError, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bots.chat.http_dates import retry_after
from bots.ports.rate_limits import CALL_TIMEOUT
from bots.slack.method_limits import MethodLimits

#: Seconds until a call times out; delivery gives it up a little later.
CALL = CALL_TIMEOUT - 5
#: The failures of a connection to Slack: it is not known whether the call succeeded.
UNCONFIRMED = (OSError, TimeoutError, ClientError)
#: Slack was never reached, so the call did not succeed.
UNREACHED = ClientConnectorError
#: Seconds for which an idle connection is kept for the next call. In a burst most calls then need no handshake; a
#: connection that Slack may be about to close is not used, because then it would be unknown whether the call succeeded.
_KEPT = 2.0
_TOO_MANY = 429
_THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})
_PLAIN = {"wss": "https", "ws": "http"}


class _Client(AsyncWebClient):
    """A client that tells the time at which Slack sent each response, and keeps to what Slack asked others to wait."""

    def __init__(self, heard: Callable[[object], None], limits: MethodLimits, **given: Any) -> None:
        super().__init__(**given)
        self._heard = heard
        self._limits = limits

    async def api_call(self, api_method: str, **given: Any) -> AsyncSlackResponse:
        """Call a method; see the library's."""
        await self._limits.wait(api_method)
        try:
            answer = await super().api_call(api_method, **given)
        except SlackApiError as error:
            self._heard(headers_of(error).get("date"))
            if said_by(error)[1] == _TOO_MANY:
                await self._limits.refused(api_method, retry_after(headers_of(error)))
            raise
        self._heard(answer.headers.get("Date"))
        return answer


def new_client(
    token: str | None,
    api_url: str,
    *,
    timeout: float = CALL,
    waits: bool = False,
    heard: Callable[[object], None] = lambda _date: None,
    session: ClientSession | None = None,
    limits: MethodLimits | None = None,
) -> AsyncWebClient:
    """Return a client that never repeats a call that may have succeeded; the library's own client would post twice.

    Args:
        token: the token of a bot or an app; None if each call passes its own.
        api_url: the base URL of the Web API.
        timeout: seconds until a call times out.
        waits: whether to repeat a rate-limited call, which had no effect, at the time Slack sends; parts of a digest
            are instead retried through the ledger.
        heard: called with the `Date` header of each response.
        session: the connections that it shares with other clients, see `open_session`; None opens one for each call.
        limits: what Slack asked other processes to wait in the token's workspace; None if there are none.
    """
    handlers: list[AsyncRetryHandler] = [AsyncRateLimitErrorRetryHandler(max_retry_count=2)] if waits else []
    known, seconds = limits or MethodLimits(None, ""), math.ceil(timeout)
    client = _Client(
        heard, known, token=token, base_url=api_url, timeout=seconds, retry_handlers=handlers, session=session
    )
    # Set afterwards: given no proxy, the library takes one of the environment for every host.
    client.proxy = proxy_for(api_url)
    return client


@asynccontextmanager
async def open_session(seconds: float = CALL) -> AsyncIterator[ClientSession]:
    """Yield connections for calls whose time is limited to so many seconds; close them when the context exits.

    Without a session, the library opens a connection for each call.
    """
    connector, limit = TCPConnector(keepalive_timeout=_KEPT), ClientTimeout(total=math.ceil(seconds))
    async with ClientSession(connector=connector, timeout=limit, cookie_jar=DummyCookieJar()) as session:
        yield session


def proxy_for(url: str) -> str | None:
    """Return the environment's proxy for a URL; None for this machine and for hosts of NO_PROXY.

    The library obeys HTTPS_PROXY alone, so that neither the demo nor a gateway beside it could be reached.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host in _THIS_MACHINE or proxy_bypass(host):
        return None
    found = getproxies()
    return found.get(_PLAIN.get(parts.scheme, parts.scheme)) or found.get("all")


def said_by(error: SlackApiError) -> tuple[str, int]:
    """Return Slack's error code and the HTTP status."""
    response = error.response
    data = getattr(response, "data", response)
    word = data.get("error", "") if isinstance(data, dict) else ""
    return str(word), int(getattr(response, "status_code", 0) or getattr(response, "status", 0) or 0)


def headers_of(error: SlackApiError) -> Mapping[str, object]:
    """Return the headers of the response, their names in lower case."""
    headers = getattr(error.response, "headers", None) or {}
    return {str(name).lower(): value for name, value in headers.items()}
