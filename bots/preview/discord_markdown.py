"""Discord's markdown as HTML. Pure functions.

Source: support.discord.com, Markdown Text 101, and docs.discord.com, Message Formatting. What is not recognised is
shown as it was written.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from bots.pages.elements import Content, Html, element, joined
from bots.preview.payload_items import link

#: Signs inside signs: bold, italic, underlined and struck text together are four, and a link around them is five.
_DEEPEST = 6
_FENCE = re.compile(r"```(?:[\w+-]*\n)?(?P<block>.*?)```", re.DOTALL)
_LINE = re.compile(
    r"(?P<heading>#{1,3}) (?P<headed>.*)|-# (?P<small>.*)|> (?P<quote>.*)|(?P<indent> *)[-*] (?P<item>.*)"
)
#: A text in which a backslash takes the meaning from the sign behind it, as short as possible.
_INSIDE = r"(?:\\.|[^\\])+?"
_TOKEN = re.compile(
    r"\\(?P<sign>[^\w\s]|_)"
    r"|(?P<ticks>`{1,2})(?P<code>[^`]+)(?P=ticks)(?!`)"
    rf"|\[(?P<label>(?:\\.|[^\\\[\]])+)\]\(<?(?P<url>[^\s<>()]+)>?\)"
    r"|<t:(?P<time>-?\d{1,12})(?::[tTdDfFR])?>"
    r"|<(?P<named>#\d+|@[!&]?\d+|/[^<>:\n]+:\d+|a?:\w+:\d+|id:\w+)>"
    r"|<?(?P<address>https?://[^\s<>]+)>?"
    rf"|\*\*(?P<bold>{_INSIDE})\*\*(?!\*)|__(?P<underlined>{_INSIDE})__(?!_)|~~(?P<struck>{_INSIDE})~~"
    rf"|\|\|(?P<hidden>{_INSIDE})\|\||\*(?P<italic>(?!\s){_INSIDE})(?<!\s)\*(?!\*)"
    rf"|\b_(?P<slanted>(?!\s){_INSIDE})_\b|(?P<everyone>@(?:everyone|here))\b",
    re.DOTALL,
)
_SPANS = {
    "bold": "strong", "underlined": "u", "struck": "s", "italic": "em", "slanted": "em",
}  # fmt: skip


def markdown(text: str) -> Html:
    """Return a text in Discord's markdown as HTML, each of its lines as an element."""
    made, end = [], 0
    for found in _FENCE.finditer(text):
        made += [*_lines(text[end : found.start()]), element("pre", found["block"].strip("\n"), tabindex="0")]
        end = found.end()
    return joined(*made, *_lines(text[end:]))


def _lines(text: str) -> Iterator[Html]:
    if text:
        yield from map(_line, text.strip("\n").split("\n"))


def _line(line: str) -> Html:
    found = _LINE.fullmatch(line)
    if found is None:
        return element("div", _inline(line) if line.strip() else element("br"), class_="discord-line")
    if found["heading"]:
        # The headings of the page are its own: a screen reader would take these for parts of the page.
        return element("p", _inline(found["headed"]), class_=f"discord-h{len(found['heading'])}")
    if found["small"] is not None:
        return element("p", _inline(found["small"]), class_="discord-small")
    if found["quote"] is not None:
        return element("blockquote", _inline(found["quote"]))
    return element("p", "• ", _inline(found["item"] or ""), class_="discord-item")


def _inline(text: str, depth: int = 0) -> Html:
    if depth >= _DEEPEST:
        return joined(text)
    made: list[Content] = []
    end = 0
    for found in _TOKEN.finditer(text):
        made += [text[end : found.start()], _token(found, depth)]
        end = found.end()
    return joined(*made, text[end:])


def _token(found: "re.Match[str]", depth: int) -> Content:
    groups = {name: value for name, value in found.groupdict().items() if value is not None}
    for name, tag in _SPANS.items():
        if name in groups:
            return element(tag, _inline(groups[name], depth + 1))
    if "label" in groups:
        return link(_inline(groups["label"], depth + 1), groups["url"])
    if "hidden" in groups:
        return element("span", _inline(groups["hidden"], depth + 1), class_="discord-spoiler")
    return next(draw(groups[name]) for name, draw in _OTHERS.items() if name in groups)


def _time(seconds: str) -> Html:
    try:
        said = f"{datetime.fromtimestamp(int(seconds), UTC):%d %B %Y, %H:%M} UTC"
    except (OverflowError, ValueError, OSError):
        said = "Invalid date"
    return element("span", said, class_="discord-mention")


def _named(body: str) -> Html:
    """Return a channel, a person, a command or an emoji, by its id or name: names are known to Discord alone."""
    if body[0] in "#@":
        return element("span", f"{body[0]}{body.lstrip('#@!&')}", class_="discord-mention")
    if body[0] == "/":
        return element("span", body.partition(":")[0], class_="discord-mention")
    return joined(f":{body.lstrip('a').strip(':').partition(':')[0]}:")


_OTHERS: dict[str, Callable[[str], Content]] = {
    "sign": lambda sign: sign,
    "code": lambda code: element("code", code.strip() or code),
    "time": _time,
    "named": _named,
    "address": lambda address: link(address, address),
    "everyone": lambda said: element("span", said, class_="discord-mention"),
}
