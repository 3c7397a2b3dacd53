"""What is registered for Discord: its settings, and how they become a connection. Its library loads with that."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any

from bots.config.settings import TABLE
from bots.ports import Adapter, AdapterPlugin
from bots.usecases.service import Service

if TYPE_CHECKING:
    from bots.discord.settings import DiscordSettings


def discord_settings(given: Mapping[str, Any], *, listening: bool) -> "DiscordSettings":
    """Return what the adapter is told, from what was set by name and the general time zone."""
    from bots.discord.settings import AccessPolicy, ConnectionMode, DiscordSettings, MessageFormat, WhoMay

    return DiscordSettings(
        **{name: given[name] for name in ("token", "listen", "dev_server", "api_url", "gateway_url", "timezone")},
        way=ConnectionMode(given["way"]),
        look=MessageFormat(given["look"]),
        publish=given["publish"] == "yes",
        access_policy=AccessPolicy(who_may=WhoMay(given["who_may"])),
        listening=listening,
    )


def connect(given: Mapping[str, Any], service: Service, *, listening: bool) -> AbstractAsyncContextManager[Adapter]:
    """Return Discord's connection as it is set."""
    from bots.discord.app import connect as connect_discord

    return connect_discord(discord_settings(given, listening=listening), service)


PLUGIN = AdapterPlugin(
    section="discord",
    settings=tuple(each for each in TABLE if each.section == "discord"),
    # Whoever chose a way or a server means to use Discord, and is told that the token is missing.
    meant_by=("token", "way", "dev_server"),
    shared=("timezone",),
    connect=connect,
    listens=True,
)
