"""The Slack adapter over Socket Mode (one workspace) or over HTTP (every workspace that installs the app)."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bots.chat.health import ConnectionReport, HealthFinding
from bots.chat.platform_clock import PlatformClock
from bots.domain.channels import Channel, Reader
from bots.domain.digests import Digest, Part
from bots.domain.errors import ChannelGone, DeliveryError, PostRefused, SettingsError
from bots.domain.replies import Problem
from bots.domain.subscriptions import Subscription
from bots.slack.channel_access import check_channel
from bots.slack.connection import lines
from bots.slack.http import gate, install_flow, open_endpoints
from bots.slack.installation import Installations, OAuthStates, WorkspaceAuthorization, WorkspaceTokens, through
from bots.slack.listener import Listener
from bots.slack.manifest import INSTALL_PATH, scopes
from bots.slack.method_limits import LIMITS, PLATFORM
from bots.slack.outgoing import digest_parts, mentioned, notice_parts, smaller, without_mentions
from bots.slack.pause_notices import pause_notices
from bots.slack.poster import SlackPoster, TokenOf
from bots.slack.readable_channels import ReadableChannels
from bots.slack.settings import SlackSettings, is_over_http
from bots.slack.web_client import UNCONFIRMED, new_client, open_session, proxy_for, said_by
from bots.usecases.service import Service

__all__ = ["SlackAdapter", "SlackSettings", "connect"]


#: What an adapter reports that keeps no connections open.
_NONE = partial(ConnectionReport, has_been_open=True)
#: The token of each workspace, and how the connections stand.
_Opened = tuple[TokenOf, Callable[[], ConnectionReport]]


class SlackAdapter:
    """Posts digests to Slack."""

    platform = PLATFORM
    limits = LIMITS

    def __init__(
        self,
        web: SlackPoster,
        check_health: Callable[[], Awaitable[tuple[HealthFinding, ...]]] | None = None,
        channels: ReadableChannels | None = None,
        report: Callable[[], ConnectionReport] = _NONE,
    ) -> None:
        self._poster = web
        self._report = report
        self._look = check_health
        self._channels = channels

    def compose(self, digest: Digest) -> tuple[Part, ...]:
        """Return the digest as messages inside Slack's limits; see `Adapter.compose`."""
        return digest_parts(digest)

    def notice(self, channel: Channel, problem: Problem) -> tuple[Part, ...]:
        """Return a notice as messages; see `Adapter.notice`."""
        return notice_parts(channel, problem)

    def paused(self, subscription: Subscription, error: DeliveryError) -> tuple[tuple[Part, ...], ...]:
        """Return the notices about a paused subscription; see `TellsOwners.paused`."""
        return pause_notices(subscription, error)

    def shrink(self, part: Part) -> tuple[Part, ...]:
        """Return a part as smaller ones; see `Adapter.shrink`."""
        return smaller(part)

    async def post(self, part: Part, key: str, *, root: str = "") -> str:
        """Post one part with its key in the metadata, and return the message's timestamp; see `Adapter.post`."""
        return await self._poster.post(part, key, root)

    async def find(self, channel: Channel, key: str, since: datetime, *, root: str = "") -> str | None:
        """Return the timestamp of the message posted with this key; see `Adapter.find`."""
        return await self._poster.find(channel, key, since, root)

    async def platform_time(self) -> datetime | None:
        """Return Slack's time; see `Timed.platform_time`."""
        return await self._poster.platform_time()

    async def members(self, channel: Channel, users: Collection[str]) -> frozenset[str]:
        """Return which of the people are in a channel; see `SeesMembers.members`."""
        return await self._poster.members(channel, users)

    def mentioned(self, part: Part) -> frozenset[str]:
        """Return whom a part mentions; see `TakesBackMentions.mentioned`."""
        return mentioned(part)

    def without_mentions(self, part: Part, users: Collection[str]) -> Part:
        """Return a part that mentions these people no more; see `TakesBackMentions.without_mentions`."""
        return without_mentions(part, users)

    async def check_channel(self, channel: Channel) -> None:
        """Return if digests can be posted to a channel, and join it if it is public; see `ChecksChannels`."""
        await check_channel(self._poster.of, channel)

    async def readable(
        self, reader: Reader, channels: Collection[Channel], *, alone: bool = False
    ) -> frozenset[Channel]:
        """Return the channels that a person can read; see `ShowsChannels`."""
        return await self._channels.readable(reader, channels, alone=alone) if self._channels else frozenset()

    def connections(self) -> ConnectionReport:
        """Return how the Socket Mode connections stand; see `Connected.connections`."""
        return self._report()

    async def check(self) -> tuple[HealthFinding, ...]:
        """Return the findings about the set-up; see `Checked.check`."""
        return await self._look() if self._look else ()


@asynccontextmanager
async def connect(settings: SlackSettings, service: Service) -> AsyncIterator[SlackAdapter]:
    """Yield an adapter that can post; until the context exits, also respond to people who use the app.

    Raises:
        SettingsError: a setting is missing, of the wrong kind, or not valid.
    """
    opened = _over_http if is_over_http(settings) else _over_socket
    async with open_session() as session, opened(settings, service) as (token_of, report):
        told = PlatformClock("Slack", clock=service.clock)
        poster = SlackPoster(settings.api_url, token_of, time=told, permits=service.permits, session=session)
        channels = ReadableChannels(poster.of, service.clock)
        yield SlackAdapter(poster, partial(_looked_at, settings, service), channels, report)


async def _looked_at(settings: SlackSettings, service: Service) -> tuple[HealthFinding, ...]:
    from bots.slack.health import check_health

    # Check the set-up for `paperwire run`, which needs more than posts alone.
    return await check_health(replace(settings, listening=True), service.store, service.clock)


