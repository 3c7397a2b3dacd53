"""Formats papers as BibTeX, with all text escaped and all keys unique. Pure functions.

Field values are enclosed in braces. BibTeX counts a brace even after a backslash, so braces in outside text are
replaced by commands.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import count

from bots.chat.phrases import clean, safe_url
from bots.domain.papers import Paper
from bots.presentation.bibtex_names import ascii_word, author_field, key_name
from bots.presentation.cited_facts import abstract_of, arxiv_of, date_of, doi_of, labels_of, venue_of, year_of
from bots.presentation.digest_text import title_of
from bots.selection.words import telling_words

_ESCAPES = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}", **{sign: f"\\{sign}" for sign in "$&#%_"},
}  # fmt: skip
# Punctuation around a word stays outside the braces.
_CORE = re.compile(r"(?P<before>\W*)(?P<word>.*?)(?P<after>\W*)", re.DOTALL)
_CLASS = re.compile(r"[a-z-]+(?:\.[A-Za-z-]+)?")


def bibtex(papers: Sequence[Paper], *, whole: bool = False) -> str:
    """Return the papers as BibTeX entries separated by blank lines, or an empty text if there are none.

    Args:
        papers: the papers.
        whole: whether to add month, abstract and keywords, for a file that another program imports.
    """
    return "\n".join(_entry(paper, key, whole=whole) for paper, key in zip(papers, citation_keys(papers), strict=True))


def _entry(paper: Paper, key: str, *, whole: bool) -> str:
    given = (*_fields(paper), *(_more_fields(paper) if whole else ()))
    fields = "".join(f"  {name} = {{{value}}},\n" for name, value in given if value)
    return f"@{'article' if doi_of(paper) or venue_of(paper) else 'misc'}{{{key},\n{fields}}}\n"


def _fields(paper: Paper) -> Iterator[tuple[str, str]]:
    yield "title", _titled(title_of(paper))
    yield "author", author_field(paper.authors, escaped)
    yield "year", year_of(paper)
    yield "journal", escaped(venue_of(paper))
    yield "doi", doi_of(paper)
    eprint = arxiv_of(paper)
    yield "eprint", eprint
    yield "archivePrefix", "arXiv" if eprint else ""
    primary = paper.categories[0] if eprint and paper.categories else ""
    yield "primaryClass", primary if _CLASS.fullmatch(primary) else ""
    yield "url", safe_url(paper.url)
    yield "note", "Withdrawn" if paper.withdrawn else ""


def _more_fields(paper: Paper) -> Iterator[tuple[str, str]]:
    date = date_of(paper)
    yield "month", str(date[1]) if len(date) > 1 else ""
    yield "day", str(date[2]) if len(date) > 2 else ""
    yield "keywords", ", ".join(map(escaped, labels_of(paper)))
    yield "abstract", escaped(abstract_of(paper))


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


def citation_keys(papers: Sequence[Paper]) -> Iterator[str]:
    """Yield a unique key for each paper: `vaswani2017attention`, then `vaswani2017attentiona` for a duplicate."""
    given: set[str] = set()
    for paper in papers:
        plain = _key(paper)
        key = next(key for key in (plain + _letters(number) for number in count()) if key not in given)
        given.add(key)
        yield key


def _key(paper: Paper) -> str:
    about = next(filter(None, map(ascii_word, telling_words(title_of(paper)))), "")
    return f"{key_name(paper.authors) or 'anon'}{year_of(paper)}{about}"[:60]


def _letters(number: int) -> str:
    """Return "", "a" … "z", "aa", and so on."""
    letters = ""
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(ord("a") + place) + letters
    return letters
