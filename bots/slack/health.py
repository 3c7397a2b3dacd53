"""Health checks for Slack: tokens, scopes, Socket Mode, and whether the bot is in the channels it posts to."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bots.chat.health import HealthFinding
from bots.chat.phrases import counted
from bots.chat.platform_clock import PlatformClock
from bots.domain.channels import Channel
from bots.domain.errors import PaperwireError, SettingsError
from bots.ports import Clock, Store
from bots.slack.connection import HINTS as LINE_HINTS
from bots.slack.installation import WorkspaceTokens
from bots.slack.manifest import INSTALL_PATH, scopes
from bots.slack.settings import SlackSettings, is_over_http
from bots.slack.web_client import new_client, said_by

_TIMEOUT = 10.0
#: Number of channels checked per run; conversations.info may be called 50 times per minute.
_MOST_CHANNELS = 40
_AGAIN = "install the app again, and copy its new token"
_TOKEN_HINTS = {
    "invalid_auth": "copy the Bot User OAuth Token again, from OAuth & Permissions",
    "not_allowed_token_type": "slack.bot_token must be the bot token, which begins with xoxb-",
    "token_revoked": _AGAIN,
    "token_expired": _AGAIN,
    "account_inactive": _AGAIN,
}


async def check_health(settings: SlackSettings, store: Store, clock: Clock) -> tuple[HealthFinding, ...]:
    """Return the health findings for the settings, for each workspace, and for each channel with a subscription."""
    try:
        over_http = is_over_http(settings)
    except SettingsError as error:
        return (HealthFinding(name="slack", says=str(error), fix=error.hint),)
    subscriptions = await store.subscriptions()
    channels = {
        subscription.channel
        for subscription in subscriptions
        if subscription.enabled and subscription.channel.platform == "slack"
    }
    time = PlatformClock("Slack", clock=clock)
    if over_http:
        found = [*await _over_http(settings, store, time, clock, channels)]
    else:
        client = _client(settings.bot_token.reveal(), settings, time)
        found = [*await _workspace(client, channels, unfurl=settings.unfurl)]
        if settings.app_token:
            found.append(await _line(settings, time))
    return (*found, *filter(None, (time.finding(),)))


def _client(token: str, settings: SlackSettings, time: PlatformClock) -> AsyncWebClient:
    return new_client(token, settings.api_url, timeout=_TIMEOUT, heard=time.heard)


async def _over_http(
    settings: SlackSettings, store: Store, time: PlatformClock, clock: Clock, channels: Iterable[Channel]
) -> tuple[HealthFinding, ...]:
    install_url = f"{settings.public_url}{INSTALL_PATH}"
    try:
        known = {each.workspace for each in await store.installations("slack") if each.token}
    except PaperwireError as error:
        return (HealthFinding(name="slack", says=str(error), fix=error.hint),)
    found = (
        []
        if known
        else [HealthFinding(name="slack", says="no workspace has installed it yet", fix=f"open {install_url}")]
    )
    workspace_tokens = WorkspaceTokens(store=store, clock=clock, install_url=install_url)
    for workspace in sorted(known | {each.workspace for each in channels}):
        there = [each for each in channels if each.workspace == workspace]
        try:
            token = await workspace_tokens.token(workspace)
        except PaperwireError as error:
            found.append(
                HealthFinding(name=f"slack {workspace}", says=str(error), fix=error.hint or f"open {install_url}")
            )
        else:
            client = _client(token, settings, time)
            found += await _workspace(client, there, unfurl=settings.unfurl)
    return tuple(found)


async def _workspace(client: AsyncWebClient, channels: Iterable[Channel], *, unfurl: bool) -> Sequence[HealthFinding]:
    answer, trouble = await _asked("slack", client.auth_test, _TOKEN_HINTS)
    if answer is None:
        return [trouble] if trouble else []
    name = f"slack {answer.get('team') or answer.get('team_id')}"
    granted = _granted(answer.headers)
    found = [HealthFinding(name=name, says=f"joined as {answer.get('user')}"), _scopes(name, granted, unfurl=unfurl)]
    # An organisation's token covers all of its workspaces.
    workspace = "" if answer.get("is_enterprise_install") else answer.get("team_id")
    mine = sorted(each.channel for each in channels if not workspace or each.workspace == workspace)
    absent = [each for channel in mine[:_MOST_CHANNELS] if (each := await _channel(client, name, channel, granted))]
    if mine and not absent:
        found.append(HealthFinding(name=name, says=f"may post in {counted(len(mine), 'channel')} with subscriptions"))
    return [*found, *absent]


def _granted(headers: Any) -> frozenset[str]:
    lowered = {str(name).lower(): str(value) for name, value in dict(headers).items()}
    return frozenset(each.strip() for each in lowered.get("x-oauth-scopes", "").split(",") if each.strip())


def _scopes(name: str, granted: frozenset[str], *, unfurl: bool) -> HealthFinding:
    missing = sorted(set(scopes(unfurl=unfurl)) - granted)
    if not missing:
        return HealthFinding(name=f"{name} scopes", says="all scopes are granted")
    manifest = "paperwire slack manifest --unfurl" if unfurl else "paperwire slack manifest"
    fix = f"paste the output of `{manifest}` under App Manifest, and install the app again"
    return HealthFinding(name=f"{name} scopes", says=f"missing: {', '.join(missing)}", fix=fix)


async def _channel(client: AsyncWebClient, name: str, channel: str, granted: frozenset[str]) -> HealthFinding | None:
    """Return a finding if the bot cannot post a digest to the channel; else None."""
    if not channel.startswith(("C", "G")):
        return None  # A person's direct messages with the bot.
    invite = "in that channel, type /invite @paperwire; or end its subscription"
    answer, trouble = await _asked(
        f"{name} {channel}", lambda: client.conversations_info(channel=channel), {"channel_not_found": invite}
    )
    about = (answer.get("channel") if answer else None) or {}
    if answer is None or about.get("is_member") or ("chat:write.public" in granted and not about.get("is_private")):
        return trouble
    label = f"#{about.get('name', channel)}"
    return HealthFinding(
        name=f"{name} {label}", says="the channel has a subscription, but the app is not in the channel", fix=invite
    )


async def _line(settings: SlackSettings, time: PlatformClock) -> HealthFinding:
    token = settings.app_token.reveal()
    client = _client(token, settings, time)
    _, trouble = await _asked("slack Socket Mode", lambda: client.apps_connections_open(app_token=token), LINE_HINTS)
    return trouble or HealthFinding(name="slack Socket Mode", says="a connection can be opened")


async def _asked(
    name: str, call: Callable[[], Awaitable[Any]], hints: Mapping[str, str]
) -> tuple[Any | None, HealthFinding | None]:
    """Return Slack's response and no finding; on an error, no response and a finding with a fix."""
    try:
        return await call(), None
    except SlackApiError as error:
        said = said_by(error)[0] or "an answer that cannot be read"
        return None, HealthFinding(
            name=name, says=f"Slack says {said}", fix=hints.get(said, f"see docs.slack.dev on {said}")
        )
    except Exception as error:  # noqa: BLE001 - any failure to reach Slack is a finding
        return None, HealthFinding(
            name=name, says=f"Slack cannot be reached: {error}", fix="check the network, or slack.api_url"
        )
