"""The language of whoever reads a text, and texts in it.

The language is a context variable, like `bots.chat.asker`: between a person's press and the text of a button lie the
published interfaces of plug-ins, which know no languages. A task that is started for a request inherits it. Work that
nobody asked for, such as a notice to the operator, speaks English; a digest that is due, the language of its channel.

The functions have the names and arguments of GNU gettext, so that its tools find the texts: the English text is the key
of its translation, and a text that has none stays English. Values are named in braces and given by name; whole numbers
among them are written as the language writes them.

`gettext` translates at once: it is for what the reader of the current task sees. `gettext_lazy` is for a text that also
goes to the log, to the ledger or to another task, such as the error of a source: it is English as a string, and in the
language of whoever reads it where `localized` shows it.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Self

from babel.numbers import format_decimal

from bots.translation.languages import ENGLISH, Language

_CURRENT: ContextVar[Language] = ContextVar("language", default=ENGLISH)


def current() -> Language:
    """Return the language of whoever reads what the current task writes."""
    return _CURRENT.get()


def html_language() -> str:
    """Return the current language as HTML names it (BCP 47): `de`, `zh-Hans`."""
    return current().code.replace("_", "-")


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


class LazyText(str):
    """A text in English that `localized` returns in the language of whoever reads it."""

    __slots__ = ("_again",)
    _again: Callable[[], str]

    def __new__(cls, again: Callable[[], str]) -> Self:
        """Make the English text.

        Args:
            again: returns the text in the current language.
        """
        with speaking(ENGLISH):
            text = super().__new__(cls, again())
        text._again = again
        return text

    def __str__(self) -> str:
        """Return the text itself, so that `str(error)` of an error with this message can still be localized."""
        return self

    @property
    def localized(self) -> str:
        """The text in the current language."""
        return self._again()


def gettext_lazy(text: str, /, **values: object) -> LazyText:
    """Return a text that is translated where `localized` shows it; its values may be lazy, too, or functions."""
    return LazyText(lambda: gettext(text, **values))


def ngettext_lazy(one: str, several: str, number: int, /, **values: object) -> LazyText:
    """Return a text in the form for a number that is translated where `localized` shows it."""
    return LazyText(lambda: ngettext(one, several, number, **values))


def pgettext_lazy(context: str, text: str, /, **values: object) -> LazyText:
    """Return a text of a kind of place that is translated where `localized` shows it."""
    return LazyText(lambda: pgettext(context, text, **values))


def localized(text: str) -> str:
    """Return a lazy text in the current language, and any other text as it is."""
    return text.localized if isinstance(text, LazyText) else text


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
    return text.format(**{name: _as_shown(value) for name, value in values.items()})


def _as_shown(value: Any) -> object:
    """Return a value as it stands in a text: lazy texts, errors with one, and functions in the current language."""
    if callable(value):
        return _as_shown(value())
    if isinstance(value, int):
        return number_text(value)
    return localized(str(value)) if isinstance(value, str | Exception) else value
