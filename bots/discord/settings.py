"""Settings of the Discord adapter, including its connection mode."""

from dataclasses import dataclass, field
from enum import StrEnum
from zoneinfo import ZoneInfo

from bots.domain.shards import ShardChoice
from bots.usecases.quotas import Quota
from summarizer import Secret

#: Where the operator finds the token.
WHERE_IT_IS = "discord.com/developers/applications, your application, Bot, Reset Token. See docs/how-to/discord.md."


class ConnectionMode(StrEnum):
    """How interactions reach us."""

    #: A connection that we open: one token, no public address.
    GATEWAY = "gateway"
    #: Discord posts signed interactions to our address.
    HTTP = "http"


class MessageFormat(StrEnum):
    """The format of messages."""

    #: Components V2: containers, sections, buttons beside each paper.
    CARDS = "cards"
    #: Embeds, the format of messages before 2025.
    EMBEDS = "embeds"


class WhoMay(StrEnum):
    """The permission that a person needs in a channel to change its subscriptions."""

    CHANNELS = "manage_channels"
    SERVER = "manage_server"
    ANYONE = "anyone"


@dataclass(frozen=True, kw_only=True, slots=True)
class AccessPolicy:
    """Who may change subscriptions, and how many requests a person may make."""

    who_may: WhoMay = WhoMay.CHANNELS
    quota: Quota = field(default_factory=lambda: Quota(kind="request", person=300, workspace=10_000))
    #: Concurrent requests of one person; more are a slip of the hand, or a script.
    at_once: int = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class DiscordSettings:
    """Settings for the connection to Discord and for the messages."""

    token: Secret = field(default_factory=Secret)
    way: ConnectionMode = ConnectionMode.GATEWAY
    #: Host and port on this machine, for HTTP mode.
    listen: tuple[str, int] = ("127.0.0.1", 3001)
    #: Register the commands in this server only, where they are available at once; empty registers them everywhere.
    dev_server: str = ""
    look: MessageFormat = MessageFormat.CARDS
    #: Whether digests in announcement channels are published to the servers that follow them.
    publish: bool = False
    api_url: str = "https://discord.com/api/v10"
    #: Empty uses the address that Discord returns.
    gateway_url: str = ""
    #: The shards that this process connects.
    shards: ShardChoice = field(default_factory=ShardChoice)
    #: Seconds after which another process may take over the shards of one that has renewed its leases no more. They are
    #: renewed three times within that, and a takeover is noticed within another third: 34 s in all.
    shard_lease: float = 25.0
    access_policy: AccessPolicy = field(default_factory=AccessPolicy)
    #: Time zone of a new subscription if no better one is known.
    timezone: ZoneInfo = ZoneInfo("UTC")
    #: Seconds between two checks for servers that have removed us.
    look_every: float = 3600.0
    #: Whether to receive interactions; a command that only posts does not need to.
    listening: bool = True
