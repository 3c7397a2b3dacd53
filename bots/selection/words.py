"""Normalises text to a row of plain words, so that a phrase matches in any spelling, with accents or hyphens."""

import re
import unicodedata
from dataclasses import dataclass

from bots.domain.papers import Paper
from summarizer.text.plain import to_plain

# Chinese and Japanese have no spaces between words: each character counts as a word, and a longer word as a phrase.
_DENSE = "\u3040-\u30ff\u3400-\u9fff"
# "C++" and "C#" must not match "C": their signs are separate words. Other signs only separate words.
_WORD = re.compile(rf"[{_DENSE}]|(?:(?![{_DENSE}])[^\W_])+|(?<=[^\W_])(?:\+\+|#)")
# Accents of Latin, Greek and Cyrillic letters, and invisible characters (soft hyphen, zero-width, direction marks).
_DROPPED = re.compile("[\u0300-\u036f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
# Letters that Unicode normalisation does not decompose although people type them without the stroke.
_STROKED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
# Signs of TeX or HTML; only such text is converted, because a conversion takes a millisecond.
_MARKUP = re.compile(r"\\\S|[_^]|&#?\w+;|</?[A-Za-z]")
#: Separates texts so that no phrase matches across them; never part of a word.
_BREAK = " \n "


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text in order, without case and accents.

    Any character but a letter or digit separates words.
    """
    return tuple(_WORD.findall(_folded(text)))


def row_of(text: str) -> str:
    """Return the words of a text as one row, with a space before and after each.

    In such a row, a phrase can be searched as a substring.
    """
    return f" {' '.join(words_of(text))} "


def _folded(text: str) -> str:
    if text.isascii():
        return text.casefold()
    # Twice, because either step can produce letters for the other: a mathematical bold K becomes K, then k.
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).casefold()
    return _DROPPED.sub("", plain).translate(_STROKED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A paper's texts as rows of words, computed once for many searches."""

    paper: Paper
    title: str
    abstract: str
    keywords: str

    @classmethod
    def of(cls, paper: Paper) -> "Page":
        """Return the rows of a paper, with TeX and HTML converted to the text that a reader sees."""
        return cls(
            paper=paper,
            title=row_of(seen_text(paper.title, paper)),
            abstract=row_of(seen_text(paper.abstract, paper)),
            keywords=_BREAK.join(map(row_of, paper.keywords)),
        )

    @property
    def everything(self) -> str:
        """Return title, abstract and keywords as one row; a phrase never matches across two of them."""
        return _BREAK.join((self.title, self.abstract, self.keywords))


def seen_text(text: str, paper: Paper) -> str:
    """Return a text of a paper as a reader sees it, with TeX and HTML converted."""
    return to_plain(text, dollar_math=paper.dollar_math) if _MARKUP.search(text) else text


#: These occur in titles on any subject, so they do not distinguish titles.
_COMMON = frozenset(
    "a about all an and any are as at based be between beyond but by can do does for from how in into is it its less "
    "more need new no not of on one or our over than that the their then these this those through to toward towards "
    "under up use using via we what when where which who why with without you your".split()
)


def is_common(word: str) -> bool:
    """Return whether a word occurs in texts on any subject, or is a sign."""
    return word in _COMMON or not word.isalnum()


def telling_words(title: str) -> tuple[str, ...]:
    """Return the distinctive words of a title, each once, in order; all its words if none is distinctive."""
    words = tuple(dict.fromkeys(word for word in words_of(title) if any(map(str.isalnum, word))))
    return tuple(word for word in words if word not in _COMMON and len(word) > 1) or words
