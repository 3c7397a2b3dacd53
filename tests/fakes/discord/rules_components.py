"""The rules about components that the OpenAPI spec does not have: numbers 5, 6, 8, 9, 10, 12, 24, 25, 29 and 30.

If the code of an error is not documented, the one used here follows the style of the documented codes.
"""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from tests.fakes.discord.wrong import Json, Path, Wrong

ACTION_ROW, BUTTON, STRING_SELECT, TEXT_INPUT, TEXT_DISPLAY = 1, 2, 3, 4, 10
SELECTS = frozenset({3, 5, 6, 7, 8})  # docs.discord.com, Component Reference, "Component Types"
LINK, PREMIUM = 5, 6  # the same page, "Button Styles"
MAX_COMPONENTS = 40  # docs.discord.com, Component Reference: nested ones count
MAX_TEXT = 4000  # the same page: over all text displays of a message
MAX_MODAL = 5  # docs.discord.com, Receiving and Responding, "Modal"
MAX_ROWS = 5  # docs.discord.com, Component Reference, "Legacy Message Component Behavior"
#: Schemes that Discord's clients open from a button; `discord` opens a location in the client itself.
BUTTON_SCHEMES = ("http", "https", "discord")

Placed = tuple[Path, Json]


def inside(value: Any, path: Path) -> Iterator[Placed]:
    """Yield the components of a list from top to bottom, each before its children, with its path."""
    for index, each in enumerate(value if isinstance(value, list) else ()):
        if isinstance(each, dict):
            yield from _with_inner((*path, index), each)


def _with_inner(path: Path, component: Json) -> Iterator[Placed]:
    yield path, component
    yield from inside(component.get("components"), (*path, "components"))
    for key in ("accessory", "component"):
        if isinstance(component.get(key), dict):
            yield from _with_inner((*path, key), component[key])


def of_message(components: Any, *, v2: bool, path: Path) -> Iterator[Wrong]:
    """Yield the errors in a message's components."""
    placed = list(inside(components, path))
    for rule in (*_V2, *_BOTH) if v2 else (*_LEGACY, *_BOTH):
        yield from rule(placed, path)


def of_modal(components: Any, *, path: Path) -> Iterator[Wrong]:
    """Yield the errors in a modal's components."""
    placed = list(inside(components, path))
    yield from _modal_size(components, path)
    for rule in (_same_ids, _menus, _prefilled):
        yield from rule(placed, path)


def _total(placed: list[Placed], path: Path) -> Iterator[Wrong]:
    """Rule 5: a message has at most 40 components, including nested ones."""
    if len(placed) > MAX_COMPONENTS:
        said = f"A message can have at most {MAX_COMPONENTS} components; this one has {len(placed)}."
        yield Wrong(path=path, code="COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", message=said)


def _text(placed: list[Placed], path: Path) -> Iterator[Wrong]:
    """Rule 6: all text displays of a message have at most 4000 characters together."""
    size = sum(len(str(each.get("content", ""))) for _, each in placed if each.get("type") == TEXT_DISPLAY)
    if size > MAX_TEXT:
        said = f"The total displayable text size is {size}, exceeding the limit of {MAX_TEXT}."
        yield Wrong(path=path, code="COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", message=said)


def _needs_flag(placed: list[Placed], path: Path) -> Iterator[Wrong]:
    """Rule 8: without the Components V2 flag a message may contain only action rows."""
    for where, each in placed:
        if len(where) == len(path) + 1 and each.get("type") != ACTION_ROW:
            said = 'Value of field "type" must be one of (1,).'
            yield Wrong(path=(*where, "type"), code="UNION_TYPE_CHOICES", message=said)


def _same_ids(placed: list[Placed], _path: Path) -> Iterator[Wrong]:
    """Rule 9: no two components of a message or modal share a custom_id, or a numeric id that was set."""
    for key, said in (("custom_id", "Component custom id cannot be duplicated"), ("id", "Component id is not unique")):
        met: set[Any] = set()
        for where, each in placed:
            # An id of 0 counts as no id; docs.discord.com, Component Reference, "Anatomy of a Component".
            if not isinstance(value := each.get(key), str | int) or not value:
                continue
            if value in met:
                yield Wrong(path=(*where, key), code=f"COMPONENT_{key.upper()}_DUPLICATED", message=said)
            met.add(value)


def _buttons(placed: list[Placed], _path: Path) -> Iterator[Wrong]:
    """Rule 10: a link button has a url and no custom_id; others, except premium buttons, a custom_id and no url."""
    for where, each in placed:
        if each.get("type") == BUTTON and each.get("style") != PREMIUM:
            yield from _link(where, each) if each.get("style") == LINK else _plain_button(where, each)


