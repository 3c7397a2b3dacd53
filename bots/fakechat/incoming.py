"""Parse a person's message into a request if it addresses the bot. Pure functions."""

import re
from datetime import date

from bots.commands import parse_command
from bots.domain.channels import Channel
from bots.domain.requests import Request
from bots.fakechat.chat import BOT, Message
from bots.fakechat.markup import unescape

#: How a message addresses the bot: with a mention, with its typed name, or with the command that hints name.
_ADDRESSED = re.compile(rf"\s*(?:<@{BOT}>|[@/]?paperwire\b|/paper\b)[\s:,]*", re.IGNORECASE)


def is_addressed(message: Message) -> bool:
    """Return whether a message addresses the bot; the bot's own messages never do."""
    return message.user != BOT and _ADDRESSED.match(_text(message)) is not None


def read(message: Message, *, today: date | None = None) -> Request:
    """Return the request in a message.

    Raises:
        RequestError: the message is not a valid request.
    """
    words = _ADDRESSED.sub("", _text(message), count=1)
    return parse_command(words, channel=channel_of(message.channel), user=message.user, today=today)


def channel_of(name: str) -> Channel:
    """Return the channel for a name in the fake chat; `team/room` is the channel `room` of the workspace `team`."""
    workspace, _, room = name.rpartition("/")
    return Channel(platform="fakechat", workspace=workspace, channel=room)


def name_of(channel: Channel) -> str:
    """Return the name of a channel in the fake chat."""
    return "/".join(filter(None, (channel.workspace, channel.channel)))


def _text(message: Message) -> str:
    return unescape("\n".join(message.blocks))
