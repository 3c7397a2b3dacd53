"""Tells whether two titles are of one paper, in the spellings of two sources. Pure functions."""

import re
import unicodedata

#: Characters of a title that are compared; the longest titles have some 300.
_MOST = 500
#: A title without its subtitle, or without the acronym before it, has at least this many words.
_FEWEST = 3
_TEX = re.compile(r"\\([A-Za-z]+)|[{}$]")
# Marks of a retracted paper: it is the same paper, while "Retraction: ..." is a notice about it.
_MARK = re.compile(
    r"^\W{0,3}(?:retracted|withdrawn)(?:\s(?:article|paper|chapter))?\s?[:\])]"
    r"|[\[(]\s?(?:retracted|withdrawn)(?:\s(?:article|paper|chapter))?(?:[.,:;]\s[^()\[\]]{0,200})?[\])]\W{0,3}$",
    re.IGNORECASE,
)
_ACCENTS = re.compile("[\u0300-\u036f]")
_POSSESSIVE = re.compile(r"['’](?=s\b)")
_WORD = re.compile(r"[^\W_]+[+#]*")
_NUMBER = re.compile(r"\d+|[ivx]{1,4}")
#: What stands between a title and its subtitle.
_SUBTITLE = re.compile(r"[:?!.;(\[]|\s[-\u2010-\u2015]+\s|[\u2013-\u2015]")
#: Marks of a subtitle that are tried in one title.
_CUTS_MOST = 20
#: A title with one of these in addition is of another paper about the first, or of another part of it.
_ABOUT = frozenset(
    "addendum appendix comment comments commentary companion correction corrigendum discussion editor editorial errata "
    "erratum letter part protocol rebuttal rejoinder reply response retraction supplement supplementary "
    "withdrawal".split()
)
#: Words that one source leaves out. A capital A may be a name, as in "Vitamin A".
_ARTICLES = re.compile(r"\b(?:[Tt]he|THE|[Aa]n|AN|a|[Aa]nd|AND)\b|^\W*A\b")
#: What two titles may differ in: articles, and umlauts spelled with an E, as in "Schroedinger".
_EITHER_WAY = ((_ARTICLES, " "), (re.compile(r"(?<=[^\W_][aouAOU])e(?=\w\w)"), ""))
#: Spellings of one word in British and American English, and its plural. Short words are not folded: "gas" is no
#: plural.
_SPELLINGS = (
    (re.compile(r"ies$"), "y"),
    (re.compile(r"(?<=[^siu])s$"), ""),
    (re.compile(r"(?<=[iy])z"), "s"),
    (re.compile(r"(?<=\w\w)our"), "or"),
    (re.compile(r"[ao]e"), "e"),
    (re.compile(r"ll"), "l"),
    (re.compile(r"mme$"), "m"),
    (re.compile(r"(?<=[bt])re$"), "er"),
    (re.compile(r"ogue$"), "og"),
    (re.compile(r"(?<=e)nce$"), "nse"),
    (re.compile(r"sulph"), "sulf"),
    (re.compile(r"^ageing$"), "aging"),
    (re.compile(r"^artefact"), "artifact"),
)
_SHORT = 3


def near_titles(first: str, second: str) -> bool:
    """Return whether two titles are of one paper: equal but for spelling and markup, or one without its subtitle.

    One other word makes another paper, however alike the two words look: hypertension is not hypotension, part I is not
    part II. An empty title is near to every title.
    """
    one, two = _plain(first), _plain(second)
    if _folded(one) in ("", _folded(two)) or not _folded(two):
        return True
    if any(_folded(sign.sub(to, one)) == _folded(sign.sub(to, two)) for sign, to in _EITHER_WAY):
        return True
    small, large = sorted((one, two), key=lambda title: len(_folded(title)))
    return _is_part(small, large)


def is_general(title: str) -> bool:
    """Return whether many papers have such a title: "Introduction", "Letter to the editor"."""
    words = _words(_plain(title))
    return len(words) < _FEWEST or not _ABOUT.isdisjoint(words)


def _is_part(small: str, large: str) -> bool:
    """Return whether the large title is the small one with a subtitle, or with a name and a colon before it."""
    wanted, words = _folded(small), _words(large)
    more = set(words) ^ set(_words(small))
    if len(_words(small)) < _FEWEST or _numbers(small) != _numbers(large) or not _ABOUT.isdisjoint(more):
        return False
    cuts = [(mark.start(), mark.end()) for mark in _SUBTITLE.finditer(large)]
    return any(wanted in (_folded(large[:start]), _folded(large[end:])) for start, end in cuts[:_CUTS_MOST])


def _plain(title: str) -> str:
    plain = unicodedata.normalize("NFKD", _TEX.sub(_symbol, _MARK.sub("", title[:_MOST])))
    return _POSSESSIVE.sub("", _ACCENTS.sub("", plain))


def _symbol(command: re.Match[str]) -> str:
    """Return the Greek letter of a TeX command; other commands are markup."""
    try:
        letter = f"GREEK SMALL LETTER {(command[1] or '').upper()}".replace("LAMBDA", "LAMDA")
        return unicodedata.lookup(letter)
    except KeyError:
        return ""


def _words(plain: str) -> list[str]:
    return _WORD.findall(plain.casefold())


def _folded(plain: str) -> str:
    """Return the words in one spelling, without the spaces and hyphens between them."""
    return "".join(map(_spelling, _words(plain)))


def _spelling(word: str) -> str:
    for pattern, instead in _SPELLINGS if len(word) > _SHORT else ():
        word = pattern.sub(instead, word)
    return word


def _numbers(plain: str) -> list[str]:
    return [word for word in _words(plain) if _NUMBER.fullmatch(word)]
