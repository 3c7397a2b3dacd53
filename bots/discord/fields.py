"""Modals and their fields: labels, text inputs, menus and file uploads. Pure functions."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from bots.chat.phrases import clean, cut

Json = dict[str, Any]
# docs.discord.com, Component Reference and Interaction Callback: the limits of each.
MAX_TITLE = 45
MAX_FIELD = 4000
_MAX_LABEL = 45
_MAX_DESCRIPTION = 100
_MAX_PLACEHOLDER = 100
_MAX_OPTION = 100
MOST_OPTIONS = 25
_MAX_ID = 100
_LABEL, _TEXT_INPUT, _SELECT, _CHANNEL_SELECT, _FILE = 18, 4, 3, 8, 19
_ONE_LINE, _PARAGRAPH = 1, 2


def modal(custom_id: str, title: str, fields: Iterable[Json]) -> Json:
    """Return a modal; Discord allows at most five fields."""
    return {"custom_id": custom_id[:_MAX_ID], "title": cut(title, MAX_TITLE), "components": list(fields)}


def text_input(
    name: str,
    label: str,
    value: str = "",
    *,
    hint: str = "",
    placeholder: str = "",
    required: bool = False,
    paragraph: bool = False,
    most: int = MAX_FIELD,
) -> Json:
    """Return a text input."""
    field: Json = {
        "type": _TEXT_INPUT,
        "custom_id": name,
        "style": _PARAGRAPH if paragraph else _ONE_LINE,
        "required": required,
        "max_length": most,
    }
    if shown := as_shown(value, most):
        field["value"] = shown
    if placeholder:
        field["placeholder"] = cut(placeholder, _MAX_PLACEHOLDER)
    return _labelled(label, hint, field)


def as_shown(value: str, most: int) -> str:
    """Return a value as a text input of so many characters shows it: lines of visible characters."""
    return cut("\n".join(map(clean, value.splitlines())).strip(), most)


def select(
    name: str, label: str, options: Mapping[str, str], chosen: Collection[str], *, many: bool, hint: str = ""
) -> Json:
    """Return a menu for a modal; `options` maps each value to its label."""
    field = menu(name, options, chosen, many=many)
    return _labelled(label, hint, {**field, "required": True})


def channel_select(name: str, label: str, chosen: str, kinds: Iterable[int], *, hint: str = "") -> Json:
    """Return a menu of the server's channels of some types, with one chosen."""
    field = {
        "type": _CHANNEL_SELECT,
        "custom_id": name,
        "channel_types": list(kinds),
        "default_values": [{"id": chosen, "type": "channel"}],
        "min_values": 1,
        "max_values": 1,
        "required": True,
    }
    return _labelled(label, hint, field)


def menu(
    name: str,
    options: Mapping[str, str],
    chosen: Collection[str],
    *,
    many: bool = False,
    placeholder: str = "",
    disabled: bool = False,
) -> Json:
    """Return a menu for a modal or a message; `options` maps each value to its label."""
    shown = list(options.items())[:MOST_OPTIONS]
    made: Json = {
        "type": _SELECT,
        "custom_id": name,
        "min_values": 1,
        "max_values": len(shown) if many else 1,
        "options": [
            {"label": cut(said, _MAX_OPTION), "value": value, **({"default": True} if value in chosen else {})}
            for value, said in shown
        ],
    }
    made |= {"disabled": True} if disabled else {}
    return {**made, "placeholder": placeholder} if placeholder else made


def file_input(name: str, label: str, *, hint: str = "") -> Json:
    """Return an upload field for one file, which may stay empty."""
    return _labelled(
        label, hint, {"type": _FILE, "custom_id": name, "min_values": 0, "max_values": 1, "required": False}
    )


def _labelled(label: str, hint: str, field: Json) -> Json:
    below = {"description": cut(hint, _MAX_DESCRIPTION)} if hint else {}
    return {"type": _LABEL, "label": cut(label, _MAX_LABEL), **below, "component": field}
