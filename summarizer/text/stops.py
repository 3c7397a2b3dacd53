"""Decide whether a stop ends a sentence, from what stands before and behind it. Pure; each decision reads a few words.

In doubt the text goes on: a sentence that is too long is read with patience, a piece of one says what nobody claimed.
"""

import re
from dataclasses import dataclass
from typing import Final

from summarizer.text.sentence_words import (
    ASKED,
    CAPITALISED,
    KINDS,
    LABELLED,
    OPENERS,
    SHOUTED,
    STARTERS,
    SUFFIXES,
    VERBS,
    Kind,
)

#: How many characters are read on either side of a stop.
_SIGHT: Final = 120
#: Stops of scripts that have no other use for them.
UNAMBIGUOUS: Final = "。！？｡।॥۔؟"

_SKIPPED: Final = r"(?:[\s\"'“‘«`({\[*_¿¡]|<[^<>]{0,80}>)*+"
_NEXT: Final = re.compile(
    _SKIPPED + r"(?P<item>(?:[ivx]{1,4}|\d{1,2}|[a-h])\)\s+)?" + _SKIPPED + r"(?P<word>[^\W\d_]*+)"
)
_LAST: Final = re.compile(r"[^\s(\[{“\"`~–—/]{1,40}$")
_TAG: Final = re.compile(r"<[^<>]{0,80}>")
#: V.I, J.-P, J-P.
_JOINED_INITIALS: Final = re.compile(r"(?:[A-Z]\.-?){1,4}[A-Z]|[A-Z]-[A-Z]")
_LETTERS: Final = re.compile(r"(?:[A-Za-z]\.){1,3}[A-Za-z]")
#: Lower-case names that begin sentences: p53, mRNA, nnU-Net, t-SNE, and the variable of "n = 4".
_LOWER_NAME: Final = re.compile(
    r"[a-z]{1,5}-?[A-Z0-9](?:[\w.-]*\w)?(?=[\s,’'])|[a-z]-[A-Za-z]{3,}(?=\s)|[a-z](?=\s[=<>≤≥∈]\s)"
)
#: With one of these behind it, an item such as "(ii)" is a sentence; "(ii) a method" is a part of one.
_CLAUSES: Final = frozenset("it our they these this we".split())
#: A chain of abbreviations that a number ends: Phys. Rev. Lett. 100.
_CHAIN: Final = re.compile(r"\s(?:[A-Z][a-z]{0,8}\.\s?){1,4}(?:[A-Z]\s)?\d")
_NUMBER_NEXT: Final = re.compile(r"\s*[(\[#]?(?:\d|[A-Z](?![\w-])|[IVX]{1,4}(?!\w)|\$?\\?(?:ref|cref|S)\b)")
_MEASURED: Final = re.compile(r"\d\s*(?:[A-Za-zµμ%°/]{1,4}\s+)?$")
_CO_AUTHOR: Final = re.compile(r"\s*[A-Z][\w-]+(?:\s+et\s+al|,?\s+(?:and|&)\s+[A-Z])")
#: The heading of a part: "to date.; Objective: The aim".
_LABEL: Final = re.compile(r"\s+[A-Z][\w /]{2,30}[:;]")
#: Before the number of an item: "in two ways: 1. We", "; and 2. we".
_NUMBERED: Final = re.compile(r"(?:^|[:)]|(?<![<>]);|[:;,]\s+(?:and|or))\s*$")
_GLUED: Final = re.compile(r"\(|[A-Z][\w-]{0,40}[\s,]")
_GLUED_NAME: Final = re.compile(r"([A-Z][\w-]*)(?:\s+[A-Z][\w-]*){0,3}\s+([a-z]+)(?![\w.])")
_TEX_NEXT: Final = re.compile(r"\s*(?:\$|\\\(|\\[A-Za-z])")
_GOES_ON: Final = re.compile(r"\s*[+\-−=*/<>≤≥,;:)\]}]")


@dataclass(frozen=True, slots=True)
class _Stop:
    """A stop in its text."""

    #: The text before the stop, without tags, and its last word with and without its case.
    before: str
    raw: str
    name: str
    #: The text behind the stop, its first word, and whether that is set off by "(i)" or the like.
    behind: str
    first: str
    item: bool
    #: Where in `behind` the first word begins.
    offset: int

    @property
    def opens(self) -> bool:
        """Whether the next word is any that begins sentences."""
        return self.item or self.first.lower() in OPENERS

    @property
    def starts(self) -> bool:
        """Whether the next word is one of the commonest that begin sentences."""
        return self.item or self.first.lower() in STARTERS


def ends_sentence(text: str, start: int, stop: re.Match[str]) -> bool:
    """Return whether the stop ends the sentence that begins at `start`.

    Args:
        text: the whole text.
        start: where the sentence begins.
        stop: a match with the stop and the quotes and brackets that close behind it.
    """
    marks = stop.group()
    if marks[0] in UNAMBIGUOUS:
        return True
    glued = stop.end() < len(text) and not text[stop.end()].isspace() and text[stop.end()] != "<"
    if glued and not _GLUED.match(text, stop.end()):
        return False
    seen = _see(text, start, stop)
    if seen.first[:1].islower():
        return marks[0] == "." and (seen.item or _starts_lower(seen))
    if glued:
        return _glued(seen)
    if ";" in marks:
        return not _kind(seen) and (seen.opens or _LABEL.match(seen.behind) is not None)
    if marks[0] in "!?":
        return not _is_in_name(seen, marks[0])
    if marks.startswith("..") or marks[0] == "…":
        return not _GOES_ON.match(seen.behind)
    closed = any(char in "\"'”’»)]" for char in marks.split("<")[0])
    return closed or not seen.name or _full_stop(seen)


