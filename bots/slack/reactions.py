"""Reads the event of a reaction. Pure functions."""

from bots.chat.untrusted import at, text_at
from bots.domain.errors import BadCommand
from bots.slack.payloads import location_of_event
from bots.usecases.reactions import Reaction


def read_reaction(body: object) -> Reaction | None:
    """Return the reaction in an event; None if it is not on a message of the app's, or cannot be read."""
    event, item = at(body, "event"), at(body, "event", "item")
    if text_at(item, "type") != "message":
        return None
    try:
        where = location_of_event({**_dict(body), "event": {**_dict(event), "channel": text_at(item, "channel")}})
    except BadCommand:
        return None
    return Reaction(
        channel=where.channel,
        message=text_at(item, "ts"),
        user=where.user,
        name=text_at(event, "reaction"),
        removed=text_at(event, "type") == "reaction_removed",
    )


def _dict(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}
