"""Handwritten interactions in Discord's format, for the tests of the readers."""

from typing import Any

Json = dict[str, Any]


def interaction(kind: int, data: Json, **more: Any) -> Json:
    """Return an interaction of Ada's in a channel of a server."""
    return {
        "id": "900",
        "application_id": "1",
        "type": kind,
        "token": "word",
        "version": 1,
        "guild_id": "77",
        "channel_id": "22",
        "channel": {"id": "22", "type": 0},
        "member": {"user": {"id": "5"}, "permissions": "16"},
        "app_permissions": str((1 << 10) | (1 << 11) | (1 << 16) | (1 << 35) | (1 << 38)),
        "locale": "en-US",
        "authorizing_integration_owners": {"0": "77"},
        "data": data,
        **more,
    }


def slash(path: str, **given: object) -> Json:
    """Return a slash command as a person types it: `slash("paper lookup", paper="1706.03762")`."""
    name, *inner = path.split()
    options: list[Json] = [{"type": 3, "name": option, "value": value} for option, value in given.items()]
    for word in reversed(inner):
        options = [{"type": 1, "name": word, "options": options}]
    return interaction(2, {"id": "1", "name": name, "type": 1, "options": options})


def control(custom_id: str, *values: str, **more: Any) -> Json:
    """Return the interaction for a click on a button, or for values chosen in a menu."""
    data = {"custom_id": custom_id, "component_type": 3 if values else 2, "values": list(values)}
    return interaction(3, data, **{"message": {"id": "333", "components": []}, **more})


def on_message(message: Json) -> Json:
    """Return the interaction for the menu command on a message."""
    resolved = {"messages": {"444": message}}
    return interaction(2, {"id": "1", "name": "Summarize", "type": 3, "target_id": "444", "resolved": resolved})


def window(custom_id: str, **fields: str) -> Json:
    """Return the interaction for a submitted modal."""
    components = [
        {"type": 18, "component": {"type": 4, "custom_id": name, "value": said}} for name, said in fields.items()
    ]
    return interaction(5, {"custom_id": custom_id, "components": components})
