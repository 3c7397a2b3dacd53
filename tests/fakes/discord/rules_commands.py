"""The rules about commands that the OpenAPI spec does not have: numbers 13 to 22."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from tests.fakes.discord.wrong import Json, Path, Wrong

SLASH, USER_MENU, MESSAGE_MENU, ENTRY_POINT = 1, 2, 3, 4  # docs.discord.com, Application Commands, "Types"
STRING = 3  # the same page, "Application Command Option Type"
#: The same page: an app's slash commands, user commands and message commands; context menus since 3 March 2026.
MAX_COMMANDS = {SLASH: 100, USER_MENU: 15, MESSAGE_MENU: 15}
MAX_NAME = 32
MAX_DESCRIPTION = 100
MAX_CHOICE = 100  # the same page, "Choice Structure": a string's value
MAX_SIZE = 8000  # the same page: names, descriptions and values of a whole command
#: docs.discord.com, Reference, "Locales".
LOCALES = frozenset(
    "id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja "
    "zh-TW ko".split()
)
_PUNCTUATION = frozenset("-_'")
#: The scripts whose vowel signs are not letters in Unicode: Devanagari with its extension, and Thai.
_SCRIPTS = ((0x0900, 0x097F), (0xA8E0, 0xA8FF), (0x0E01, 0x0E5B))


def of_list(bodies: Any) -> Iterator[Wrong]:
    """Yield the errors in a complete list of commands."""
    found = [(n, each) for n, each in enumerate(bodies if isinstance(bodies, list) else ()) if isinstance(each, dict)]
    yield from _counts(found)
    yield from _same_commands(found)
    for index, body in found:
        for each in of_command(body):
            yield each.under(index)


def of_command(body: Json) -> Iterator[Wrong]:
    """Yield the errors in one command."""
    for rule in _SLASH_RULES if _kind(body) == SLASH else _MENU_RULES:
        yield from rule(body)
    yield from _size(body)
    for path, each in _parts(body):
        yield from (wrong.under(*path) for rule in _PART_RULES for wrong in rule(each))


def of_autocomplete(data: Json) -> Iterator[Wrong]:
    """Yield the errors in suggestions."""
    for path, each in _listed(data, "choices", ()):
        yield from (wrong.under(*path) for rule in (_locales, _choice_value) for wrong in rule(each))


def _kind(body: Json) -> int:
    kind = body.get("type")
    return kind if isinstance(kind, int) and kind else SLASH


def _listed(owner: Json, key: str, path: Path) -> Iterator[tuple[Path, Json]]:
    value = owner.get(key)
    for index, each in enumerate(value if isinstance(value, list) else ()):
        if isinstance(each, dict):
            yield (*path, key, index), each


def _options(owner: Json, path: Path = ()) -> Iterator[tuple[Path, Json]]:
    for where, each in _listed(owner, "options", path):
        yield where, each
        yield from _options(each, where)


def _parts(body: Json) -> Iterator[tuple[Path, Json]]:
    """Yield the command, its options at every depth, and their choices, each with its path."""
    yield (), body
    for path, option in _options(body):
        yield path, option
        yield from _listed(option, "choices", path)


def _names(body: Json) -> Iterator[Wrong]:
    """Rule 13: names of slash commands and options are lower case and consist of letters, digits, `-`, `_` and `'`."""
    for path, each in ((), body), *_options(body):
        for where, name in _with_translations(each, "name"):
            if not is_name(name):
                said = "Command name is invalid"
                yield Wrong(path=(*path, *where), code="APPLICATION_COMMAND_INVALID_NAME", message=said)


def _with_translations(owner: Json, key: str) -> Iterator[tuple[Path, str]]:
    if isinstance(owner.get(key), str):
        yield (key,), owner[key]
    for locale, text in _translations(owner, key).items():
        yield (f"{key}_localizations", locale), str(text)


def _translations(owner: Json, key: str) -> Json:
    found = owner.get(f"{key}_localizations")
    return found if isinstance(found, dict) else {}


def is_name(name: str) -> bool:
    """Return whether a slash command or an option may have this name."""
    return 1 <= len(name) <= MAX_NAME and name == name.lower() and all(map(_may_stand_in_names, name))


def _may_stand_in_names(sign: str) -> bool:
    ours = any(first <= ord(sign) <= last for first, last in _SCRIPTS)
    return sign in _PUNCTUATION or unicodedata.category(sign)[0] in "LN" or ours


def _description(body: Json) -> Iterator[Wrong]:
    """Rule 14: a slash command has a description."""
    if not isinstance(body.get("description"), str) or not 1 <= len(body["description"]) <= MAX_DESCRIPTION:
        said = f"Must be between 1 and {MAX_DESCRIPTION} in length."
        yield Wrong(path=("description",), code="BASE_TYPE_BAD_LENGTH", message=said)


def _order(body: Json) -> Iterator[Wrong]:
    """Rule 15: required options come before the others."""
    for path, owner in ((), body), *_options(body):
        optional = False
        for where, option in _listed(owner, "options", path):
            if option.get("required") and optional:
                said = "Required options must be placed before non-required options"
                yield Wrong(path=where, code="APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message=said)
            optional = optional or not option.get("required")


def _no_description(body: Json) -> Iterator[Wrong]:
    """Rule 16: a context menu command has no description and no options."""
    for key in ("description", "options") if _kind(body) != ENTRY_POINT else ():
        if body.get(key):
            said = f"Context menu commands cannot have {key}"
            yield Wrong(path=(key,), code="APPLICATION_COMMAND_INVALID_FOR_CONTEXT_MENU", message=said)


def _counts(found: list[tuple[int, Json]]) -> Iterator[Wrong]:
    """Rule 17: an app has at most 100 slash commands, and 15 commands in each context menu."""
    counted = Counter(_kind(body) for _, body in found)
    for kind, most in MAX_COMMANDS.items():
        if counted[kind] > most:
            said = f"Maximum number of application commands of type {kind} reached ({most})."
            yield Wrong(path=(), code="APPLICATION_COMMANDS_MAX_EXCEEDED", message=said)


def _locales(part: Json) -> Iterator[Wrong]:
    """Rule 18: a translation uses one of the documented locales."""
    for key in ("name", "description"):
        for locale in _translations(part, key):
            if locale not in LOCALES:
                said = f"Value must be one of {{{', '.join(sorted(LOCALES))}}}."
                yield Wrong(path=(f"{key}_localizations", locale), code="BASE_TYPE_CHOICES", message=said)


def _choice_value(part: Json) -> Iterator[Wrong]:
    """Rule 19: the string value of a choice has at most 100 characters."""
    if isinstance(part.get("value"), str) and len(part["value"]) > MAX_CHOICE:
        said = f"Must be {MAX_CHOICE} or fewer in length."
        yield Wrong(path=("value",), code="BASE_TYPE_MAX_LENGTH", message=said)


def _size(body: Json) -> Iterator[Wrong]:
    """Rule 20: a whole command has at most 8000 characters, counting the longest translation of each text."""
    size = sum(map(_longest, (each for _, each in _parts(body))))
    if size > MAX_SIZE:
        said = f"Command exceeds maximum size ({MAX_SIZE})"
        yield Wrong(path=(), code="APPLICATION_COMMAND_TOO_LARGE", message=said)


def _longest(part: Json) -> int:
    texts = [[text for _, text in _with_translations(part, key)] for key in ("name", "description")]
    value = part.get("value")
    return sum(max(map(len, each), default=0) for each in texts) + (len(str(value)) if value is not None else 0)


def _same_commands(found: list[tuple[int, Json]]) -> Iterator[Wrong]:
    """Rule 21: no two commands of one type share a name."""
    met: set[tuple[int, str]] = set()
    for index, body in found:
        own = (_kind(body), str(body.get("name")))
        if own in met:
            said = "Application command names must be unique"
            yield Wrong(path=(index, "name"), code="APPLICATION_COMMANDS_DUPLICATE_NAME", message=said)
        met.add(own)


def _same_options(body: Json) -> Iterator[Wrong]:
    """Rule 21, for options: no two options on one level share a name."""
    for path, owner in ((), body), *_options(body):
        met: set[str] = set()
        for where, option in _listed(owner, "options", path):
            if str(option.get("name")) in met:
                said = "Option names must be unique"
                yield Wrong(path=(*where, "name"), code="APPLICATION_COMMAND_OPTIONS_NAME_INVALID", message=said)
            met.add(str(option.get("name")))


def _contradictions(part: Json) -> Iterator[Wrong]:
    """Rule 22: an option does not have both choices and autocomplete, and its minimum is not above its maximum."""
    if part.get("autocomplete") and part.get("choices"):
        said = "Autocomplete options cannot have choices"
        yield Wrong(path=("autocomplete",), code="APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID", message=said)
    for least, most in (("min_value", "max_value"), ("min_length", "max_length")):
        low, high = part.get(least), part.get(most)
        if isinstance(low, int | float) and isinstance(high, int | float) and low > high:
            said = f"{least} must not be greater than {most}"
            yield Wrong(path=(least,), code="APPLICATION_COMMAND_OPTIONS_RANGE_INVALID", message=said)


_Rule = Callable[[Json], Iterator[Wrong]]
_SLASH_RULES: tuple[_Rule, ...] = (_names, _description, _order, _same_options)
_MENU_RULES: tuple[_Rule, ...] = (_no_description,)
_PART_RULES: tuple[_Rule, ...] = (_locales, _choice_value, _contradictions)
