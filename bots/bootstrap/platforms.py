"""Which platforms are set up, and the rooms that join them: part of where concrete classes meet."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import TYPE_CHECKING

from bots.config.settings import Settings
from bots.ports import Adapter
from bots.usecases.service import Service

if TYPE_CHECKING:
    from bots.discord.settings import DiscordSettings
    from bots.slack.settings import SlackSettings

#: Whoever sets one of these means to use Slack.
_SLACK = ("bot_token", "app_token", "client_id", "client_secret", "signing_secret")

#: A room that connects an adapter for as long as its block lasts.
Connector = Callable[[Service], AbstractAsyncContextManager[Adapter]]


def platforms(settings: Settings, *, listening: bool) -> tuple[Connector, ...]:
    """Return the rooms of the platforms that are set up.

    Args:
        settings: what was set.
        listening: whether people who speak there are answered.
    """
    connectors: list[Connector] = []
    slack = slack_settings(settings, listening=listening)
    if slack is not None:
        from bots.slack.app import connect as connect_slack

        connectors.append(partial(connect_slack, slack))
    discord = discord_settings(settings, listening=listening)
    if discord is not None:
        from bots.discord.app import connect as connect_discord

        connectors.append(partial(connect_discord, discord))
    return tuple(connectors)


def slack_settings(settings: Settings, *, listening: bool) -> "SlackSettings | None":
    """Return what the Slack room is told; None where nobody means to use Slack."""
    if not any(settings.slack.get(name) for name in _SLACK):
        return None
    from bots.slack.settings import AccessPolicy, SlackSettings

    return SlackSettings(
        **{name: settings.slack[name] for name in ("api_url", "public_url", "listen", "token_keys", *_SLACK)},
        unfurl=settings.slack["unfurl"] == "yes",
        listening=listening,
        access_policy=AccessPolicy(admins_only=settings.slack["who_may"] == "admins"),
    )


def discord_settings(settings: Settings, *, listening: bool) -> "DiscordSettings | None":
    """Return what the Discord room is told; None where nobody means to use Discord."""
    told = settings.discord
    # Who chose a way or a server means to use Discord, and is told that the token is missing.
    if not told or not (told["token"] or told["way"] != "gateway" or told["dev_server"]):
        return None
    from bots.discord.settings import AccessPolicy, ConnectionMode, DiscordSettings, MessageFormat, WhoMay

    return DiscordSettings(
        **{name: told[name] for name in ("token", "listen", "dev_server", "api_url", "gateway_url")},
        way=ConnectionMode(told["way"]),
        look=MessageFormat(told["look"]),
        publish=told["publish"] == "yes",
        access_policy=AccessPolicy(who_may=WhoMay(told["who_may"])),
        timezone=settings.timezone,
        listening=listening,
    )
