"""Parse a typed line into a request. Pure functions."""

from dataclasses import replace
from datetime import date

from bots.commands import parse_command
from bots.domain.channels import Channel
from bots.domain.requests import Request

#: A terminal is one channel, without a workspace.
CHANNEL = Channel(platform="console", channel="terminal")


def read(typed: str, *, user: str = "", today: date | None = None) -> Request:
    """Return the request in a typed line.

    Args:
        typed: a command with its words, such as `search kv cache`; a pasted abstract may span lines.
        user: the operating system's name of the person who typed it.
        today: the date from which "today" and "yesterday" are counted.

    Raises:
        RequestError: the line is not a valid request.
    """
    # Hints name a command as chats with slash commands take it.
    request = parse_command(typed.removeprefix("/paper "), channel=CHANNEL, user=user, today=today)
    # A person at this terminal can already read the machine's files.
    return replace(request, trusted=True)
