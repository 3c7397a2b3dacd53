"""Blocks as simple HTML, styled like Slack; all sent text is escaped."""

from collections.abc import Callable, Iterable, Mapping
from html import escape

from tests.fakes.slack.mrkdwn import Leaf, Link, Ping, Text
from tests.fakes.slack.problems import Json
from tests.fakes.slack.reading import named, rich_leaf, text_object
from tests.fakes.slack.windows import STATE

_TAGS = {"bold": "b", "italic": "i", "strike": "s", "code": "code"}
#: The emoji that digests use; others are shown by name.
_EMOJI = {
    "arrow_up": "⬆️",
    "bell": "🔔",
    "bookmark": "🔖",
    "books": "📚",
    "calendar": "📅",
    "eyes": "👀",
    "gear": "⚙️",
    "hourglass_flowing_sand": "⏳",
    "link": "🔗",
    "mag": "🔍",
    "newspaper": "📰",
    "page_facing_up": "📄",
    "rocket": "🚀",
    "star": "⭐",
    "thumbsdown": "👎",
    "thumbsup": "👍",
    "warning": "⚠️",
    "white_check_mark": "✅",
    "x": "❌",
}


class BlockHtml:
    """Renders blocks for one reader."""

    def __init__(
        self, names: Mapping[str, str] | None = None, values: Mapping[str, Mapping[str, Json]] | None = None
    ) -> None:
        self._names = names or {}
        #: The values of a view's fields.
        self._values = values or {}

    def blocks(self, blocks: Iterable[Json], errors: Mapping[str, str] | None = None) -> str:
        """Render blocks, each with its error below it."""
        parts: list[str] = []
        for block in blocks:
            parts.append(f'<div class="block {escape(block["type"])}">{self.block(block)}</div>')
            if errors and block.get("block_id") in errors:
                parts.append(f'<div class="error">{escape(errors[block["block_id"]])}</div>')
        return "".join(parts)

    def block(self, block: Json) -> str:
        """Render one block."""
        render = _RENDER.get(block["type"])
        return render(self, block) if render else f'<span class="muted">({escape(block["type"])})</span>'

    def leaves(self, leaves: list[Leaf]) -> str:
        """Render parsed text."""
        return "".join(self._leaf(leaf) for leaf in named(leaves, self._names))

    def text(self, text: Json | None) -> str:
        """Render a text object."""
        if not text:
            return ""
        if text.get("type") == "rich_text":
            return self.rich_text(text)
        if text.get("type") == "plain_text":
            return _lines(_emoji(text["text"]))
        return self.leaves(text_object(text))

    def _leaf(self, leaf: Leaf) -> str:
        if isinstance(leaf, Link):
            safe = leaf.url if leaf.url.split(":", 1)[0].lower() in ("http", "https", "mailto") else "#"
            return f'<a href="{escape(safe)}">{_lines(leaf.label)}</a>'
        if isinstance(leaf, Ping):
            return f'<span class="mention">{escape(leaf.label)}</span>'
        return _marked(_lines(leaf.text if "code" in leaf.style else _emoji(leaf.text)), leaf)

    def rich_text(self, block: Json) -> str:
        """Render rich text: its elements are typed, and their text is not parsed."""
        return "".join(self._rich_part(part) for part in block["elements"])

    def _rich_part(self, part: Json) -> str:
        if part["type"] == "rich_text_list":
            tag = "ol" if part["style"] == "ordered" else "ul"
            items = "".join(f"<li>{self._rich_leaves(item['elements'])}</li>" for item in part["elements"])
            return f'<{tag} style="margin-left:{part.get("indent", 0) * 20}px">{items}</{tag}>'
        tag = {"rich_text_quote": "blockquote", "rich_text_preformatted": "pre"}.get(part["type"], "p")
        return f"<{tag}>{self._rich_leaves(part['elements'])}</{tag}>"

    def _rich_leaves(self, leaves: list[Json]) -> str:
        read = named([rich_leaf(each) for each in leaves], self._names)
        marks = [each.get("style") or {} for each in leaves]
        return "".join(
            _wrapped(self._leaf(leaf), [name for name, on in mark.items() if on and not isinstance(leaf, Text)])
            for leaf, mark in zip(read, marks, strict=True)
        )

    def element(self, element: Json, block_id: str = "") -> str:
        """Render a button, a menu or a field."""
        kind = element["type"]
        if kind in ("button", "icon_button", "workflow_button"):
            return f'<span class="button {escape(element.get("style", ""))}">{self.text(element.get("text"))}</span>'
        if kind == "feedback_buttons":
            sides = (element["positive_button"], element["negative_button"])
            return "".join(f'<span class="button">{self.text(side["text"])}</span>' for side in sides)
        if kind == "overflow":
            return '<span class="button">⋯</span>'
        if kind == "image":
            return f'<span class="image">{escape(element["alt_text"])}</span>'
        if kind in ("checkboxes", "radio_buttons"):
            return self._choices(element, block_id)
        return self._field(element, block_id) if kind in STATE else f'<span class="muted">({escape(kind)})</span>'

    def _muted(self, text: Json | None) -> str:
        return f'<div class="muted">{self.text(text)}</div>' if text else ""

    def _held(self, element: Json, block_id: str) -> object:
        held = self._values.get(block_id, {}).get(element.get("action_id", ""), {})
        given, carried = STATE[element["type"]]
        return held.get(carried) if held else element.get(given)

    def _choices(self, element: Json, block_id: str) -> str:
        held = self._held(element, block_id)
        chosen = [each["value"] for each in (held if isinstance(held, list) else [held]) if isinstance(each, dict)]
        on, off = ("☑", "☐") if element["type"] == "checkboxes" else ("◉", "○")
        rows = []
        for option in element["options"]:
            about = (
                f'<div class="muted">{self.text(option.get("description"))}</div>' if "description" in option else ""
            )
            rows.append(f"<div>{on if option['value'] in chosen else off} {self.text(option['text'])}{about}</div>")
        return "".join(rows)

    def _field(self, element: Json, block_id: str) -> str:
        held = self._held(element, block_id)
        said = [_label(each) for each in (held if isinstance(held, list) else [held]) if each]
        tall = " tall" if element.get("multiline") else ""
        arrow = "" if element["type"].endswith("_input") else '<span class="arrow">⌄</span>'
        shown = (
            _lines(", ".join(said)) if said else f'<span class="muted">{self.text(element.get("placeholder"))}</span>'
        )
        return f'<div class="field{tall}">{shown}{arrow}</div>'

    def section(self, block: Json) -> str:
        """Render a section: text and fields on the left, the accessory on the right."""
        fields = "".join(f'<div class="cell">{self.text(each)}</div>' for each in block.get("fields", []))
        aside = block.get("accessory")
        right = f'<div class="aside">{self.element(aside, block.get("block_id", ""))}</div>' if aside else ""
        left = f'<div class="grow">{self.text(block.get("text"))}<div class="cells">{fields}</div></div>'
        return f'<div class="row">{left}{right}</div>'

    def row(self, block: Json) -> str:
        """Render elements side by side."""
        return "".join(self.element(each, block.get("block_id", "")) for each in block["elements"])

    def context(self, block: Json) -> str:
        """Render small grey text."""
        said = (self.element(e) if e["type"] == "image" else self.text(e) for e in block["elements"])
        return " ".join(f"<span>{each}</span>" for each in said)

    def input(self, block: Json) -> str:
        """Render a field with its label."""
        optional = ' <span class="muted">(optional)</span>' if block.get("optional") else ""
        hint = self._muted(block.get("hint"))
        field = self.element(block["element"], block.get("block_id", ""))
        return f"<label>{self.text(block['label'])}{optional}</label>{field}{hint}"

    def table(self, block: Json) -> str:
        """Render a table."""
        rows = []
        for row in block["rows"]:
            cells = (self.rich_text(c) if c["type"] == "rich_text" else escape(str(c.get("text", ""))) for c in row)
            rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
        return f"<table>{''.join(rows)}</table>"

    def card(self, block: Json) -> str:
        """Render a card."""
        actions = "".join(self.element(each) for each in block.get("actions", []))
        head = f"<b>{self.text(block.get('title'))}</b>{self._muted(block.get('subtitle'))}"
        return f'<div class="boxed">{head}{self.text(block.get("body"))}<div>{actions}</div></div>'

    def nest(self, block: Json) -> str:
        """Render blocks within a block."""
        return self.text(block.get("title")) + self.blocks(block.get("child_blocks") or block.get("elements") or [])


