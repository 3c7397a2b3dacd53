"""Reads HTML as a person sees it, and checks that it does nothing but show."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

#: Every element and attribute that a drawing may have.
_TAGS = frozenset(
    "a article blockquote br code details div em hr li ol p pre rect s span strong summary svg u ul".split()
)
_ATTRIBUTES = frozenset(
    "aria-hidden aria-label class fill height href rel role tabindex target width".split(),
)


@dataclass(kw_only=True)
class Drawn:
    """What a drawing shows."""

    text: str = ""
    links: list[str] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.drawn = Drawn()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in _TAGS
        given = dict(attrs)
        assert set(given) <= _ATTRIBUTES
        if "href" in given:
            assert tag == "a"
            assert (given["href"] or "").startswith(("https://", "http://"))
            self.drawn.links.append(given["href"] or "")
        self.drawn.classes += (given.get("class") or "").split()

    def handle_data(self, data: str) -> None:
        self.drawn.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)


def drawn(html: str) -> Drawn:
    """Return what a drawing shows; it must be harmless: only known elements and attributes, links only to the web."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.drawn


def seen(text: str) -> str:
    """Return text without its spaces, which a browser lays out as it likes, and as it can be encoded."""
    return "".join(text.encode("utf-8", "replace").decode().replace("\0", "\ufffd").split())
