"""Texts that were stored in English, in the language of whoever reads them later.

Why a subscription is paused, why a digest waits and what an engine warns of are stored as they are said to the
operator. Here they are recognised by the English texts of the tables, with their values. Pure functions.
"""

import re
import string
from collections.abc import Mapping
from functools import cache

from bots.translation.languages import ENGLISH
from bots.translation.speech import LazyText, current, gettext, ngettext

#: Fewer letters of its own, and a text such as "{a}: {b}" would recognise itself in any other.
_FEWEST_LETTERS = 10
#: A value may be a stored text itself, and that may have one.
_DEEPEST = 3


def recovered(text: str, depth: int = _DEEPEST) -> str:
    """Return a stored English text in the current language; as it is if no table has it."""
    language = current()
    if isinstance(text, LazyText):
        return text.localized
    if language == ENGLISH or not text or not depth:
        return text
    if (exact := language.table.gettext(text)) != text:
        return exact
    for form in _forms(language.texts):
        if (values := form.values_in(text)) is not None:
            return form.told({name: recovered(value, depth - 1) for name, value in values.items()})
    return text


class _Form:
    """A text with values, and how it is recognised."""

    def __init__(self, several: tuple[str, ...], place: int) -> None:
        self._texts = several
        parts = [(piece, name) for piece, name, _, _ in string.Formatter().parse(several[place])]
        self.pieces = [piece for piece, _ in parts if piece]
        self._named = any(name for _, name in parts)
        self._parts = parts
        self.letters = sum(map(str.isalpha, "".join(self.pieces)))

    @property
    def tells(self) -> bool:
        return self._named and self.letters >= _FEWEST_LETTERS

    def values_in(self, text: str) -> Mapping[str, str] | None:
        """Return the values with which a text is this one; None if it is another."""
        place = 0
        for piece in self.pieces:  # far cheaper than the expression, and nearly always enough
            place = text.find(piece, place)
            if place < 0:
                return None
            place += len(piece)
        found = self._expression().fullmatch(text)
        return found.groupdict() if found else None

    def _expression(self) -> re.Pattern[str]:
        seen = set[str]()
        told = ""
        for piece, name in self._parts:
            told += re.escape(piece)
            if name:
                told += f"(?P={name})" if name in seen else f"(?P<{name}>.+?)"
                seen.add(name)
        return re.compile(told, re.DOTALL)

    def told(self, values: Mapping[str, str]) -> str:
        """Return the text in the current language."""
        if len(self._texts) == 1:
            return gettext(self._texts[0], **values)
        number = values.get("number", "1").replace(",", "")
        if not number.isdecimal():
            return self._texts[-1].format(**values)
        others = {name: value for name, value in values.items() if name != "number"}
        return ngettext(self._texts[0], self._texts[1], int(number), **others)


@cache
def _forms(texts: tuple[tuple[str, ...], ...]) -> tuple[_Form, ...]:
    """Return the texts with values that can be recognised, those with the most letters of their own first."""
    forms = (_Form(several, place) for several in texts for place in range(len(several)))
    return tuple(sorted(filter(lambda form: form.tells, forms), key=lambda form: -form.letters))
