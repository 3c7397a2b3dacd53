"""Formats papers as BibTeX, with all text escaped and all keys unique. Pure functions.

Field values are enclosed in braces. BibTeX counts a brace even after a backslash, so braces in outside text are
replaced by commands.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import count

from bots.chat.phrases import clean, cut, safe_url
from bots.domain.errors import BadPaperId
from bots.domain.papers import Paper, PaperId, read_ref
from bots.presentation.bibtex_names import ascii_word, author_field, key_name
from bots.presentation.digest_text import MAX_VENUE, title_of
from bots.selection.words import telling_words
from summarizer.text.plain import to_plain

_ESCAPES = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}", **{sign: f"\\{sign}" for sign in "$&#%_"},
}  # fmt: skip
# Punctuation around a word stays outside the braces.
_CORE = re.compile(r"(?P<before>\W*)(?P<word>.*?)(?P<after>\W*)", re.DOTALL)
_CLASS = re.compile(r"[a-z-]+(?:\.[A-Za-z-]+)?")
_ARXIV = re.compile(r"(?P<year>\d{2})\d{2}\.\d{4,5}|[a-z-]+/(?P<old>\d{2})\d{5}")


def bibtex(papers: Sequence[Paper]) -> str:
    """Return the papers as BibTeX entries separated by blank lines, or an empty text if there are none."""
    keys = _keys(papers)
    return "\n".join(_entry(paper, key) for paper, key in zip(papers, keys, strict=True))


def _entry(paper: Paper, key: str) -> str:
    fields = "".join(f"  {name} = {{{value}}},\n" for name, value in _fields(paper) if value)
    return f"@{'article' if _doi(paper) or _venue(paper) else 'misc'}{{{key},\n{fields}}}\n"


def _fields(paper: Paper) -> Iterator[tuple[str, str]]:
    yield "title", _titled(title_of(paper))
    yield "author", author_field(paper.authors, escaped)
    yield "year", _year(paper)
    yield "journal", escaped(_venue(paper))
    yield "doi", _doi(paper)
    eprint = _arxiv(paper)
    yield "eprint", eprint
    yield "archivePrefix", "arXiv" if eprint else ""
    primary = paper.categories[0] if eprint and paper.categories else ""
    yield "primaryClass", primary if _CLASS.fullmatch(primary) else ""
    yield "url", safe_url(paper.url)
    yield "note", "Withdrawn" if paper.withdrawn else ""


def escaped(text: str) -> str:
    """Return the text escaped for TeX, without an unpaired brace that could end its field."""
    return "".join(_ESCAPES.get(char, char) for char in clean(text))


def _titled(title: str) -> str:
    """Return the title with the capitals of its names protected: many BibTeX styles set titles in lower case."""
    return " ".join(map(_kept, title.split()))


def _kept(word: str) -> str:
    found = _CORE.fullmatch(word)
    if found is None or not any(map(str.isupper, found["word"][1:])):
        return escaped(word)
    return f"{escaped(found['before'])}{{{escaped(found['word'])}}}{escaped(found['after'])}"


def _venue(paper: Paper) -> str:
    return cut(clean(to_plain(paper.venue)), MAX_VENUE)


def _arxiv(paper: Paper) -> str:
    return next((name.value for name in _names(paper, "arxiv") if _ARXIV.fullmatch(name.value)), "")


def _doi(paper: Paper) -> str:
    return next((name.value for name in _names(paper, "doi") if _is_doi(name)), "")


def _is_doi(name: PaperId) -> bool:
    try:
        return read_ref(str(name)).id == name
    except BadPaperId:
        return False


def _names(paper: Paper, scheme: str) -> list[PaperId]:
    """Return a paper's ids with the given scheme, its primary id first."""
    return sorted((name for name in paper.names if name.scheme == scheme), key=lambda name: (name != paper.id, name))


def _year(paper: Paper) -> str:
    day = paper.published or paper.announced
    if day is not None:
        return str(day.year)
    found = _ARXIV.fullmatch(_arxiv(paper))
    if found is None:
        return ""
    # arXiv began in 1991; since April 2007 its ids begin with the year.
    short = int(found["year"] or found["old"])
    return str(1900 + short if short > 90 else 2000 + short)


def _keys(papers: Sequence[Paper]) -> Iterator[str]:
    """Yield a unique key for each paper: `vaswani2017attention`, then `vaswani2017attentiona` for a duplicate."""
    given: set[str] = set()
    for paper in papers:
        plain = _key(paper)
        key = next(key for key in (plain + _letters(number) for number in count()) if key not in given)
        given.add(key)
        yield key


def _key(paper: Paper) -> str:
    about = next(filter(None, map(ascii_word, telling_words(title_of(paper)))), "")
    return f"{key_name(paper.authors) or 'anon'}{_year(paper)}{about}"[:60]


def _letters(number: int) -> str:
    """Return "", "a" … "z", "aa", and so on."""
    letters = ""
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(ord("a") + place) + letters
    return letters
