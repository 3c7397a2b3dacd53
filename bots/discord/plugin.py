"""The plug-in record of Discord: its settings, and the function that connects it and loads its library."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any

from bots.config.settings_table import TABLE
from bots.ports import Adapter, AdapterPlugin
from bots.usecases.service import Service

if TYPE_CHECKING:
    from bots.discord.settings import DiscordSettings


def discord_settings(given: Mapping[str, Any], *, listening: bool) -> "DiscordSettings":
    """Return the adapter's settings from the values by name, with the general time zone."""
    from bots.discord.settings import AccessPolicy, ConnectionMode, DiscordSettings, MessageFormat, WhoMay

    return DiscordSettings(
        **{
            name: given[name]
            for name in ("token", "listen", "shards", "dev_server", "api_url", "gateway_url", "timezone")
        },
        way=ConnectionMode(given["way"]),
        look=MessageFormat(given["look"]),
        publish=given["publish"] == "yes",
        access_policy=AccessPolicy(who_may=WhoMay(given["who_may"])),
        listening=listening,
    )


def connect(given: Mapping[str, Any], service: Service, *, listening: bool) -> AbstractAsyncContextManager[Adapter]:
    """Return the connection to Discord with these settings."""
    from bots.discord.app import connect as connect_discord

    return connect_discord(discord_settings(given, listening=listening), service)


PLUGIN = AdapterPlugin(
    section="discord",
    settings=tuple(each for each in TABLE if each.section == "discord"),
    # Setting a connection mode or a server indicates that Discord is used; the error then reports the missing token.
    meant_by=("token", "way", "dev_server"),
    shared=("timezone",),
    connect=connect,
    listens=True,
)