def _see(text: str, start: int, stop: re.Match[str]) -> _Stop:
    before = text[max(start, stop.start() - _SIGHT) : stop.start()]
    before = (_TAG.sub("", before) if "<" in before else before).rstrip()
    last = _LAST.search(before)
    raw = last.group().rstrip(".") if last else ""
    behind = text[stop.end() : stop.end() + _SIGHT]
    following = _NEXT.match(behind)
    first = following["word"] if following else ""
    return _Stop(
        before=before[: last.start()] if last else before,
        raw=raw,
        name=raw.lower().strip("*_'’"),
        behind=behind,
        first=first,
        item=bool(following and following["item"] and (first[:1].isupper() or first in _CLAUSES)),
        offset=following.start("word") if following else 0,
    )


def _full_stop(seen: _Stop) -> bool:
    """Return whether a point is a full stop, not part of an abbreviation, an initial or a number."""
    kind = _kind(seen)
    if kind:
        return _after_abbreviation(seen, kind)
    if len(seen.raw) == 1 and seen.raw.isalpha():
        return _after_letter(seen)
    if _JOINED_INITIALS.fullmatch(seen.raw):
        return seen.starts and not _CO_AUTHOR.match(seen.behind)
    if _LETTERS.fullmatch(seen.raw):
        return seen.starts
    if seen.raw.isdigit() and len(seen.raw) < 3 and _NUMBERED.search(seen.before):
        return False  # "Our parts: 1. We"
    chained = seen.raw[:1].isupper() and len(seen.raw) < 9 and seen.before.strip() and _CHAIN.match(seen.behind)
    return not chained


def _kind(seen: _Stop) -> Kind | None:
    """Return the kind of the abbreviation before the stop; SoC and MT are no abbreviations of that kind."""
    kind = KINDS.get(seen.name)
    spelt = seen.raw.islower() or seen.raw[1:].islower() or "." in seen.raw
    return kind if spelt and not (kind in CAPITALISED and seen.raw[:1].islower()) else None


def _after_abbreviation(seen: _Stop, kind: Kind) -> bool:
    if kind in (Kind.NEVER, Kind.TITLE):
        return False
    if kind is Kind.NUMBERED:
        if _NUMBER_NEXT.match(seen.behind) and not seen.item:
            return False
        return seen.opens or (seen.raw.islower() and len(seen.first) > 1)
    if kind is Kind.MEASURE:
        if _NUMBER_NEXT.match(seen.behind) and not seen.starts:
            return False
        return seen.opens or (bool(seen.first) and _MEASURED.search(seen.before) is not None)
    if kind is Kind.NAME:
        return seen.starts and not _CHAIN.match(seen.behind)
    if kind is Kind.SELDOM:
        return seen.starts
    return seen.opens


def _after_letter(seen: _Stop) -> bool:
    """Return whether a single letter is a label or a variable that ends a sentence, not the initial of a name."""
    if not seen.raw.isascii() or _CO_AUTHOR.match(seen.behind):
        return not seen.raw.isascii()
    if _TEX_NEXT.match(seen.behind) or re.search(r"[=<>≤≥∈×+^_°]\s*$", seen.before):
        return bool(seen.first) or bool(_TEX_NEXT.match(seen.behind))
    words = seen.before.rstrip().lower().rsplit(None, 1)
    labelled = bool(words and seen.first[1:]) and not LABELLED.isdisjoint((words[-1], words[-1].removesuffix("s")))
    return seen.opens or labelled


def _starts_lower(seen: _Stop) -> bool:
    """Return whether a name in lower case begins a sentence; the word before must be a whole word or a number."""
    if not _LOWER_NAME.match(seen.behind, seen.offset):
        return False
    if seen.raw.startswith(("°", "%")):
        return True
    if seen.raw[:1].isdigit():
        return not seen.raw.isdigit() or len(seen.raw) > 2 or re.search(r"[=<>≤≥]\s*$", seen.before) is not None
    return len(seen.raw) > 2 and seen.raw.replace("-", "").isalpha() and not _kind(seen)


def _glued(seen: _Stop) -> bool:
    """Return whether a sentence begins where the blank behind a stop was left out."""
    if _kind(seen) or not re.search(r"[\w)\]%”’\"]$", seen.raw) or re.search(r"[A-Za-z]\.|[/@\\_]", seen.raw):
        return False
    whole = len(seen.raw) > 2 or not seen.raw.isalpha()
    if seen.offset:  # a bracket opens: "is small.(See code.)"
        return whole and seen.raw.islower() and seen.opens
    spaced = seen.behind[len(seen.first) : len(seen.first) + 1] in (" ", "\n", ",")
    if seen.opens and spaced:
        return (whole or seen.starts) and (len(seen.first) > 1 or seen.raw.islower())
    found = _GLUED_NAME.match(seen.behind)
    if not found or not whole or found[1].lower() in SUFFIXES or found[2] not in VERBS:
        return False
    return not (seen.raw.isupper() and found[1].isupper())


def _is_in_name(seen: _Stop, mark: str) -> bool:
    """Return whether `!` or `?` belongs to a name, as in Yahoo! Answers; a sentence seldom begins with one."""
    inside = bool(seen.before.strip())
    if not seen.raw[:1].isupper() or not seen.first:
        return False
    if mark == "?":
        return inside and seen.name in ASKED and (seen.first.lower() in ASKED or not seen.opens)
    return not seen.starts if seen.name in SHOUTED else inside and not seen.raw.isupper() and not seen.opens
