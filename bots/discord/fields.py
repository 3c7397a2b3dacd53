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
_LABEL, _TEXT_INPUT, _SELECT, _FILE = 18, 4, 3, 19
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
    if shown := cut(_typable(value), most):
        field["value"] = shown
    if placeholder:
        field["placeholder"] = cut(placeholder, _MAX_PLACEHOLDER)
    return _labelled(label, hint, field)


def _typable(text: str) -> str:
    """Return text that a person could have typed: lines of visible characters."""
    return "\n".join(map(clean, text.splitlines())).strip()


def select(
    name: str, label: str, options: Mapping[str, str], chosen: Collection[str], *, many: bool, hint: str = ""
) -> Json:
    """Return a menu for a modal; `options` maps each value to its label."""
    field = menu(name, options, chosen, many=many)
    return _labelled(label, hint, {**field, "required": True})


def menu(
    name: str, options: Mapping[str, str], chosen: Collection[str], *, many: bool = False, placeholder: str = ""
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
    return {**made, "placeholder": placeholder} if placeholder else made


def file_input(name: str, label: str, *, hint: str = "") -> Json:
    """Return an upload field for one file, which may stay empty."""
    return _labelled(
        label, hint, {"type": _FILE, "custom_id": name, "min_values": 0, "max_values": 1, "required": False}
    )


def _labelled(label: str, hint: str, field: Json) -> Json:
    below = {"description": cut(hint, _MAX_DESCRIPTION)} if hint else {}
    return {"type": _LABEL, "label": cut(label, _MAX_LABEL), **below, "component": field}
