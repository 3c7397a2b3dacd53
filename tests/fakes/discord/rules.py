"""The entry point to the 30 rules that Discord's documents state and its OpenAPI spec does not.

The docstring of the function that checks a rule has its number. The rules add to the validation against the spec: an
error that the spec finds is not reported again, and values of a wrong type are ignored.
"""

from collections.abc import Iterable
from typing import Any

from tests.fakes.discord import rules_commands, rules_components, rules_messages
from tests.fakes.discord.rules_messages import Draft, Kind
from tests.fakes.discord.wrong import Json, Path, Wrong

__all__ = ["Kind", "autocomplete", "callback", "command", "commands", "message", "modal"]

#: The kind of message by the type of the initial response; docs.discord.com, Receiving and Responding.
_MESSAGES = {4: Kind.CALLBACK, 5: Kind.DEFERRED, 7: Kind.WEBHOOK_EDIT}
_SUGGESTIONS, _MODAL = 8, 9


def message(body: object, *, kind: Kind, v2: bool = False, files: int = 0, under: Path = ()) -> tuple[Wrong, ...]:
    """Return the errors in a message.

    Args:
        body: the request body; for a forum post the whole body, for a callback its `data`.
        kind: the kind of request.
        v2: whether the edited message already has the Components V2 flag.
        files: the number of files uploaded with the body.
        under: the path of the body within the request.
    """
    if kind is Kind.FORUM_POST:
        return _placed(rules_messages.of_forum_post(_object(body), files=files), under)
    return _placed(rules_messages.of_message(Draft(body=_object(body), kind=kind, has_v2=v2, files=files)), under)


def modal(data: object, *, under: Path = ()) -> tuple[Wrong, ...]:
    """Return the errors in a modal, which is the `data` of its callback."""
    return _placed(rules_components.of_modal(_object(data).get("components"), path=("components",)), under)


def commands(bodies: object) -> tuple[Wrong, ...]:
    """Return the errors in the complete list of an app's commands in one place."""
    return tuple(rules_commands.of_list(bodies))


def command(body: object) -> tuple[Wrong, ...]:
    """Return the errors in one command."""
    return tuple(rules_commands.of_command(_object(body)))


def autocomplete(data: object, *, under: Path = ()) -> tuple[Wrong, ...]:
    """Return the errors in suggestions, which are the `data` of their callback."""
    return _placed(rules_commands.of_autocomplete(_object(data)), under)


def callback(body: object, *, v2: bool = False, files: int = 0) -> tuple[Wrong, ...]:
    """Return the errors in an initial response of any type; `v2` as in `message`."""
    said = _object(body)
    kind, data = said.get("type"), _object(said.get("data"))
    if kind == _MODAL:
        return modal(data, under=("data",))
    if kind == _SUGGESTIONS:
        return autocomplete(data, under=("data",))
    if isinstance(kind, int) and kind in _MESSAGES:
        return message(data, kind=_MESSAGES[kind], v2=v2, files=files, under=("data",))
    return ()


def _object(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def _placed(wrongs: Iterable[Wrong], under: Path) -> tuple[Wrong, ...]:
    return tuple(each.under(*under) for each in wrongs)
