"""A modal as a person sees it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.fakes.discord import markdown
from tests.fakes.discord.reading_controls import Option, option
from tests.fakes.discord.rules_components import TEXT_DISPLAY
from tests.fakes.discord.wrong import Json

ACTION_ROW, TEXT_INPUT, LABEL, CHECKBOX = 1, 4, 18, 23  # docs.discord.com, Component Reference, "Component Types"


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """A field of a modal."""

    label: str
    custom_id: str
    #: The component type; docs.discord.com, Component Reference, "Component Types".
    kind: int
    description: str = ""
    placeholder: str = ""
    min_length: int | None = None
    max_length: int | None = None
    #: Fields are required by default; the same page.
    required: bool = True
    options: tuple[Option, ...] = ()
    #: The prefilled value.
    value: str = ""
    raw: Json = field(default_factory=dict, repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """A modal."""

    title: str
    custom_id: str
    fields: tuple[Field, ...]
    #: The texts between the fields.
    text: str = ""


def window(modal: Json) -> Window:
    """Parse a modal from the `data` of its callback."""
    components = [each for each in modal.get("components") or () if isinstance(each, dict)]
    said = [markdown.read(str(each.get("content", ""))) for each in components if each.get("type") == TEXT_DISPLAY]
    return Window(
        title=str(modal.get("title", "")),
        custom_id=str(modal.get("custom_id", "")),
        fields=tuple(each for component in components for each in _fields(component)),
        text="\n".join(block.text for blocks in said for block in blocks),
    )


def _fields(component: Json) -> Iterator[Field]:
    if component.get("type") == LABEL:
        # No document says whether labels support markdown; they are shown as sent, so that a stray mark is visible.
        yield _field(component.get("component") or {}, component)
    elif component.get("type") == ACTION_ROW:
        for each in component.get("components") or ():
            yield _field(each, each)


def _field(raw: Json, named: Json) -> Field:
    return Field(
        label=str(named.get("label") or ""),
        custom_id=str(raw.get("custom_id") or ""),
        kind=int(raw.get("type", 0)),
        description=str(named.get("description") or ""),
        placeholder=str(raw.get("placeholder") or ""),
        min_length=raw.get("min_length"),
        max_length=raw.get("max_length"),
        required=raw.get("type") != CHECKBOX and raw.get("required") is not False,
        options=tuple(map(option, raw.get("options") or ())),
        value=str(raw.get("value") or ""),
        raw=raw,
    )
