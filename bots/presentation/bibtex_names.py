"""Formats authors for BibTeX: persons with their suffixes, organisations in braces, the name for a key. Pure functions.

BibTeX reads a name as given names and a family name. Where that would be wrong, as in an organisation, the whole name
is put in braces.
"""

import re
from collections.abc import Callable, Sequence

from anyascii import anyascii

from bots.chat.phrases import clean, cut
from bots.presentation.digest_text import MAX_NAME
from bots.selection.words import words_of

#: A collaboration may have thousands of authors; a reference list names only a few.
_MOST_AUTHORS = 50
_OTHERS = re.compile(r"(?:^|[\s,]+)(?:(?:and|&)\s+)?(?:others|et\.?\s*al(?:\.|ii|ia)?)\.?$", re.IGNORECASE)
_SUFFIXES = frozenset("jr sr ii iii iv".split())
_SUFFIX = re.compile(r"(?:[JjSs][Rr]\.?|II|III|IV|2nd|3rd)")
# Words that are part of the names of organisations and not of persons.
_ORGANISATION = re.compile(
    r"\b(?:academy|administration|agency|alliance|association|authors|bureau|cent(?:er|re)|collaborations?|college"
    r"|commission|committee|community|company|consort(?:ium|ia)|contributors|corp(?:oration)?|council|department"
    r"|developers|federation|foundation|gmbh|groups?|hospital|inc|initiative|institut[eo]?|international|lab(?:s|oratory"
    r"|oratories)?|llc|ltd|ministry|network|observatory|organi[sz]ation|partnership|programme|project|research|society"
    r"|systems|task force|teams?|technolog(?:y|ies)|university|universit[éàä]t?|univ|working group"
    r"|anthropic|bytedance|deepmind|deepseek|google|microsoft|nvidia|openai|tencent)\b",
    re.IGNORECASE,
)
# "AI" in capitals ("Ai" is a family name), small words that join parts of a name ("On" is a given name), digits, "&".
_OTHER_SIGNS = re.compile(r"\bAI\b|\s(?:for|of|on|at|and|the)\s|[&\d]")
_IN_BRACKETS = re.compile(r"\s*[(\[](?P<inside>[^()\[\]]*)[)\]]\s*")
_DENSE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_KANA = re.compile("[\u3040-\u30ff]")
# Chinese family names of two characters; all others have one, as Korean ones nearly always have.
_COMPOUND = tuple(
    "欧阳 歐陽 司马 司馬 上官 诸葛 諸葛 东方 東方 皇甫 尉迟 公孙 公孫 慕容 司徒 夏侯 令狐 宇文 长孙 長孫 端木".split()
)


def is_suffix(text: str) -> bool:
    """Return whether a text is what stands behind some names: Jr., Sr., III."""
    return bool(_SUFFIX.fullmatch(text))


def author_field(names: Sequence[str], escaped: Callable[[str], str]) -> str:
    """Return the value of the field `author`; what stands for further authors becomes `and others`.

    Args:
        names: the authors as their source writes them.
        escaped: escapes a text for TeX.
    """
    known, more = _without_others(names)
    shown = [_author(name, escaped) for name in known[:_MOST_AUTHORS]]
    # Alone, "others" would be a person of that name.
    return " and ".join([*shown, *(["others"] if shown and (more or len(known) > _MOST_AUTHORS) else [])])


def key_name(names: Sequence[str]) -> str:
    """Return the first author's family name, or the first word of an organisation, in letters `a` to `z` and digits."""
    known, _ = _without_others(names)
    return next(filter(None, map(ascii_word, _families(known[0]))), "") if known else ""


def ascii_word(word: str) -> str:
    """Return a word in letters `a` to `z` and digits; other scripts are transliterated. May be empty."""
    return re.sub("[^a-z0-9]", "", anyascii(word).lower())


def _without_others(names: Sequence[str]) -> tuple[list[str], bool]:
    """Return the names without what stands for others, and whether anything does."""
    written = [name for name in (cut(clean(author), MAX_NAME) for author in names) if name]
    known = [_OTHERS.sub("", name).strip(" ,") for name in written]
    return [name for name in known if name], known != [name.strip(" ,") for name in written]


