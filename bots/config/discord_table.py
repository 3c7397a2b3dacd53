"""The settings of Discord."""

from bots.config.values import Setting, address, host_and_port, key, one_of, snowflake, text
from bots.domain.shards import read_shards

DISCORD: tuple[Setting, ...] = (
    Setting(
        section="discord",
        name="token",
        default="",
        says="The bot's token, from discord.com/developers/applications: your application, Bot, Reset Token.",
        read=key,
        secret=True,
    ),
    Setting(
        section="discord",
        name="way",
        default="gateway",
        says="How Discord sends interactions to Paperwire: gateway, without a public address; or http, by posting them "
        "to /discord/interactions on your server.",
        read=one_of("gateway", "http"),
    ),
    Setting(
        section="discord",
        name="listen",
        default="127.0.0.1:3001",
        says="The address on which Paperwire listens for Discord over HTTP, behind your web server, which handles TLS.",
        read=host_and_port,
    ),
    Setting(
        section="discord",
        name="shards",
        default="auto",
        says="The shards of Discord's gateway that this process connects: auto shares as many as Discord recommends "
        "with the other processes on the same database; 8 shares that many; 0-3/8 connects these of that many.",
        read=read_shards,
    ),
    Setting(
        section="discord",
        name="dev_server",
        default="",
        says="For development: register the commands only in the server with this id. Empty: everywhere.",
        read=snowflake,
    ),
    Setting(
        section="discord",
        name="who_may",
        default="manage_channels",
        says="Who may change a channel's subscriptions: members with the permission manage_channels or manage_server "
        "there, or anyone.",
        read=one_of("manage_channels", "manage_server", "anyone"),
    ),
    Setting(
        section="discord",
        name="look",
        default="cards",
        says="The layout of messages: cards, or embeds for servers whose members use old clients.",
        read=one_of("cards", "embeds"),
    ),
    Setting(
        section="discord",
        name="publish",
        default="no",
        says="Whether digests in announcement channels are published to the servers that follow them: yes or no.",
        read=one_of("yes", "no"),
    ),
    Setting(
        section="discord",
        name="api_url",
        default="https://discord.com/api/v10",
        says="The address of Discord's API.",
        read=address,
    ),
    Setting(
        section="discord",
        name="gateway_url",
        default="",
        says="The address of Discord's gateway, wss://…. Empty: Discord names it.",
        read=text,
    ),
)
