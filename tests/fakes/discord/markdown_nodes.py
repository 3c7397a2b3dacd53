"""The nodes that a text in Discord's markdown is parsed into."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """Plain characters."""

    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Code:
    """Inline code, in which there are no marks."""

    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Marked:
    """A text between two delimiters."""

    #: bold, italic, underline, strike or spoiler.
    style: str
    nodes: "tuple[Node, ...]"

    @property
    def text(self) -> str:
        """The shown text."""
        return "".join(each.text for each in self.nodes)


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A link."""

    url: str
    nodes: "tuple[Node, ...]"
    #: Whether the URL itself is the shown text.
    bare: bool = False
    #: Whether the URL is in angle brackets, which suppress its preview.
    quiet: bool = False

    @property
    def text(self) -> str:
        """The shown text."""
        return "".join(each.text for each in self.nodes)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ping:
    """A mention of a person, a role or everyone, or the link to a channel, which does not notify."""

    #: user, role, channel or everyone; for everyone, the target is `everyone` or `here`.
    kind: str
    target: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Stamp:
    """A time, shown in each reader's own time zone."""

    instant: int
    style: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Emoji:
    """A custom emoji of a server."""

    name: str
    id: str
    animated: bool = False

    @property
    def text(self) -> str:
        """The emoji's name as a screen reader reads it."""
        return f":{self.name}:"


Node = Text | Code | Marked | Link | Ping | Stamp | Emoji


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line of one kind, or several plain lines together."""

    #: plain, heading, subtext or item.
    kind: str
    nodes: tuple[Node, ...]
    #: Level of a heading, or depth of a list item.
    level: int = 0
    bullet: str = ""

    @property
    def text(self) -> str:
        """The shown text."""
        return self.bullet + "".join(each.text for each in self.nodes)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fence:
    """A block of code."""

    code: str
    language: str = ""

    @property
    def text(self) -> str:
        """The shown text."""
        return self.code


@dataclass(frozen=True, kw_only=True, slots=True)
class Quote:
    """A quoted text."""

    blocks: "tuple[Block, ...]"

    @property
    def text(self) -> str:
        """The shown text."""
        return "\n".join(each.text for each in self.blocks)


Block = Line | Fence | Quote
