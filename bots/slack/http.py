"""Slack over HTTP: the install pages for workspaces, and one endpoint for all events and interactions.

A request is refused if Slack did not sign it or signed it more than five minutes ago; a signed request is
processed once.
"""

import hmac
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin

from aiohttp import ClientError, web
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store import Installation as Granted
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bots.chat.platform_clock import RefusedForTime
from bots.domain.errors import StoreError
from bots.endpoints.bodies import Bodies
from bots.endpoints.limits import LIMITS, Limits
from bots.endpoints.server import serve_at
from bots.ports import Clock, Counters
from bots.slack.install_pages import HEADERS, failure_page, install_page, welcome_page
from bots.slack.installation import Installations, OAuthStates
from bots.slack.manifest import EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH
from bots.slack.web_client import said_by
from bots.translation.languages import Language, load_languages
from bots.translation.speech import speaking

_log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
#: Up to the year 5138, which datetime can represent.
_TIMESTAMP = re.compile(r"[0-9]{1,11}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")
#: docs.slack.dev, Verifying requests from Slack: a request signed longer ago may be a replay.
_FRESH = timedelta(minutes=5)
_NOT_SIGNED = "Not signed by Slack."
#: The kind of the events by which repeated requests are known.
_SIGNATURE_KIND = "slack.signature"


