"""HTML that is made of elements: whatever is not an element itself is text, and is escaped. Pure functions."""

from collections.abc import Iterable
from html import escape

#: Elements without content (html.spec.whatwg.org, 13.1.2).
_VOID = frozenset({"br", "hr"})
#: Elements that run or load something, and attributes that do: none of them can be made here.
_NEVER = frozenset({"script", "style", "iframe", "object", "embed", "img", "link", "base", "form", "meta"})


class Html(str):
    """Markup that is safe to show: only this module makes it, and templates take it as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        """Return the markup, for templates that escape every other value."""
        return str(self)


#: What stands in an element: markup, or text that is escaped.
Content = Html | str


def joined(*content: Content) -> Html:
    """Return contents after each other, each text escaped."""
    return Html("".join(each if isinstance(each, Html) else _text(each) for each in content))


def joined_by(between: Content, content: Iterable[Content]) -> Html:
    """Return contents with something between each two."""
    return joined(*(part for at, each in enumerate(content) for part in ((between, each) if at else (each,))))


def element(name: str, *content: Content, **attributes: str | bool) -> Html:
    """Return an element.

    Args:
        name: its name in lower case.
        content: what stands in it.
        attributes: its attributes; a `_` at the end is dropped and others become `-`. True stands for an attribute
            without a value; one that is empty or False is left out.

    Raises:
        ValueError: the element or an attribute would run or load something.
    """
    named = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
    if name in _NEVER or any(key == "style" or key.startswith("on") for key in named):
        raise ValueError(f"<{name}> with {sorted(named)} cannot be made of outside text")
    written = "".join(
        f" {key}" if value is True else f' {key}="{_text(value)}"' for key, value in named.items() if value
    )
    return Html(f"<{name}{written}>" if name in _VOID else f"<{name}{written}>{joined(*content)}</{name}>")


def _text(text: str) -> str:
    # Half a surrogate pair cannot be encoded; a browser replaces the other two by itself.
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return escape(whole.replace("\0", "\ufffd").replace("\r", "\n"))
