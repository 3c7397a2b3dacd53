"""Reads a raw reaction of the gateway. Pure functions."""

from bots.chat.untrusted import at, text_at
from bots.discord.payloads import PLATFORM
from bots.domain.channels import Channel
from bots.usecases.reactions import Reaction


def read_reaction(payload: object, *, removed: bool) -> Reaction | None:
    """Return a reaction (docs.discord.com, Gateway Events, Message Reaction Add); None for a server's own emoji.

    The channel is left open: the later messages of a digest are in its thread, which has an id of its own, and the ids
    of messages are unique.
    """
    user, message = text_at(payload, "user_id"), text_at(payload, "message_id")
    if not user or not message or text_at(payload, "emoji", "id") or at(payload, "member", "user", "bot"):
        return None
    return Reaction(
        channel=Channel(platform=PLATFORM, workspace=text_at(payload, "guild_id")),
        message=message,
        user=user,
        name=text_at(payload, "emoji", "name"),
        removed=removed,
    )
