"""Discord's messages as HTML that looks like Discord. Pure functions over the body of Create Message.

A kind of component that is not known here is shown as its number and its texts: nothing of a message is left out.
"""

from collections.abc import Callable, Mapping

from bots.chat.untrusted import at, text_at
from bots.pages.elements import Content, Html, element, joined
from bots.preview.discord_markdown import markdown
from bots.preview.payload_items import items, link, menu, unknown

#: The colour of an embed or a container that names none.
_NO_COLOUR = 0x4E5058


def discord_message(payload: object) -> Html:
    """Return the content of a message: its text, its embeds and its components."""
    content = text_at(payload, "content")
    text = element("div", markdown(content), class_="discord-text") if content else ""
    return joined(text, *map(_embed, items(payload, "embeds")), *map(component, items(payload, "components")))


def component(given: object) -> Html:
    """Return one component with those inside it."""
    kind = at(given, "type")
    draw = _COMPONENTS.get(kind) if isinstance(kind, int) else None
    return draw(given) if draw else unknown(given)


def _box(colour: object, *content: Content) -> Html:
    """Return a box with a coloured edge. The colour is an attribute: the policy of the page allows no style in it."""
    known = colour if isinstance(colour, int) and not isinstance(colour, bool) else _NO_COLOUR
    line = element("rect", width="4", height="100%", fill=f"#{known & 0xFFFFFF:06x}")
    edge = element("svg", line, class_="discord-edge", aria_hidden="true", width="4")
    return element("div", edge, element("div", *content, class_="discord-inside"), class_="discord-box")


def _container(found: object) -> Html:
    return _box(at(found, "accent_color"), *map(component, items(found, "components")))


def _text(found: object) -> Html:
    return element("div", markdown(text_at(found, "content")), class_="discord-text")


def _section(found: object) -> Html:
    texts = element("div", *map(component, items(found, "components")), class_="discord-grow")
    accessory = at(found, "accessory")
    return element("div", texts, component(accessory) if accessory else "", class_="discord-section")


def _separator(found: object) -> Html:
    small = "discord-near" if at(found, "spacing") == 1 else "discord-far"
    if at(found, "divider") is False:
        return element("div", class_=small)
    return element("hr", class_=small)


def _row(found: object) -> Html:
    return element("div", *map(component, items(found, "components")), class_="discord-row")


def _button(found: object) -> Html:
    label = text_at(found, "label") or text_at(found, "emoji", "name")
    style = at(found, "style")
    if text_at(found, "url"):
        return link(joined(label, " ↗"), text_at(found, "url"), class_="discord-button")
    named = _BUTTONS.get(style, "secondary") if isinstance(style, int) else "secondary"
    return element("span", label, class_=f"discord-button discord-{named}")


def _select(found: object) -> Html:
    options = (
        joined(text_at(each, "label"), *_described(text_at(each, "description"))) for each in items(found, "options")
    )
    return menu("discord", joined(text_at(found, "placeholder") or "Make a selection", " ▾"), options)


def _described(said: str) -> tuple[Html, ...]:
    return (element("span", f" {said}", class_="discord-small"),) if said else ()


def _file(found: object) -> Html:
    name = text_at(found, "file", "url").removeprefix("attachment://")
    return element("div", f"📄 {name or 'a file'}", class_="discord-file")


def _gallery(found: object) -> Html:
    return joined(*map(_image, items(found, "items")))


def _image(found: object) -> Html:
    """Return what an image is called: the preview loads nothing from elsewhere."""
    return element("div", f"[image: {text_at(found, 'description') or 'without a description'}]", class_="discord-file")


# ── embeds ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _embed(given: object) -> Html:
    author, title = text_at(given, "author", "name"), text_at(given, "title")
    headed = link(markdown(title), text_at(given, "url")) if title else ""
    described = text_at(given, "description")
    return _box(
        at(given, "color"),
        element("p", author, class_="discord-small") if author else "",
        element("div", headed, class_="discord-h3") if headed else "",
        element("div", markdown(described), class_="discord-text") if described else "",
        *map(_field, items(given, "fields")),
        *(_image({}) for name in ("image", "thumbnail") if at(given, name)),
        element("p", text_at(given, "footer", "text"), class_="discord-small") if at(given, "footer") else "",
    )


def _field(given: object) -> Html:
    named = element("div", markdown(text_at(given, "name")), class_="discord-name")
    return element("div", named, markdown(text_at(given, "value")), class_="discord-field")


# docs.discord.com, Component Reference, Button Styles and Component Types.
_BUTTONS = {1: "primary", 2: "secondary", 3: "success", 4: "danger"}
_COMPONENTS: Mapping[int, Callable[[object], Html]] = {
    1: _row,
    2: _button,
    **dict.fromkeys((3, 5, 6, 7, 8), _select),
    9: _section,
    10: _text,
    11: _image,
    12: _gallery,
    13: _file,
    14: _separator,
    17: _container,
}
