"""The room that speaks Slack: over Socket Mode for one workspace, or over HTTP for all that install it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from bots.channels import Channel
from bots.digest import Digest, Part
from bots.errors import ChannelGone, SettingsError
from bots.limits import Limits, Pace
from bots.replies import Problem
from bots.service import Service
from bots.slack.doing import Manners
from bots.slack.listening import Listener
from bots.slack.outgoing import digest_parts, notice_parts, smaller
from bots.slack.socket import STUCK_AFTER, line
from bots.slack.web import Web, new_client, said_by
from summarizer import Secret


@dataclass(frozen=True, kw_only=True, slots=True)
class SlackSettings:
    """How Slack is reached."""

    api_url: str = "https://slack.com/api/"
    #: Of one workspace.
    bot_token: Secret = field(default_factory=Secret)
    #: Opens the line of Socket Mode; without it nothing is heard.
    app_token: Secret = field(default_factory=Secret)
    #: Whether people are listened to; a command that only posts need not.
    listening: bool = True
    manners: Manners = field(default_factory=Manners)
    stuck_after: float = STUCK_AFTER


class SlackRoom:
    """Posts digests to Slack."""

    platform = "slack"
    #: One a second in a channel, "several hundred" a minute in a workspace (docs.slack.dev, rate limits).
    limits = Limits(channel=Pace(count=1, seconds=1), platform=Pace(count=300, seconds=60), by_workspace=True)

    def __init__(self, web: Web) -> None:
        self._web = web

    def compose(self, digest: Digest) -> tuple[Part, ...]:
        """Return the digest as messages inside Slack's limits; see `Adapter.compose`."""
        return digest_parts(digest)

    def notice(self, channel: Channel, problem: Problem) -> tuple[Part, ...]:
        """Return a notice as messages; see `Adapter.notice`."""
        return notice_parts(channel, problem)

    def shrink(self, part: Part) -> tuple[Part, ...]:
        """Return a part as smaller ones; see `Adapter.shrink`."""
        return smaller(part)

    async def post(self, part: Part, key: str, *, root: str = "") -> str:
        """Post one part, its key beside it, and return the message's timestamp; see `Adapter.post`."""
        return await self._web.post(part, key, root)

    async def find(self, channel: Channel, key: str, since: datetime, *, root: str = "") -> str | None:
        """Return the timestamp of the message posted with this key; see `Adapter.find`."""
        return await self._web.find(channel, key, since, root)


@asynccontextmanager
async def connect(settings: SlackSettings, service: Service) -> AsyncIterator[SlackRoom]:
    """Yield the room, able to post; while the block lasts, people who speak to the app are answered.

    Raises:
        SettingsError: a token is missing, of the wrong kind, or not valid.
    """
    workspace = await _workspace(settings)

    async def token_of(asked: str) -> str:
        if asked not in ("", workspace):
            raise ChannelGone(f"Paperwire is in another Slack workspace ({workspace}).", hint="Name that one.")
        return settings.bot_token.reveal()

    async with AsyncExitStack() as stack:
        if settings.listening:
            app = _app(settings)
            Listener(service=service, manners=settings.manners).join(app)
            token = settings.app_token.reveal()
            await stack.enter_async_context(line(app, token, settings.api_url, stuck_after=settings.stuck_after))
        yield SlackRoom(Web(settings.api_url, token_of))


def _app(settings: SlackSettings) -> AsyncApp:
    client = new_client(settings.bot_token.reveal(), settings.api_url)
    return AsyncApp(client=client, request_verification_enabled=False)


async def _workspace(settings: SlackSettings) -> str:
    """Return the workspace of the bot token.

    Raises:
        SettingsError: it is missing, of the wrong kind or not valid, or Slack cannot be asked.
    """
    if not settings.bot_token or (settings.listening and not settings.app_token):
        missing = "slack.app_token" if settings.bot_token else "slack.bot_token"
        raise SettingsError(f"{missing} is not set.", hint="docs/how-to/slack.md shows where to find it.")
    client = new_client(settings.bot_token.reveal(), settings.api_url)
    try:
        answer = await client.auth_test()
    except SlackApiError as error:
        said = said_by(error)[0]
        raise SettingsError(f"Slack does not take slack.bot_token: {said}.", hint=_HINTS.get(said, "")) from error
    except (OSError, TimeoutError) as error:
        raise SettingsError(
            f"Slack cannot be reached: {error}.", hint="Check the network, or slack.api_url."
        ) from error
    return str(answer["team_id"])


_HINTS = {
    "invalid_auth": "Copy the Bot User OAuth Token again, from OAuth & Permissions.",
    "token_revoked": "Install the app again, and copy its new token.",
    "account_inactive": "Install the app again, and copy its new token.",
    "not_allowed_token_type": "It must be the bot token, which begins with xoxb-.",
}
