"""The tables of translations: complete, with the same values in braces, and within the limits of both platforms."""

import ast
import string
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

import bots
from bots.translation.languages import TABLES, load_languages

CODE = Path(bots.__file__).parent
#: How many arguments of each function are texts; with "context" first where there is one.
FUNCTIONS = {
    "gettext": 1, "gettext_noop": 1, "gettext_lazy": 1, "ngettext": 2, "ngettext_lazy": 2,
    "pgettext": 1, "pgettext_noop": 1, "pgettext_lazy": 1,
}  # fmt: skip
#: The languages of Discord's commands, and the number of their plural forms in CLDR.
SHIPPED = {"de": 2, "es": 3, "fr": 3, "ja": 1, "zh_Hans": 1}
#: The most characters of a text in each context, the smaller of what the two platforms take, or what fits a screen:
#: docs.slack.dev, Block Kit (title 24, button 75, option 75, placeholder 150) and docs.discord.com, Component Reference
#: (label of a field 45, its description 100, placeholder of a text input 100, button 80, option 100). A hint is
#: Discord's description where Discord shows it; Slack takes 2,000.
LIMITS = {
    "button": 30,
    "title": 24,
    "label": 45,
    "option": 75,
    "placeholder": 100,
    "hint": 140,
    "command name": 32,
    "command": 100,
    "between the parts of a sentence": 2,
}
#: Values in braces stand for more characters than their names have.
_ROOM = {"sources": 60, "schedule": 0, "style": 12, "number": 5}

Key = tuple[str | None, str | tuple[str, str]]


@cache
def texts() -> tuple[tuple[Key, ast.Call, Path], ...]:
    """Return every text that the code shows in the reader's language."""
    return tuple(_texts())


def _texts() -> Iterator[tuple[Key, ast.Call, Path]]:
    for path in sorted(CODE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
            if isinstance(node, ast.Call) and name in FUNCTIONS and not _passes_on(node):
                given = [each.value for each in node.args if isinstance(each, ast.Constant)]
                context = str(given.pop(0)) if name.startswith("p") and given else None
                found = tuple(map(str, given))
                yield (context, found[0] if len(found) == 1 else (found[0], found[1])), node, path


def _passes_on(call: ast.Call) -> bool:
    """Return whether a call shows a text that is marked elsewhere: the argument before its values is no literal."""
    place = 1 if ast.unparse(call.func).startswith("p") else 0
    return len(call.args) <= place or not isinstance(call.args[place], ast.Constant)


def table(code: str) -> Catalog:
    """Return a table as it stands in its file."""
    with (TABLES / f"{code}.po").open("rb") as written:
        return read_po(written, locale=code, abort_invalid=True)


def messages(code: str) -> dict[Key, Message]:
    """Return the messages of a table by context and text, without its header."""
    return {(each.context, _text(each)): each for each in table(code) if each.id}


def _text(message: Message) -> str | tuple[str, str]:
    return message.id if isinstance(message.id, str) else (message.id[0], message.id[1])


def forms(message: Message) -> tuple[str, ...]:
    """Return all forms of a translation."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def values(text: str) -> Counter[str]:
    """Return the names in braces."""
    return Counter(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def test_the_languages_of_the_commands_have_tables() -> None:
    """Five languages ship beside English."""
    assert {"en", *SHIPPED} == {each.code for each in load_languages()}


def test_every_text_of_the_code_can_be_found() -> None:
    """A text is a literal and outside of f-strings, where the tools of gettext do not look for it."""
    for path in sorted(CODE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            inner = ast.walk(node) if isinstance(node, ast.JoinedStr) else ()
            hidden = [each for each in inner if isinstance(each, ast.Call) and isinstance(each.func, ast.Name)]
            assert [] == [each.lineno for each in hidden if ast.unparse(each.func) in FUNCTIONS], path
    for (_, text), call, path in texts():
        wanted = FUNCTIONS[ast.unparse(call.func)]
        assert wanted == (len(text) if isinstance(text, tuple) else 1), (path, call.lineno)


def test_the_values_of_a_text_are_given() -> None:
    """Every name in braces of an English text is given by name where the text is shown; commands fill in their own."""
    for (context, text), call, path in texts():
        given = {keyword.arg for keyword in call.keywords}
        if None in given or not given or context == "command":
            continue
        several = text if isinstance(text, tuple) else (text,)
        named = {name for each in several for name in values(each)} - ({"number"} if len(several) == 2 else set())
        assert named == given - {"number"} if len(several) == 2 else named == given, (path, call.lineno)


@pytest.mark.parametrize("code", sorted(SHIPPED))
def test_a_table_is_complete(code: str) -> None:
    """Every text of the code has a translation, and no table has texts that the code no longer shows."""
    wanted, held = {key for key, _, _ in texts()}, messages(code)
    assert set() == wanted - set(held)
    assert set() == set(held) - wanted
    assert [] == [key for key, each in held.items() if not all(forms(each)) or each.fuzzy]
    assert {SHIPPED[code]} == {len(forms(each)) for each in held.values() if isinstance(each.id, tuple)}


@pytest.mark.parametrize("code", sorted(SHIPPED))
def test_a_translation_has_the_same_values(code: str) -> None:
    """Names in braces are those of the English text; the number may be left to the words in the form for one."""
    for (_, text), message in messages(code).items():
        several = text if isinstance(text, tuple) else (text, text)
        for place, form in enumerate(forms(message)):
            assert values(several[min(place, 1)]) == values(form), form


@pytest.mark.parametrize("code", sorted(SHIPPED))
def test_labels_fit_both_platforms(code: str) -> None:
    """No label, title, option or hint is longer than the stricter platform shows."""
    for (context, _), message in messages(code).items():
        if context is not None:
            longest = max(map(_size, forms(message)))
            assert LIMITS[context] >= longest, (context, message.string)


def _size(text: str) -> int:
    shown = text
    for name, size in _ROOM.items():
        shown = shown.replace(f"{{{name}}}", "x" * size)
    return len(shown)


@pytest.mark.parametrize("code", sorted(SHIPPED))
def test_a_translation_keeps_what_is_typed(code: str) -> None:
    """Commands, operators and zone names are typed in English in every language."""
    typed = (
        "/paper",
        "/invite @Paperwire",
        "/summarize",
        "AND OR NOT",
        "ti: au: cat:",
        "upvotes:>20",
        "BibTeX",
        "arXiv",
    )
    for (_, text), message in messages(code).items():
        english = text[1] if isinstance(text, tuple) else text
        for word in typed:
            assert [] == [form for form in forms(message) if word in english and word not in form]
