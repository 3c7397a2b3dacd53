"""A parser for Discord's markdown, as its clients render it: the shown text, the links and the mentions.

support.discord.com, "Markdown Text 101", and docs.discord.com, Reference, "Message Formatting", list the syntax, but
not how marks are distinguished from plain characters. In unclear cases a character counts as a mark: a test then
reports an author's name that might render changed, rather than miss one that does.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from tests.fakes.discord.markdown_inline import ESCAPED, Reading, read_line
from tests.fakes.discord.markdown_nodes import Block, Fence, Line, Node, Quote

__all__ = ["Reading", "escape", "read", "read_line", "shown"]

_FENCE = re.compile(r"```(?:([0-9A-Za-z_+\-.#]+)\n)?\n*([^\n].*?)\n*```", re.DOTALL)
_HEADING = re.compile(r" *(#{1,3}) +(?=\S)")
_SUBTEXT = re.compile(r" *-# +(?=\S)")
_BULLET = re.compile(r"( *)(?:([-*])|(\d{1,10})\.) +(?=\S)")
_QUOTED = re.compile(r" *> ")
_QUOTED_REST = re.compile(r" *>>> ")


@lru_cache(maxsize=1024)  # a part that is made smaller keeps most of its texts
def read(text: str) -> tuple[Block, ...]:
    """Parse a text of many lines."""
    return tuple(_blocks(text, _LINES))


def shown(nodes: tuple[Node, ...]) -> str:
    """Return the characters that a reader sees."""
    return "".join(each.text for each in nodes)


def escape(text: str) -> str:
    """Put a backslash before every character that could be a mark, so that the text is shown as written."""
    return re.sub(r"([^0-9A-Za-z\s])", r"\\\1", text)


_Read = tuple[tuple[Block, ...], int]
_Starts = tuple[tuple[re.Pattern[str], Callable[[str, re.Match[str]], _Read]], ...]


def _blocks(text: str, starts: _Starts) -> Iterator[Block]:
    at = 0
    while at < len(text):
        blocks, at = _block(text, at, starts)
        yield from blocks


def _block(text: str, at: int, starts: _Starts) -> _Read:
    """Parse the block that starts at the start of a line; return it with its end."""
    for pattern, make in starts:
        if found := pattern.match(text, at):
            return make(text, found)
    return _paragraph(text, at, starts)


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", at)
    return len(text) if found < 0 else found


def _quoted(text: str) -> tuple[Block, ...]:
    # Quotes do not nest.
    return (Quote(blocks=tuple(_blocks(text, _LINES[2:]))),)


def _quote_rest(text: str, found: re.Match[str]) -> _Read:
    return _quoted(text[found.end() :]), len(text)


def _quote(text: str, first: re.Match[str]) -> _Read:
    lines: list[str] = []
    at = first.start()
    while found := _QUOTED.match(text, at):
        end = _line_end(text, found.end())
        lines.append(text[found.end() : end])
        at = end + 1
    return _quoted("\n".join(lines)), at


def _heading(text: str, found: re.Match[str]) -> _Read:
    nodes, end = _rest(text, found)
    return (Line(kind="heading", level=len(found.group(1)), nodes=nodes),), end


def _subtext(text: str, found: re.Match[str]) -> _Read:
    nodes, end = _rest(text, found)
    return (Line(kind="subtext", nodes=nodes),), end


def _item(text: str, found: re.Match[str]) -> _Read:
    nodes, end = _rest(text, found)
    bullet = f"{found.group(3)}. " if found.group(3) else "• "
    return (Line(kind="item", level=len(found.group(1)) // 2, bullet=bullet, nodes=nodes),), end


def _rest(text: str, found: re.Match[str]) -> tuple[tuple[Node, ...], int]:
    end = _line_end(text, found.end())
    return read_line(text[found.end() : end]), end + 1


#: Line prefixes; quotes come first, because within a quote only the others apply.
_LINES: _Starts = (
    (_QUOTED_REST, _quote_rest),
    (_QUOTED, _quote),
    (_HEADING, _heading),
    (_SUBTEXT, _subtext),
    (_BULLET, _item),
)


def _paragraph(text: str, at: int, starts: _Starts) -> _Read:
    """Parse plain lines up to a code block or a line of another kind."""
    start = at
    while at < len(text):
        if fence := _FENCE.match(text, at):
            return (*_plain(text[start:at]), _fence(fence)), _past_newline(text, fence.end())
        if text[at] == "\n" and any(pattern.match(text, at + 1) for pattern, _ in starts):
            return _plain(text[start:at]), at + 1
        at += 2 if ESCAPED.match(text, at) else 1
    return _plain(text[start:]), len(text)


def _plain(text: str) -> tuple[Block, ...]:
    said = text.removesuffix("\n")
    return (Line(kind="plain", nodes=read_line(said)),) if text else ()


def _fence(found: re.Match[str]) -> Fence:
    return Fence(language=found.group(1) or "", code=found.group(2))


def _past_newline(text: str, at: int) -> int:
    return at + 1 if text.startswith("\n", at) else at
