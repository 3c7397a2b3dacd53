"""A message as readers see it: the shown text, the links with their labels, the pings, the controls.

It reads both stored messages and messages as sent by an app: the keys are the same. If the message lists its mentions,
as stored ones do, they decide on the pings; otherwise `allowed_mentions` with its documented defaults decides.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tests.fakes.discord import markdown
from tests.fakes.discord.markdown_nodes import Block, Fence, Line, Link, Marked, Node, Ping, Quote, Text
from tests.fakes.discord.reading_controls import Control, Option, control, objects
from tests.fakes.discord.reading_pings import answered, may_ping, mentions, once
from tests.fakes.discord.reading_windows import Field, Window, window
from tests.fakes.discord.rules_components import BUTTON, SELECTS, TEXT_DISPLAY, inside
from tests.fakes.discord.rules_messages import COMPONENTS_V2, EPHEMERAL
from tests.fakes.discord.wrong import Json

__all__ = ["Control", "Field", "Option", "Part", "Seen", "Way", "Window", "named", "seen", "window"]

SUPPRESS_EMBEDS = 1 << 2  # docs.discord.com, Message Resource, "Message Flags"


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """A link that leads out of Discord, with its label."""

    label: str
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One text of a message: Discord parses each separately."""

    raw: str
    blocks: tuple[Block, ...]
    #: Whether mentions in the text are known to ping; those in embeds reportedly do not, but no document says so.
    pings: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """A message as a reader sees it."""

    message: Json
    #: Names of people, roles and channels, by id.
    names: Mapping[str, str]
    parts: tuple[Part, ...]

    def __repr__(self) -> str:
        """Return a short form for messages of failing tests."""
        return f"<Seen {self.id} {self.text!r}>"

    @property
    def id(self) -> str:
        """The message's id."""
        return str(self.message.get("id", ""))

    @property
    def channel(self) -> str:
        """The id of the message's channel."""
        return str(self.message.get("channel_id", ""))

    @property
    def text(self) -> str:
        """The shown text without marks, in reading order: content, embeds, components."""
        return "\n".join(map(_shown, self.parts))

    @property
    def raw(self) -> str:
        """The text with its marks, as sent."""
        return "\n".join(part.raw for part in self.parts)

    @property
    def headings(self) -> list[str]:
        """The lines that are headings."""
        lines = [each for part in self.parts for each in flat(part.blocks)]
        return [each.text for each in lines if isinstance(each, Line) and each.kind == "heading"]

    @property
    def links(self) -> list[Way]:
        """The links that lead out of Discord: in texts, in titles of embeds, and link buttons."""
        titled = [
            Way(label=_shown(_title(each.get("title") or each.get("name") or each["url"])), url=str(each["url"]))
            for embed in objects(self.message, "embeds")
            for each in (embed, embed.get("author") or {})
            if each.get("url")
        ]
        buttons = [Way(label=each.label, url=each.url) for each in self.controls if each.url]
        return [
            *(Way(label=node.text, url=node.url) for node in self._nodes() if isinstance(node, Link)),
            *titled,
            *buttons,
        ]

    @property
    def controls(self) -> list[Control]:
        """The buttons and menus."""
        placed = inside(self.message.get("components"), ())
        return [control(each) for _, each in placed if each.get("type") in (BUTTON, *SELECTS)]

    @property
    def buttons(self) -> list[str]:
        """The labels of its buttons."""
        return [each.label for each in self.controls if each.kind == BUTTON]

    @property
    def pings(self) -> list[Ping]:
        """The mentions that notify, with the author of the replied-to message if it notifies them."""
        found = [node for node in self._nodes(pinging=True) if isinstance(node, Ping) and may_ping(self.message, node)]
        return once([*found, *answered(self.message)])

    @property
    def doubtful_pings(self) -> list[Ping]:
        """The mentions that may notify, as no document excludes it: in code, escaped, or in embeds."""
        sure = {(each.kind, each.target) for each in self.pings}
        found = (ping for part in self.parts for ping in mentions(part.raw) if may_ping(self.message, ping))
        return [each for each in once(found) if (each.kind, each.target) not in sure]

    @property
    def previews(self) -> list[str]:
        """The URLs for which Discord would show a preview."""
        return [] if self.is_v2 else self.doubtful_previews

    @property
    def doubtful_previews(self) -> list[str]:
        """The same, also for messages of components, where Discord reportedly shows no previews."""
        if self.flags & SUPPRESS_EMBEDS:
            return []
        return [node.url for node in self._nodes(pinging=True) if isinstance(node, Link) and not node.quiet]

    @property
    def ephemeral(self) -> bool:
        """Whether the message is ephemeral."""
        return bool(self.flags & EPHEMERAL)

    @property
    def is_v2(self) -> bool:
        """Whether the message uses Components V2."""
        return bool(self.flags & COMPONENTS_V2)

    @property
    def attachments(self) -> list[Json]:
        """The attached files."""
        return objects(self.message, "attachments")

    @property
    def flags(self) -> int:
        """The message's flags."""
        return int(self.message.get("flags") or 0)

    def _nodes(self, *, pinging: bool = False) -> Iterator[Node]:
        for part in self.parts:
            if part.pings or not pinging:
                yield from nodes(part.blocks)


