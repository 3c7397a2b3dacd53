"""Text as a row of plain words, so that a phrase is found however it was spelled, accented or hyphenated."""

import re
import unicodedata
from dataclasses import dataclass

from bots.domain.papers import Paper
from summarizer.text.plain import to_plain

# Chinese and Japanese put no space between words: there every character counts as one, and a word is a phrase.
_DENSE = "\u3040-\u30ff\u3400-\u9fff"
# "C++" and "C#" are not "C": their signs are words of their own. Elsewhere signs only part words.
_WORD = re.compile(rf"[{_DENSE}]|(?:(?![{_DENSE}])[^\W_])+|(?<=[^\W_])(?:\+\+|#)")
# Accents of Latin, Greek and Cyrillic letters, and characters nobody sees (soft hyphen, zero-width, direction marks).
_DROPPED = re.compile("[\u0300-\u036f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
# Letters that Unicode does not take apart although people type them without the stroke.
_STROKED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
# Where TeX or HTML says something else than its letters; reading it costs a millisecond, so the rest is spared it.
_MARKUP = re.compile(r"\\\S|[_^]|&#?\w+;|</?[A-Za-z]")
#: Stands between texts that no phrase may reach across; never part of a word.
_BREAK = " \n "


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text, without case and accents, in order; every sign but a letter or digit parts words."""
    return tuple(_WORD.findall(_folded(text)))


def row_of(text: str) -> str:
    """Return the words of a text as one row, a space before and after each: a phrase is in it or it is not."""
    return f" {' '.join(words_of(text))} "


def _folded(text: str) -> str:
    if text.isascii():
        return text.casefold()
    # Twice, because either step can bring up letters for the other: a mathematical bold K is a K, and then a k.
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).casefold()
    return _DROPPED.sub("", plain).translate(_STROKED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A paper's texts as rows of words, made once and asked many times."""

    paper: Paper
    title: str
    abstract: str
    keywords: str

    @classmethod
    def of(cls, paper: Paper) -> "Page":
        """Return the rows of a paper, TeX and HTML read as a reader sees them."""
        return cls(
            paper=paper,
            title=row_of(_seen(paper.title, paper)),
            abstract=row_of(_seen(paper.abstract, paper)),
            keywords=_BREAK.join(map(row_of, paper.keywords)),
        )

    @property
    def everything(self) -> str:
        """Title, abstract and keywords; a phrase never reaches from one into the next."""
        return _BREAK.join((self.title, self.abstract, self.keywords))


def _seen(text: str, paper: Paper) -> str:
    return to_plain(text, dollar_math=paper.dollar_math) if _MARKUP.search(text) else text


#: Stand in titles of any subject, so they tell none from another.
_COMMON = frozenset(
    "a about all an and any are as at based be between beyond but by can do does for from how in into is it its less "
    "more need new no not of on one or our over than that the their then these this those through to toward towards "
    "under up use using via we what when where which who why with without you your".split()
)


def telling_words(title: str) -> tuple[str, ...]:
    """Return the words of a title that tell what it is about, every one once, in order; all where none does."""
    words = tuple(dict.fromkeys(word for word in words_of(title) if any(map(str.isalnum, word))))
    return tuple(word for word in words if word not in _COMMON and len(word) > 1) or words
