"""Inline markdown: marks, links and mentions within a line."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.fakes.discord.markdown_nodes import Code, Emoji, Link, Marked, Node, Ping, Stamp, Text

ESCAPED = re.compile(r"\\([^0-9A-Za-z\s])")
_CODE = re.compile(r"(`+)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_USER, _ROLE, _CHANNEL = re.compile(r"<@!?(\d+)>"), re.compile(r"<@&(\d+)>"), re.compile(r"<#(\d+)>")
_EVERYBODY = re.compile(r"@(everyone|here)")
_STAMP = re.compile(r"<t:(-?\d{1,13})(?::([tTdDfFsSR]))?>")
_EMOJI = re.compile(r"<(a?):(\w{2,32}):(\d+)>")
_COMMAND = re.compile(r"</([^:<>\n]+):(\d+)>")
_QUIET_URL = re.compile(r"<(https?://[^\s<>]+)>", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s<]*[^\s<.,:;\"'\]]", re.IGNORECASE)
_LABEL = re.compile(r"\[((?:\\.|\[[^\[\]\n]*\]|[^\[\]\\\n])+)\]\(", re.DOTALL)
_TARGET = re.compile(
    r"\s*(<?)(https?://(?:\([^\s()]*\)|[^\s()<>])+)(>?)(?:\s+(?:\"[^\"\n]*\"|'[^'\n]*'))?\s*\)", re.IGNORECASE
)
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """A pair of delimiters that changes the style of the text between them."""

    sign: str
    style: str
    #: Characters that must not follow the closing delimiter.
    not_before: str = ""
    #: Whether spaces are allowed just inside the delimiters.
    loose: bool = True
    #: Whether the next such delimiter must close the mark; if it cannot, both are plain characters.
    next_closes: bool = False

    def opens(self, text: str, at: int) -> bool:
        """Return whether the mark opens here."""
        after = at + len(self.sign)
        return text.startswith(self.sign, at) and after < len(text) and (self.loose or not text[after].isspace())

    def closes(self, text: str, at: int, start: int) -> bool:
        """Return whether the mark that opened at `start` closes here."""
        if not text.startswith(self.sign, at) or at == start or (not self.loose and text[at - 1].isspace()):
            return False
        after = text[at + len(self.sign) : at + len(self.sign) + 1]
        return not (after and (after in self.not_before or (self.not_before == "_word" and _is_word(after))))


def _is_word(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


#: Longer delimiters come before their own prefixes.
MARKS = (
    Mark(sign="**", style="bold", not_before="*"),
    Mark(sign="__", style="underline", not_before="_"),
    Mark(sign="~~", style="strike"),
    Mark(sign="||", style="spoiler"),
    Mark(sign="*", style="italic", not_before="*", loose=False, next_closes=True),
    Mark(sign="_", style="italic", not_before="_word", next_closes=True),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """Restrictions on parsing, for texts in which only some of the markdown applies."""

    #: Whether `[label](url)` is a link; not so in titles of embeds.
    masked_links: bool = True
    #: Styles of the enclosing marks: a mark does not nest in itself.
    within: frozenset[str] = frozenset()


def read_line(text: str, how: Reading | None = None) -> tuple[Node, ...]:
    """Parse a text without headings, lists, quotes and code blocks, such as an embed's title."""
    return tuple(_joined(_nodes(text, how or Reading())))


def when(instant: int, style: str) -> str:
    """Return a timestamp as a reader in UTC sees it; the relative style is written as the absolute time."""
    try:
        moment = datetime.fromtimestamp(instant, UTC)
    except (OverflowError, OSError, ValueError):
        return "Invalid Date"
    return moment.strftime(_STYLES[style])


#: docs.discord.com, Reference, "Timestamp Styles".
_STYLES = {
    "t": "%H:%M",
    "T": "%H:%M:%S",
    "d": "%d/%m/%Y",
    "D": "%d %B %Y",
    "f": "%d %B %Y %H:%M",
    "F": "%A, %d %B %Y %H:%M",
    "s": "%d/%m/%Y, %H:%M",
    "S": "%d/%m/%Y, %H:%M:%S",
    "R": "%d %B %Y %H:%M",
}


def _nodes(text: str, how: Reading) -> Iterator[Node]:
    at = 0
    hopeless: set[str] = set()
    while at < len(text):
        found = _atom(text, at, how) or _marked(text, at, how, hopeless)
        node, end = found or (Text(text=text[at]), at + 1)
        yield node
        at = end


