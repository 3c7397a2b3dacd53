"""The language of whoever reads a text, and texts in it.

The language is a context variable, like `bots.chat.asker`: between a person's press and the text of a button lie the
published interfaces of plug-ins, which know no languages. A task that is started for a request inherits it. Work that
nobody asked for, such as a digest that is due, speaks English.

The functions have the names and arguments of GNU gettext, so that its tools find the texts: the English text is the key
of its translation, and a text that has none stays English. Values are named in braces and given by name; whole numbers
among them are written as the language writes them.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from babel.numbers import format_decimal

from bots.translation.languages import ENGLISH, Language

_CURRENT: ContextVar[Language] = ContextVar("language", default=ENGLISH)


def current() -> Language:
    """Return the language of whoever reads what the current task writes."""
    return _CURRENT.get()


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Write every text in a language in the body, and in every task that it starts."""
    token = _CURRENT.set(language)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def gettext(text: str, /, **values: object) -> str:
    """Return a text in the current language, with values in place of the names in braces."""
    return _filled(current().table.gettext(text), values)


def ngettext(one: str, several: str, number: int, /, **values: object) -> str:
    """Return a text in the form that the current language uses for a number; the number itself is `{number}`.

    Args:
        one: the English text for 1.
        several: the English text for every other number.
        number: the number.
        values: what stands in place of the other names in braces.
    """
    return _filled(current().table.ngettext(one, several, number), {"number": number, **values})


def pgettext(context: str, text: str, /, **values: object) -> str:
    """Return a text in the current language where it means or limits something else than elsewhere.

    Args:
        context: the kind of place: a "button", a "title"; docs/how-to/add-a-language.md lists them with their limits.
        text: the English text.
        values: what stands in place of the names in braces.
    """
    return _filled(current().table.pgettext(context, text), values)


def gettext_noop(text: str) -> str:
    """Return the text itself: this marks a text in a table for translation, which happens where it is shown."""
    return text


def pgettext_noop(context: str, text: str) -> tuple[str, str]:
    """Return the arguments of `pgettext`: this marks a text in a table, like `gettext_noop`."""
    return context, text


class Translated(Mapping[str, str]):
    """A table of texts, by name, that is made anew in the language of whoever looks into it."""

    def __init__(self, made: Callable[[], Mapping[str, str]]) -> None:
        self._made = made

    def __getitem__(self, name: str) -> str:
        """Return a text in the current language."""
        return self._made()[name]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names."""
        return iter(self._made())

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self._made())


def number_text(number: int) -> str:
    """Return a whole number as the current language writes it: "12,345" in English, "12.345" in German."""
    language = current()
    return f"{number:,}" if language == ENGLISH else str(format_decimal(number, locale=language.code))


def _filled(text: str, values: dict[str, Any]) -> str:
    if not values:
        return text
    shown = {name: number_text(value) if isinstance(value, int) else value for name, value in values.items()}
    return text.format(**shown)
