"""A language whose translations are marked, so that every text of ours that is in no table can be seen."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from gettext import NullTranslations
from typing import Any

from bots.config.source_catalogue import catalogue
from bots.presentation.source_text import source_text
from bots.translation.languages import Language, load_languages
from bots.translation.speech import speaking

#: What people typed, which errors repeat between quotes, and examples of commands to copy.
TYPED = re.compile(r"“[^”]*”|⟦For example: [^⟧]*⟧")
_OPEN, _CLOSE = "⟦", "⟧"
_MARKED = re.compile(f"{_OPEN}[^{_OPEN}{_CLOSE}]*{_CLOSE}")
#: A text that was cut after its beginning.
_CUT = re.compile(f"{_OPEN}.*", re.DOTALL)
#: What is the same in every language: addresses, what is typed, names of services, formats and files, ids, values.
_SAME = re.compile(
    r"https?://\S+|mailto:\S+|<[#@!/t:][^>]*>|[\w.+-]+@[\w.-]+|/\w+(?: \w+)?|\b\w+:\S+|\b[\w.-]+/[\w./-]+"
    r"|[\w-]+\.(?:bib|CL|LG|ML)\b"
    r"|\b(?:arXiv|BibTeX|Paperwire|Hugging Face|Hugging|Face|huggingface|bioRxiv|medRxiv|Crossref|OpenAlex|OpenReview"
    r"|CRISPR|PubMed|Semantic Scholar|PDF|DOI|UTC|AND|OR|NOT|AutoMod|HTTP|JSON|XML|RSS|RIS)\b"
    r'|"language model\*" -survey'
    r"|\b[0-9a-f]{6,}\b|\b[A-Z][A-Z0-9]{4,}\b"
)
_WORD = re.compile(r"[A-Za-z]{3,}")


class _Marking(NullTranslations):
    """Returns the texts that a table has, marked; others stay as they are."""

    def __init__(self, table: NullTranslations) -> None:
        super().__init__()
        self._table = table

    def gettext(self, message: str) -> str:
        return message if self._table.gettext(message) == message else f"{_OPEN}{message}{_CLOSE}"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        text = msgid1 if n == 1 else msgid2
        return text if self._table.ngettext(msgid1, msgid2, n) == text else f"{_OPEN}{text}{_CLOSE}"

    def pgettext(self, context: str, message: str) -> str:
        return message if self._table.pgettext(context, message) == message else f"{_OPEN}{message}{_CLOSE}"


def marked_language() -> Language:
    """Return the language: days, numbers and lists are those of Japanese, which have no Latin letters."""
    known = load_languages().of("ja")
    return Language(known.code, _Marking(known.table), known.texts)


def left_in(text: str) -> list[str]:
    """Return the words of a text that are in no table, without what is the same in every language."""
    while text != (bare := _MARKED.sub(" ", text)):
        text = bare
    for name in _sources():
        text = text.replace(name, " ")
    return _WORD.findall(_SAME.sub(" ", _CUT.sub("", text)))


@cache
def _sources() -> tuple[str, ...]:
    """Return the sources in menus by their names, and the journals and conferences among them, the longest first."""
    offered = [each.description for each in catalogue().offered]
    named = {source_text(spec) for each in offered for spec in each.examples}
    proper = {said for each in offered for spec, said in each.captions.items() if spec.startswith(_OF_NAMES)}
    return tuple(sorted(named | proper, key=len, reverse=True))


#: Sources whose captions are names of journals and conferences.
_OF_NAMES = ("crossref:", "openreview:")


def in_marks(make: Callable[[], Any]) -> Any:
    """Return what a function makes in the marked language."""
    with speaking(marked_language()):
        return make()


#: The keys of payloads whose values people read.
_READ = frozenset({"text", "content", "label", "placeholder", "description", "title", "name", "alt_text"})


def texts_in(payload: object, key: str = "") -> Iterator[str]:
    """Yield every text of a payload that people read."""
    if isinstance(payload, str):
        if key in _READ:
            yield payload
    elif isinstance(payload, Mapping) and payload.get("type") == "rich_text_section":
        # One line: between its pieces stand channels and people, which have names of their own.
        yield "".join(str(each.get("text", "九")) for each in payload["elements"])
    elif isinstance(payload, Mapping):
        for name, value in payload.items():
            yield from texts_in(value, str(name))
    elif isinstance(payload, list | tuple):
        for value in payload:
            yield from texts_in(value, key)
