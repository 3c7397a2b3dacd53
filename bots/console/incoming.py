"""What was typed becomes a request: pure."""

from dataclasses import replace
from datetime import date

from bots.commands import parse_command
from bots.domain.channels import Channel
from bots.domain.requests import Request

#: One terminal is one channel: it has no workspace and no rooms.
CHANNEL = Channel(platform="console", channel="terminal")


def read(typed: str, *, user: str = "", today: date | None = None) -> Request:
    """Return the request that a typed line stands for.

    Args:
        typed: a command with its words, such as `search kv cache`; a pasted abstract may span lines.
        user: who typed it, as the operating system knows them.
        today: what "today" and "yesterday" are counted from.

    Raises:
        RequestError: it cannot be done as typed.
    """
    request = parse_command(typed, channel=CHANNEL, user=user, today=today)
    # Who types here sits at this machine and may read its files as it is.
    return replace(request, trusted=True)
