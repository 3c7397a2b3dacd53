"""The input fields of a modal and the values a person entered; a field is named by its block id. Pure functions."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bots.chat.phrases import clean, cut
from bots.chat.untrusted import at, text_at
from bots.slack.blocks import Json, option, plain

# docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element
MAX_FIELD = 3000
_MAX_LABEL = 2000
_MAX_PLACEHOLDER = 150
#: Length of an error under a field; people do not read a longer one.
_MAX_ERROR = 300
#: An element needs an action id within its block; each of our blocks has only one element.
_FIELD = "field"


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """The validation errors of a submitted modal: one sentence per field, by block id."""

    errors: Mapping[str, str]


def refused(errors: Iterable[tuple[str, str]]) -> Refused:
    """Return validation errors, each cut to the length that people read."""
    return Refused(errors={name: cut(said, _MAX_ERROR) for name, said in errors})


def text_input(name: str, label: str, value: str = "", *, optional: bool = True, hint: str = "", **more: Any) -> Json:
    """Return a text field; `more` holds element properties, with the placeholder as plain text."""
    element = {"type": "plain_text_input", **more}
    if shown := as_shown(value):
        element["initial_value"] = shown
    return _input(name, label, element, optional=optional, hint=hint)


def as_shown(value: str) -> str:
    """Return a value as a text field shows it: lines of visible characters, as a person could have typed them."""
    return cut("\n".join(map(clean, value.splitlines())).strip(), MAX_FIELD)


def number_input(name: str, label: str, value: int, least: int, most: int) -> Json:
    """Return a whole-number field; Slack refuses one whose initial value is out of its range."""
    element = {
        "type": "number_input",
        "is_decimal_allowed": False,
        "initial_value": str(min(max(value, least), most)),
        "min_value": str(least),
        "max_value": str(most),
    }
    return _input(name, label, element)


def choice(
    name: str, label: str, options: Mapping[str, str], chosen: str, *, kind: str = "static_select", hint: str = ""
) -> Json:
    """Return a field for choosing one option; `options` maps each value to its label."""
    listed = {value: option(said, value) for value, said in options.items()}
    element = {"type": kind, "options": list(listed.values()), "initial_option": listed[chosen]}
    return _input(name, label, element, optional=False, hint=hint)


def several(name: str, label: str, options: Mapping[str, str], chosen: Collection[str], *, hint: str = "") -> Json:
    """Return a menu for choosing any number of options, or none; `options` maps each value to its label."""
    element: Json = {"type": "multi_static_select", "options": [option(said, value) for value, said in options.items()]}
    if preset := [option(said, value) for value, said in options.items() if value in chosen]:
        element["initial_options"] = preset
    return _input(name, label, element, hint=hint)


def time_input(name: str, label: str, value: str) -> Json:
    """Return a field for choosing a time of day; `value` is "09:00", or empty."""
    element = {"type": "timepicker", **({"initial_time": value} if value else {})}
    return _input(name, label, element, optional=False)


def place_input(name: str, label: str, chosen: str = "") -> Json:
    """Return a field for choosing a channel; without a chosen one, the one that the person is in is preset."""
    shown = {"include": ["public", "private"], "exclude_bot_users": True}
    preset: Json = {"initial_conversation": chosen} if chosen else {"default_to_current_conversation": True}
    element = {"type": "conversations_select", "filter": shown, **preset}
    return _input(name, label, element, optional=False)


def _input(name: str, label: str, element: Json, *, optional: bool = True, hint: str = "") -> Json:
    if placeholder := element.pop("placeholder", ""):
        element["placeholder"] = plain(placeholder, _MAX_PLACEHOLDER)
    element["action_id"] = _FIELD
    below = {"hint": plain(hint, _MAX_LABEL)} if hint else {}
    return {
        "type": "input",
        "block_id": name,
        "label": plain(label, _MAX_LABEL),
        "element": element,
        "optional": optional,
        **below,
    }


def filled(view: object, name: str) -> str:
    """Return the value that a person entered in a field, as text; several checked values are joined with commas."""
    state = at(view, "state", "values", name, _FIELD)
    ticked = at(state, "selected_options")
    if isinstance(ticked, list):
        return ",".join(filter(None, (text_at(each, "value") for each in ticked)))
    held = (("value",), ("selected_option", "value"), ("selected_conversation",), ("selected_time",))
    return next(filter(None, (text_at(state, *path) for path in held)), "")


def has_field(view: object, name: str) -> bool:
    """Return whether a submitted view has a field of that name, filled or not."""
    return isinstance(at(view, "state", "values", name, _FIELD), dict)
