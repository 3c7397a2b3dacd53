"""A message as readers see it: the shown text, the links with their labels, the pings, the controls."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from tests.fakes.slack.mrkdwn import Leaf, Link, Ping, Reading, Text, read, shown
from tests.fakes.slack.problems import Json
from tests.fakes.slack.world import Message

_MARKDOWN_LINK = re.compile(r"\[([^\]\n]*)\]\((\S+?)\)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Lump:
    """Leaves that are shown on lines of their own."""

    leaves: list[Leaf] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True, slots=True)
class Control:
    """A button, a menu or a field."""

    element: Json
    block_id: str

    @property
    def label(self) -> str:
        """The button's text or the placeholder."""
        return str((self.element.get("text") or self.element.get("placeholder") or {}).get("text", ""))

    @property
    def options(self) -> list[str]:
        """The labels of the options."""
        return [str(each["text"]["text"]) for each in all_options(self.element)]


def all_options(element: Json) -> list[Json]:
    """Return the options of an element, including those in groups."""
    groups = element.get("option_groups") or []
    return [*(element.get("options") or []), *(option for group in groups for option in group["options"])]


def lumps(blocks: list[Json], how: Reading | None = None) -> list[Lump]:
    """Parse blocks from top to bottom."""
    return [lump for block in blocks for lump in _of_block(block, how or Reading())]


def _of_block(block: Json, how: Reading) -> Iterator[Lump]:
    kind = block.get("type")
    if kind == "rich_text":
        yield from rich(block)
    elif kind == "markdown":
        yield Lump(leaves=_markdown(block["text"]))
    elif kind == "table":
        for row in block["rows"]:
            yield Lump(leaves=[leaf for cell in row for leaf in [*_cell(cell), Text(text="\t")]][:-1])
    elif kind in ("carousel", "container", "plan"):
        children = [*block.get("elements", []), *block.get("child_blocks", []), *block.get("tasks", [])]
        yield from _texts(block, how)
        for child in children:
            yield from _of_block(child, how)
    else:
        yield from _texts(block, how)


def _cell(cell: Json) -> list[Leaf]:
    if cell.get("type") == "rich_text":
        return [leaf for lump in rich(cell) for leaf in lump.leaves]
    return [Text(text=str(cell.get("text", "")))]


def _texts(block: Json, how: Reading) -> Iterator[Lump]:
    for name in ("title", "subtitle", "label", "text", "body", "hint", "details", "output"):
        if isinstance(block.get(name), dict):
            yield from _text_or_rich(block[name], how)
    for each in block.get("fields") or []:
        yield Lump(leaves=text_object(each, how))
    if block.get("type") == "context":
        leaves = [text_object(each, how) for each in block["elements"] if each["type"] != "image"]
        joined: list[Leaf] = []
        for each in leaves:
            joined += [Text(text=" "), *each] if joined else each
        yield Lump(leaves=joined)


def _text_or_rich(value: Json, how: Reading) -> Iterator[Lump]:
    if value.get("type") == "rich_text":
        yield from rich(value)
    else:
        yield Lump(leaves=text_object(value, how))


def text_object(text: Json, how: Reading | None = None) -> list[Leaf]:
    """Parse a text object; plain_text is shown as it is."""
    how = how or Reading()
    if text.get("type") != "mrkdwn":
        return [Text(text=str(text.get("text", "")))]
    lenient = not text.get("verbatim", False)
    return read(str(text["text"]), Reading(parse=how.parse, lenient=lenient, usergroups=how.usergroups))


def rich(block: Json) -> Iterator[Lump]:
    """Parse a rich_text block: its elements are typed, and their text is not parsed."""
    for part in block.get("elements", []):
        if part["type"] == "rich_text_list":
            for number, item in enumerate(part["elements"], part.get("offset", 0) + 1):
                bullet = f"{number}. " if part.get("style") == "ordered" else "• "
                yield Lump(leaves=[Text(text=bullet), *map(rich_leaf, item.get("elements", []))])
        else:
            yield Lump(leaves=[rich_leaf(each) for each in part.get("elements", [])])


def rich_leaf(leaf: Json) -> Leaf:
    """Parse one element of rich text."""
    kind = leaf["type"]
    if kind == "link":
        return Link(url=leaf["url"], label=leaf.get("text") or leaf["url"])
    if kind in ("user", "usergroup", "channel"):
        target = leaf[f"{kind}_id"]
        return Ping(kind=kind, target=target, label=f"{'#' if kind == 'channel' else '@'}{target}")
    if kind == "broadcast":
        return Ping(kind="broadcast", target=leaf["range"], label=f"@{leaf['range']}")
    if kind == "emoji":
        return Text(text=f":{leaf['name']}:")
    if kind == "date":
        return Text(text=leaf.get("fallback") or str(leaf["timestamp"]))
    style = frozenset(name for name, on in (leaf.get("style") or {}).items() if on)
    return Text(text=str(leaf.get("text") or leaf.get("value") or ""), style=style)


