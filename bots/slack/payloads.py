"""Read untrusted Slack payloads: any field may be missing or of another type. Pure functions."""

import json
from dataclasses import dataclass

from bots.chat.untrusted import at, text_at
from bots.domain.channels import Channel, Reader
from bots.domain.errors import BadCommand
from bots.translation.speech import gettext


@dataclass(frozen=True, kw_only=True, slots=True)
class Location:
    """The location of an action: its channel, its person, and the ids that a response needs."""

    channel: Channel
    user: str
    #: Timestamp of the message that was posted, clicked in or chosen; empty if none.
    message: str = ""
    #: Timestamp of the first message of its thread; empty outside a thread.
    thread: str = ""
    #: Trigger id for opening a modal; expires after three seconds.
    trigger: str = ""
    response_url: str = ""
    #: The view that was clicked in, and its hash at that time.
    view: str = ""
    view_hash: str = ""
    #: Whether the view is the home tab.
    home: bool = False
    #: The person's direct messages with the bot, if the view is the home tab or was opened from it; else empty.
    direct: str = ""

    @property
    def reader(self) -> Reader:
        """The acting person."""
        return Reader(platform=self.channel.platform, workspace=self.channel.workspace, user=self.user)


def unreadable() -> BadCommand:
    """Return the error for a payload that none of our controls can have sent."""
    return BadCommand(
        gettext("Paperwire could not read this request from Slack."),
        hint=gettext("Try again. /paper help lists the commands."),
    )


def first_text(payload: object, *paths: tuple[str | int, ...]) -> str:
    """Return the first non-empty text at one of the paths; empty if no path holds one."""
    return next(filter(None, (text_at(payload, *path) for path in paths)), "")


def location_of(payload: object) -> Location:
    """Return the location of a command or an interaction.

    Raises:
        BadCommand: the payload names no workspace, no channel or no person.
    """
    user = first_text(payload, ("user", "id"), ("user_id",))
    channel = first_text(payload, ("channel", "id"), ("channel_id",), ("container", "channel_id"))
    direct = metadata_of(at(payload, "view"), "home")
    channel = channel or metadata_of(at(payload, "view"), "channel") or direct
    return Location(
        # Shortcuts, and a home tab that 0.1.0 drew, carry no channel: the reply goes to the person's direct messages
        # with the bot.
        channel=channel_in(_workspace(payload), channel or user),
        user=_needed(user),
        message=first_text(payload, ("message", "ts"), ("message_ts",), ("container", "message_ts")),
        thread=first_text(payload, ("message", "thread_ts"), ("container", "thread_ts")),
        trigger=text_at(payload, "trigger_id"),
        response_url=text_at(payload, "response_url"),
        view=text_at(payload, "view", "id"),
        view_hash=text_at(payload, "view", "hash"),
        home=text_at(payload, "view", "type") == "home",
        direct=direct,
    )


def metadata_of(view: object, name: str) -> str:
    """Return the value that we stored in a view's metadata under a name; empty if it has none."""
    try:
        return text_at(json.loads(text_at(view, "private_metadata")), name)
    except (ValueError, RecursionError):
        return ""


def channel_of_event(body: object) -> Channel:
    """Return the channel of an event, which may name no person.

    Raises:
        BadCommand: the event names no workspace or no channel.
    """
    return channel_in(_workspace(body), text_at(body, "event", "channel"))


def location_of_event(body: object) -> Location:
    """Return the location of an event; `body` is the whole envelope with its `event`.

    Raises:
        BadCommand: the event names no workspace, no channel or no person.
    """
    event = at(body, "event")
    return Location(
        channel=channel_of_event(body),
        user=_needed(text_at(event, "user")),
        message=first_text(event, ("message_ts",), ("ts",)),
        thread=text_at(event, "thread_ts"),
    )


def is_personal(location: Location) -> bool:
    """Return whether an action belongs to a person alone: to their direct messages, the home tab or no channel."""
    return bool(location.direct) or is_own(location.channel, location.user)


def is_own(channel: Channel, user: str) -> bool:
    """Return whether a channel is a person's direct messages with the bot, by its id or by the person's."""
    return channel.channel.startswith("D") or channel.channel == user


def channel_in(workspace: str, channel: str) -> Channel:
    """Return a Slack channel.

    Raises:
        BadCommand: the workspace or the channel is missing.
    """
    return Channel(platform="slack", workspace=_needed(workspace), channel=_needed(channel))


def _workspace(payload: object) -> str:
    """Return the workspace that the app is installed in, or the organisation if it is installed organisation-wide.

    In a channel shared between companies the person's own workspace may be another one. With an organisation-wide
    installation, the workspace is named only in the fields read after `authorizations`.
    """
    return first_text(
        payload,
        ("view", "app_installed_team_id"),
        ("authorizations", 0, "team_id"),
        ("context_team_id",),
        ("team", "id"),
        ("team_id",),
        ("view", "team_id"),
        ("user", "team_id"),
        ("enterprise", "id"),
        ("enterprise_id",),
    )


def _needed(text: str) -> str:
    if not text:
        raise unreadable()
    return text
