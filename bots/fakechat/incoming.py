"""A person's message becomes a request, if it speaks to the bot: pure."""

import re
from datetime import date

from bots.commands import parse_command
from bots.domain.channels import Channel
from bots.domain.requests import Request
from bots.fakechat.chat import BOT, Message
from bots.fakechat.markup import unescape

#: How the bot is spoken to: by its mention, or its name as one types it.
_ADDRESSED = re.compile(rf"\s*(?:<@{BOT}>|[@/]?paperwire\b)[\s:,]*", re.IGNORECASE)


def is_addressed(message: Message) -> bool:
    """Tell whether a message speaks to the bot; what the bot itself wrote never does."""
    return message.user != BOT and _ADDRESSED.match(_text(message)) is not None


def read(message: Message, *, today: date | None = None) -> Request:
    """Return the request that a message stands for.

    Raises:
        RequestError: it cannot be done as written.
    """
    words = _ADDRESSED.sub("", _text(message), count=1)
    return parse_command(words, channel=channel_of(message.channel), user=message.user, today=today)


def channel_of(name: str) -> Channel:
    """Return the channel of that name in the fake chat; `team/room` is a room of a workspace."""
    workspace, _, room = name.rpartition("/")
    return Channel(platform="fakechat", workspace=workspace, channel=room)


def name_of(channel: Channel) -> str:
    """Return the fake chat's name of a channel."""
    return "/".join(filter(None, (channel.workspace, channel.channel)))


def _text(message: Message) -> str:
    return unescape("\n".join(message.blocks))
