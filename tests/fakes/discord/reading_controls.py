"""Buttons, menus and fields as a person sees them."""

from dataclasses import dataclass, field

from tests.fakes.discord.rules_components import LINK
from tests.fakes.discord.wrong import Json


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    """An option of a menu."""

    label: str
    value: str
    description: str = ""
    default: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Control:
    """A button or a menu."""

    label: str
    custom_id: str
    #: The component type; docs.discord.com, Component Reference, "Component Types".
    kind: int
    options: tuple[Option, ...] = ()
    disabled: bool = False
    placeholder: str = ""
    url: str = ""
    raw: Json = field(default_factory=dict, repr=False)


def control(component: Json) -> Control:
    """Return a button or a menu as a reader sees it."""
    emoji = (component.get("emoji") or {}).get("name") or ""
    placeholder = str(component.get("placeholder") or "")
    label = str(component.get("label") or "")
    return Control(
        label=label or emoji or placeholder,
        custom_id=str(component.get("custom_id") or ""),
        kind=int(component["type"]),
        options=tuple(map(option, objects(component, "options"))),
        disabled=bool(component.get("disabled")),
        placeholder=placeholder,
        url=str(component.get("url") or "") if component.get("style") == LINK else "",
        raw=component,
    )


def option(raw: Json) -> Option:
    """Return an option of a menu."""
    words = {key: str(raw.get(key) or "") for key in ("label", "value", "description")}
    return Option(default=bool(raw.get("default")), **words)


def objects(owner: Json, key: str) -> list[Json]:
    """Return the objects of a list that may be absent."""
    return [each for each in owner.get(key) or () if isinstance(each, dict)]
