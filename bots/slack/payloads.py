"""What Slack sends, read without trust: any field may be missing or of another kind. Pure."""

import json
from dataclasses import dataclass

from bots.chat.untrusted import at, text_at
from bots.domain.channels import Channel
from bots.domain.errors import BadCommand


@dataclass(frozen=True, kw_only=True, slots=True)
class Location:
    """Where something happened, who did it, and by what the answer finds its way back."""

    channel: Channel
    user: str
    #: The timestamp of the message that was written, pressed or chosen; empty where there was none.
    message: str = ""
    #: The timestamp of the first message of its thread; empty where it stands in none.
    thread: str = ""
    #: Opens a modal, within three seconds.
    trigger: str = ""
    response_url: str = ""
    #: The view that was pressed in, and what it was when it was pressed.
    view: str = ""
    view_hash: str = ""
    #: Whether that view is the home tab.
    home: bool = False


def unreadable() -> BadCommand:
    """Return the error for what cannot have come from something we showed."""
    return BadCommand(
        "Slack sent something that cannot be read.", hint="Try again; /paper help shows what can be asked."
    )


def first_text(payload: object, *paths: tuple[str | int, ...]) -> str:
    """Return the first text there is at one of the paths; empty where there is none."""
    return next(filter(None, (text_at(payload, *path) for path in paths)), "")


def location_of(payload: object) -> Location:
    """Return where a command or an interaction happened.

    Raises:
        BadCommand: it names no workspace, no channel or no person.
    """
    user = first_text(payload, ("user", "id"), ("user_id",))
    channel = first_text(payload, ("channel", "id"), ("channel_id",), ("container", "channel_id"))
    channel = channel or metadata_of(at(payload, "view"), "channel")
    return Location(
        # From the home tab and from shortcuts the only place to answer is the person's own conversation with us.
        channel=channel_in(_workspace(payload), channel or user),
        user=_needed(user),
        message=first_text(payload, ("message", "ts"), ("message_ts",), ("container", "message_ts")),
        thread=first_text(payload, ("message", "thread_ts"), ("container", "thread_ts")),
        trigger=text_at(payload, "trigger_id"),
        response_url=text_at(payload, "response_url"),
        view=text_at(payload, "view", "id"),
        view_hash=text_at(payload, "view", "hash"),
        home=text_at(payload, "view", "type") == "home",
    )


def metadata_of(view: object, name: str) -> str:
    """Return what we wrote down with a view under a name; empty where there is nothing."""
    try:
        return text_at(json.loads(text_at(view, "private_metadata")), name)
    except (ValueError, RecursionError):
        return ""


def location_of_event(body: object) -> Location:
    """Return where an event happened; `body` is the whole envelope with its `event`.

    Raises:
        BadCommand: it names no workspace, no channel or no person.
    """
    event = at(body, "event")
    return Location(
        channel=channel_in(_workspace(body), text_at(event, "channel")),
        user=_needed(text_at(event, "user")),
        message=first_text(event, ("message_ts",), ("ts",)),
        thread=text_at(event, "thread_ts"),
    )


def channel_in(workspace: str, channel: str) -> Channel:
    """Return a channel of Slack.

    Raises:
        BadCommand: one of the two is missing.
    """
    return Channel(platform="slack", workspace=_needed(workspace), channel=_needed(channel))


def _workspace(payload: object) -> str:
    """Return the workspace that the app is installed in, or the enterprise where it is installed in all of it.

    In a channel shared between companies the person's own workspace may be another. Where an organisation installed
    the app for all of its workspaces, only what comes after `authorizations` names one.
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