def gate(signing_secret: str, counters: Counters, clock: Clock, *, limits: Limits = LIMITS) -> Any:
    """Return the middleware that admits each recent request signed by Slack once.

    Args:
        signing_secret: the app's signing secret.
        counters: remember the signatures.
        clock: returns the current instant.
        limits: what a body may take up.
    """
    verifier, late = SignatureVerifier(signing_secret), RefusedForTime("Slack")
    once = _Once(counters, clock)
    bodies = Bodies(limits)

    @web.middleware
    async def checked(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.method != "POST":
            return await handler(request)
        signature = request.headers.get("X-Slack-Signature", "")
        timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
        # Before the body is read: what has no signature is refused at its head. Whether a signature is recent is told
        # after the body is verified: a request that Slack signed at another time means that a clock is wrong.
        if not _SIGNATURE.fullmatch(signature) or not _TIMESTAMP.fullmatch(timestamp):
            return web.Response(status=401, text=_NOT_SIGNED)
        if not _is_signed(verifier, await bodies.read(request), timestamp, signature):
            return web.Response(status=401, text=_NOT_SIGNED)
        # By the library's clock: Bolt checks the time again with it.
        age = timedelta(seconds=verifier.clock.now() - int(timestamp))
        if abs(age) > _FRESH:
            late.refused(age)
            return web.Response(status=401, text="Signed by Slack, but too long ago, or this machine's clock is wrong.")
        late.accepted()
        return await once.answer(signature, request, handler)

    return checked


class _Once:
    """Processes each signature once, over all processes; a request that failed may be repeated."""

    def __init__(self, counters: Counters, clock: Clock) -> None:
        self._counters = counters
        self._clock = clock

    async def answer(self, signature: str, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Process a request; for a repeated one, return an empty response and do nothing."""
        if not await self._first(signature):
            return web.Response()
        try:
            answer = await handler(request)
        except Exception:
            await self._fail(signature)
            raise
        if answer.status >= 500:
            await self._fail(signature)
        return answer

    async def _fail(self, signature: str) -> None:
        """Let the request be repeated: a retry of Slack within the same second has the same signature."""
        with suppress(StoreError):
            await self._counters.undo_once(_SIGNATURE_KIND, signature)

    async def _first(self, signature: str) -> bool:
        try:
            return await self._counters.once(_SIGNATURE_KIND, signature, now=self._clock())
        except StoreError as error:
            _log.error("the check for repeated requests failed", extra={"error": str(error)})
            return True


def _is_signed(verifier: SignatureVerifier, body: bytes, timestamp: str, signature: str) -> bool:
    """Return whether Slack signed a request, at whatever time."""
    with suppress(UnicodeDecodeError):
        signed = verifier.generate_signature(timestamp=timestamp, body=body)
        return signed is not None and hmac.compare_digest(signed, signature)
    return False


class InstallFlow(AsyncOAuthFlow):
    """The OAuth flow to Slack and back, with our own pages."""

    def __init__(self, *, client: AsyncWebClient, settings: AsyncOAuthSettings, clock: Clock) -> None:
        super().__init__(client=client, settings=settings)
        self._clock = clock

    async def handle_installation(self, request: AsyncBoltRequest) -> BoltResponse:
        """Return the install page, with the headers of our other pages."""
        page = await super().handle_installation(request)
        page.headers |= {name.lower(): [value] for name, value in HEADERS.items()}
        return page

    async def build_install_page_html(self, url: str, request: AsyncBoltRequest) -> str:
        """Return the page that links to Slack's authorisation page."""
        with speaking(_language_of(request)):
            return install_page(url)

    async def run_installation(self, code: str) -> Granted | None:
        """Exchange a code for a token and return the granted installation; None if Slack does not confirm it."""
        asked = {"code": code, "redirect_uri": self.redirect_uri, "client_id": self.client_id}
        try:
            # The library's own call sends the credentials with a class that aiohttp 3.14 deprecates.
            given = await self.client.api_call(
                "oauth.v2.access", data={**asked, "client_secret": self.settings.client_secret}
            )
            bot = await self.client.auth_test(token=str(given["access_token"]))
        except SlackApiError as error:
            _log.warning("Slack did not confirm an installation", extra={"error": said_by(error)[0]})
            return None
        except (OSError, TimeoutError, ClientError, KeyError) as error:
            _log.warning("Slack did not answer an installation", extra={"error": repr(error)})
            return None
        return _granted(given.get, str(bot.get("bot_id") or ""), self._clock().timestamp())


def _granted(given: Callable[[str], Any], bot_id: str, now: float) -> Granted:
    team, enterprise, installer = (given(name) or {} for name in ("team", "enterprise", "authed_user"))
    return Granted(
        app_id=given("app_id"),
        enterprise_id=enterprise.get("id"),
        enterprise_name=enterprise.get("name"),
        team_id=team.get("id"),
        team_name=team.get("name"),
        bot_token=given("access_token"),
        bot_id=bot_id,
        bot_user_id=given("bot_user_id"),
        bot_scopes=given("scope") or "",
        user_id=str(installer.get("id") or ""),
        is_enterprise_install=bool(given("is_enterprise_install")),
        installed_at=now,
    )


def install_flow(
    *,
    client: AsyncWebClient,
    credentials: tuple[str, str],
    public_url: str,
    scopes: tuple[str, ...],
    kept: Installations,
    states: OAuthStates,
    clock: Clock,
) -> InstallFlow:
    """Return the OAuth flow to Slack and back.

    Args:
        client: a Web API client without a token.
        credentials: the app's client id and client secret.
        public_url: the URL at which Slack and browsers reach us.
        scopes: the scopes to request.
        kept: stores granted installations.
        states: issues the OAuth states and verifies them.
        clock: returns the current instant.
    """
    settings = AsyncOAuthSettings(
        client_id=credentials[0],
        client_secret=credentials[1],
        scopes=scopes,
        # Without these three the library reads environment variables that may belong to another app.
        user_scopes=(),
        redirect_uri=f"{public_url}{REDIRECT_PATH}",
        install_path=INSTALL_PATH,
        redirect_uri_path=REDIRECT_PATH,
        authorization_url=urljoin(client.base_url, "/oauth/v2/authorize"),
        installation_store=kept,
        state_store=states,
        callback_options=AsyncCallbackOptions(success=_installed, failure=_not_installed),
    )
    return InstallFlow(client=client, settings=settings, clock=clock)


async def _installed(args: AsyncSuccessArgs) -> BoltResponse:
    granted = args.installation
    whole = granted.is_enterprise_install
    where = granted.enterprise_id if whole else granted.team_id
    _log.info("a workspace has installed Paperwire", extra={"workspace": where, "by": granted.user_id})
    name = granted.enterprise_name if whole else granted.team_name
    with speaking(_language_of(args.request)):
        return _page(200, welcome_page(name or ""), args.settings)


async def _not_installed(args: AsyncFailureArgs) -> BoltResponse:
    # Of the library's failure codes only these two keep their own status; an invalid state is treated like a missing
    # one.
    status = args.suggested_status_code if args.reason in ("access_denied", "storage_error") else 400
    with speaking(_language_of(args.request)):
        return _page(status, failure_page(args.reason, INSTALL_PATH), args.settings)


def _language_of(request: AsyncBoltRequest) -> Language:
    """Return the language that the browser of a request asks for."""
    return load_languages().accepted(",".join(request.headers.get("accept-language", ())))


def _page(status: int, html: str, settings: AsyncOAuthSettings) -> BoltResponse:
    over = settings.state_utils.build_set_cookie_for_deletion()
    return BoltResponse(status=status, body=html, headers={**HEADERS, "Set-Cookie": over})


@asynccontextmanager
async def open_endpoints(
    app: AsyncApp, listen: tuple[str, int], checked: Any, *, limits: Limits = LIMITS
) -> AsyncIterator[None]:
    """Serve Slack and browsers on a local address until the context exits.

    Args:
        app: the Bolt app, with its OAuth flow.
        listen: host and port.
        checked: the middleware that every request passes first.
        limits: what clients may take up.

    Raises:
        SettingsError: the address cannot be opened.
    """
    served = app.server(path=EVENTS_PATH).web_app
    served.middlewares.append(checked)
    remedy = "Stop the program that uses this address, or choose another address in slack.listen."
    async with serve_at(served, listen, remedy=remedy, limits=limits):
        _log.info("listening for Slack", extra={"host": listen[0], "port": listen[1]})
        yield