def _atom(text: str, at: int, how: Reading) -> tuple[Node, int] | None:
    """Parse a node that holds no marks: an escaped character, code, a URL, a mention."""
    if text[at] not in _BEGIN:
        return None
    for pattern, make in _ATOMS:
        if found := pattern.match(text, at):
            return make(found), found.end()
    if how.masked_links and (label := _LABEL.match(text, at)):
        return _masked(text, label, how)
    if found := _URL.match(text, at):
        url = _balanced(found.group())
        return Link(url=url, nodes=(Text(text=url),), bare=True), at + len(url)
    return None


def _balanced(url: str) -> str:
    """Cut closing brackets that the URL did not open: they belong to the sentence around it."""
    while url.endswith(")") and url.count(")") > url.count("("):
        url = url[:-1].rstrip(".,:;\"'")
    return url


def _masked(text: str, label: re.Match[str], how: Reading) -> tuple[Node, int] | None:
    target = _TARGET.match(text, label.end())
    # A URL as the label could hide the real target, so Discord shows such a link as plain text.
    if target is None or bool(target.group(1)) != bool(target.group(3)) or _ADDRESS.search(label.group(1)):
        return None
    inner = Reading(masked_links=False, within=how.within)
    nodes = read_line(label.group(1), inner)
    return Link(url=target.group(2), nodes=nodes, quiet=bool(target.group(1))), target.end()


def _marked(text: str, at: int, how: Reading, hopeless: set[str]) -> tuple[Node, int] | None:
    for mark in MARKS:
        if mark.style in how.within or mark.sign in hopeless or not mark.opens(text, at):
            continue
        start = at + len(mark.sign)
        end = _closing(text, start, mark, how)
        if end is None:
            # A later mark of this kind would not close either, and searching again at each one would take too long.
            hopeless.add(mark.sign)
        if not end:
            continue
        inner = Reading(masked_links=how.masked_links, within=how.within | {mark.style})
        return Marked(style=mark.style, nodes=read_line(text[start:end], inner)), end + len(mark.sign)
    return None


def _closing(text: str, start: int, mark: Mark, how: Reading) -> int | None:
    """Return the position where a mark closes.

    None: no mark with this delimiter closes in the rest of the text. 0: this mark does not close, but a later one may.
    """
    at = start
    while at < len(text):
        if mark.closes(text, at, start):
            return at
        # Delimiters within code, URLs and mentions do not close a mark.
        atom = _atom(text, at, how)
        double = mark.next_closes and text.startswith(mark.sign * 2, at)
        if mark.next_closes and not (atom or double) and text.startswith(mark.sign, at):
            return 0
        at = atom[1] if atom else at + 1 + double
    return None


def _joined(nodes: Iterator[Node]) -> Iterator[Node]:
    """Merge adjacent plain characters into one node."""
    held = ""
    for node in nodes:
        if isinstance(node, Text):
            held += node.text
            continue
        if held:
            yield Text(text=held)
        held = ""
        yield node
    if held:
        yield Text(text=held)


def _stamp(found: re.Match[str]) -> Node:
    style = found.group(2) or "f"
    return Stamp(instant=int(found.group(1)), style=style, text=when(int(found.group(1)), style))


_BEGIN = frozenset("\\`<@[hH")
_ATOMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Node]], ...] = (
    (ESCAPED, lambda found: Text(text=found.group(1))),
    (_CODE, lambda found: Code(text=_trimmed(found.group(2)))),
    (_USER, lambda found: Ping(kind="user", target=found.group(1), text=f"@{found.group(1)}")),
    (_ROLE, lambda found: Ping(kind="role", target=found.group(1), text=f"@{found.group(1)}")),
    (_CHANNEL, lambda found: Ping(kind="channel", target=found.group(1), text=f"#{found.group(1)}")),
    (_EVERYBODY, lambda found: Ping(kind="everyone", target=found.group(1), text=found.group())),
    (_STAMP, _stamp),
    (_EMOJI, lambda found: Emoji(name=found.group(2), id=found.group(3), animated=bool(found.group(1)))),
    (_COMMAND, lambda found: Text(text=f"/{found.group(1)}")),
    (_QUIET_URL, lambda found: Link(url=found.group(1), nodes=(Text(text=found.group(1)),), bare=True, quiet=True)),
)


def _trimmed(code: str) -> str:
    """Remove the padding spaces that separate a backtick within code from the delimiters."""
    return code[1:-1] if code[:1] == code[-1:] == " " and "`" in code and code.strip() else code
