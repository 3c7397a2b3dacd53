"""Convert messages to embeds, for places that do not support Components V2. Pure functions.

Elements that were side by side are stacked: the texts above, all rows of buttons below. A row names its paper by
number.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bots.chat.phrases import cut
from bots.discord.components import MAX_BUTTONS, MAX_LABEL, V2, Json, Style, Type, row

# docs.discord.com, Message Resource, Embed Limits; for the limit of all embeds together, see `_held`.
MAX_EMBEDS = 10
MAX_DESCRIPTION = 4096
MAX_TOGETHER = 6000
#: docs.discord.com, Create Message.
MAX_CONTENT = 2000
#: docs.discord.com, Component Reference, "Legacy Message Component Behavior".
MAX_ROWS = 5
#: Characters reserved for the mark by which the sender finds the message again.
_ROOM = 100
_NUMBER = re.compile(r"### (?P<number>\d+)\\\. ")
_HEADING = "## "


@dataclass(kw_only=True, slots=True)
class _Group:
    """Texts for one embed, and the controls below them."""

    accent: int | None = None
    texts: list[str] = field(default_factory=list)
    links: list[Json] = field(default_factory=list)
    rows: list[Json] = field(default_factory=list)


def as_embeds(payload: Mapping[str, Any]) -> Json:
    """Return a message without Components V2; its other fields stay as they are."""
    flags = int(payload.get("flags") or 0)
    if not flags & V2:
        return dict(payload)
    groups = list(_groups(payload["components"]))
    content, texts = _headline([(group.accent, "\n".join(group.texts)) for group in groups if group.texts])
    left = {name: value for name, value in payload.items() if name not in ("flags", "components")}
    return {
        **({"flags": flags & ~V2} if flags & ~V2 else {}),
        **({"content": content} if content else {}),
        "embeds": list(_held(_few(texts))),
        "components": _rows(groups),
        **left,
    }


def _groups(components: Iterable[Mapping[str, Any]]) -> Iterator[_Group]:
    for each in components:
        if each["type"] == Type.CONTAINER:
            yield from _parted(each["components"], each.get("accent_color"))
        else:
            yield from _parted([each], None)


def _parted(components: Iterable[Mapping[str, Any]], accent: int | None) -> Iterator[_Group]:
    """Yield the components in groups; a separator or a row of buttons ends a group."""
    group = _Group(accent=accent)
    for each in components:
        if each["type"] == Type.SEPARATOR or (group.rows and each["type"] != Type.ROW):
            yield group
            group = _Group(accent=accent)
        _take(group, each)
    yield group


def _take(group: _Group, component: Mapping[str, Any]) -> None:
    match component["type"]:
        case Type.TEXT:
            group.texts.append(component["content"])
        case Type.SECTION:
            group.texts += [each["content"] for each in component["components"]]
            group.links += [dict(component["accessory"])] if component["accessory"]["type"] == Type.BUTTON else []
        case Type.ROW:
            group.rows.append(dict(component))


def _headline(texts: list[tuple[int | None, str]]) -> tuple[str, list[tuple[int | None, str]]]:
    """Return the heading apart from the texts below it: a notification shows only the heading."""
    if not texts or not texts[0][1].startswith(_HEADING):
        return "", texts
    (accent, first), *others = texts
    heading, *lines = first.removeprefix(_HEADING).split("\n")
    # Small print below the heading does not need an embed of its own.
    small = [line for line in lines if others and line.startswith("-#")]
    rest = "\n".join(line for line in lines if line not in small)
    content = "\n".join((f"**{heading.removeprefix('**').removesuffix('**')}**", *small))
    below = [*([(accent, rest)] if rest else []), *others]
    return (content, below) if below and len(content) <= MAX_CONTENT else ("", texts)


def _few(texts: Sequence[tuple[int | None, str]]) -> list[tuple[int | None, str]]:
    """Return at most as many texts as a message may have embeds; the last one contains the rest."""
    kept, over = list(texts[:MAX_EMBEDS]), texts[MAX_EMBEDS:]
    if over:
        kept[-1] = (kept[-1][0], "\n".join((kept[-1][1], *(text for _, text in over))))
    return kept


def _held(texts: Iterable[tuple[int | None, str]]) -> Iterator[Json]:
    """Yield an embed for each text; lines over the limits are omitted whole, since a cut would break a link."""
    room = MAX_TOGETHER - _ROOM
    for accent, text in texts:
        shown = _whole_lines(text, min(MAX_DESCRIPTION, room))
        room -= len(shown)
        if shown:
            yield {"description": shown, **({"color": accent} if accent is not None else {})}


def _whole_lines(text: str, most: int) -> str:
    while len(text) > most:
        text = text.rpartition("\n")[0]
    return text


def _rows(groups: Iterable[_Group]) -> list[Json]:
    made = [(each, group) for group in groups for each in _with_links(group)]
    several = len(made) > 1
    return [_numbered(each, group) if several else each for each, group in made][:MAX_ROWS]


def _with_links(group: _Group) -> list[Json]:
    """Return a group's rows; the buttons beside its texts join a row with space for them, else they get their own."""
    if not group.links:
        return group.rows
    for place, each in enumerate(group.rows):
        if len(each["components"]) + len(group.links) <= MAX_BUTTONS and _are_buttons(each):
            joined = row([*group.links, *each["components"]])
            return [*group.rows[:place], joined, *group.rows[place + 1 :]]
    return [row(group.links), *group.rows]


def _are_buttons(made: Mapping[str, Any]) -> bool:
    return all(each["type"] == Type.BUTTON for each in made["components"])


def _numbered(made: Json, group: _Group) -> Json:
    """Return a row whose first button names the number of its paper."""
    number = next(filter(None, map(_NUMBER.match, group.texts)), None)
    first, *others = made["components"]
    if number is None or not _are_buttons(made) or first["style"] == Style.LINK:
        return made
    label = cut(f"{number['number']} · {first['label']}", MAX_LABEL)
    return {**made, "components": [{**first, "label": label}, *others]}