def _link(where: Path, button: Json) -> Iterator[Wrong]:
    if button.get("custom_id") is not None:
        yield Wrong(path=(*where, "custom_id"), code=_NOT_BOTH[0], message=_NOT_BOTH[1])
    if not button.get("url"):
        yield Wrong(path=(*where, "url"), code="BASE_TYPE_REQUIRED", message="A url is required")
    elif (scheme := scheme_of(str(button["url"]))) not in BUTTON_SCHEMES:
        said = f'Scheme "{scheme}" is not supported. Scheme must be one of {BUTTON_SCHEMES}.'
        yield Wrong(path=(*where, "url"), code="URL_TYPE_INVALID_SCHEME", message=said)


def _plain_button(where: Path, button: Json) -> Iterator[Wrong]:
    if button.get("url") is not None:
        yield Wrong(path=(*where, "url"), code=_NOT_BOTH[0], message=_NOT_BOTH[1])
    if not button.get("custom_id"):
        said = "A custom id is required"
        yield Wrong(path=(*where, "custom_id"), code="BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", message=said)


_NOT_BOTH = ("BUTTON_COMPONENT_CUSTOM_ID_AND_URL", "A custom id and url cannot both be specified")


def scheme_of(url: str) -> str:
    """Return the scheme of a URL with a host, or an empty string if it is not such a URL."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return parts.scheme.lower() if parts.netloc and not any(each.isspace() for each in url) else ""


def _modal_size(components: Any, path: Path) -> Iterator[Wrong]:
    """Rule 12: a modal has one to five components."""
    if isinstance(components, list) and not 1 <= len(components) <= MAX_MODAL:
        said = f"Must be between 1 and {MAX_MODAL} in length."
        yield Wrong(path=path, code="BASE_TYPE_BAD_LENGTH", message=said)


def _rows(placed: list[Placed], path: Path) -> Iterator[Wrong]:
    """Rule 24: without the Components V2 flag a message has at most five action rows."""
    if sum(len(where) == len(path) + 1 for where, _ in placed) > MAX_ROWS:
        yield Wrong(path=path, code="BASE_TYPE_MAX_LENGTH", message=f"Must be {MAX_ROWS} or fewer in length.")


def _mixed(placed: list[Placed], _path: Path) -> Iterator[Wrong]:
    """Rule 25: a menu is alone in its action row."""
    for where, each in placed:
        if each.get("type") == ACTION_ROW:
            kinds = [kind.get("type") for _, kind in inside(each.get("components"), ())]
            if len(kinds) > 1 and SELECTS.intersection(kinds):
                said = "The specified component exceeds the maximum width"
                yield Wrong(path=(*where, "components"), code="COMPONENT_LAYOUT_WIDTH_EXCEEDED", message=said)


def _menus(placed: list[Placed], _path: Path) -> Iterator[Wrong]:
    """Rule 29: the options of a menu have different values, and no more are preset than can be chosen."""
    for where, each in placed:
        if each.get("type") != STRING_SELECT:
            continue
        options = [option for option in each.get("options") or () if isinstance(option, dict)]
        values = [option.get("value") for option in options]
        if len(set(values)) < len(values):
            said = "The specified option value is already used"
            yield Wrong(path=(*where, "options"), code="SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", message=said)
        preset = sum(option.get("default") is True for option in options)
        if preset > (each.get("max_values") or 1):
            said = "Too many options are selected by default"
            yield Wrong(path=(*where, "options"), code="SELECT_COMPONENT_TOO_MANY_DEFAULTS", message=said)


def _prefilled(placed: list[Placed], _path: Path) -> Iterator[Wrong]:
    """Rule 30: the prefilled value of a text input is within the input's own limits."""
    for where, each in placed:
        size, most = len(str(each.get("value") or "")), each.get("max_length")
        if each.get("type") == TEXT_INPUT and isinstance(most, int) and size > most:
            said = f"Must be {most} or fewer in length."
            yield Wrong(path=(*where, "value"), code="BASE_TYPE_MAX_LENGTH", message=said)


_Rule = Callable[[list[Placed], Path], Iterator[Wrong]]
_V2: tuple[_Rule, ...] = (_total, _text)
_LEGACY: tuple[_Rule, ...] = (_needs_flag, _rows)
_BOTH: tuple[_Rule, ...] = (_same_ids, _buttons, _mixed, _menus)