@asynccontextmanager
async def _over_socket(settings: SlackSettings, service: Service) -> AsyncIterator[_Opened]:
    bot = await _bot_of(settings)

    async def token_of(asked: str) -> str:
        # An organisation's token covers all of its workspaces.
        if asked not in ("", bot.team_id) and not str(bot.team_id).startswith("E"):
            raise ChannelGone(
                f"Paperwire is connected to another Slack workspace ({bot.team_id}).", hint="Name that workspace."
            )
        return settings.bot_token.reveal()

    async def authorize() -> AuthorizeResult:
        return bot

    report: Callable[[], ConnectionReport] = _NONE
    async with AsyncExitStack() as stack:
        if settings.listening:
            app = AsyncApp(
                client=new_client(None, settings.api_url, waits=True),
                # With a token instead of this callback, the library reads environment variables that may belong to
                # another app.
                authorize=authorize,
                request_verification_enabled=False,
            )
            workspace_tokens = WorkspaceTokens(store=service.store, clock=service.clock, alone=True)
            await stack.enter_async_context(_answered(app, settings, service, workspace_tokens))
            token = settings.app_token.reveal()
            held = await stack.enter_async_context(
                lines(app, token, settings.api_url, count=settings.connections, stuck_after=settings.stuck_after)
            )
            report = held.report
        yield token_of, report


@asynccontextmanager
async def _over_http(settings: SlackSettings, service: Service) -> AsyncIterator[_Opened]:
    install_url = f"{settings.public_url}{INSTALL_PATH}"
    workspace_tokens = WorkspaceTokens(store=service.store, clock=service.clock, install_url=install_url)
    async with AsyncExitStack() as stack:
        if settings.listening:
            app = _served(settings, service, workspace_tokens, install_url)
            await stack.enter_async_context(_answered(app, settings, service, workspace_tokens))
            checked = gate(settings.signing_secret.reveal(), service.store, service.clock)
            await stack.enter_async_context(open_endpoints(app, settings.listen, checked))
        yield workspace_tokens.token, _NONE


def _served(settings: SlackSettings, service: Service, workspace_tokens: WorkspaceTokens, install_url: str) -> AsyncApp:
    client, secret = new_client(None, settings.api_url, waits=True), settings.client_secret.reveal()
    flow = install_flow(
        client=client,
        credentials=(settings.client_id, secret),
        public_url=settings.public_url,
        scopes=scopes(unfurl=settings.unfurl),
        kept=Installations(workspace_tokens),
        states=OAuthStates(store=service.store, clock=service.clock, secret=secret),
        clock=service.clock,
    )
    return AsyncApp(
        client=client,
        authorize=WorkspaceAuthorization(workspace_tokens),  # type: ignore[arg-type]  # the library takes its own class, too, and none
        oauth_flow=flow,
        signing_secret=settings.signing_secret.reveal(),
        user_facing_authorize_error_message=f"Paperwire is no longer installed here. Install it again: {install_url}",
    )


@asynccontextmanager
async def _answered(
    app: AsyncApp, settings: SlackSettings, service: Service, workspace_tokens: WorkspaceTokens
) -> AsyncIterator[None]:
    """Serve requests until the context exits, then finish those already received."""
    listener = Listener(
        service=service, access_policy=settings.access_policy, leave=workspace_tokens.leave, unfurl=settings.unfurl
    )

    async def met(body: dict[str, Any], client: AsyncWebClient, next_: Callable[[], Awaitable[None]]) -> None:
        # Bolt's copy of the client takes a proxy for every host again.
        client.proxy = proxy_for(client.base_url)
        team, _ = through(body)
        if team:
            await workspace_tokens.met(body)
            # A call with an organisation's token must name a workspace, and Bolt does not find it in the organisation's
            # events.
            client.default_params["team_id"] = team
        await next_()

    app.use(met)
    listener.join(app)
    try:
        yield
    finally:
        await listener.rest()


async def _bot_of(settings: SlackSettings) -> AuthorizeResult:
    """Return the bot's identity for the bot token, from `auth.test`.

    Raises:
        SettingsError: the token is of the wrong kind or not valid.
        PostRefused: Slack cannot be reached, or has an outage.
    """
    token = settings.bot_token.reveal()
    try:
        answer = await new_client(token, settings.api_url).auth_test()
    except SlackApiError as error:
        said = said_by(error)[0]
        if said not in _HINTS:
            raise PostRefused(f"Slack does not accept connections: {said}.", everywhere=True) from error
        raise SettingsError(f"Slack refused slack.bot_token: {said}.", hint=_HINTS[said]) from error
    except UNCONFIRMED as error:
        hint = "Check the network, or slack.api_url."
        raise PostRefused(f"Slack cannot be reached: {error}.", hint=hint, everywhere=True) from error
    return AuthorizeResult.from_auth_test_response(bot_token=token, auth_test_response=answer)


#: What is wrong with a token; any other refusal may end by itself (docs.slack.dev/reference/methods/auth.test).
_HINTS = {
    "access_denied": "A workspace admin must allow the app.",
    "not_authed": "Set slack.bot_token to the Bot User OAuth Token, from OAuth & Permissions.",
    "token_expired": "Switch token rotation off in the app's settings, or install the app again.",
    "invalid_auth": "Copy the Bot User OAuth Token again, from OAuth & Permissions.",
    "token_revoked": "Install the app again, and copy its new token.",
    "account_inactive": "Install the app again, and copy its new token.",
    "not_allowed_token_type": "It must be the bot token, which begins with xoxb-.",
}