def is_organisation(name: str) -> bool:
    """Return whether a name is that of an organisation or a group rather than of a person."""
    return any(pattern.search(name) for pattern in (_ORGANISATION, _OTHER_SIGNS))


def _author(name: str, escaped: Callable[[str], str]) -> str:
    # Outside braces, BibTeX reads the word "and" as the end of a name.
    whole = is_organisation(name) or "and" in name.casefold().replace(",", " ").split()
    person = None if whole else _person(name)
    return f"{{{escaped(name)}}}" if person is None else ", ".join(map(escaped, person))


def _person(name: str) -> tuple[str, ...] | None:
    """Return the parts of a person's name, which commas separate in BibTeX; None if it must stay whole.

    One part: given names and family name, as BibTeX reads them. Two: family, given. Three: family, suffix, given.
    """
    parts = [part.strip() for part in name.split(",")]
    if len(parts) == 2 and _SUFFIX.fullmatch(parts[1]):
        return _with_suffix(parts[0].split(), parts[1])
    if len(parts) > 1:
        whole = all(parts) and (len(parts) == 2 or (len(parts) == 3 and _SUFFIX.fullmatch(parts[1])))
        return tuple(parts) if whole else None
    return _in_order(name)


def split_name(name: str) -> tuple[str, str, str] | None:
    """Return a person's family name, given names and suffix, each may be empty; None if the name must stay whole."""
    words = name.split()
    person = None if is_organisation(name) else _person(name)
    match person:
        case (_,):
            start = _family_start(words)
            return (" ".join(words[start:]), " ".join(words[:start]), "") if len(words) > 1 else None
        case (family, given):
            return (family, given, "")
        case (family, suffix, given):
            return (family, given, suffix)
    return None


def known_authors(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names as clean text, without what stands for further authors."""
    return tuple(_without_others(names)[0])


def _in_order(name: str) -> tuple[str, ...] | None:
    words = name.split()
    if len(words) > 1 and _SUFFIX.fullmatch(words[-1]):
        return _with_suffix(words[:-1], words[-1])
    if len(words) > 1 and all(map(_DENSE.search, words)):
        # The family name comes first, which BibTeX does not know.
        return None
    bracket = _IN_BRACKETS.search(name)
    if bracket is None:
        return (name,)
    # A name in another script in brackets would be read as the family name.
    before = name[: bracket.start()].split()
    given, family = before[:-1], before[-1:]
    at_end = bracket.end() == len(name) and given and family
    return (f"{family[0]} {bracket[0].strip()}", " ".join(given)) if at_end else None


def _with_suffix(words: list[str], suffix: str) -> tuple[str, ...] | None:
    """Return family name, suffix and given names; the family name begins with its particles: `van der Berg`."""
    start = _family_start(words)
    return (" ".join(words[start:]), suffix, " ".join(words[:start])) if len(words) > 1 else None


def _family_start(words: list[str]) -> int:
    return next((place for place, word in enumerate(words[1:-1], start=1) if word[:1].islower()), len(words) - 1)


def _families(name: str) -> tuple[str, ...]:
    """Return what the key may begin with, best first."""
    plain = _IN_BRACKETS.sub(" ", name).strip() or name
    if is_organisation(plain):
        return tuple(word for word in words_of(plain) if word not in ("the", "a", "an"))
    parts = [part.strip() for part in plain.split(",")]
    suffixed = len(parts) > 1 and _SUFFIX.fullmatch(parts[1])
    family = parts[0] if len(parts) > 1 and not suffixed else ""
    if _DENSE.search(plain):
        return (family or _dense_family(plain),)
    words = [word for word in words_of(family or parts[0]) if word not in _SUFFIXES]
    return tuple(reversed(words))


def _dense_family(name: str) -> str:
    """Return the family name, which comes first in Chinese, Japanese and Korean."""
    first, *more = name.split()
    if more or _KANA.search(first):
        return first
    return first[:2] if first.startswith(_COMPOUND) else first[:1]
