"""What the Discord room is told, and which of the two ways to Discord that sets up."""

from dataclasses import dataclass, field
from enum import StrEnum
from zoneinfo import ZoneInfo

from bots.usecases.quotas import Quota
from summarizer import Secret

#: Where the token is found.
WHERE_IT_IS = "discord.com/developers/applications, your application, Bot, Reset Token. See docs/how-to/discord.md."


class ConnectionMode(StrEnum):
    """How what people do reaches us."""

    #: A line that we open: one token, no public address.
    GATEWAY = "gateway"
    #: Discord posts it, signed, to an address of ours.
    HTTP = "http"


class MessageFormat(StrEnum):
    """What messages are made of."""

    #: Components V2: containers, sections, buttons beside each paper.
    CARDS = "cards"
    #: Embeds, as messages were before 2025.
    EMBEDS = "embeds"


class WhoMay(StrEnum):
    """Who may change a channel's subscriptions: whoever has this permission there."""

    CHANNELS = "manage_channels"
    SERVER = "manage_server"
    ANYONE = "anyone"


@dataclass(frozen=True, kw_only=True, slots=True)
class AccessPolicy:
    """Who may do what, and how much."""

    who_may: WhoMay = WhoMay.CHANNELS
    quota: Quota = field(default_factory=lambda: Quota(kind="request", person=300, workspace=10_000))
    #: Requests of one person at the same time; more is a hand that slipped, or a script.
    at_once: int = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class DiscordSettings:
    """How Discord is reached and spoken to."""

    token: Secret = field(default_factory=Secret)
    way: ConnectionMode = ConnectionMode.GATEWAY
    #: Host and port of this machine, for the way over HTTP.
    listen: tuple[str, int] = ("127.0.0.1", 3001)
    #: The commands go to this server only, where they are there at once; empty offers them everywhere.
    dev_server: str = ""
    look: MessageFormat = MessageFormat.CARDS
    #: Whether digests in announcement channels are published to the servers that follow them.
    publish: bool = False
    api_url: str = "https://discord.com/api/v10"
    #: Empty takes the address that Discord names.
    gateway_url: str = ""
    access_policy: AccessPolicy = field(default_factory=AccessPolicy)
    #: Of an order whose place tells no time zone.
    timezone: ZoneInfo = ZoneInfo("UTC")
    #: Seconds between two looks for servers that have removed us.
    look_every: float = 3600.0
    #: Whether people are listened to; a command that only posts need not.
    listening: bool = True
