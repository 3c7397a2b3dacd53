"""Slack's messages as HTML that looks like Slack. Pure functions over the arguments of `chat.postMessage`.

A kind of block or element that is not known here is shown as its name and its texts: nothing of a message is left out.
"""

from collections.abc import Callable, Mapping

from bots.chat.untrusted import at, text_at
from bots.pages.elements import Html, element, joined
from bots.preview.payload_items import items, link, menu, unknown
from bots.preview.slack_mrkdwn import mention, mrkdwn


def slack_message(payload: object) -> Html:
    """Return the content of a message: its blocks, or its text if it has none."""
    blocks = items(payload, "blocks")
    if not blocks:
        return element("div", mrkdwn(text_at(payload, "text")), class_="slack-section")
    return joined(*map(block, blocks))


def block(given: object) -> Html:
    """Return one block."""
    return _drawn(_BLOCKS, given)


def _drawn(table: Mapping[str, Callable[[object], Html]], given: object) -> Html:
    draw = table.get(text_at(given, "type"))
    return draw(given) if draw else unknown(given)


def _header(found: object) -> Html:
    return element("p", _text(at(found, "text")), class_="slack-header")


def _section(found: object) -> Html:
    text = element("div", _text(at(found, "text"))) if at(found, "text") else ""
    fields = [element("div", _text(each), class_="slack-field") for each in items(found, "fields")]
    columns = element("div", *fields, class_="slack-fields") if fields else ""
    accessory = at(found, "accessory")
    beside = element("div", _control(accessory), class_="slack-beside") if accessory else ""
    return element("div", element("div", text, columns, class_="slack-grow"), beside, class_="slack-section")


def _context(found: object) -> Html:
    return element("div", *map(_small, items(found, "elements")), class_="slack-context")


def _small(given: object) -> Html:
    return _image(given) if text_at(given, "type") == "image" else element("span", _text(given))


def _image(found: object) -> Html:
    """Return what an image is called: the preview loads nothing from elsewhere."""
    title = element("span", _text(at(found, "title"))) if at(found, "title") else ""
    named = f"[image: {text_at(found, 'alt_text') or 'without a description'}]"
    return element("span", title, named, class_="slack-image")


def _divider(_found: object) -> Html:
    return element("hr", class_="slack-divider")


def _actions(found: object) -> Html:
    return element("div", *map(_control, items(found, "elements")), class_="slack-actions")


def _text(given: object) -> Html:
    """Return a text object: `plain_text` as it is, `mrkdwn` with its markup."""
    match text_at(given, "type"):
        case "plain_text":
            return joined(text_at(given, "text"))
        case "mrkdwn":
            return mrkdwn(text_at(given, "text"))
    return unknown(given)


# ── controls ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _control(given: object) -> Html:
    return _drawn(_CONTROLS, given)


def _button(found: object) -> Html:
    style = text_at(found, "style")
    look = f"slack-button slack-{style}" if style in ("primary", "danger") else "slack-button"
    return element("span", _text(at(found, "text")), class_=look)


def _overflow(found: object) -> Html:
    return menu("slack", element("span", "⋯", role="img", aria_label="More actions"), _options(found))


def _select(found: object) -> Html:
    return menu("slack", joined(_text(at(found, "placeholder")), " ▾"), _options(found))


def _options(found: object) -> list[Html]:
    return [_text(at(each, "text")) for each in items(found, "options")]


# ── rich text ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _rich_text(found: object) -> Html:
    return element("div", *map(_rich, items(found, "elements")), class_="slack-rich")


def _rich(given: object) -> Html:
    inside = items(given, "elements")
    match text_at(given, "type"):
        case "rich_text_section":
            return element("div", *map(_leaf, inside), class_="slack-lines")
        case "rich_text_preformatted":
            return element("pre", *map(_leaf, inside), tabindex="0")
        case "rich_text_quote":
            return element("blockquote", *map(_leaf, inside))
        case "rich_text_list":
            listed = (element("li", _rich(each)) for each in inside)
            return element("ol" if text_at(given, "style") == "ordered" else "ul", *listed)
    return unknown(given)


def _leaf(given: object) -> Html:
    shown = _drawn(_LEAVES, given)
    for name, tag in _STYLES:
        if at(given, "style", name):
            shown = element(tag, shown)
    return shown


def _link(found: object) -> Html:
    return link(text_at(found, "text") or text_at(found, "url"), text_at(found, "url"))


def _named(sign: str, name: str) -> Callable[[object], Html]:
    return lambda found: mention(f"{sign}{text_at(found, name)}")


_STYLES = (("code", "code"), ("strike", "s"), ("italic", "em"), ("bold", "strong"))
_BLOCKS: Mapping[str, Callable[[object], Html]] = {
    "header": _header,
    "section": _section,
    "context": _context,
    "divider": _divider,
    "actions": _actions,
    "rich_text": _rich_text,
    "image": _image,
}
_CONTROLS: Mapping[str, Callable[[object], Html]] = {
    "button": _button,
    "overflow": _overflow,
    "static_select": _select,
    "image": _image,
}
_LEAVES: Mapping[str, Callable[[object], Html]] = {
    "text": lambda found: joined(text_at(found, "text")),
    "link": _link,
    "channel": _named("#", "channel_id"),
    "user": _named("@", "user_id"),
    "usergroup": _named("@", "usergroup_id"),
    "broadcast": _named("@", "range"),
    "emoji": lambda found: joined(f":{text_at(found, 'name')}:"),
    "date": lambda found: joined(text_at(found, "fallback") or text_at(found, "format")),
}
