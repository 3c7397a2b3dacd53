"""The fake chat's markup: escapes, links and mentions. Pure functions.

Like Slack it escapes with entities and marks links as `<url|label>`; like Discord it takes a bare `@everyone` as a
mention, so an adapter must make `@` harmless as well.
"""

import re
from dataclasses import dataclass

#: The ampersand is first: otherwise the ampersands of the other entities would be escaped again.
_ENTITIES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("@", "&#64;"))
_ESCAPED = re.compile("|".join(entity for _, entity in _ENTITIES))
_MEANINGS = {entity: char for char, entity in _ENTITIES}
_PING = re.compile(
    r"<@[A-Z0-9]+(?:\|[^<>]*)?>|<!(?:channel|here|everyone)(?:\|[^<>]*)?>|<!subteam\^[^<>]+>|@(?:everyone|here|channel)"
)
_LINK = re.compile(r"<(?P<url>https?://[^\s<>|]+)\|(?P<label>[^<>|]+)>")


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A link as readers see it."""

    url: str
    label: str


def escape(text: str) -> str:
    """Return the text with all markup escaped."""
    for char, entity in _ENTITIES:
        text = text.replace(char, entity)
    return text


def unescape(text: str) -> str:
    """Return the readable text of a text without links."""
    return _ESCAPED.sub(lambda entity: _MEANINGS[entity[0]], text)


def pings(text: str) -> tuple[str, ...]:
    """Return the mentions in a message's text, as written; each of them notifies people."""
    return tuple(_PING.findall(text))


def links(text: str) -> tuple[Link, ...]:
    """Return the links in a message's text."""
    return tuple(Link(url=unescape(found["url"]), label=unescape(found["label"])) for found in _LINK.finditer(text))


def shown(text: str) -> str:
    """Return a message's text as readers see it: links by their label, entities decoded once."""
    return unescape(_LINK.sub(lambda found: found["label"], text))