def seen(message: Json, *, names: Mapping[str, str] | None = None) -> Seen:
    """Parse a message; `names` adds to the names that the message itself carries."""
    known = {**_names(message), **(names or {})}
    parts = tuple(replace(each, blocks=named(each.blocks, known)) for each in _parts(message))
    return Seen(message=message, names=known, parts=parts)


def named(blocks: tuple[Block, ...], names: Mapping[str, str]) -> tuple[Block, ...]:
    """Replace ids with names."""
    return tuple(_named(each, names) for each in blocks)


def _named(block: Block, names: Mapping[str, str]) -> Block:
    if isinstance(block, Quote):
        return replace(block, blocks=named(block.blocks, names))
    return replace(block, nodes=_all_named(block.nodes, names)) if isinstance(block, Line) else block


def _all_named(found: tuple[Node, ...], names: Mapping[str, str]) -> tuple[Node, ...]:
    return tuple(_node_named(each, names) for each in found)


def _node_named(node: Node, names: Mapping[str, str]) -> Node:
    if isinstance(node, Ping) and node.target in names:
        return replace(node, text=node.text[0] + names[node.target])
    return replace(node, nodes=_all_named(node.nodes, names)) if isinstance(node, Marked | Link) else node


def _names(message: Json) -> dict[str, str]:
    users = [*objects(message, "mentions"), message.get("author") or {}]
    return {str(each["id"]): str(each.get("global_name") or each.get("username")) for each in users if "id" in each}


def _parts(message: Json) -> Iterator[Part]:
    if message.get("content"):
        yield _full(message["content"])
    for embed in objects(message, "embeds"):
        yield from (replace(part, pings=False) for part in _of_embed(embed))
    for _, each in inside(message.get("components"), ()):
        if each.get("type") == TEXT_DISPLAY:
            yield _full(each.get("content", ""))


def _of_embed(embed: Json) -> Iterator[Part]:
    if name := (embed.get("author") or {}).get("name"):
        yield _plain(name)
    if embed.get("title"):
        yield _title(embed["title"])
    if embed.get("description"):
        yield _full(embed["description"])
    for each in objects(embed, "fields"):
        yield _title(each.get("name", ""))
        yield _full(each.get("value", ""))
    if text := (embed.get("footer") or {}).get("text"):
        yield _plain(text)


def _shown(part: Part) -> str:
    return "\n".join(each.text for each in part.blocks)


def _full(text: Any) -> Part:
    return Part(raw=str(text), blocks=markdown.read(str(text)))


def _title(text: Any) -> Part:
    """Parse a text with marks, but without masked links and without headings, lists and the like."""
    read = markdown.read_line(str(text), markdown.Reading(masked_links=False))
    return Part(raw=str(text), blocks=(Line(kind="plain", nodes=read),))


def _plain(text: Any) -> Part:
    """Return a text without markdown, in which backslashes are shown."""
    return Part(raw=str(text), blocks=(Line(kind="plain", nodes=(Text(text=str(text)),)),))


def flat(blocks: tuple[Block, ...]) -> Iterator[Line | Fence]:
    """Yield lines and code blocks, including those in quotes."""
    for each in blocks:
        if isinstance(each, Quote):
            yield from flat(each.blocks)
        else:
            yield each


def nodes(blocks: tuple[Block, ...]) -> Iterator[Node]:
    """Yield all inline nodes, each mark before the nodes within it."""
    for each in flat(blocks):
        if isinstance(each, Line):
            yield from _deep(each.nodes)


def _deep(found: tuple[Node, ...]) -> Iterator[Node]:
    for each in found:
        yield each
        if isinstance(each, Marked | Link):
            yield from _deep(each.nodes)
