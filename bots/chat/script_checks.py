"""Tells words from letters that a wrong table of characters yields. Pure functions."""

import re
from itertools import pairwise

_WORD = re.compile(r"[^\W\d_]+")
# Signs that end or begin a word, and never stand behind a letter or between two.
_SIGN_INSIDE = re.compile(r"[^\W\d_][†‡‚„‹§¶¢¥€¤]|[^\W\d_][“”›](?!s\b)[^\W\d_]|¤[^\W\d_]|[œšž]–[a-z]|€[а-я]")
# Where each script never has a letter: a hard sign at an end, a soft one at the beginning, a final sigma inside.
_PLACE = re.compile(r"\b[ьъЬЪ]|[ъЪ]\b|ς[α-ωά-ώ]")
# Letters of Serbian and Macedonian, and those that Russian has and they lack.
_SOUTHERN, _RUSSIAN = re.compile("[ђѓљњќћџЂЃЉЊЌЋЏ]"), re.compile("[ёйщъыьэюяЁЙЩЪЫЬЭЮЯ]")
_CYRILLIC, _CYRILLIC_VOWEL = re.compile("[а-яёіїєўґ]", re.IGNORECASE), re.compile("[аеёиоуыэюяіїє]", re.IGNORECASE)
# Four in ten letters of Russian are vowels; of Hebrew read as Cyrillic it is one in five.
_VOWELS_LEAST = 0.3
_HANGUL, _HANJA = re.compile("[가-힣]"), re.compile("[\u4e00-\u9fff]")


def is_plausible(written: str) -> bool:
    """Return whether the letters of a text may be those of words: no odd mixtures of cases, scripts and signs."""
    if _SIGN_INSIDE.search(written) or _PLACE.search(written):
        return False
    return all(map(_is_word, set(_WORD.findall(written)))) and _has_vowels(written) and _is_korean(written)


def _is_word(word: str) -> bool:
    """Return whether a word has no capital beyond ASCII behind a small letter, and no letters of two scripts."""
    if word.isascii():
        return True
    pairs = pairwise(word)
    behind = any(one.islower() and two.isupper() and not two.isascii() for one, two in pairs)
    alone = len(word) > 2 and word[1].isupper() and not word[1].isascii() and word[0].isupper() and word[2:].islower()
    mixed = re.search("[A-Za-z]", word) and re.search("[Ͱ-ӿ]", word)
    southern = _SOUTHERN.search(word) and _RUSSIAN.search(word)
    return not (behind or alone or mixed or southern)


def _has_vowels(written: str) -> bool:
    letters = len(_CYRILLIC.findall(written))
    return len(_CYRILLIC_VOWEL.findall(written)) >= _VOWELS_LEAST * letters


def _is_korean(written: str) -> bool:
    """Return whether a text with hangul has few Chinese characters."""
    hangul = len(_HANGUL.findall(written))
    return not hangul or len(_HANJA.findall(written)) <= hangul // 3