def _markdown(text: str) -> list[Leaf]:
    """Parse a markdown block; whether its mentions ping is not documented, so they count as pings."""
    leaves: list[Leaf] = []
    at = 0
    for match in _MARKDOWN_LINK.finditer(text):
        leaves += read(text[at : match.start()], Reading(lenient=True))
        leaves.append(Link(url=match.group(2), label=match.group(1)))
        at = match.end()
    return [*leaves, *read(text[at:], Reading(lenient=True))]


def controls(blocks: list[Json]) -> list[Control]:
    """Return all controls in the blocks: buttons, menus and fields."""
    found: list[Control] = []
    for block in blocks:
        own = [*block.get("elements", []), *block.get("actions", []), block.get("accessory"), block.get("element")]
        usable = [each for each in own if isinstance(each, dict) and "action_id" in each]
        found += [Control(element=each, block_id=str(block.get("block_id", ""))) for each in usable]
        nested = [*block.get("child_blocks", []), *(block.get("elements", []) if block["type"] == "carousel" else [])]
        found += controls([each for each in nested if isinstance(each, dict)])
    return found


def named(leaves: list[Leaf], names: Mapping[str, str]) -> list[Leaf]:
    """Replace ids with names."""
    return [_named(leaf, names) for leaf in leaves]


def _named(leaf: Leaf, names: Mapping[str, str]) -> Leaf:
    if not isinstance(leaf, Ping) or leaf.target not in names:
        return leaf
    return replace(leaf, label=leaf.label.replace(leaf.target, names[leaf.target]))


class Seen:
    """A message as a reader sees it."""

    def __init__(
        self,
        message: Message,
        *,
        channel: str,
        usergroups: frozenset[str] = frozenset(),
        names: Mapping[str, str] | None = None,
    ) -> None:
        self.message = message
        self.channel = channel
        #: Names of people, channels and groups, by id.
        self.names = names or {}
        how = Reading(parse=message.parse, link_names=message.link_names, usergroups=usergroups)
        self._fallback = read(message.text, how)
        attached = [block for each in message.attachments for block in each.get("blocks", [])]
        self.blocks = [*message.blocks, *attached]
        self.lumps = lumps(self.blocks, how) if self.blocks else [Lump(leaves=self._fallback)]
        for each in message.attachments:
            texts = [str(each[name]) for name in ("pretext", "title", "text") if each.get(name)]
            self.lumps += [Lump(leaves=read(text)) for text in texts]
        for unfurl in message.unfurls.values():
            self.lumps += lumps(unfurl.get("blocks", []), how)
        self.lumps = [Lump(leaves=named(lump.leaves, self.names)) for lump in self.lumps]

    def __repr__(self) -> str:
        """Return a short form for messages of failing tests."""
        return f"<Seen {self.ts} {self.text!r}>"

    @property
    def ts(self) -> str:
        """The timestamp, which is the message's id in Slack."""
        return self.message.ts

    @property
    def text(self) -> str:
        """The text shown in the client: the blocks if there are any, else the text."""
        return "\n".join(shown(lump.leaves) for lump in self.lumps)

    @property
    def fallback(self) -> str:
        """The text of notifications and screen readers."""
        return shown(self._fallback)

    @property
    def links(self) -> list[Link]:
        """The links."""
        return [leaf for lump in self.lumps for leaf in lump.leaves if isinstance(leaf, Link)]

    @property
    def pings(self) -> list[Ping]:
        """The mentions that notify.

        Mentions in the text beside blocks count, because Slack does not say that they do not notify.
        """
        return [ping for ping in self._all_pings() if ping.certain]

    @property
    def doubtful_pings(self) -> list[Ping]:
        """The mentions that may notify, because the documents leave it open."""
        return [ping for ping in self._all_pings() if not ping.certain]

    def _all_pings(self) -> list[Ping]:
        beside = self._fallback if self.blocks else []
        leaves = [*beside, *(leaf for lump in self.lumps for leaf in lump.leaves)]
        return [leaf for leaf in leaves if isinstance(leaf, Ping) and leaf.notifies]

    @property
    def controls(self) -> list[Control]:
        """The buttons and menus."""
        return controls([*self.blocks, *(b for u in self.message.unfurls.values() for b in u.get("blocks", []))])

    @property
    def buttons(self) -> list[str]:
        """The labels of its buttons."""
        return [each.label for each in self.controls if each.element["type"] == "button"]
