"""What Discord's documents demand beyond its OpenAPI description: the door to all 28 rules.

Each is numbered in the docstring of the function that holds it. The rules stand beside the description's check and do
not replace it: what that finds by itself is not found here again. They keep quiet about values of a wrong type.
"""

from collections.abc import Iterable
from typing import Any

from tests.fakes.discord import rules_commands, rules_components, rules_messages
from tests.fakes.discord.rules_messages import Draft, Kind
from tests.fakes.discord.wrong import Json, Path, Wrong

__all__ = ["Kind", "autocomplete", "callback", "command", "commands", "message", "modal"]

#: How the `data` of an interaction's first answer is to be read; docs.discord.com, Receiving and Responding.
_MESSAGES = {4: Kind.CALLBACK, 5: Kind.DEFERRED, 7: Kind.WEBHOOK_EDIT}
_SUGGESTIONS, _MODAL = 8, 9


def message(body: object, *, kind: Kind, v2: bool = False, files: int = 0, under: Path = ()) -> tuple[Wrong, ...]:
    """Return what is wrong with a message.

    Args:
        body: what is sent; for a forum post all of it, for a callback its `data`.
        v2: whether the message that is edited has the flag for components already.
        files: how many files travel beside the body.
        under: where the body stands in what was sent.
    """
    if kind is Kind.FORUM_POST:
        return _placed(rules_messages.of_forum_post(_object(body), files=files), under)
    return _placed(rules_messages.of_message(Draft(body=_object(body), kind=kind, has_v2=v2, files=files)), under)


def modal(data: object, *, under: Path = ()) -> tuple[Wrong, ...]:
    """Return what is wrong with a modal, given the `data` of its callback."""
    return _placed(rules_components.of_modal(_object(data).get("components"), path=("components",)), under)


def commands(bodies: object) -> tuple[Wrong, ...]:
    """Return what is wrong with a whole list of commands, that is with all that an app has in one place."""
    return tuple(rules_commands.of_list(bodies))


def command(body: object) -> tuple[Wrong, ...]:
    """Return what is wrong with one command."""
    return tuple(rules_commands.of_command(_object(body)))


def autocomplete(data: object, *, under: Path = ()) -> tuple[Wrong, ...]:
    """Return what is wrong with suggestions, given the `data` of their callback."""
    return _placed(rules_commands.of_autocomplete(_object(data)), under)


def callback(body: object, *, v2: bool = False, files: int = 0) -> tuple[Wrong, ...]:
    """Return what is wrong with an interaction's first answer, whatever its type; `v2` as with messages."""
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