_RENDER: Mapping[str, Callable[[BlockHtml, Json], str]] = {
    "actions": BlockHtml.row,
    "alert": lambda to, block: to.text(block["text"]),
    "card": BlockHtml.card,
    "carousel": BlockHtml.nest,
    "container": BlockHtml.nest,
    "context": BlockHtml.context,
    "context_actions": BlockHtml.row,
    "divider": lambda _to, _block: "<hr>",
    "header": lambda to, block: to.text(block["text"]),
    "image": lambda _to, block: f'<span class="image">{escape(block["alt_text"])}</span>',
    "input": BlockHtml.input,
    "markdown": lambda _to, block: _lines(block["text"]),
    "rich_text": BlockHtml.rich_text,
    "section": BlockHtml.section,
    "table": BlockHtml.table,
}


def _label(held: object) -> str:
    if isinstance(held, dict) and "text" in held:
        return str(held["text"]["text"])
    return str(held.get("name", "")) if isinstance(held, dict) else str(held)


def _marked(text: str, leaf: Text) -> str:
    return _wrapped(text, sorted(leaf.style))


def _wrapped(text: str, marks: Iterable[str]) -> str:
    for mark in marks:
        tag = _TAGS.get(mark)
        text = f"<{tag}>{text}</{tag}>" if tag else text
    return text


def _emoji(text: str) -> str:
    for name, sign in _EMOJI.items():
        text = text.replace(f":{name}:", sign)
    return text


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")
