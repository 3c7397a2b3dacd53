"""The modals that people have open, and the values filled in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.discord.interactions import Interaction
from tests.fakes.discord.problems import Json, NotPossible
from tests.fakes.discord.reading import Window, window

#: docs.discord.com, Component Reference.
TEXT_INPUT, STRING_SELECT, LABEL, FILE_UPLOAD = 4, 3, 18, 19
RADIO, CHECKBOXES, CHECKBOX = 21, 22, 23
PICKERS: Mapping[int, str] = {5: "users", 6: "roles", 7: "mentionables", 8: "channels"}
REQUIRED = "This field is required"


@dataclass(kw_only=True, slots=True, eq=False)
class Field:
    """One field of a modal."""

    label: str
    raw: Json
    #: A text, a boolean, a list of ids or option values, or a list of files.
    value: Any = None

    @property
    def kind(self) -> int:
        """The component type."""
        return int(self.raw["type"])

    @property
    def custom_id(self) -> str:
        """The field's custom_id."""
        return str(self.raw["custom_id"])

    @property
    def options(self) -> list[str]:
        """The labels of the options."""
        return [each["label"] for each in self.raw.get("options") or ()]

    @property
    def required(self) -> bool:
        """Whether the field must be filled in; fields are required by default (Component Reference)."""
        return self.kind != CHECKBOX and self.raw.get("required") is not False

    def begin(self) -> None:
        """Set the prefilled value."""
        if self.kind == TEXT_INPUT:
            self.value = self.raw.get("value") or ""
        elif self.kind == CHECKBOX:
            self.value = bool(self.raw.get("default"))
        elif self.kind in PICKERS:
            self.value = [each["id"] for each in self.raw.get("default_values") or ()]
        else:
            self.value = [each["value"] for each in self.raw.get("options") or () if each.get("default")]

    def choose(self, wanted: object) -> None:
        """Select options by their labels or values.

        Raises:
            NotPossible: there is no such option.
        """
        asked = [str(each) for each in (wanted if isinstance(wanted, list | tuple) else [wanted])]
        values = []
        for each in asked:
            found = next((o["value"] for o in self.raw["options"] if each in (o["label"], o["value"])), None)
            if found is None:
                raise NotPossible(f"{self.label} does not offer {each!r}, only {self.options}")
            values.append(found)
        self.value = values

    def trouble(self) -> str:
        """Return the error that Discord's client would show; empty if the value is valid."""
        size = len(self.value or "") if not isinstance(self.value, bool) else 1
        least, most = ("min_length", "max_length") if self.kind == TEXT_INPUT else ("min_values", "max_values")
        ceiling = {TEXT_INPUT: 4000, CHECKBOXES: 10}.get(self.kind, 1)
        if not size:
            return REQUIRED if self.required and self.raw.get(least) != 0 else ""
        if size < (self.raw.get(least) or 0):
            return f"at least {self.raw[least]}"
        return f"at most {self.raw.get(most) or ceiling}" if size > (self.raw.get(most) or ceiling) else ""

    def said(self) -> Json:
        """Return the field as in a submission (Component Reference, "interaction response structures")."""
        base: Json = {"type": self.kind, "custom_id": self.custom_id, "id": self.raw.get("id", 0)}
        if self.kind in (TEXT_INPUT, CHECKBOX):
            return base | {"value": self.value}
        if self.kind == RADIO:
            return base | {"value": self.value[0] if self.value else None}
        return base | {"values": list(self.value or [])}


@dataclass(kw_only=True, slots=True, eq=False)
class Modal:
    """An open modal."""

    interaction: Interaction
    raw: Json
    fields: list[Field] = field(default_factory=list)
    #: The errors that Discord's client shows, by label.
    errors: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Create the fields and set their prefilled values."""
        self.fields = list(_fields(self.raw["components"]))
        for each in self.fields:
            each.begin()

    @property
    def title(self) -> str:
        """The modal's title."""
        return str(self.raw["title"])

    @property
    def seen(self) -> Window:
        """The modal as a person sees it."""
        return window(self.raw)

    @property
    def labels(self) -> list[str]:
        """The labels of the fields."""
        return [each.label for each in self.fields]

    @property
    def values(self) -> dict[str, Any]:
        """The values of the fields, by label."""
        return {each.label: each.value for each in self.fields}

    def field(self, name: str) -> Field:
        """Return a field by its label or custom_id.

        Raises:
            NotPossible: there is no such field.
        """
        found = next((each for each in self.fields if name in (each.label, each.custom_id)), None)
        if found is None:
            raise NotPossible(f"{self.title} has no field {name!r}, only {self.labels}")
        return found

    def complete(self) -> bool:
        """Return whether the modal can be submitted, and set the errors."""
        self.errors = {each.label: said for each in self.fields if (said := each.trouble())}
        return not self.errors

    def submission(self) -> list[Json]:
        """Return the components as in a submission."""
        return [_submitted(each, {f.custom_id: f for f in self.fields}) for each in self.raw["components"]]


def _fields(components: list[Json], label: str = "") -> Iterator[Field]:
    for each in components:
        if each["type"] == LABEL:
            yield from _fields([each["component"]], each["label"])
        elif each["type"] == 1:
            yield from _fields(each["components"])
        elif "custom_id" in each:
            yield Field(label=label or each.get("label") or each["custom_id"], raw=each)


def _submitted(component: Json, fields: dict[str, Field]) -> Json:
    base: Json = {"type": component["type"], "id": component.get("id", 0)}
    if component["type"] == LABEL:
        return base | {"component": fields[component["component"]["custom_id"]].said()}
    if component["type"] == 1:
        return base | {"components": [fields[each["custom_id"]].said() for each in component["components"]]}
    return base


class Windows:
    """The open modals of all people."""

    def __init__(self) -> None:
        self.open: dict[str, Modal] = {}

    def show(self, interaction: Interaction, raw: Json) -> Modal:
        """Open a modal; it replaces one that is open, as Discord's client shows only one."""
        modal = Modal(interaction=interaction, raw=raw)
        self.open[interaction.user.id] = modal
        return modal
