"""Slack's mrkdwn as HTML. Pure functions.

Source: docs.slack.dev/messaging/formatting-message-text. In our messages only our own text is mrkdwn; in those of a
third-party adapter any text may be. What is not recognised is shown as it was written.
"""

import re
from collections.abc import Callable

from bots.pages.elements import Html, element, joined
from bots.preview.payload_items import link

_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
#: A fence, code, something in angle brackets, or a pair of signs around words.
_TOKEN = re.compile(
    r"```(?P<block>.+?)```|`(?P<code>[^`\n]+)`|<(?P<angle>[^<>\n]+)>"
    r"|(?<![\w*])\*(?P<bold>[^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])"
    r"|(?<![\w_])_(?P<italic>[^\s_](?:[^_\n]*[^\s_])?)_(?![\w_])"
    r"|(?<![\w~])~(?P<strike>[^\s~](?:[^~\n]*[^\s~])?)~(?![\w~])",
    re.DOTALL,
)
#: Lines that are quoted, together.
_QUOTES = re.compile(r"((?:^(?:&gt;|>) ?[^\n]*(?:\n|\Z))+)", re.MULTILINE)
_QUOTE_SIGN = re.compile(r"^(?:&gt;|>) ?", re.MULTILINE)
#: Signs inside signs: bold, italic and struck together are three.
_DEEPEST = 4


def mrkdwn(text: str) -> Html:
    """Return a text in mrkdwn, with Slack's three entities, as HTML; bare addresses stay text."""
    return joined(*map(_block, _QUOTES.split(text)))


def _block(text: str) -> Html:
    if _QUOTES.fullmatch(text):
        return element("blockquote", _inline(_QUOTE_SIGN.sub("", text).rstrip("\n"), 0))
    return _inline(text, 0)


def _inline(text: str, depth: int) -> Html:
    if depth >= _DEEPEST:
        return joined(plain(text))
    made, end = [], 0
    for found in _TOKEN.finditer(text):
        made += [joined(plain(text[end : found.start()])), _marked(found, depth)]
        end = found.end()
    return joined(*made, plain(text[end:]))


def _marked(found: "re.Match[str]", depth: int) -> Html:
    kind = found.lastgroup or ""
    inside = found[kind]
    if kind in _SPANS:
        return element(_SPANS[kind], _inline(inside, depth + 1))
    return _OTHERS[kind](inside)


_SPANS = {"bold": "strong", "italic": "em", "strike": "s"}


def _angle(body: str) -> Html:
    """Return what stands between angle brackets: a link, a channel, a person, or a special mention."""
    target, _, label = body.partition("|")
    if target[:1] in "@#!":
        return mention(plain(label) or _named(target))
    return link(plain(label) or plain(target), plain(target))


def _named(target: str) -> str:
    sign = "@" if target[0] == "!" else target[0]
    return f"{sign}{target[1:].partition('^')[0]}"


def mention(name: str) -> Html:
    """Return the name of a channel, a person or a group as Slack marks it."""
    return element("span", name, class_="slack-mention")


_OTHERS: dict[str, Callable[[str], Html]] = {
    "block": lambda inside: element("pre", plain(inside.strip("\n"))),
    "code": lambda inside: element("code", plain(inside)),
    "angle": _angle,
}


def plain(text: str) -> str:
    """Return text with Slack's three entities decoded; the ampersand last, or `&amp;lt;` would be decoded twice."""
    for entity, sign in _ENTITIES:
        text = text.replace(entity, sign)
    return text
