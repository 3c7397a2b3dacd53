"""Components and embeds as HTML, styled like Discord; all sent text is escaped."""

from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any

from tests.fakes.discord import markdown
from tests.fakes.discord.markdown_html import anchor, blocks_html, nodes_html
from tests.fakes.discord.reading import named
from tests.fakes.discord.reading_controls import objects
from tests.fakes.discord.rules_components import LINK
from tests.fakes.discord.wrong import Json

#: docs.discord.com, Component Reference, "Button Styles".
_STYLES = {1: "primary", 2: "secondary", 3: "success", 4: "danger", LINK: "link", 6: "premium"}


class ComponentHtml:
    """Renders the parts of a message, with names in place of known ids."""

    def __init__(self, names: Mapping[str, str] | None = None) -> None:
        self._names = names or {}

    def text(self, raw: Any) -> str:
        """Render a text with full markdown."""
        return blocks_html(named(markdown.read(str(raw or "")), self._names))

    def components(self, components: Iterable[Any]) -> str:
        """Render components from top to bottom."""
        return "".join(self.component(each) for each in components if isinstance(each, dict))

    def component(self, raw: Json) -> str:
        """Render one component."""
        render = _RENDER.get(raw.get("type", 0))
        return render(self, raw) if render else f'<span class="muted">(component {escape(str(raw.get("type")))})</span>'

    def container(self, raw: Json) -> str:
        """Render a container with its coloured bar."""
        bar = (
            f' style="border-left-color:{_colour(raw["accent_color"])}"' if raw.get("accent_color") is not None else ""
        )
        spoiler = " spoiler" if raw.get("spoiler") else ""
        return f'<div class="container{spoiler}"{bar}>{self.components(raw.get("components") or ())}</div>'

    def section(self, raw: Json) -> str:
        """Render a section: texts with an accessory beside them."""
        aside = self.component(raw.get("accessory") or {})
        texts = self.components(raw.get("components") or ())
        return f'<div class="section"><div class="grow">{texts}</div><div class="aside">{aside}</div></div>'

    def row(self, raw: Json) -> str:
        """Render an action row."""
        return f'<div class="row">{self.components(raw.get("components") or ())}</div>'

    def button(self, raw: Json) -> str:
        """Render a button."""
        emoji = (raw.get("emoji") or {}).get("name") or ""
        label = escape(" ".join(filter(None, (emoji, str(raw.get("label") or "")))))
        off = " disabled" if raw.get("disabled") else ""
        kind = f"button {_STYLES.get(raw.get('style', 2), 'secondary')}{off}"
        if raw.get("style") == LINK:
            return anchor(str(raw.get("url") or ""), f"{label} ↗", kind=kind)
        return f'<span class="{kind}">{label}</span>'

    def select(self, raw: Json) -> str:
        """Render a closed menu with its chosen options."""
        chosen = [str(each.get("label", "")) for each in objects(raw, "options") if each.get("default")]
        said = ", ".join(chosen) or str(raw.get("placeholder") or "Make a selection")
        muted = "" if chosen else " muted"
        off = " disabled" if raw.get("disabled") else ""
        return f'<div class="select{muted}{off}">{escape(said)}<span class="arrow">⌄</span></div>'

    def gallery(self, raw: Json) -> str:
        """Render a gallery as the descriptions of its pictures."""
        return f'<div class="row">{"".join(self.picture(each) for each in objects(raw, "items"))}</div>'

    def picture(self, raw: Json) -> str:
        """Render a placeholder for a picture."""
        said = raw.get("description") or (raw.get("media") or {}).get("url") or "picture"
        return f'<div class="picture">🖼 {escape(str(said))}</div>'

    def file(self, raw: Json) -> str:
        """Render a file."""
        said = raw.get("name") or (raw.get("file") or {}).get("url") or ""
        return f'<div class="file">📄 {escape(str(said).removeprefix("attachment://"))}</div>'

    def separator(self, raw: Json) -> str:
        """Render a separator: space, with a line or without."""
        wide = " wide" if raw.get("spacing") == 2 else ""  # docs.discord.com, Component Reference, "Separator"
        return f'<div class="gap{wide}"></div>' if raw.get("divider") is False else f'<hr class="gap{wide}">'

    def embed(self, raw: Json) -> str:
        """Render an embed."""
        bar = f' style="border-left-color:{_colour(raw["color"])}"' if raw.get("color") is not None else ""
        author, footer = (raw.get("author") or {}).get("name"), (raw.get("footer") or {}).get("text")
        title = self._title(raw.get("title"))
        parts = (
            f'<div class="author">{escape(str(author))}</div>' if author else "",
            f'<div class="title">{anchor(str(raw["url"]), title) if raw.get("url") else title}</div>' if title else "",
            self.text(raw.get("description")),
            f'<div class="fields">{"".join(map(self._field, objects(raw, "fields")))}</div>'
            if raw.get("fields")
            else "",
            f'<div class="footer">{escape(str(footer))}</div>' if footer else "",
        )
        return f'<div class="embed"{bar}>{"".join(parts)}</div>'

    def _title(self, raw: Any) -> str:
        return nodes_html(markdown.read_line(str(raw or ""), markdown.Reading(masked_links=False)))

    def _field(self, raw: Json) -> str:
        inline = " inline" if raw.get("inline") else ""
        return f'<div class="field{inline}"><b>{self._title(raw.get("name"))}</b>{self.text(raw.get("value"))}</div>'


_RENDER: Mapping[int, Callable[[ComponentHtml, Json], str]] = {
    1: ComponentHtml.row,
    2: ComponentHtml.button,
    **dict.fromkeys((3, 5, 6, 7, 8), ComponentHtml.select),
    9: ComponentHtml.section,
    10: lambda to, raw: to.text(raw.get("content")),
    11: ComponentHtml.picture,
    12: ComponentHtml.gallery,
    13: ComponentHtml.file,
    14: ComponentHtml.separator,
    17: ComponentHtml.container,
}


def _colour(number: Any) -> str:
    return f"#{number & 0xFFFFFF:06x}" if isinstance(number, int) else "inherit"
