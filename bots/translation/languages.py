"""The languages that have a table, and the one that a platform's locale names."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from types import MappingProxyType

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

#: One table for each language, in the PO format of GNU gettext; the file has the name of its locale in CLDR: `zh_Hans`.
TABLES = Path(__file__).parent / "tables"
#: Regions that write Chinese in traditional characters (CLDR, likely subtags).
_TRADITIONAL = frozenset({"TW", "HK", "MO", "HANT"})
#: Browsers send a handful of languages.
_LONGEST_HEADER = 1000
_WEIGHT = re.compile(r"q=([01](?:\.[0-9]{1,3})?)")
_LOCALE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Language:
    """A language, and its translations of the texts in the code, which are English."""

    #: Its locale in CLDR: `de`, `zh_Hans`.
    code: str
    table: NullTranslations = field(default_factory=NullTranslations, compare=False, repr=False)
    #: The texts in its table that have no context: the English one, or those for one and for several.
    texts: tuple[tuple[str, ...], ...] = field(default=(), compare=False, repr=False)


#: The language of the code itself: it needs no table.
ENGLISH = Language("en")


#: Words of a language for the same thing in different chats: in French a channel is "canal" in Slack and "salon" in
#: Discord. Both are masculine, so that nothing around them changes.
_OF_CHATS: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("slack", "fr"): {"salon": "canal", "salons": "canaux"},
    ("discord", "fr"): {"canal": "salon", "canaux": "salons"},
}


class _OfAChat(NullTranslations):
    """A table with the words of one chat."""

    def __init__(self, table: NullTranslations, words: Mapping[str, str]) -> None:
        super().__init__()
        self._table = table
        self._words = {**words, **{word.capitalize(): other.capitalize() for word, other in words.items()}}
        self._found = re.compile(rf"\b(?:{'|'.join(self._words)})\b")

    def _said(self, text: str) -> str:
        return self._found.sub(lambda found: self._words[found[0]], text)

    def gettext(self, message: str) -> str:
        return self._said(self._table.gettext(message))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self._said(self._table.ngettext(msgid1, msgid2, n))

    def pgettext(self, context: str, message: str) -> str:
        return self._said(self._table.pgettext(context, message))


@dataclass(frozen=True, slots=True)
class Languages:
    """All languages that have a table, and English."""

    _by_code: Mapping[str, Language]

    def of(self, locale: str, chat: str = "") -> Language:
        """Return the language of a platform's locale (`de-DE`, `es-419`, `zh_CN`); English if it has no table.

        Args:
            locale: the locale.
            chat: the platform, whose own words the language then has; empty for none.
        """
        language = self._by_code.get(_code(locale), ENGLISH)
        return _of_chat(language, chat) if (chat, language.code) in _OF_CHATS else language

    def accepted(self, header: str) -> Language:
        """Return the language that a browser prefers, by its header `Accept-Language` (RFC 9110); else English."""
        wanted = sorted(_preferences(header[:_LONGEST_HEADER]), reverse=True)
        known = (locale for _, _, locale in wanted if self.of(locale) != ENGLISH or locale[:2].lower() == ENGLISH.code)
        return self.of(next(known, ""))

    def __iter__(self) -> Iterator[Language]:
        """Iterate over the languages, English first."""
        return iter(self._by_code.values())


@cache
def _of_chat(language: Language, chat: str) -> Language:
    return replace(language, table=_OfAChat(language.table, _OF_CHATS[chat, language.code]))


def _preferences(header: str) -> Iterator[tuple[float, int, str]]:
    """Yield the locales of a header, each with its weight and, for equal ones, its place."""
    for place, each in enumerate(header.split(",")):
        locale, _, weight = each.strip().partition(";")
        found = _WEIGHT.fullmatch(weight.strip())
        if not weight or found:
            yield float(found[1]) if found else 1.0, -place, locale.strip()


def _code(locale: str) -> str:
    if not _LOCALE.fullmatch(locale):
        return ENGLISH.code
    name, *regions = locale.replace("-", "_").split("_")
    if name.lower() != "zh":
        return name.lower()
    return "zh_Hant" if any(region.upper() in _TRADITIONAL for region in regions) else "zh_Hans"


@cache
def load_languages() -> Languages:
    """Return all languages; their tables are read once.

    Raises:
        ValueError: a table is not in the PO format.
    """
    tables = list(map(_language, sorted(TABLES.glob("*.po"))))
    return Languages(MappingProxyType({each.code: each for each in (ENGLISH, *tables)}))


def _language(path: Path) -> Language:
    with path.open("rb") as written:
        catalog = read_po(written, locale=path.stem, abort_invalid=True)
    # The compiled form is made in memory, so that a translator edits one file and builds nothing.
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    plain = (each.id for each in catalog if each.id and each.context is None)
    texts = tuple((each,) if isinstance(each, str) else tuple(each) for each in plain)
    return Language(path.stem, GNUTranslations(compiled), texts)
