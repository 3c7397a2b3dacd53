"""Tells whether two titles are of one paper, in the spellings of two sources. Pure functions."""

import re
import unicodedata

from bots.domain.title_marks import unmarked

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
#: The words of a title that may be mistyped, and the letters that such a word has at least: shorter words differ from
#: others by one letter.
_ERRORS_MOST, _LETTERS_LEAST = 2, 6
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
#: The letters on the keys to the left and right.
_BESIDE = {
    row[place]: row[max(0, place - 1) : place] + row[place + 1 : place + 2]
    for row in _KEYS
    for place in range(len(row))
}
#: Words of six letters and more that look like each other mistyped. Substitutions of distant keys, such as nitrate and
#: nitrite, or other first letters, such as symmetric and asymmetric, are no typing errors anyway.
_TWO_WORDS = frozenset(
    frozenset(pair.split("/"))
    for pair in """
    causal/casual neural/neutral marital/martial united/untied discrete/discreet dessert/desert morality/mortality
    infection/inflection friction/fiction contact/contract addition/addiction compete/complete county/country
    patent/patient sensing/sending learning/leaning ranking/raking sparse/spare prediction/predication exiting/exciting
    through/thorough statue/statute silver/sliver planning/planing planed/planned tracking/tacking
    carrier/career diversion/division tracing/tracking staring/starring curing/curling scaling/scalding string/sting
    planet/plant insulin/inulin create/crate creation/cremation reaction/redaction
    filtration/flirtation migration/mitigation singing/signing plantar/planar coping/copying mating/matting
    rating/ratting loping/looping hoping/hopping filing/filling bearing/baring meting/meeting cation/caution""".split()
)
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


def is_mistyped(first: str, second: str) -> bool:
    """Return whether one title is the other one with a typing error: in one long word, or in each of two.

    A typing error swaps two letters, leaves one out, doubles it, or hits the key beside it, behind the first letter of
    a word of six letters or more. Words without an error that look so, such as neural and neutral, make two papers.
    Numbers and short words are never mistyped.
    """
    one, two = _words(_plain(first)), _words(_plain(second))
    if len(one) != len(two) or len(one) < _FEWEST or not _ABOUT.isdisjoint(one):
        return False
    pairs = [(a, b) for a, b in zip(one, two, strict=True) if a != b]
    return 0 < len(pairs) <= _ERRORS_MOST and all(_is_slip(*pair) for pair in pairs)


def _is_slip(one: str, two: str) -> bool:
    """Return whether two words differ by one typing error, and are not two words."""
    short, long = sorted((one, two), key=len)
    if len(short) < _LETTERS_LEAST or one[0] != two[0] or not (one.isalpha() and two.isalpha()):
        return False
    if frozenset((_stem(one), _stem(two))) in _TWO_WORDS:
        return False
    at = next((place for place, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        # At its end a letter more is another form of the word: "model", "models".
        return at < len(short) and short[at:] == long[at + 1 :]
    swapped = short[at : at + 2] == long[at : at + 2][::-1] and short[at + 2 :] == long[at + 2 :]
    beside = short[at + 1 :] == long[at + 1 :] and long[at] in _BESIDE.get(short[at], "")
    return swapped or beside


def _stem(word: str) -> str:
    return re.sub(r"(?:ly|s)$", "", word)


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
    plain = unicodedata.normalize("NFKD", _TEX.sub(_symbol, _MARK.sub("", unmarked(title[:_MOST]))))
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
