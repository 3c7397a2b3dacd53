"""Block Kit builders that keep every Block Kit limit by construction. Pure functions.

Outside text is placed in leaves of `rich_text` or in `plain_text`, where Slack parses no markup and no mentions;
all `mrkdwn` here is our own text. A message's `text` field, which Slack always reads as mrkdwn, is escaped.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from bots.chat.phrases import cut, safe_url
from bots.translation.speech import gettext, pgettext

#: A JSON object in Slack's format.
Json = dict[str, Any]

# docs.slack.dev/reference/block-kit/blocks and …/block-elements, …/composition-objects
MAX_SECTION = 3000
MAX_HEADER = 150
MAX_CONTEXT = 10
MAX_ACTIONS = 25
MAX_BUTTON = 75
MAX_VALUE = 2000
MAX_OVERFLOW = 5
#: slack_sdk allows 150 characters for a value, Slack's type definitions 75: the smaller limit satisfies both.
MAX_OPTION = 75
MAX_OPTIONS = 100
MAX_PLACEHOLDER = 150
MAX_ID = 255
#: Slack documents no limit for the text of a context block; this is more than small print needs.
MAX_SMALL = 500
#: Enough for a warning, a note or a line of help.
MAX_LINE = 500

#: Characters of a message's `text`, which notifications show and screen readers read aloud: phones show some 150, and
#: nobody listens to a whole digest before its first paper.
MAX_FALLBACK = 400
_CHANNEL = re.compile(r"[CG][A-Z0-9]+")
_UNCOUNTED = frozenset({"type", "action_id", "block_id", "style"})


def escape(text: str) -> str:
    """Return the text with every character escaped that mrkdwn could read as a mention or link.

    Source: docs.slack.dev, "Escaping text".
    """
    # Slack also turns a bare URL into a link.
    spread = text.replace("://", ": //")
    return spread.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def fallback(text: str) -> str:
    """Return a message's `text` for notifications and screen readers: escaped, and cut to `MAX_FALLBACK` characters."""
    return escape(cut(text, MAX_FALLBACK, lambda part: len(escape(part)))) or "…"


def plain(text: str, most: int) -> Json:
    """Return a `plain_text` object, cut to `most` characters."""
    return {"type": "plain_text", "text": cut(text, most) or "…", "emoji": False}


def header(text: str) -> Json:
    """Return a header block."""
    return {"type": "header", "text": plain(text, MAX_HEADER)}


def divider() -> Json:
    """Return a divider block."""
    return {"type": "divider"}


def leaf(text: str, **style: bool) -> Json:
    """Return a text element for a rich_text section; Slack shows it literally."""
    return {"type": "text", "text": text or "…", **({"style": style} if style else {})}


def linked(text: str, url: str, **style: bool) -> Json:
    """Return a link element, or a plain text element if the URL is not safe."""
    target = safe_url(url)
    if not target:
        return leaf(text, **style)
    return {"type": "link", "url": target, "text": text or "…", **({"style": style} if style else {})}


def place(channel: str, direct: str = "", **style: bool) -> Json:
    """Return a channel as an element that Slack shows by its name; any other id stands for direct messages."""
    if _CHANNEL.fullmatch(channel):
        return {"type": "channel", "channel_id": channel, **({"style": style} if style else {})}
    return leaf(direct or gettext("your direct messages"), **style)


def rich(*lines: Sequence[Json]) -> Json:
    """Return a rich_text block of lines, each made of leaves; empty lines are left out."""
    kept = [list(line) for line in lines if line] or [[leaf("…")]]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": _on_lines(kept)}]}


def _on_lines(lines: Sequence[Sequence[Json]]) -> list[Json]:
    """Return the leaves with a line break between lines; Slack would render two adjacent sections on one line."""
    return [each for number, line in enumerate(lines) for each in ([leaf("\n"), *line] if number else line)]


def said(*lines: str, most: int = MAX_LINE) -> Json:
    """Return a block of plain text lines, each cut to `most` characters."""
    return rich(*([leaf(cut(line, most))] for line in lines if line))


def preformatted(text: str) -> Json:
    """Return a preformatted (monospaced) block that a reader can copy."""
    return {"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": [leaf(text)]}]}


def small(*lines: str, links: Iterable[tuple[str, str]] = ()) -> Json | None:
    """Return a context block of small print, one element per text and link; None if it would be empty.

    Args:
        links: pairs of our own label and its URL; unsafe URLs are left out.
    """
    marked = [_marked(label, safe_url(url)) for label, url in links if safe_url(url)]
    kept = [line for line in lines if line]
    # Slack puts no space between the elements of a context block.
    last = None if marked else len(kept) - 1
    texts = [plain(line if at == last else _followed(line), MAX_SMALL) for at, line in enumerate(kept)]
    elements = [*texts[: MAX_CONTEXT - len(marked)], *marked]
    return {"type": "context", "elements": elements} if elements else None


def _followed(line: str) -> str:
    return line if line.endswith((".", "…", "。")) else f"{cut(line, MAX_SMALL - 2)} ·"


def _marked(label: str, url: str) -> Json:
    # `safe_url` has quoted the characters that would end a link; only the ampersand is still to be escaped.
    return {"type": "mrkdwn", "text": f"<{url.replace('&', '&amp;')}|{label}>", "verbatim": True}


def button(label: str, action: str, value: str = "", **more: Any) -> Json:
    """Return a button.

    Raises:
        ValueError: the value or the action id is longer than Slack accepts.
    """
    if len(value) > MAX_VALUE or len(action) > MAX_ID:
        raise ValueError("Slack would refuse the button")
    carried = {"value": value} if value else {}
    return {"type": "button", "text": plain(label, MAX_BUTTON), "action_id": action, **carried, **more}


def danger(title: str, text: str, yes: str) -> Json:
    """Return the confirmation dialog of a button whose action cannot be undone."""
    return {
        "style": "danger",
        "confirm": {
            "title": plain(title, 100),
            "text": plain(text, 300),
            "confirm": plain(yes, 30),
            "deny": plain(pgettext("button", "Cancel"), 30),
            "style": "danger",
        },
    }


def option(label: str, value: str, **more: str) -> Json:
    """Return one option of a menu."""
    return {"text": plain(label, MAX_OPTION), "value": value[:MAX_OPTION], **more}


def overflow(action: str, options: Sequence[Json]) -> Json:
    """Return an overflow menu (three dots)."""
    return {"type": "overflow", "action_id": action, "options": list(options[:MAX_OVERFLOW])}


def menu(action: str, placeholder: str, options: Sequence[Json]) -> Json:
    """Return a menu for choosing one of the options; of more than Slack accepts, the first."""
    return {
        "type": "static_select",
        "action_id": action,
        "placeholder": plain(placeholder, MAX_PLACEHOLDER),
        "options": list(options[:MAX_OPTIONS]),
    }


def actions(elements: Sequence[Json], block_id: str) -> Json:
    """Return a row of buttons; its block id must be unique within the message."""
    return {"type": "actions", "block_id": block_id[:MAX_ID], "elements": list(elements[:MAX_ACTIONS])}


def weight(value: object) -> int:
    """Return the number of characters in the blocks; types, ids and styles are not counted."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(weight(inner) for name, inner in value.items() if name not in _UNCOUNTED)
    return sum(map(weight, value)) if isinstance(value, list | tuple) else 0
