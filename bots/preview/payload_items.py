"""What the previews of all chats share: lists in a payload, links, menus, and what they do not know. Pure functions."""

from collections.abc import Iterable, Iterator, Mapping

from bots.chat.phrases import safe_url
from bots.chat.untrusted import at, text_at
from bots.pages.elements import Content, Html, element, joined

#: Fields that hold no text for a reader.
_UNSEEN = frozenset({"type", "action_id", "block_id", "custom_id", "id", "value", "style", "emoji", "verbatim"})


def items(given: object, *path: str) -> list[object]:
    """Return the list at a path; empty if there is none."""
    found = at(given, *path)
    return list(found) if isinstance(found, list | tuple) else []


def link(label: Content, url: str, class_: str = "") -> Html:
    """Return a link that opens a page of its own; only its label if the address is not a safe one of the web."""
    target = safe_url(url)
    if not target:
        return joined(label)
    return element("a", label, href=target, rel="noreferrer noopener", target="_blank", class_=class_)


def menu(chat: str, label: Content, options: Iterable[Content]) -> Html:
    """Return a menu that opens and shows its options; none of them does anything."""
    listed = (element("li", option) for option in options)
    return element("details", element("summary", label, class_=f"{chat}-button"), element("ul", *listed), class_="menu")


def unknown(given: object) -> Html:
    """Return what stands in place of a block or component of an unknown kind: its kind, and every text in it."""
    kind = _kind(given)
    texts = (element("span", text) for text in _texts(given))
    named = element("strong", f"Not drawn in this preview: “{kind}”")
    return element("div", named, *(part for text in texts for part in (" ", text)), class_="unknown")


def _kind(given: object) -> str:
    kind = at(given, "type")
    return text_at(given, "type") or (str(kind) if isinstance(kind, int) else "something without a kind")


def _texts(given: object) -> Iterator[str]:
    if isinstance(given, str):
        yield given
    elif isinstance(given, Mapping):
        for name, value in given.items():
            if name not in _UNSEEN or isinstance(value, Mapping | list | tuple):
                yield from _texts(value)
    elif isinstance(given, list | tuple):
        for value in given:
            yield from _texts(value)
