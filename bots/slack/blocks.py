"""Block Kit as small builders that keep every limit of it by construction: pure.

Outside text travels as leaves of `rich_text`, or as `plain_text`, in which nothing is markup and nobody is mentioned;
the only `mrkdwn` here is written by us. A message's `text`, which is always mrkdwn, is escaped.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from bots.presentation.phrases import cut, safe_url

#: A JSON object; what is in it is Slack's affair.
Json = dict[str, Any]

# docs.slack.dev/reference/block-kit/blocks and …/block-elements, …/composition-objects
MAX_SECTION = 3000
MAX_HEADER = 150
MAX_CONTEXT = 10
MAX_ACTIONS = 25
MAX_BUTTON = 75
MAX_VALUE = 2000
MAX_OVERFLOW = 5
#: 150 for a value in slack_sdk and 75 in Slack's type definitions: the smaller one suits both.
MAX_OPTION = 75
MAX_ID = 255
#: No page says how much a text of a context may hold; a line of small print holds less.
MAX_SMALL = 500
#: As long as a warning, a note or a line of help needs to be.
MAX_LINE = 500

_UNCOUNTED = frozenset({"type", "action_id", "block_id", "style"})


def escape(text: str) -> str:
    """Return text in which nothing is mrkdwn that could mention or link; docs.slack.dev, "Escaping text"."""
    # Slack makes a link of a bare address as well.
    spread = text.replace("://", ": //")
    return spread.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain(text: str, most: int) -> Json:
    """Return a text object that is shown as it stands."""
    return {"type": "plain_text", "text": cut(text, most) or "…", "emoji": False}


def header(text: str) -> Json:
    """Return a heading."""
    return {"type": "header", "text": plain(text, MAX_HEADER)}


def divider() -> Json:
    """Return a line across."""
    return {"type": "divider"}


def leaf(text: str, **style: bool) -> Json:
    """Return text for a rich_text section: literal, whatever is in it."""
    return {"type": "text", "text": text or "…", **({"style": style} if style else {})}


def linked(text: str, url: str, **style: bool) -> Json:
    """Return text that leads to an address, or the text alone where the address is not safe."""
    target = safe_url(url)
    if not target:
        return leaf(text, **style)
    return {"type": "link", "url": target, "text": text or "…", **({"style": style} if style else {})}


def rich(*lines: Sequence[Json]) -> Json:
    """Return a block of lines, each made of leaves; empty lines are left out."""
    kept = [list(line) for line in lines if line] or [[leaf("…")]]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": _on_lines(kept)}]}


def _on_lines(lines: Sequence[Sequence[Json]]) -> list[Json]:
    """Return leaves with a line break between the lines; two sections side by side would be set as one."""
    return [each for number, line in enumerate(lines) for each in ([leaf("\n"), *line] if number else line)]


def said(*lines: str, most: int = MAX_LINE) -> Json:
    """Return a block of plain lines, each cut to a length."""
    return rich(*([leaf(cut(line, most))] for line in lines if line))


def preformatted(text: str) -> Json:
    """Return text as a typewriter sets it, to be copied."""
    return {"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": [leaf(text)]}]}


def small(*lines: str, links: Iterable[tuple[str, str]] = ()) -> Json | None:
    """Return a line of small print, each text and link an element of it; None where there is nothing to print.

    Args:
        links: our own label, and the address it leads to; unsafe addresses are left out.
    """
    marked = [_marked(label, safe_url(url)) for label, url in links if safe_url(url)]
    kept = [line for line in lines if line]
    # Slack sets elements side by side with nothing between them.
    last = None if marked else len(kept) - 1
    texts = [plain(line if at == last else _followed(line), MAX_SMALL) for at, line in enumerate(kept)]
    elements = [*texts[: MAX_CONTEXT - len(marked)], *marked]
    return {"type": "context", "elements": elements} if elements else None


def _followed(line: str) -> str:
    return line if line.endswith((".", "…")) else f"{cut(line, MAX_SMALL - 2)} ·"


def _marked(label: str, url: str) -> Json:
    # `safe_url` has quoted what would end a link; only the ampersand is left to be escaped.
    return {"type": "mrkdwn", "text": f"<{url.replace('&', '&amp;')}|{label}>", "verbatim": True}


def button(label: str, action: str, value: str = "", **more: Any) -> Json:
    """Return a button.

    Raises:
        ValueError: the value is longer than Slack hands back.
    """
    if len(value) > MAX_VALUE or len(action) > MAX_ID:
        raise ValueError("Slack would refuse the button")
    carried = {"value": value} if value else {}
    return {"type": "button", "text": plain(label, MAX_BUTTON), "action_id": action, **carried, **more}


def danger(title: str, text: str, yes: str) -> Json:
    """Return what makes a button ask again before it does something that cannot be undone."""
    return {
        "style": "danger",
        "confirm": {
            "title": plain(title, 100),
            "text": plain(text, 300),
            "confirm": plain(yes, 30),
            "deny": plain("Cancel", 30),
            "style": "danger",
        },
    }


def option(label: str, value: str, **more: str) -> Json:
    """Return a choice of a menu."""
    return {"text": plain(label, MAX_OPTION), "value": value[:MAX_OPTION], **more}


def overflow(action: str, options: Sequence[Json]) -> Json:
    """Return the menu behind three dots."""
    return {"type": "overflow", "action_id": action, "options": list(options[:MAX_OVERFLOW])}


def actions(elements: Sequence[Json], block_id: str) -> Json:
    """Return a row of buttons; no two rows of a message may have the same id."""
    return {"type": "actions", "block_id": block_id[:MAX_ID], "elements": list(elements[:MAX_ACTIONS])}


def weight(value: object) -> int:
    """Return the characters of all that a reader or Slack reads in blocks; names of things are not counted."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(weight(inner) for name, inner in value.items() if name not in _UNCOUNTED)
    return sum(map(weight, value)) if isinstance(value, list | tuple) else 0
