"""A modal or a home tab as a person sees it, and filling in its fields."""

from collections.abc import Iterator

from tests.fakes.slack.mrkdwn import Link, shown
from tests.fakes.slack.problems import Json, NotPossible
from tests.fakes.slack.reading import Control, all_options, controls, lumps
from tests.fakes.slack.windows import STATE, View

_REQUIRED = "Please complete this required field."


class Screen:
    """One parsed view."""

    def __init__(self, view: View) -> None:
        self.view = view

    def __repr__(self) -> str:
        """Return a short form for messages of failing tests."""
        return f"<Screen {self.title!r} {self.text!r} errors={self.errors}>"

    @property
    def title(self) -> str:
        """The view's title."""
        return str((self.view.raw.get("title") or {}).get("text", ""))

    @property
    def submit(self) -> str:
        """The label of the submit button; empty if there is none."""
        return str((self.view.raw.get("submit") or {}).get("text", ""))

    @property
    def text(self) -> str:
        """All shown text."""
        return "\n".join(shown(lump.leaves) for lump in lumps(self.view.blocks))

    @property
    def links(self) -> list[Link]:
        """The links."""
        return [leaf for lump in lumps(self.view.blocks) for leaf in lump.leaves if isinstance(leaf, Link)]

    @property
    def controls(self) -> list[Control]:
        """The buttons, menus and fields."""
        return controls(self.view.blocks)

    @property
    def buttons(self) -> list[str]:
        """The labels of its buttons."""
        return [each.label for each in self.controls if each.element["type"] == "button"]

    @property
    def labels(self) -> list[str]:
        """The labels of its fields, from top to bottom."""
        return [block["label"]["text"] for block in self.view.blocks if block["type"] == "input"]

    @property
    def errors(self) -> dict[str, str]:
        """The error messages, by the label of their field."""
        names = {block["block_id"]: block.get("label", {}).get("text", block["block_id"]) for block in self.view.blocks}
        return {names.get(block, block): error for block, error in self.view.errors.items()}

    def field(self, name: str) -> Control:
        """Return a field by its label, block_id, action_id or placeholder."""
        for block in self.view.blocks:
            label = block.get("label", {}).get("text") if block["type"] == "input" else None
            for control in controls([block]):
                if name in (label, control.block_id, control.element["action_id"], control.label):
                    return control
        raise NotPossible(f"there is no field {name!r}; there are {self.labels} and {self.buttons}")

    def value(self, name: str) -> object:
        """Return the value of a field: a text, an option's label, or a list of labels."""
        control = self.field(name)
        held = self.view.values[control.block_id][control.element["action_id"]]
        value = held[STATE[control.element["type"]][1]]
        if isinstance(value, dict) and "text" in value:
            return value["text"]["text"]
        if isinstance(value, list):
            return [each["text"]["text"] if isinstance(each, dict) and "text" in each else each for each in value]
        return value

    def fill(self, name: str, value: object) -> Control:
        """Set a field's value, as a person does."""
        control = self.field(name)
        kind = control.element["type"]
        if kind not in STATE:
            raise NotPossible(f"{name!r} is a {kind}: it cannot be filled")
        carried = STATE[kind][1]
        held = {"type": kind, carried: _as_state(control, carried, value)}
        self.view.values.setdefault(control.block_id, {})[control.element["action_id"]] = held
        self.view.errors.pop(control.block_id, None)
        return control

    def complete(self) -> bool:
        """Return whether Slack's client would submit the view, and set the errors."""
        self.view.errors = dict(self._missing())
        return not self.view.errors

    def _missing(self) -> Iterator[tuple[str, str]]:
        for block in self.view.blocks:
            if block["type"] != "input":
                continue
            element = block["element"]
            held = self.view.values[block["block_id"]][element["action_id"]]
            value = held[STATE[element["type"]][1]]
            if not value and not block.get("optional"):
                yield block["block_id"], _REQUIRED
            elif isinstance(value, str) and element["type"].endswith("_input"):
                error = _length_error(value, element)
                if error:
                    yield block["block_id"], error


def _length_error(value: str, element: Json) -> str:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if value and len(value) < least:
        return f"Please enter at least {least} characters."
    if len(value) > most:
        return f"Please enter no more than {most} characters."
    return ""


def _as_state(control: Control, carried: str, value: object) -> object:
    if carried == "selected_option":
        return option_named(control.element, str(value))
    if carried == "selected_options":
        chosen = [value] if isinstance(value, str) else list(value)  # type: ignore[call-overload] # labels of options
        return [option_named(control.element, str(each)) for each in chosen]
    if carried == "rich_text_value":
        leaves = [{"type": "text", "text": str(value)}]
        section = {"type": "rich_text_section", "elements": leaves}
        return {"type": "rich_text", "elements": [section]}
    if carried == "value":
        text = "" if value is None else str(value)
        if not control.element.get("multiline") and "\n" in text:
            # Pasting into a single-line field replaces line breaks with spaces.
            text = " ".join(text.splitlines())
        return text or None
    return value


def option_named(element: Json, name: str) -> Json:
    """Return an option by its label or its value."""
    for option in all_options(element):
        if name in (option["text"]["text"], option["value"]):
            found = {"text": option["text"], "value": option["value"]}
            return found | ({"description": option["description"]} if "description" in option else {})
    raise NotPossible(f"there is no option {name!r}; there are {[o['text']['text'] for o in all_options(element)]}")
