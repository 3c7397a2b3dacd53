"""Read from an interaction for which channel the subscription form is opened, and what Discord tells of it. Pure."""

from bots.chat.untrusted import at, text_at
from bots.discord.actions import OpenSubscribe
from bots.discord.payloads import Location, number_at, resolved
from bots.domain.channels import Channel


def opened(payload: object, location: Location, named: str) -> OpenSubscribe:
    """Return the action that opens the form for a channel that a person named, or for theirs if they named none."""
    if not named:
        return opened_here(payload, location)
    told = resolved(payload, "channels", named)
    # Discord has sent it since July 2026, and only if the bot is in the server (docs.discord.com, Change Log).
    ours = number_at(told, "app_permissions") if text_at(told, "app_permissions") else None
    channel = Channel(platform=location.channel.platform, workspace=location.channel.workspace, channel=named)
    return OpenSubscribe(
        location=location,
        channel=channel,
        ours=ours,
        theirs=number_at(told, "permissions"),
        kind=number_at(told, "type"),
        about=told,
    )


def opened_here(payload: object, location: Location) -> OpenSubscribe:
    """Return the action that opens the form for the channel of an interaction."""
    return OpenSubscribe(
        location=location,
        channel=location.channel,
        ours=location.ours,
        kind=location.kind,
        about=at(payload, "channel"),
    )
