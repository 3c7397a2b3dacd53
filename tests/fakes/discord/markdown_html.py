"""Discord's markdown as HTML; all sent text is escaped."""

from collections.abc import Callable, Mapping
from html import escape

from tests.fakes.discord.markdown_nodes import (
    Block,
    Code,
    Emoji,
    Fence,
    Line,
    Link,
    Marked,
    Node,
    Ping,
    Quote,
    Stamp,
    Text,
)

_TAGS = {"bold": "b", "italic": "i", "underline": "u", "strike": "s"}
#: URL schemes that Discord's clients open on a click.
_SCHEMES = ("http", "https")


def blocks_html(blocks: tuple[Block, ...]) -> str:
    """Render lines, quotes and code blocks."""
    return "".join(map(_block, blocks))


def nodes_html(nodes: tuple[Node, ...]) -> str:
    """Render the inline nodes of a line."""
    return "".join(_NODES[type(node)](node) for node in nodes)


def _block(block: Block) -> str:
    if isinstance(block, Quote):
        return f"<blockquote>{blocks_html(block.blocks)}</blockquote>"
    if isinstance(block, Fence):
        return f"<pre>{escape(block.code)}</pre>"
    return _LINES[block.kind](block)


def _heading(line: Line) -> str:
    return f"<h{line.level + 1}>{nodes_html(line.nodes)}</h{line.level + 1}>"


def _item(line: Line) -> str:
    side = 8 + 20 * line.level
    return f'<p class="item" style="margin-left:{side}px">{escape(line.bullet)}{nodes_html(line.nodes)}</p>'


_LINES: Mapping[str, Callable[[Line], str]] = {
    "plain": lambda line: f"<p>{nodes_html(line.nodes)}</p>",
    "heading": _heading,
    "subtext": lambda line: f'<p class="subtext">{nodes_html(line.nodes)}</p>',
    "item": _item,
}


def _marked(node: Marked) -> str:
    inner = nodes_html(node.nodes)
    if node.style == "spoiler":
        return f'<span class="spoiler">{inner}</span>'
    return f"<{_TAGS[node.style]}>{inner}</{_TAGS[node.style]}>"


def _link(node: Link) -> str:
    return anchor(node.url, nodes_html(node.nodes))


def anchor(url: str, inner: str, *, kind: str = "") -> str:
    """Render a link around HTML; a URL that Discord would not open gets no target."""
    safe = url if url.partition(":")[0].lower() in _SCHEMES else "#"
    style = f' class="{escape(kind)}"' if kind else ""
    return f'<a{style} href="{escape(safe)}">{inner}</a>'


_NODES: Mapping[type, Callable[..., str]] = {
    Text: lambda node: escape(node.text),
    Code: lambda node: f"<code>{escape(node.text)}</code>",
    Marked: _marked,
    Link: _link,
    Ping: lambda node: f'<span class="mention">{escape(node.text)}</span>',
    Stamp: lambda node: f'<span class="stamp">{escape(node.text)}</span>',
    Emoji: lambda node: f'<span class="emoji">{escape(node.text)}</span>',
}
