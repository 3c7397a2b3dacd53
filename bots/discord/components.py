"""Builders for Discord's components, their limits, and how Discord counts them. Pure functions.

Texts are taken as markdown: the caller has escaped them (`markup.py`).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import IntEnum
from typing import Any

from bots.chat.phrases import cut, safe_url
from bots.translation.speech import pgettext

#: A JSON object in Discord's format.
Json = dict[str, Any]

# docs.discord.com, Component Reference, "Legacy Message Component Behavior" and each component's own table
MAX_COMPONENTS = 40
MAX_TEXT = 4000
MAX_BUTTONS = 5
MAX_LABEL = 80
MAX_LINK = 512
MAX_SECTION = 3
#: docs.discord.com, Message Flags: IS_COMPONENTS_V2. SUPPRESS_EMBEDS is left out: nothing in a text display unfurls.
V2 = 1 << 15
#: A command, and its subcommand, in our own texts.
_COMMAND = re.compile(
    r"(?<![\w/.])/(?P<command>paper|summarize)\b"
    r"(?: (?P<inner>lookup|search|digest|subscribe|subscriptions|saved|hidden|following|follow|unfollow|mentions|help)"
    r"\b)?"
)
#: The blue of a sheet of carbon paper, for the left edge of our messages.
ACCENT = 0x3D6FB4


class Type(IntEnum):
    """Types of components (docs.discord.com, Component Reference)."""

    ROW = 1
    BUTTON = 2
    SECTION = 9
    TEXT = 10
    FILE = 13
    SEPARATOR = 14
    CONTAINER = 17


class Style(IntEnum):
    """Styles of buttons (docs.discord.com, Component Reference, Button Styles)."""

    PRIMARY = 1
    SECONDARY = 2
    SUCCESS = 3
    DANGER = 4
    LINK = 5


def container(components: Iterable[Json], *, accent: int = ACCENT) -> Json:
    """Return a container: a box with a coloured edge."""
    return {"type": Type.CONTAINER.value, "accent_color": accent, "components": list(components)}


def text(content: str) -> Json:
    """Return a text display; `content` is markdown. Commands in it are named as its reader's Discord names them."""
    return {"type": Type.TEXT.value, "content": _COMMAND.sub(_as_typed, content) or "…"}


def _as_typed(found: re.Match[str]) -> str:
    """Return a command under its name in the reader's language, under which alone their Discord lists it."""
    command, inner = found["command"], found["inner"]
    named = f"/{_name(command)}"
    return f"{named} {_name(f'{command}.{inner}')}" if inner else named


def _name(place: str) -> str:
    name = pgettext("command name", place)
    return place.rpartition(".")[2] if name == place else name


def section(texts: Sequence[str], accessory: Json) -> Json:
    """Return a section: texts with a button to their right."""
    return {
        "type": Type.SECTION.value,
        "components": [text(each) for each in texts[:MAX_SECTION]],
        "accessory": accessory,
    }


def separator(*, large: bool = False, line: bool = True) -> Json:
    """Return a separator: a horizontal rule, or only its space."""
    return {"type": Type.SEPARATOR.value, "divider": line, "spacing": 2 if large else 1}


def row(components: Iterable[Json]) -> Json:
    """Return a row of up to five buttons, or of one menu."""
    return {"type": Type.ROW.value, "components": list(components)[:MAX_BUTTONS]}


def button(label: str, custom_id: str, style: Style = Style.SECONDARY) -> Json:
    """Return a button."""
    return {
        "type": Type.BUTTON.value,
        "style": style.value,
        "label": cut(label, MAX_LABEL) or "…",
        "custom_id": custom_id,
    }


def link_button(label: str, url: str) -> Json | None:
    """Return a button that opens a page; None if the address is not safe, or is longer than Discord accepts."""
    target = safe_url(url)
    if not target or len(target) > MAX_LINK:
        return None
    return {"type": Type.BUTTON.value, "style": Style.LINK.value, "label": cut(label, MAX_LABEL) or "…", "url": target}


def attached(name: str) -> Json:
    """Return the component for an attached file; without it a V2 message does not show the attachment."""
    return {"type": Type.FILE.value, "file": {"url": f"attachment://{name}"}}


def inside(components: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Yield every component, each before the components inside it."""
    for each in components:
        yield each
        yield from inside(each.get("components") or ())
        if each.get("accessory"):
            yield from inside((each["accessory"],))


def count(components: Iterable[Mapping[str, Any]]) -> int:
    """Return the number of components, including nested ones, as Discord counts them."""
    return sum(1 for _ in inside(components))


def text_size(components: Iterable[Mapping[str, Any]]) -> int:
    """Return the number of characters in all texts together; labels of accessories and buttons do not count."""
    return sum(len(each["content"]) for each in inside(components) if each.get("type") == Type.TEXT)
