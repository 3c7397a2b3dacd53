"""What a text in Discord's markdown consists of, once it is read."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """Plain characters."""

    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Code:
    """Code within a line, in which nothing is a mark."""

    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Marked:
    """What stands between two marks."""

    #: bold, italic, underline, strike or spoiler.
    style: str
    nodes: "tuple[Node, ...]"

    @property
    def text(self) -> str:
        """What is shown."""
        return "".join(each.text for each in self.nodes)


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """Something to click."""

    url: str
    nodes: "tuple[Node, ...]"
    #: Whether the address itself is what is shown.
    bare: bool = False
    #: Whether it stands in angle brackets, which keep its preview away.
    quiet: bool = False

    @property
    def text(self) -> str:
        """What is shown."""
        return "".join(each.text for each in self.nodes)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ping:
    """A person, a role or everybody; or a channel, which is merely linked."""

    #: user, role, channel or everyone; the target of the last is `everyone` or `here`.
    kind: str
    target: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Stamp:
    """A time that is shown in each reader's own zone."""

    instant: int
    style: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Emoji:
    """A server's own emoji."""

    name: str
    id: str
    animated: bool = False

    @property
    def text(self) -> str:
        """What is read out."""
        return f":{self.name}:"


Node = Text | Code | Marked | Link | Ping | Stamp | Emoji


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line of its own, or plain lines together."""

    #: plain, heading, subtext or item.
    kind: str
    nodes: tuple[Node, ...]
    #: How big a heading, how deep an item.
    level: int = 0
    bullet: str = ""

    @property
    def text(self) -> str:
        """What is shown."""
        return self.bullet + "".join(each.text for each in self.nodes)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fence:
    """A block of code."""

    code: str
    language: str = ""

    @property
    def text(self) -> str:
        """What is shown."""
        return self.code


@dataclass(frozen=True, kw_only=True, slots=True)
class Quote:
    """What somebody else said."""

    blocks: "tuple[Block, ...]"

    @property
    def text(self) -> str:
        """What is shown."""
        return "\n".join(each.text for each in self.blocks)


Block = Line | Fence | Quote
