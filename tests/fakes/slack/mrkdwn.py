"""A parser for Slack's mrkdwn, as Slack reads it: the shown text, the links and the pings.

Source: docs.slack.dev/messaging/formatting-message-text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """Plain characters."""

    text: str
    #: Names of its styles: bold, italic, strike, code.
    style: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A link; its label is shown."""

    url: str
    label: str

    @property
    def text(self) -> str:
        """The shown text."""
        return self.label


@dataclass(frozen=True, kw_only=True, slots=True)
class Ping:
    """A mention that notifies, or the link to a channel, which does not."""

    #: user, usergroup, channel, or broadcast.
    kind: str
    target: str
    label: str
    #: False if the documents only say that Slack "may" read it as a mention.
    certain: bool = True

    @property
    def text(self) -> str:
        """The shown text."""
        return self.label

    @property
    def notifies(self) -> bool:
        """Whether it notifies; a link to a channel does not."""
        return self.kind != "channel"


Leaf = Text | Link | Ping

_ENTITY = re.compile(r"<([^<>\n]+)>")
_BARE_URL = re.compile(r"https?://[^\s<>|]+[^\s<>|.,;:!?'\")\]}*_~`]")
_BARE_NAME = re.compile(r"(?<![\w@#/.])([@#])([a-z0-9][\w.-]*)", re.IGNORECASE)
_BROADCASTS = ("channel", "everyone", "group", "here")
_MARKS = (
    ("code", re.compile(r"```(.+?)```", re.DOTALL)),
    ("code", re.compile(r"`([^`\n]+)`")),
    ("bold", re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])")),
    ("italic", re.compile(r"(?<![\w_])_(?=\S)([^_\n]+?)(?<=\S)_(?![\w_])")),
    ("strike", re.compile(r"(?<![\w~])~(?=\S)([^~\n]+?)(?<=\S)~(?![\w~])")),
)


def unescape(text: str) -> str:
    """Replace the three entities that Slack supports with their characters."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """Options of parsing, beyond the text's own marks."""

    #: With `full`, bare @names and #names are mentions too; with `none`, not even bare URLs are links.
    parse: str = ""
    link_names: bool = False
    #: Whether it is a mrkdwn object without verbatim: "certain mentions" are read, and the documents do not say which.
    lenient: bool = False
    usergroups: frozenset[str] = frozenset()


def read(text: str, how: Reading | None = None) -> list[Leaf]:
    """Parse mrkdwn into leaves; formatting characters are removed and become the leaves' styles."""
    how = how or Reading()
    entities: list[Leaf] = []

    def keep(match: re.Match[str]) -> str:
        entities.append(_entity(match.group(1)))
        # The text has no other "<1>": it would have been taken as an entity itself.
        return f"<{len(entities) - 1}>"

    flat = _ENTITY.sub(keep, text)
    return [leaf for part in _styled(flat) for leaf in _with_entities(part, entities, how)]


def _with_entities(part: Text, entities: list[Leaf], how: Reading) -> Iterator[Leaf]:
    for index, piece in enumerate(re.split(r"<(\d+)>", part.text)):
        if index % 2:
            yield entities[int(piece)]
        else:
            for leaf in _plain(piece, how):
                yield replace(leaf, style=part.style) if isinstance(leaf, Text) else leaf


def _entity(inner: str) -> Leaf:
    body, bar, label = inner.partition("|")
    if body.startswith("!"):
        return _special(body[1:], unescape(label), bar)
    if re.fullmatch(r"@[UW][A-Z0-9]+", body):
        return Ping(kind="user", target=body[1:], label=f"@{label or body[1:]}")
    if re.fullmatch(r"#C[A-Z0-9]+", body):
        return Ping(kind="channel", target=body[1:], label=f"#{label or body[1:]}")
    if re.match(r"(https?|mailto|tel|slack|ftp):", body, re.IGNORECASE):
        return Link(url=unescape(body), label=unescape(label) or unescape(body.removeprefix("mailto:")))
    return Text(text=f"<{unescape(inner)}>")


def _special(name: str, label: str, bar: str) -> Leaf:
    kind, _, rest = name.partition("^")
    if kind in _BROADCASTS:
        return Ping(kind="broadcast", target=kind, label=f"@{kind}")
    if kind == "subteam":
        return Ping(kind="usergroup", target=rest, label=label or f"@{rest}")
    if kind == "date":
        return Text(text=label)
    return Text(text=f"<{label}>" if bar else f"<!{name}>")


def _plain(text: str, how: Reading) -> Iterator[Leaf]:
    if how.parse == "none":
        yield from _named(text, how)
        return
    at = 0
    for match in _BARE_URL.finditer(text):
        yield from _named(text[at : match.start()], how)
        yield Link(url=unescape(match.group()), label=unescape(match.group()))
        at = match.end()
    yield from _named(text[at:], how)


def _named(text: str, how: Reading) -> Iterator[Leaf]:
    at = 0
    for match in _BARE_NAME.finditer(text):
        ping = _bare_ping(match.group(1), match.group(2), how)
        if ping is None:
            continue
        if match.start() > at:
            yield Text(text=unescape(text[at : match.start()]))
        yield ping
        at = match.end()
    if text[at:]:
        yield Text(text=unescape(text[at:]))


def _bare_ping(sign: str, name: str, how: Reading) -> Ping | None:
    if sign == "#":
        return Ping(kind="channel", target=name, label=f"#{name}") if how.parse == "full" else None
    if name.lower() in _BROADCASTS and (how.parse == "full" or how.lenient):
        return Ping(kind="broadcast", target=name.lower(), label=f"@{name}", certain=how.parse == "full")
    if name in how.usergroups and (how.link_names or how.parse == "full"):
        return Ping(kind="usergroup", target=name, label=f"@{name}")
    if how.parse == "full" or how.link_names:
        return Ping(kind="user", target=name, label=f"@{name}")
    return None


def _styled(text: str, style: frozenset[str] = frozenset()) -> list[Text]:
    for name, pattern in _MARKS:
        match = pattern.search(text)
        if match and "code" not in style:
            return [
                *_styled(text[: match.start()], style),
                *_styled(match.group(1), style | {name}),
                *_styled(text[match.end() :], style),
            ]
    return [Text(text=text, style=style)] if text else []


def shown(leaves: list[Leaf]) -> str:
    """Return the characters that a reader sees."""
    return "".join(leaf.text for leaf in leaves)


def escape(text: str) -> str:
    """Escape a person's text as Slack does before it sends it to apps."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def as_typed(text: str) -> str:
    """Return a person's text in the form that apps receive: escaped, with URLs in angle brackets."""
    parts: list[str] = []
    at = 0
    for match in re.finditer(r"<[@#!][^<>\n]+>|" + _BARE_URL.pattern, text):
        parts.append(escape(text[at : match.start()]))
        found = match.group()
        parts.append(found if found.startswith("<") else f"<{escape(found)}>")
        at = match.end()
    return "".join([*parts, escape(text[at:])])
